//! The totals of an invoice against each other: the rules of EN 16931-1 (6.4.2) that compute.

use kernel::{Minor, einvoice::Fault};
use rust_decimal::Decimal;

use crate::{Charge, Invoice};

fn holds(holds: bool, rule: &'static str) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault::Inconsistent { rule }) }
}

fn sum(amounts: impl Iterator<Item = Minor>) -> Option<Minor> {
    Minor::checked_sum(amounts).ok()
}

pub fn check(invoice: &Invoice) -> Result<(), Fault> {
    let totals = &invoice.totals;
    // A profile without lines tells their total all the same.
    if !invoice.lines.is_empty() {
        let lines = sum(invoice.lines.iter().map(|line| line.net_minor));
        holds(lines == Some(totals.lines), "BR-CO-10")?;
    }
    let charged = |wanted: bool| {
        let of = |charge: &&Charge| charge.is_charge == wanted;
        sum(invoice.charges.iter().filter(of).map(|charge| charge.amount_minor))
    };
    holds(charged(false) == Some(totals.allowances), "BR-CO-11")?;
    holds(charged(true) == Some(totals.charges), "BR-CO-12")?;
    let net = sum([totals.lines, Minor(-totals.allowances.0), totals.charges].into_iter());
    holds(net == Some(totals.net), "BR-CO-13")?;
    if invoice.vat.is_empty() {
        return Err(Fault::Missing { term: "BG-23" });
    }
    holds(sum(invoice.vat.iter().map(|vat| vat.tax_minor)) == Some(totals.tax), "BR-CO-14")?;
    holds(sum([totals.net, totals.tax].into_iter()) == Some(totals.gross), "BR-CO-15")?;
    let due = sum([totals.gross, Minor(-totals.prepaid.0), totals.rounding].into_iter());
    holds(due == Some(totals.due), "BR-CO-16")?;
    for vat in &invoice.vat {
        let computed = vat.base_minor.to_decimal(invoice.currency) * vat.percent / Decimal::ONE_HUNDRED;
        let told = vat.tax_minor.to_decimal(invoice.currency);
        // As the rule's own check does: less than one unit of the currency away, for whoever rounds line by line.
        holds((told - computed).abs() < Decimal::ONE, "BR-CO-17")?;
    }
    // What is taxed is what is charged (BR-S-08 and its like, together).
    holds(sum(invoice.vat.iter().map(|vat| vat.base_minor)) == Some(totals.net), "BR-CO-13")
}
