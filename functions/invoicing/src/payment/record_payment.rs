//! Recording a payment: the balance, the payment and its ledger entry change together.

use kernel::{
    Error, Result,
    event::Event,
    id::{InvoiceId, PaymentId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use table::{
    Scope, Stored,
    ledger::{LedgerHead, LedgerKind},
};

use super::{Payment, PaymentInput};
use crate::invoice::{self, Invoice, PaymentStatus};

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
            let invoice = read.paid(new.amount_minor)?;
            let issued = invoice.must_be_issued()?;
            let payment = Payment {
                id: payment_id,
                invoice: id,
                amount_minor: new.amount_minor,
                currency,
                paid_on: new.paid_on,
                method: new.method,
                reference: new.reference,
                recorded_at: scope.now(),
            };
            let mut transaction = scope.begin("record_payment", id);
            transaction.create(&payment).append_to_ledger(
                found.get::<LedgerHead>(&keys.ledger_head())?.as_ref(),
                LedgerKind::PaymentRecorded,
                &issued.number,
                json!({
                    "invoice": id, "payment": payment_id, "currency": currency,
                    "amount_minor": payment.amount_minor, "paid_on": payment.paid_on, "method": payment.method,
                }),
            );
            if issued.payment_status(&invoice.priced) == PaymentStatus::Paid {
                transaction.emit(Event::InvoicePaid { invoice: id });
            }
            invoice::store::save(&mut transaction, Some(&read), &invoice);
            let invoice = Stored { value: invoice, version: read.version + 1 };
            Ok((transaction, Recorded { payment, invoice }))
        })
        .await
}
