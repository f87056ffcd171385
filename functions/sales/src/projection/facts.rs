//! Entries of the ledger as facts.

use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor, Result,
    id::{CompanyId, CreditNoteId, InvoiceId, UserId},
};
use rust_decimal::Decimal;
use serde::Deserialize;
use table::ledger::{LedgerEntry, LedgerKind};

use super::{Fact, Issued};

/// What moves no money: one invoice's excess settles another.
const CREDIT: &str = "credit";

#[derive(Deserialize)]
struct Document {
    invoice: InvoiceId,
    client: CompanyId,
    currency: Currency,
    issued_on: Date,
    due_on: Option<Date>,
    net_minor: Minor,
    gross_minor: Minor,
    #[serde(default)]
    deducted_minor: Minor,
    assigned_to: Option<UserId>,
}

#[derive(Deserialize)]
struct CreditNote {
    credit_note: CreditNoteId,
    invoice: InvoiceId,
    issued_on: Date,
    net_minor: Minor,
    gross_minor: Minor,
}

#[derive(Deserialize)]
struct Replacement {
    invoice: InvoiceId,
    #[serde(default)]
    by_number: String,
    issued_on: Date,
}

#[derive(Deserialize)]
struct Movement {
    invoice: InvoiceId,
    amount_minor: Minor,
    paid_on: Date,
    method: String,
}

fn read<'a, T: Deserialize<'a>>(entry: &'a LedgerEntry) -> Result<T> {
    T::deserialize(&entry.content).map_err(|error| Error::internal(format!("ledger entry {}: {error}", entry.position)))
}

/// None of what is no sale: closings, and what suppliers sell to us. `exchange` is what the invoice's document says.
pub fn fact_of(entry: &LedgerEntry, exchange: impl Fn(InvoiceId) -> Option<Decimal>) -> Result<Option<Fact>> {
    let moved = |sign: i64| {
        let Movement { invoice, amount_minor, paid_on, method } = read(entry)?;
        let (amount, is_money) = (sign * amount_minor.0, method != CREDIT);
        Ok(Some(Fact::Moved { invoice, on: paid_on, amount, is_money }))
    };
    match entry.kind {
        LedgerKind::InvoiceIssued => {
            let document: Document = read(entry)?;
            Ok(Some(Fact::Issued(Issued {
                invoice: document.invoice,
                number: entry.number.clone(),
                client: document.client,
                assigned_to: document.assigned_to,
                currency: document.currency,
                on: document.issued_on,
                due_on: document.due_on.unwrap_or(document.issued_on),
                net_minor: document.net_minor,
                gross_minor: document.gross_minor,
                deducted_minor: document.deducted_minor,
                exchange: exchange(document.invoice),
            })))
        }
        LedgerKind::CreditNoteIssued => {
            let CreditNote { credit_note, invoice, issued_on: on, net_minor, gross_minor } = read(entry)?;
            let number = entry.number.clone();
            Ok(Some(Fact::Credited { invoice, credit_note, number, on, net_minor, gross_minor }))
        }
        LedgerKind::InvoiceReplaced => {
            let Replacement { invoice, by_number: by, issued_on: on } = read(entry)?;
            Ok(Some(Fact::Replaced { invoice, by, on }))
        }
        LedgerKind::PaymentRecorded | LedgerKind::RefundReversed => moved(1),
        LedgerKind::PaymentReversed | LedgerKind::RefundRecorded => moved(-1),
        LedgerKind::SelfBilledInvoiceIssued
        | LedgerKind::SelfBilledCreditNoteIssued
        | LedgerKind::DayClosed
        | LedgerKind::MonthClosed
        | LedgerKind::YearClosed => Ok(None),
    }
}
