//! The receipt's item, and the payments that it is made of.

use kernel::{Minor, Result};
use table::{Index, Item, Key, Stored, TenantKeys, Transaction, ledger::LedgerHead};

use super::{Receipt, ReceiptPart};
use crate::{
    invoice::Invoice,
    payment::{
        Payment, PaymentKind,
        store::{Movement, enter_all},
    },
};

impl Item for Receipt {
    const TYPE: &'static str = "receipt";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.receipt(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_receipts(self.id))
    }
}

impl Receipt {
    /// The payment of one of its parts.
    fn payment(&self, place: usize, part: &ReceiptPart) -> Payment {
        Payment {
            id: self.payment_id(place),
            invoice: part.invoice,
            kind: if part.effect_minor < Minor::ZERO { PaymentKind::Refunded } else { PaymentKind::Received },
            amount_minor: Minor(part.effect_minor.0.abs()),
            currency: self.currency,
            paid_on: self.paid_on,
            method: self.method,
            reference: self.reference.clone(),
            recorded_at: self.recorded_at,
            reverses: None,
            reversed_by: None,
            of: None,
            receipt: Some(self.id),
            charge: None,
        }
    }
}

/// Writes the receipt with a payment of each of its invoices, which stand in the order of its parts as they were read.
pub fn enter(
    transaction: &mut Transaction,
    head: Option<&Stored<LedgerHead>>,
    receipt: &Receipt,
    invoices: Vec<Stored<Invoice>>,
) -> Result<()> {
    let mut movements = Vec::new();
    for (place, (part, read)) in receipt.parts.iter().zip(invoices).enumerate() {
        let payment = receipt.payment(place, part);
        let invoice = match payment.kind {
            PaymentKind::Refunded => read.refunded(payment.amount_minor)?,
            _ => read.received(payment.amount_minor)?,
        };
        movements.push(Movement { payment, read, invoice });
    }
    transaction.create(receipt);
    enter_all(transaction, head, movements).map(drop)
}
