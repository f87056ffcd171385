//! `/webhooks/stripe/{organization}`: what the provider tells of an organization's account. Anybody may send there; what
//! the account's own secret has not signed is not read.

use axum::body::Bytes;
use cloud::{CheckoutSession, cards::is_signed};
use http::{HeaderMap, StatusCode};
use kernel::{
    Actor, Error, Result, Tenant,
    id::{InvoiceId, OrganizationId},
    reference::OrganizationReference,
};
use serde::Deserialize;
use serde_json::Value;
use table::Scope;
use web::{Failure, Id, Visitor};

use super::{
    PortalSettings,
    settings::CardAccount,
    settle::{record_refund, settle},
};
use crate::payment::{Payment, PaymentKind};

/// As the log names who acts here.
const NAME: &str = "stripe";

#[derive(Deserialize)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

pub async fn receive_card_event(
    visitor: Visitor,
    Id(organization): Id<OrganizationId>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let deps = &visitor.deps;
    let tenant = Tenant::proven(organization, Actor::System { name: NAME.into() });
    let scope = &deps.table.scope(tenant).with_origin(visitor.origin());
    let keys = scope.keys();
    let found = scope.get_many(&[keys.organization(), keys.portal_settings()]).await?;
    let is_here = found.first::<OrganizationReference>()?.is_some_and(|organization| organization.deletion.is_none());
    let settings = found.first::<PortalSettings>()?.map(|stored| stored.value).unwrap_or_default();
    let account = settings.cards.as_ref().filter(|_| is_here).ok_or(Error::NotFound)?;
    let secret = account.webhook_secret(deps, organization).await?;
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !is_signed(&secret, signature, &body, deps.clock.now()) {
        return Err(Error::Malformed { detail: "Stripe-Signature is not that of this webhook".into() }.into());
    }
    let told: Told = serde_json::from_slice(&body)
        .map_err(|_| Error::Malformed { detail: "not an event of the provider's".into() })?;
    let Some(invoice) = ours(&told.data.object, organization) else {
        // The account serves other purposes too.
        return Ok(StatusCode::OK);
    };
    let done = match told.kind.as_str() {
        "checkout.session.completed" | "checkout.session.async_payment_succeeded" | "checkout.session.expired" => {
            let session: CheckoutSession = serde_json::from_value(told.data.object)
                .map_err(|_| Error::Malformed { detail: "not a session of the provider's".into() })?;
            settle(scope, invoice, &session).await
        }
        "charge.refunded" => {
            let intent = told.data.object["payment_intent"].as_str().unwrap_or_default();
            Box::pin(enter_refunds(&visitor, scope, account, invoice, intent)).await
        }
        _ => Ok(()),
    };
    match done {
        Ok(()) => Ok(StatusCode::OK),
        // Of an invoice that is no more, nothing comes of telling it again.
        Err(Error::NotFound) => {
            tracing::error!(%organization, %invoice, kind = told.kind, "told of an invoice that is not here");
            Ok(StatusCode::OK)
        }
        Err(error) => Err(error.into()),
    }
}

/// The invoice that the thing was made for, if it was by us, for this organization.
fn ours(object: &Value, organization: OrganizationId) -> Option<InvoiceId> {
    let metadata = &object["metadata"];
    let named: OrganizationId = metadata["organization"].as_str()?.parse().ok()?;
    (named == organization).then(|| metadata["invoice"].as_str()?.parse().ok()).flatten()
}

async fn enter_refunds(
    visitor: &Visitor,
    scope: &Scope,
    account: &CardAccount,
    invoice: InvoiceId,
    intent: &str,
) -> Result<()> {
    let found = scope.collection(&scope.keys().invoice(invoice).collection()).await?;
    let payments = found.all::<Payment>()?;
    let paid = payments.iter().find_map(|payment| {
        let payment: &Payment = payment;
        let charge = payment.charge.as_ref().filter(|charge| charge.intent == intent)?;
        (payment.kind == PaymentKind::Received).then_some((payment, charge))
    });
    // Events come in any order: the payment will be told again, and this after it.
    let (payment, charge) = paid.ok_or_else(|| Error::unavailable("a refund came before its payment"))?;
    let key = account.key(&visitor.deps, scope.tenant().organization()).await?;
    for refund in visitor.deps.cards.refunds(&key, intent).await? {
        if refund.stands() {
            record_refund(scope, (payment, charge), &refund, None).await?;
        }
    }
    Ok(())
}
