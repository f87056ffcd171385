//! Giving money back to the card that it came from: of what was paid beyond what is owed, as every refund.

use cloud::{CardRefund, Deps, SecretString};
use kernel::{
    Error, Minor, Result, Rule,
    error::Conflict,
    id::{InvoiceId, PaymentId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use table::{Scope, Stored, idempotency::Idempotency, ledger::LedgerHead, meter::side_by_side};

use super::{
    PortalSettings,
    settle::{Refundable, record_refund},
};
use crate::{
    invoice::Invoice,
    payment::{Payment, PaymentKind, Recorded, amount},
};

/// How often the provider may have refused others what was asked for at the same state.
const ATTEMPTS_MAX: usize = 5;

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
    let request = request(scope, left(&payment, &found.payments), amount);
    let refunds = deps.cards.refunds(&key, &charge.intent).await?;
    let known = |found: &Read, refund: &CardRefund| {
        found.payments.iter().find(|known| known.reference.as_ref() == Some(&refund.id)).cloned()
    };
    // This very request was carried out there by whoever was stopped before it was entered here.
    let mine = refunds.iter().find(|refund| refund.stands() && refund.is_for(&request));
    let mine = mine.filter(|mine| known(&found, mine).is_none_or(|known| known.reversed_by.is_none())).cloned();
    // What somebody else was stopped in, or did on the provider's own page, comes first.
    let mut is_outdated = false;
    for refund in refunds.iter().filter(|refund| refund.stands() && !refund.is_for(&request)) {
        if known(&found, refund).is_none() {
            let other = scope.clone().with_idempotency(Idempotency::None);
            Box::pin(record_refund(&other, (&payment, &charge), refund, None)).await?;
            is_outdated = true;
        }
    }
    if is_outdated {
        found = read(scope, id).await?;
    }
    let refund = match mine {
        Some(mine) => mine,
        None => {
            if is_outdated {
                amount = allowed(input, &found, &payment)?;
            }
            let before = Before { payment: payment_id, intent: &charge.intent, refunds: refunds.len() };
            give_back(deps, &key, before, amount, &request).await?
        }
    };
    if !refund.stands() {
        return Err(Error::Conflict(Conflict::CardRefused));
    }
    let today = scope.clock().today(&organization.zone());
    let known = known(&found, &refund);
    let Read { invoice, head, .. } = found;
    let first = Refundable { invoice, original: payment.clone(), known, head, today };
    let recorded = Box::pin(record_refund(scope, (&payment, &charge), &refund, Some(first))).await?;
    recorded.ok_or(Error::Conflict(Conflict::PaymentReversed))
}

/// What was given back of a payment when it was decided upon.
struct Before<'a> {
    payment: PaymentId,
    intent: &'a str,
    refunds: usize,
}

/// Of two people who ask at once, one gives back: the provider's key follows from what was given back so far. Where it was
/// used for somebody whom the provider refused, nothing was, and the next one counts.
async fn give_back(
    deps: &Deps,
    key: &SecretString,
    before: Before<'_>,
    amount: Minor,
    request: &str,
) -> Result<CardRefund> {
    let Before { payment, intent, refunds } = before;
    for attempt in 0..ATTEMPTS_MAX {
        let once = format!("refund-{payment}-{refunds}-{attempt}");
        match deps.cards.refund(key, intent, amount, request, &once).await {
            Err(Error::Conflict(Conflict::Contended)) => {}
            answer => return answer,
        }
        if deps.cards.refunds(key, intent).await?.len() > refunds {
            break;
        }
    }
    Err(Error::Conflict(Conflict::Contended))
}

/// What tells this request from others, as the provider keeps it: of one without a key, what it asks for of what is left.
fn request(scope: &Scope, left: Minor, amount: Minor) -> String {
    let request = scope.request_key().unwrap_or_else(|| format!("{}-{}", left.0, amount.0));
    hex::encode(Sha256::digest(request)).chars().take(32).collect()
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
