//! A payment is an item beside its invoice, and an entry of the ledger.

use kernel::Result;
use serde_json::json;
use table::{
    Item, Key, Stored, TenantKeys, Transaction,
    ledger::{LedgerHead, LedgerKind},
};

use super::Payment;
use crate::invoice::Invoice;

impl Item for Payment {
    const TYPE: &'static str = "payment";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.payment(self.invoice, self.id)
    }
}

/// The ledger entry of money that moved, under the number of its invoice.
pub fn enter(
    transaction: &mut Transaction,
    head: Option<&Stored<LedgerHead>>,
    kind: LedgerKind,
    payment: &Payment,
    invoice: &Invoice,
) -> Result<()> {
    let issued = invoice.must_be_issued()?;
    let content = json!({
        "invoice": invoice.id, "payment": payment.id, "currency": payment.currency,
        "amount_minor": payment.amount_minor, "paid_on": payment.paid_on, "method": payment.method,
    });
    transaction.append_to_ledger(head, kind, &issued.number, content);
    Ok(())
}
