//! A payment is an item beside its invoice, in the list of payments, and an entry of the ledger.

use kernel::{Result, event::Event};
use serde_json::json;
use table::{
    Index, Item, Key, Stored, TenantKeys, Transaction,
    ledger::{LedgerHead, LedgerKind},
};

use super::{OfInvoice, Payment, PaymentKind, Recorded};
use crate::{
    figures,
    invoice::{self, Invoice, PaymentStatus},
};

impl Item for Payment {
    const TYPE: &'static str = "payment";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.payment(self.invoice, self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_payments(self.paid_on, self.id))
    }

    /// Among those of its client.
    fn filed(&self, keys: TenantKeys) -> Option<Index> {
        self.of.as_ref().map(|of| keys.in_client_payments(of.client, self.paid_on, self.id))
    }
}

/// Money on one invoice: as the invoice was read, and as it is after it.
pub struct Movement {
    pub payment: Payment,
    pub read: Stored<Invoice>,
    pub invoice: Invoice,
}

/// Writes money that moved, each on another invoice: the payments, their entries of the ledger under the numbers of their
/// invoices, and the invoices as they are after it. Five writes each, and one for all.
pub fn enter_all(
    transaction: &mut Transaction,
    head: Option<&Stored<LedgerHead>>,
    movements: Vec<Movement>,
) -> Result<Vec<Recorded>> {
    let mut recorded = Vec::new();
    for Movement { payment, read, invoice } in movements {
        let number = invoice.must_be_issued()?.number.clone();
        let client = &invoice.client.reference;
        let of = OfInvoice { number: number.clone(), client: client.id, client_name: client.name.clone() };
        let payment = Payment { of: Some(of), ..payment };
        let kind = match payment.kind {
            PaymentKind::Received => LedgerKind::PaymentRecorded,
            PaymentKind::Refunded => LedgerKind::RefundRecorded,
            PaymentKind::Reversal => LedgerKind::PaymentReversed,
            PaymentKind::RefundReversal => LedgerKind::RefundReversed,
        };
        let mut content = json!({
            "invoice": invoice.id, "payment": payment.id, "currency": payment.currency,
            "amount_minor": payment.amount_minor, "paid_on": payment.paid_on, "method": payment.method,
        });
        if let Some(receipt) = payment.receipt {
            content["receipt"] = json!(receipt);
        }
        let invoice = invoice.counting_cash(&payment);
        transaction.create(&payment).append_to_ledger(head, kind, &number, content);
        figures::received(transaction, payment.paid_on, payment.currency, payment.effect());
        if invoice.payment_status() == PaymentStatus::Paid && read.payment_status() != PaymentStatus::Paid {
            let about = invoice.about(invoice.owed()).by(transaction.actor());
            transaction.emit(Event::InvoicePaid { invoice: invoice.id, about });
        } else {
            let about = invoice.about(payment.effect()).by(transaction.actor());
            transaction.emit(Event::PaymentRecorded { invoice: invoice.id, payment: payment.id, about });
        }
        invoice::store::save(transaction, Some(&read), &invoice);
        recorded.push(Recorded { payment, invoice: Stored { value: invoice, version: read.version + 1 } });
    }
    Ok(recorded)
}

/// As [`enter_all`], of one invoice.
pub fn enter(transaction: &mut Transaction, head: Option<&Stored<LedgerHead>>, movement: Movement) -> Result<Recorded> {
    let recorded = enter_all(transaction, head, vec![movement])?;
    recorded.into_iter().next().ok_or_else(|| kernel::Error::internal("a movement that is not recorded"))
}
