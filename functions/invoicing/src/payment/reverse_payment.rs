//! Taking back a payment that was not one, or a refund that never arrived: a counter-entry beside it, never a deletion.

use kernel::{
    Error, Result,
    error::Conflict,
    id::{InvoiceId, PaymentId},
    legal,
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Scope, ledger::LedgerHead};

use super::{
    Payment, Recorded,
    store::{self, Movement},
};
use crate::invoice::Invoice;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReversalInput {
    /// Why: a cheque that was not paid, an error of entry.
    pub reason: String,
}

pub async fn reverse_payment(
    scope: &Scope,
    organization: &OrganizationReference,
    (id, payment_id): (InvoiceId, PaymentId),
    input: &ReversalInput,
) -> Result<Recorded> {
    let today = scope.clock().today(&organization.zone());
    let reason = legal::required(&input.reason, 100).map_err(|rule| Error::field("/reason", rule))?;
    let reversal_id = scope.new_id(PaymentId::new);
    scope
        .write(|| async {
            let keys = scope.keys();
            let key = keys.payment(id, payment_id);
            let found = scope.get_many(&[keys.invoice(id), key.clone(), keys.ledger_head()]).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?;
            let payment = found.get::<Payment>(&key)?.ok_or(Error::NotFound)?;
            if payment.receipt.is_some() {
                return Err(Error::Conflict(Conflict::PartOfReceipt));
            }
            let (reversed, counter) = payment.reversed(reversal_id, &reason, today, scope.now())?;
            let invoice = read.without(&payment, today)?;
            let mut transaction = scope.begin("reverse_payment", id);
            transaction.update(&payment, &reversed);
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            let recorded = store::enter(&mut transaction, head.as_ref(), Movement { payment: counter, read, invoice })?;
            Ok((transaction, recorded))
        })
        .await
}
