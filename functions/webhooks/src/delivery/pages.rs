//! `/organisation/webhooks/{id}/envois/{delivery}`

use askama::Template;
use kernel::id::{DeliveryId, WebhookId};
use web::{Asker, Form, Ids, PageResult, Shell, page};

use super::{Attempt, State};
use crate::{Nothing, public_event, webhook::pages::moment};

#[derive(Template)]
#[template(path = "delivery.html")]
struct DeliveryPage {
    shell: Shell,
    form_key: String,
    webhook: String,
    path: String,
    kind: String,
    event: String,
    at: String,
    state: &'static str,
    badge: &'static str,
    next_at: String,
    attempts: Vec<Row>,
    answer: Option<String>,
    /// As it is sent.
    body: String,
}

struct Row {
    at: String,
    status: String,
    ms: u32,
    badge: &'static str,
    result: &'static str,
}

fn row(asker: &Asker, attempt: &Attempt) -> Row {
    Row {
        at: moment(asker, attempt.at),
        status: attempt.status.map(|status| status.to_string()).unwrap_or_default(),
        ms: attempt.ms,
        badge: if attempt.is_taken() { "success" } else { "danger" },
        result: attempt.failure.map_or("Reçu", super::Failure::french),
    }
}

pub async fn show_delivery(asker: Asker, Ids((id, delivery)): Ids<WebhookId, DeliveryId>) -> PageResult {
    let one = super::show_delivery(&asker, id, delivery).await?;
    let body = serde_json::to_string_pretty(&one.public(asker.organization.id)).map_err(kernel::Error::internal)?;
    let webhook = format!("{}/{id}", crate::webhook::pages::PATH);
    let next_at = one.next_at.filter(|_| one.state == State::Waiting);
    page(&DeliveryPage {
        shell: Shell::new(&asker, "settings", "Envoi à un webhook"),
        form_key: asker.form_key(),
        path: format!("{webhook}/envois/{delivery}"),
        webhook,
        kind: public_event::french(&one.kind).to_owned(),
        event: one.event.to_string(),
        at: moment(&asker, one.happened_at),
        state: one.state.french(),
        badge: one.state.badge(),
        next_at: next_at.map(|at| moment(&asker, at)).unwrap_or_default(),
        attempts: one.attempts.iter().rev().map(|attempt| row(&asker, attempt)).collect(),
        answer: one.answer.clone(),
        body,
    })
}

pub async fn replay_delivery(
    asker: Asker,
    Ids((id, delivery)): Ids<WebhookId, DeliveryId>,
    _: Form<Nothing>,
) -> PageResult {
    super::replay_delivery(&asker, id, delivery).await?;
    let path = format!("{}/{id}/envois/{delivery}", crate::webhook::pages::PATH);
    asker.done(
        &path,
        "L’événement est envoyé de nouveau\u{a0}: rechargez la page dans un instant pour voir le résultat.",
    )
}
