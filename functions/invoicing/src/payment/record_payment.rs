//! Recording a payment: the balance, the payment and its ledger entry change together.

use kernel::{
    Error, Result,
    id::{InvoiceId, PaymentId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored, ledger::LedgerHead};

use super::{
    Payment, PaymentInput, PaymentKind,
    store::{self, Movement},
};
use crate::invoice::Invoice;

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
            let issued = read.must_be_issued()?.on;
            let currency = read.priced.currency;
            let new = input.parse(currency, read.cash(today), issued, today)?;
            let invoice = read.paid(new.amount_minor, new.allow_overpayment)?;
            let payment = Payment::new(payment_id, id, PaymentKind::Received, currency, new, scope.now());
            let mut transaction = scope.begin("record_payment", id);
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            let recorded = store::enter(&mut transaction, head.as_ref(), Movement { payment, read, invoice })?;
            Ok((transaction, recorded))
        })
        .await
}
