//! `/facturation/devis`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{Permission, document::Kind, event::Owner, id::QuoteId};
use serde::Deserialize;
use table::{
    Order, Stored,
    shared::{DocumentFile, FrozenDocument},
};
use web::{
    Asker, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors},
    page, page_with_status, redirect,
};

use super::{Progress, Quote, QuoteInput, QuoteStatus};
use crate::{
    client::Offer,
    view::{Badge, Editor, Labelled, LineColumns, LinkedInvoice, Moment, QuoteRow, Sheet, quote_badge},
};

// ---- the list -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "quotes.html")]
struct QuotesPage {
    shell: Shell,
    quotes: Vec<QuoteRow>,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
}

pub async fn list_quotes(asker: Asker, Pagination(request): Pagination) -> PageResult {
    let found = asker.scope.list::<Quote>(&asker.scope.keys().quotes(), &request, Order::Descending).await?;
    page(&QuotesPage {
        shell: Shell::new(&asker, "invoicing", "Devis"),
        quotes: found.items.iter().map(|quote| QuoteRow::of(&asker, quote)).collect(),
        next: found.next_cursor.map(|cursor| format!("/facturation/devis?cursor={cursor}")),
        first: request.cursor.map(|_| "/facturation/devis".into()),
        can_create: asker.may(Permission::InvoicingCreate),
    })
}

// ---- the form -------------------------------------------------------------------------------------------

/// The form's fields; lines come as columns.
#[derive(Debug, Deserialize)]
pub struct QuoteForm {
    #[serde(default)]
    client: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    introduction: String,
    #[serde(default)]
    conditions: String,
    #[serde(default)]
    validity_days: String,
    #[serde(flatten)]
    lines: LineColumns,
}

impl QuoteForm {
    fn into_input(self, asker: &Asker) -> QuoteInput {
        QuoteInput {
            client_id: self.client,
            subject: self.subject,
            introduction: self.introduction,
            conditions: self.conditions,
            validity_days: self.validity_days,
            lines: self.lines.rows(asker.organization.vat_regime),
        }
    }
}

#[derive(Template)]
#[template(path = "quote_form.html")]
struct QuoteFormPage {
    shell: Shell,
    action: String,
    cancel_href: String,
    form_key: String,
    version: Option<u64>,
    clients: Vec<Choice>,
    editor: Editor,
    form: QuoteInput,
    errors: FieldErrors,
}

impl QuoteFormPage {
    fn new(
        asker: &Asker,
        edited: Option<(QuoteId, Option<u64>)>,
        input: QuoteInput,
        errors: FieldErrors,
        offer: Offer,
    ) -> Self {
        let (title, action, cancel_href) = match edited {
            Some((id, _)) => {
                ("Modifier le devis", format!("/facturation/devis/{id}/modifier"), format!("/facturation/devis/{id}"))
            }
            None => ("Nouveau devis", "/facturation/devis/nouveau".into(), "/facturation/devis".into()),
        };
        Self {
            shell: Shell::new(asker, "invoicing", title),
            action,
            cancel_href,
            form_key: asker.form_key(),
            version: edited.and_then(|(_, version)| version),
            clients: offer.choices(&input.client_id),
            editor: Editor::new(asker, &input.lines),
            form: input,
            errors,
        }
    }
}

#[derive(Deserialize)]
pub struct Prefilled {
    #[serde(default)]
    pub client: String,
}

pub async fn new_quote(asker: Asker, Query(prefilled): Query<Prefilled>) -> PageResult {
    let input = QuoteInput { client_id: prefilled.client, validity_days: "30".into(), ..QuoteInput::default() };
    let offer = Offer::with(&asker, &input.client_id).await?;
    page(&QuoteFormPage::new(&asker, None, input, FieldErrors::default(), offer))
}

pub async fn create_quote(asker: Asker, form: Form<QuoteForm>) -> PageResult {
    let input = form.input.into_input(&asker);
    match super::create_quote(&asker, &input).await {
        Ok(quote) => asker.done(&format!("/facturation/devis/{}", quote.id), "Le devis est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let offer = Offer::with(&asker, &input.client_id).await?;
            let page = QuoteFormPage::new(&asker, None, input, errors, offer);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn change_quote(asker: Asker, Id(id): Id<QuoteId>) -> PageResult {
    let (quote, offer) = table::meter::side_by_side(super::store::read(&asker.scope, id), Offer::first(&asker)).await;
    let quote = quote?;
    quote.must_be_draft()?;
    let edited = Some((id, Some(quote.version)));
    let offer = offer?.and(&quote.client.reference);
    page(&QuoteFormPage::new(&asker, edited, QuoteInput::of(&quote), FieldErrors::default(), offer))
}

pub async fn edit_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<QuoteForm>) -> PageResult {
    let seen = form.version;
    let input = form.input.into_input(&asker);
    match super::edit_quote(&asker, id, &input, seen).await {
        Ok(_) => asker.done(&format!("/facturation/devis/{id}"), "Les modifications sont enregistrées."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let offer = Offer::with(&asker, &input.client_id).await?;
            let page = QuoteFormPage::new(&asker, Some((id, seen)), input, errors, offer);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

// ---- one quote ------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "quote.html")]
struct QuotePage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    quote: QuoteHead,
    document: Sheet,
    events: Vec<Moment>,
}

struct QuoteHead {
    id: QuoteId,
    version: u64,
    status: Badge,
    pdf_href: Option<String>,
    can_edit: bool,
    can_send: bool,
    can_answer: bool,
    can_invoice: bool,
    recipient: String,
    valid_until: String,
    invoice: Option<LinkedInvoice>,
    refusal_reason: String,
}

impl QuoteHead {
    fn new(asker: &Asker, quote: &Stored<Quote>, has_file: bool) -> Self {
        let status = quote.status(asker.today());
        let may = |permission| asker.may(permission);
        Self {
            id: quote.id,
            version: quote.version,
            status: quote_badge(status),
            pdf_href: has_file.then(|| format!("/facturation/devis/{}/pdf", quote.id)),
            can_edit: status == QuoteStatus::Draft && may(Permission::InvoicingCreate),
            can_send: status == QuoteStatus::Draft && may(Permission::InvoicingEdit),
            can_answer: status == QuoteStatus::Sent && may(Permission::InvoicingEdit),
            can_invoice: status == QuoteStatus::Accepted && may(Permission::InvoicingCreate),
            recipient: quote.client.reference.email.clone().unwrap_or_default(),
            valid_until: quote.valid_until.map(|until| asker.organization.date(until)).unwrap_or_default(),
            invoice: quote.invoice.map(|id| LinkedInvoice { id, label: "Voir la facture".into() }),
            refusal_reason: quote.refusal_reason.clone().unwrap_or_default(),
        }
    }
}

fn events(asker: &Asker, quote: &Quote) -> Vec<Moment> {
    let mut events = vec![Moment::on(asker, "neutral", "Devis créé", asker.organization.day(quote.created_at))];
    if let Some(on) = quote.sent_on {
        events.push(Moment::on(asker, "info", "Devis envoyé", on));
    }
    match (quote.progress, quote.answered_on) {
        (Progress::Refused, Some(on)) => events.push(Moment::on(asker, "danger", "Devis refusé", on)),
        (_, Some(on)) => events.push(Moment::on(asker, "success", "Devis accepté", on)),
        (_, None) => {}
    }
    events.reverse();
    events
}

pub async fn show_quote(asker: Asker, Id(id): Id<QuoteId>) -> PageResult {
    show(&asker, id, StatusCode::OK, FieldErrors::default()).await
}

async fn show(asker: &Asker, id: QuoteId, status: StatusCode, errors: FieldErrors) -> PageResult {
    let scope = &asker.scope;
    let keys = scope.keys();
    let owner = Owner::Quote(id);
    let found = scope.get_many(&[keys.quote(id), keys.file(owner), keys.snapshot(owner)]).await?;
    let quote = found.get::<Quote>(&keys.quote(id))?.ok_or(kernel::Error::NotFound)?;
    let has_file = found.first::<DocumentFile>()?.is_some();
    let snapshot = found.first::<FrozenDocument>()?.map(|frozen| frozen.value.snapshot);
    let title = match &quote.number {
        Some(number) => format!("Devis {number}"),
        None => "Devis (brouillon)".into(),
    };
    let mut dates = vec![Labelled::new(
        "Date",
        asker.organization.date(quote.sent_on.unwrap_or_else(|| asker.organization.day(quote.created_at))),
    )];
    if let Some(until) = quote.valid_until {
        dates.push(Labelled::new("Valable jusqu’au", asker.organization.date(until)));
    }
    let document = Sheet::new(
        asker,
        Kind::Quote.french(),
        quote.number.as_ref(),
        dates,
        &quote.client.reference,
        &quote.words,
        &quote.priced,
    )
    .frozen(snapshot);
    page_with_status(
        status,
        &QuotePage {
            shell: Shell::new(asker, "invoicing", title),
            form_key: asker.form_key(),
            errors,
            quote: QuoteHead::new(asker, &quote, has_file),
            document,
            events: events(asker, &quote),
        },
    )
}

#[derive(Deserialize)]
pub struct Nothing {}

#[derive(Deserialize)]
pub struct Refusal {
    #[serde(default)]
    reason: String,
}

pub async fn send_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<Nothing>) -> PageResult {
    let sent = super::send_quote(&asker.scope, &asker.organization, id, form.version).await;
    let flash = match &sent {
        Ok(quote) if quote.client.reference.email.is_none() => "Le devis est marqué comme envoyé.",
        _ => "Le devis est envoyé.",
    };
    done(&asker, id, sent, flash).await
}

pub async fn accept_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<Nothing>) -> PageResult {
    let accepted = super::accept_quote(&asker.scope, &asker.organization, id, form.version).await;
    done(&asker, id, accepted, "Le devis est accepté : vous pouvez créer la facture.").await
}

pub async fn refuse_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<Refusal>) -> PageResult {
    let refused = super::refuse_quote(&asker.scope, &asker.organization, id, &form.input.reason, form.version).await;
    done(&asker, id, refused, "Le devis est marqué comme refusé.").await
}

pub async fn invoice_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<Nothing>) -> PageResult {
    match super::invoice_quote(&asker.scope, &asker.organization, id, form.version).await {
        Ok(invoice) => asker.done(
            &format!("/facturation/factures/{}", invoice.id),
            "La facture est prête : vérifiez-la, puis émettez-la.",
        ),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, StatusCode::CONFLICT, errors).await
        }
    }
}

/// Back to the quote, with what was done or why it could not be.
async fn done(asker: &Asker, id: QuoteId, act: kernel::Result<Stored<Quote>>, flash: &str) -> PageResult {
    match act {
        Ok(_) => asker.done(&format!("/facturation/devis/{id}"), flash),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(asker, id, StatusCode::CONFLICT, errors).await
        }
    }
}

pub async fn download_quote(asker: Asker, Id(id): Id<QuoteId>) -> PageResult {
    let (link, _) = crate::document::download(&asker, Owner::Quote(id)).await?;
    redirect(&link)
}
