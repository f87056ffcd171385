//! Giving money back to the card that it came from: of what was paid beyond what is owed, as every refund.

use cloud::Deps;
use kernel::{
    Error, Minor, Result, Rule,
    error::Conflict,
    id::{InvoiceId, PaymentId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored, idempotency::Idempotency, ledger::LedgerHead, meter::side_by_side};

use super::{
    PortalSettings,
    settle::{Refundable, record_refund},
};
use crate::{
    invoice::Invoice,
    payment::{Payment, PaymentKind, Recorded, amount},
};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CardRefundInput {
    /// In the currency of the invoice: `120.50`.
    pub amount: String,
}

/// What of a payment by card is not given back yet.
pub fn left<'a>(payment: &Payment, payments: impl IntoIterator<Item = &'a Payment>) -> Minor {
    let intent = payment.charge.as_ref().map(|charge| &charge.intent);
    let back = payments.into_iter().filter(|other| {
        other.kind == PaymentKind::Refunded
            && other.reversed_by.is_none()
            && other.charge.as_ref().map(|charge| &charge.intent) == intent
    });
    Minor(payment.amount_minor.0 - back.map(|other| other.amount_minor.0).sum::<i64>())
}

/// What is decided upon: the invoice, its payments, and the end of the ledger.
struct Read {
    invoice: Stored<Invoice>,
    payments: Vec<Payment>,
    head: Option<Stored<LedgerHead>>,
    settings: PortalSettings,
}

async fn read(scope: &Scope, id: InvoiceId) -> Result<Read> {
    let keys = scope.keys();
    let beside = [keys.portal_settings(), keys.ledger_head()];
    let (found, beside) = side_by_side(scope.collection(&keys.invoice(id).collection()), scope.get_many(&beside)).await;
    let (found, beside) = (found?, beside?);
    Ok(Read {
        invoice: found.first::<Invoice>()?.ok_or(Error::NotFound)?,
        payments: found.all::<Payment>()?.into_iter().map(|payment| payment.value).collect(),
        head: beside.first::<LedgerHead>()?,
        settings: beside.first::<PortalSettings>()?.map(|stored| stored.value).unwrap_or_default(),
    })
}

pub async fn refund_card_payment(
    deps: &Deps,
    scope: &Scope,
    organization: &OrganizationReference,
    (id, payment_id): (InvoiceId, PaymentId),
    input: &CardRefundInput,
) -> Result<Recorded> {
    // The provider is not asked again for what was done.
    if let Some(Some(recorded)) = scope.outcome::<Option<Recorded>>()? {
        return Ok(recorded);
    }
    let mut found = read(scope, id).await?;
    let payment = found.payments.iter().find(|payment| payment.id == payment_id).ok_or(Error::NotFound)?.clone();
    let by_card = payment.charge.clone().filter(|_| payment.kind == PaymentKind::Received);
    let charge = by_card.ok_or(Error::Conflict(Conflict::NotByCard))?;
    if payment.reversed_by.is_some() {
        return Err(Error::Conflict(Conflict::PaymentReversed));
    }
    let mut amount = allowed(input, &found, &payment)?;
    let key = found.settings.account()?.key(deps, organization.id).await?;
    let once = scope.request_key();
    let once = once.unwrap_or_else(|| format!("{}-{}", left(&payment, &found.payments).0, amount.0));
    let once = format!("refund-{payment_id}-{once}");
    // Whoever was stopped after the provider had given back, or did it on the provider's own page: that comes first.
    let mut is_outdated = false;
    for refund in deps.cards.refunds(&key, &charge.intent).await? {
        let is_known = found.payments.iter().any(|known| known.reference.as_ref() == Some(&refund.id));
        if refund.stands() && !is_known {
            let other = scope.clone().with_idempotency(Idempotency::None);
            Box::pin(record_refund(&other, (&payment, &charge), &refund, None)).await?;
            is_outdated = true;
        }
    }
    if is_outdated {
        found = read(scope, id).await?;
        amount = allowed(input, &found, &payment)?;
    }
    let refund = deps.cards.refund(&key, &charge.intent, amount, &once).await?;
    if !refund.stands() {
        return Err(Error::Conflict(Conflict::CardRefused));
    }
    let today = scope.clock().today(&organization.zone());
    let known = found.payments.iter().find(|known| known.reference.as_ref() == Some(&refund.id)).cloned();
    let Read { invoice, head, .. } = found;
    let first = Refundable { invoice, original: payment.clone(), known, head, today };
    let recorded = Box::pin(record_refund(scope, (&payment, &charge), &refund, Some(first))).await?;
    recorded.ok_or(Error::Conflict(Conflict::PaymentReversed))
}

/// The amount, where so much was paid too much, and is left of the payment.
fn allowed(input: &CardRefundInput, found: &Read, payment: &Payment) -> Result<Minor> {
    let amount = amount(&input.amount, payment.currency).map_err(|rule| Error::field("/amount", rule))?;
    found.invoice.refunded(amount)?;
    let left = left(payment, &found.payments);
    if amount > left {
        return Err(Error::field("/amount", Rule::MoreThanDue { due: left.french(payment.currency) }));
    }
    Ok(amount)
}
