//! A payment is an item beside its invoice, and an entry of the ledger.

use kernel::{Result, event::Event};
use serde_json::json;
use table::{
    Item, Key, Stored, TenantKeys, Transaction,
    ledger::{LedgerHead, LedgerKind},
};

use super::{Payment, PaymentKind, Recorded};
use crate::invoice::{self, Invoice, PaymentStatus};

impl Item for Payment {
    const TYPE: &'static str = "payment";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.payment(self.invoice, self.id)
    }
}

/// Writes money that moved: the payment, its entry of the ledger under the number of its invoice, and the invoice as it
/// is after it.
pub fn enter(
    transaction: &mut Transaction,
    head: Option<&Stored<LedgerHead>>,
    payment: Payment,
    read: &Stored<Invoice>,
    invoice: Invoice,
) -> Result<Recorded> {
    let issued = invoice.must_be_issued()?;
    let kind = match payment.kind {
        PaymentKind::Received => LedgerKind::PaymentRecorded,
        PaymentKind::Refunded => LedgerKind::RefundRecorded,
        PaymentKind::Reversal => LedgerKind::PaymentReversed,
    };
    let content = json!({
        "invoice": invoice.id, "payment": payment.id, "currency": payment.currency,
        "amount_minor": payment.amount_minor, "paid_on": payment.paid_on, "method": payment.method,
    });
    transaction.create(&payment).append_to_ledger(head, kind, &issued.number, content);
    if invoice.payment_status() == PaymentStatus::Paid && read.payment_status() != PaymentStatus::Paid {
        transaction.emit(Event::InvoicePaid { invoice: invoice.id });
    }
    invoice::store::save(transaction, Some(read), &invoice);
    Ok(Recorded { payment, invoice: Stored { value: invoice, version: read.version + 1 } })
}
