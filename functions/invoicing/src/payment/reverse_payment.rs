//! Taking a payment back that was not one: a counter-entry beside it, never a deletion.

use kernel::{
    Error, Result,
    id::{InvoiceId, PaymentId},
    legal,
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Scope, ledger::LedgerHead};

use super::{Payment, PaymentKind, Recorded, store};
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
            let reversed = payment.reversed(reversal_id)?;
            let invoice = read.unpaid(payment.amount_minor, today)?;
            let reversal = Payment {
                id: reversal_id,
                kind: PaymentKind::Reversal,
                reverses: Some(payment_id),
                paid_on: today,
                reference: Some(reason.clone()),
                recorded_at: scope.now(),
                ..payment.value.clone()
            };
            let mut transaction = scope.begin("reverse_payment", id);
            transaction.update(&payment, &reversed);
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            let recorded = store::enter(&mut transaction, head.as_ref(), reversal, &read, invoice)?;
            Ok((transaction, recorded))
        })
        .await
}
