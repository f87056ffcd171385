//! `/organisation/webhooks`

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use kernel::{
    Error, Result,
    id::{DeliveryId, WebhookId},
};
use table::Stored;
use web::{
    Asker, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors},
    page, page_with_status,
};

use super::{Webhook, WebhookInput, model::host};
use crate::{
    Nothing,
    delivery::{self, Delivery, State},
    public_event::{self, KINDS},
};

pub const PATH: &str = "/organisation/webhooks";

/// A word in a colour.
struct Badge {
    kind: &'static str,
    label: &'static str,
}

fn badge(webhook: &Webhook) -> Badge {
    let (kind, label) = match webhook {
        Webhook { disabled_at: Some(_), .. } => ("danger", "Désactivé"),
        Webhook { paused: true, .. } => ("neutral", "En pause"),
        Webhook { failing_since: Some(_), .. } => ("warning", "En échec"),
        _ => ("success", "Actif"),
    };
    Badge { kind, label }
}

fn path_of(id: WebhookId) -> String {
    format!("{PATH}/{id}")
}

pub fn moment(asker: &Asker, at: Timestamp) -> String {
    let local = at.to_zoned(asker.organization.zone());
    format!(
        "{} à {:02}:{:02}:{:02}",
        asker.organization.date(local.date()),
        local.hour(),
        local.minute(),
        local.second()
    )
}

fn kinds(chosen: &[String]) -> Vec<Choice> {
    let choice = |kind: &public_event::Kind| {
        (kind.name.to_owned(), kind.french.to_owned(), chosen.iter().any(|name| name == kind.name))
    };
    KINDS.iter().map(choice).collect()
}

// ---- all of them -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "webhooks.html")]
struct WebhooksPage {
    shell: Shell,
    form_key: String,
    rows: Vec<Row>,
    form: WebhookInput,
    kinds: Vec<Choice>,
    errors: FieldErrors,
}

struct Row {
    href: String,
    label: String,
    host: String,
    events: usize,
    status: Badge,
}

impl WebhooksPage {
    async fn new(asker: &Asker, form: &WebhookInput, errors: FieldErrors) -> Result<Self> {
        let row = |webhook: &Stored<Webhook>| Row {
            href: path_of(webhook.id),
            label: webhook.label(),
            host: host(&webhook.url),
            events: webhook.events.len(),
            status: badge(webhook),
        };
        Ok(Self {
            shell: Shell::new(asker, "settings", "Webhooks"),
            form_key: asker.form_key(),
            rows: super::list_webhooks(asker).await?.iter().map(row).collect(),
            kinds: kinds(&form.events),
            form: form.clone(),
            errors,
        })
    }
}

pub async fn list_webhooks(asker: Asker) -> PageResult {
    page(&WebhooksPage::new(&asker, &WebhookInput::default(), FieldErrors::default()).await?)
}

/// Shows the secret in the answer itself: it is nowhere to come back to.
pub async fn create_webhook(asker: Asker, form: Form<WebhookInput>) -> PageResult {
    match super::create_webhook(&asker, &form.input).await {
        Ok((webhook, secret)) => {
            let secret = secret.map(|secret| secret.0);
            page(&WebhookPage::new(&asker, &webhook, WebhookInput::of(&webhook), FieldErrors::default(), secret))
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &WebhooksPage::new(&asker, &form.input, errors).await?)
        }
    }
}

// ---- one ---------------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "webhook.html")]
struct WebhookPage {
    shell: Shell,
    form_key: String,
    version: u64,
    path: String,
    status: Badge,
    is_active: bool,
    /// Since when nobody took anything, and when it was given up.
    failing_since: Option<String>,
    disabled_at: Option<String>,
    /// Until when two secrets sign.
    both_until: Option<String>,
    form: WebhookInput,
    is_paused: bool,
    kinds: Vec<Choice>,
    errors: FieldErrors,
    secret: Option<String>,
    deliveries: Vec<DeliveryRow>,
    next: Option<String>,
    first: Option<String>,
}

struct DeliveryRow {
    id: DeliveryId,
    kind: String,
    at: String,
    status: Badge,
    /// What the last try came to.
    last: String,
    next_at: String,
}

impl DeliveryRow {
    fn of(asker: &Asker, one: &Delivery) -> Self {
        let last = one.attempts.last();
        let result = last.map(|last| match (last.status, last.failure) {
            (Some(status), _) => format!("{status}, {} ms", last.ms),
            (None, Some(failure)) => failure.french().to_owned(),
            (None, None) => String::new(),
        });
        let next_at = one.next_at.filter(|_| one.state == State::Waiting && last.is_some());
        Self {
            id: one.id,
            kind: public_event::french(&one.kind).to_owned(),
            at: moment(asker, one.happened_at),
            status: Badge { kind: one.state.badge(), label: one.state.french() },
            last: result.unwrap_or_default(),
            next_at: next_at.map(|at| moment(asker, at)).unwrap_or_default(),
        }
    }
}

impl WebhookPage {
    fn new(
        asker: &Asker,
        webhook: &Stored<Webhook>,
        form: WebhookInput,
        errors: FieldErrors,
        secret: Option<String>,
    ) -> Self {
        let former = webhook.former_secret.as_ref().filter(|former| former.until > asker.scope.now());
        Self {
            shell: Shell::new(asker, "settings", webhook.label()),
            form_key: asker.form_key(),
            version: webhook.version,
            path: path_of(webhook.id),
            status: badge(webhook),
            is_active: webhook.is_active(),
            failing_since: webhook.failing_since.map(|at| moment(asker, at)),
            disabled_at: webhook.disabled_at.map(|at| moment(asker, at)),
            both_until: former.map(|former| moment(asker, former.until)),
            is_paused: form.paused == "true",
            kinds: kinds(&form.events),
            form,
            errors,
            secret,
            deliveries: Vec::new(),
            next: None,
            first: None,
        }
    }
}

pub async fn show_webhook(asker: Asker, Id(id): Id<WebhookId>, Pagination(wanted): Pagination) -> PageResult {
    let (webhook, found) = delivery::list_deliveries(&asker, id, &wanted).await?;
    let shown = WebhookPage::new(&asker, &webhook, WebhookInput::of(&webhook), FieldErrors::default(), None);
    page(&WebhookPage {
        deliveries: found.items.iter().map(|one| DeliveryRow::of(&asker, one)).collect(),
        next: found.next_cursor.map(|cursor| format!("{}?cursor={cursor}", path_of(id))),
        first: wanted.cursor.map(|_| path_of(id)),
        ..shown
    })
}

pub async fn edit_webhook(asker: Asker, Id(id): Id<WebhookId>, form: Form<WebhookInput>) -> PageResult {
    match super::edit_webhook(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&path_of(id), "Le webhook est enregistré."),
        Err(error) => refused(&asker, id, form.input, error).await,
    }
}

async fn refused(asker: &Asker, id: WebhookId, typed: WebhookInput, error: Error) -> Result<Response, web::Failure> {
    let errors = FieldErrors::from_error(error)?;
    let webhook = super::show_webhook(asker, id).await?;
    let again = WebhookPage::new(asker, &webhook, typed, errors, None);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

pub async fn delete_webhook(asker: Asker, Id(id): Id<WebhookId>, _: Form<Nothing>) -> PageResult {
    super::delete_webhook(&asker, id).await?;
    asker.done(PATH, "Le webhook est supprimé.")
}

pub async fn rotate_webhook_secret(asker: Asker, Id(id): Id<WebhookId>, _: Form<Nothing>) -> PageResult {
    let (webhook, secret) = super::rotate_webhook_secret(&asker, id).await?;
    let secret = secret.map(|secret| secret.0);
    page(&WebhookPage::new(&asker, &webhook, WebhookInput::of(&webhook), FieldErrors::default(), secret))
}

pub async fn test_webhook(asker: Asker, Id(id): Id<WebhookId>, _: Form<Nothing>) -> PageResult {
    delivery::test_webhook(&asker, id).await?;
    asker.done(&path_of(id), "Un essai est envoyé\u{a0}: son résultat apparaîtra ci-dessous dans un instant.")
}
