//! Recording a payment: the balance, the payment and its ledger entry change together.

use kernel::{
    Error, Result,
    event::Event,
    id::{InvoiceId, PaymentId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{
    Scope, Stored, Transaction,
    ledger::{LedgerHead, LedgerKind},
};

use super::{Payment, PaymentInput, PaymentKind, store};
use crate::invoice::{self, Invoice, PaymentStatus};

/// A payment with its invoice as it is after it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recorded {
    pub payment: Payment,
    pub invoice: Stored<Invoice>,
}

pub async fn record_payment(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    input: &PaymentInput,
    seen: Option<u64>,
) -> Result<Recorded> {
    let today = scope.clock().today(&organization.zone());
    let payment_id = scope.new_id(PaymentId::new);
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.invoice(id), keys.ledger_head()]).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?.expect_version(seen)?;
            read.must_be_issued()?;
            let currency = read.priced.currency;
            let new = input.parse(currency, today)?;
            let invoice = read.paid(new.amount_minor, new.allow_overpayment)?;
            let payment = Payment::new(payment_id, id, PaymentKind::Received, currency, new, scope.now());
            let mut transaction = scope.begin("record_payment", id);
            transaction.create(&payment);
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            store::enter(&mut transaction, head.as_ref(), LedgerKind::PaymentRecorded, &payment, &invoice)?;
            let invoice = settled(&mut transaction, &read, invoice);
            Ok((transaction, Recorded { payment, invoice }))
        })
        .await
}

/// Writes the invoice as a payment left it.
pub(super) fn settled(transaction: &mut Transaction, read: &Stored<Invoice>, invoice: Invoice) -> Stored<Invoice> {
    if invoice.payment_status() == PaymentStatus::Paid && read.payment_status() != PaymentStatus::Paid {
        transaction.emit(Event::InvoicePaid { invoice: invoice.id });
    }
    invoice::store::save(transaction, Some(read), &invoice);
    Stored { value: invoice, version: read.version + 1 }
}
