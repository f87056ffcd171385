//! `/facturation/devis`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{Permission, document::Kind, event::Owner, id::QuoteId};
use serde::Deserialize;
use table::{
    Stored,
    shared::{DocumentFile, FrozenDocument},
};
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors},
    page, page_with_status, redirect,
};

use super::{AcceptanceInput, DepositInput, Progress, Quote, QuoteInput, QuoteStatus, Version};
use crate::{
    attachment::pages::AttachmentBox,
    client::{Offer, OfferedClients},
    content::LineInput,
    form::{DocumentForm, Editor, PartRow, PartsForm, basis},
    invoice::Invoice,
    view::{Badge, Labelled, LinkedInvoice, LinkedQuote, Moment, Sheet, quote_badge},
};

// ---- the form -------------------------------------------------------------------------------------------

#[derive(Debug, Deserialize)]
pub struct QuoteForm {
    #[serde(default)]
    validity_days: String,
    #[serde(flatten)]
    document: DocumentForm,
}

impl QuoteForm {
    pub fn input(&self, asker: &Asker) -> QuoteInput {
        let document = &self.document;
        let (discount_percent, discount_amount) = document.discount();
        QuoteInput {
            client_id: document.client.clone(),
            subject: document.subject.clone(),
            introduction: document.introduction.clone(),
            conditions: document.conditions.clone(),
            validity_days: self.validity_days.clone(),
            discount_percent,
            discount_amount,
            vat_treatment: document.vat_treatment.clone(),
            lines: document.lines(asker.organization.vat_regime),
        }
    }
}

#[derive(Template)]
#[template(path = "quote_form.html")]
struct QuoteFormPage {
    shell: Shell,
    action: String,
    cancel_href: String,
    preview_href: String,
    form_key: String,
    version: Option<u64>,
    clients: OfferedClients,
    editor: Editor,
    form: QuoteInput,
    errors: FieldErrors,
}

impl QuoteFormPage {
    fn new(
        asker: &Asker,
        edited: Option<(QuoteId, Option<u64>)>,
        document: &DocumentForm,
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
            preview_href: match edited {
                Some((id, _)) => format!("/facturation/apercu/devis/{id}"),
                None => "/facturation/apercu/devis".into(),
            },
            form_key: asker.form_key(),
            version: edited.and_then(|(_, version)| version),
            clients: offer.choices(&input.client_id),
            editor: Editor::new(asker, document, &input.lines).with_options(),
            form: input,
            errors,
        }
    }
}

#[derive(Deserialize)]
pub struct Prefilled {
    #[serde(default)]
    pub client: String,
    /// What it is for, as an opportunity of the CRM calls it.
    #[serde(default)]
    pub objet: String,
    /// Of the one line that it begins with, all taxes excluded.
    #[serde(default)]
    pub montant: String,
}

impl Prefilled {
    /// The line that a quote begins with; none where nothing is known of it.
    fn lines(&self, asker: &Asker) -> Vec<LineInput> {
        if self.objet.is_empty() || self.montant.is_empty() {
            return Vec::new();
        }
        let blank = LineInput::blank(asker.organization.vat_regime);
        vec![LineInput { description: self.objet.clone(), unit_price: self.montant.clone(), ..blank }]
    }
}

pub async fn new_quote(asker: Asker, Query(prefilled): Query<Prefilled>) -> PageResult {
    let lines = prefilled.lines(&asker);
    let input = QuoteInput {
        client_id: prefilled.client,
        subject: prefilled.objet,
        lines,
        validity_days: "30".into(),
        ..QuoteInput::default()
    };
    let offer = Offer::with(&asker, &input.client_id).await?;
    page(&QuoteFormPage::new(&asker, None, &DocumentForm::default(), input, FieldErrors::default(), offer))
}

pub async fn create_quote(asker: Asker, form: Form<QuoteForm>) -> PageResult {
    let input = form.input.input(&asker);
    match super::create_quote(&asker, &input).await {
        Ok(quote) => asker.done(&format!("/facturation/devis/{}", quote.id), "Le devis est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let offer = Offer::with(&asker, &input.client_id).await?;
            let page = QuoteFormPage::new(&asker, None, &form.input.document, input, errors, offer);
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
    let document = DocumentForm::of(&quote.client.reference, &quote.words, &quote.priced);
    page(&QuoteFormPage::new(&asker, edited, &document, QuoteInput::of(&quote), FieldErrors::default(), offer))
}

pub async fn edit_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<QuoteForm>) -> PageResult {
    let seen = form.version;
    let input = form.input.input(&asker);
    match super::edit_quote(&asker, id, &input, seen).await {
        Ok(_) => asker.done(&format!("/facturation/devis/{id}"), "Les modifications sont enregistrées."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let offer = Offer::with(&asker, &input.client_id).await?;
            let page = QuoteFormPage::new(&asker, Some((id, seen)), &form.input.document, input, errors, offer);
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
    attachments: AttachmentBox,
    events: Vec<Moment>,
}

struct QuoteHead {
    id: QuoteId,
    version: u64,
    status: Badge,
    pdf_href: Option<String>,
    can_edit: bool,
    can_delete: bool,
    can_send: bool,
    can_answer: bool,
    can_revise: bool,
    can_duplicate: bool,
    can_invoice: bool,
    /// The versions that were sent, and this one; empty where there is no other.
    versions: Vec<VersionRow>,
    /// Another version counts, or will: what the page says of it.
    notice: Option<Notice>,
    recipient: String,
    valid_until: String,
    /// What is agreed, or offered, VAT included.
    total: String,
    currency_symbol: &'static str,
    /// The invoices made of it, in the order in which they were made.
    invoices: Vec<LinkedInvoice>,
    /// What is not invoiced yet, HT; empty where nothing was invoiced or nothing is left.
    left: String,
    /// What the client may choose beside the rest: the place of the line, what it is, its price.
    options: Vec<Choice>,
    refusal_reason: String,
}

struct VersionRow {
    id: QuoteId,
    label: String,
    note: String,
    is_this: bool,
}

/// What another version means for this one, with a link to it.
struct Notice {
    text: &'static str,
    other: LinkedQuote,
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
            can_delete: status == QuoteStatus::Draft && may(Permission::InvoicingDelete),
            can_send: status == QuoteStatus::Draft && !quote.came_too_late && may(Permission::InvoicingEdit),
            can_answer: status == QuoteStatus::Sent && may(Permission::InvoicingEdit),
            can_revise: matches!(status, QuoteStatus::Sent | QuoteStatus::Expired | QuoteStatus::Refused)
                && quote.revised_by.is_none()
                && may(Permission::InvoicingCreate),
            can_duplicate: may(Permission::InvoicingCreate),
            can_invoice: status == QuoteStatus::Accepted && may(Permission::InvoicingCreate),
            versions: versions(asker, quote),
            notice: notice(quote),
            recipient: quote.client.reference.email.clone().unwrap_or_default(),
            valid_until: quote.valid_until.map(|until| asker.organization.date(until)).unwrap_or_default(),
            total: quote.agreed().totals.gross_minor.french(quote.priced.currency),
            currency_symbol: quote.priced.currency.symbol(),
            invoices: linked_invoices(quote),
            left: match quote.parts.is_empty() || status != QuoteStatus::Accepted {
                true => String::new(),
                false => quote.left().net_minor().french(quote.priced.currency),
            },
            options: options(quote),
            refusal_reason: quote.refusal_reason.clone().unwrap_or_default(),
        }
    }
}

fn versions(asker: &Asker, quote: &Quote) -> Vec<VersionRow> {
    let mut rows: Vec<_> = quote
        .versions()
        .into_iter()
        .map(|version| VersionRow {
            id: version.id,
            note: format!("envoyé le {}", asker.organization.date(version.sent_on)),
            is_this: version.id == quote.id,
            label: version.number,
        })
        .collect();
    if let Some(number) = quote.version_of_number().filter(|_| quote.number.is_none()) {
        rows.push(VersionRow { id: quote.id, label: number, note: "brouillon".into(), is_this: true });
    }
    if rows.len() < 2 { Vec::new() } else { rows }
}

fn notice(quote: &Quote) -> Option<Notice> {
    let link = |version: &Version| LinkedQuote { id: version.id, label: version.number.clone() };
    if let Some(latest) = quote.later.last() {
        return Some(Notice { text: "Ce devis a été remplacé par", other: link(latest) });
    }
    if let Some(id) = quote.revised_by {
        let text = match quote.progress {
            Progress::Sent | Progress::Refused => "Une nouvelle version est en préparation\u{a0}:",
            _ => "Une nouvelle version était en préparation\u{a0}:",
        };
        return Some(Notice { text, other: LinkedQuote { id, label: "brouillon".into() } });
    }
    let former = quote.former.last().filter(|_| quote.progress == Progress::Draft)?;
    let text = match quote.came_too_late {
        true => "Cette version ne peut plus être envoyée\u{a0}: le client a accepté",
        false => "Une fois envoyée, cette version remplacera",
    };
    Some(Notice { text, other: link(former) })
}

fn linked_invoices(quote: &Quote) -> Vec<LinkedInvoice> {
    let deposits = quote.deposits.keys().enumerate().map(|(at, id)| (*id, format!("Acompte n° {}", at + 1)));
    let parts = quote.parts.iter().enumerate().map(|(at, (id, taken))| {
        let label = match taken.situation {
            Some(number) => format!("Situation n° {number}"),
            None => format!("Facture n° {}", at + 1),
        };
        (*id, label)
    });
    deposits.chain(parts).map(|(id, label)| LinkedInvoice { id, label }).collect()
}

fn options(quote: &Quote) -> Vec<Choice> {
    let lines = quote.priced.lines.iter().enumerate().filter(|(_, line)| line.is_optional);
    lines
        .map(|(at, line)| {
            let name = line.description.lines().next().unwrap_or_default();
            let price = line.net_minor.french(quote.priced.currency);
            ((at + 1).to_string(), format!("{name} ({price} HT)"), false)
        })
        .collect()
}

fn events(asker: &Asker, quote: &Quote) -> Vec<Moment> {
    let mut events = vec![Moment::on(asker, "neutral", "Devis créé", asker.organization.day(quote.created_at))];
    if let Some(on) = quote.sent_on {
        events.push(Moment::on(asker, "info", "Devis envoyé", on));
    }
    match (quote.progress, quote.answered_on) {
        // What was accepted is not revised.
        (Progress::Refused | Progress::Replaced, Some(on)) => {
            events.push(Moment::on(asker, "danger", "Devis refusé", on))
        }
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
    .answered(&quote)
    .frozen(snapshot);
    page_with_status(
        status,
        &QuotePage {
            shell: Shell::new(asker, "invoicing", title),
            form_key: asker.form_key(),
            errors,
            quote: QuoteHead::new(asker, &quote, has_file),
            document,
            attachments: AttachmentBox::of_quote(asker, &quote),
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

pub async fn delete_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<Nothing>) -> PageResult {
    match super::delete_quote(&asker.scope, &asker.deps().files, id, form.version).await {
        Ok(()) => asker.done("/facturation/devis", "Le brouillon est supprimé."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, StatusCode::CONFLICT, errors).await
        }
    }
}

pub async fn send_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<Nothing>) -> PageResult {
    let sent = super::send_quote(&asker.scope, &asker.organization, id, form.version).await;
    let flash = match &sent {
        Ok(quote) if quote.client.reference.email.is_none() => "Le devis est marqué comme envoyé.",
        _ => "Le devis est envoyé.",
    };
    done(&asker, id, sent, flash).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Acceptance {
    #[serde(deserialize_with = "web::form::column")]
    options: Vec<String>,
}

pub async fn accept_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<Acceptance>) -> PageResult {
    // What is no number names no line.
    let options = form.input.options.iter().map(|place| place.parse().unwrap_or_default()).collect();
    let input = AcceptanceInput { options };
    let accepted = super::accept_quote(&asker.scope, &asker.organization, id, &input, form.version).await;
    done(&asker, id, accepted, "Le devis est accepté\u{a0}: vous pouvez créer la facture.").await
}

pub async fn refuse_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<Refusal>) -> PageResult {
    let refused = super::refuse_quote(&asker.scope, &asker.organization, id, &form.input.reason, form.version).await;
    done(&asker, id, refused, "Le devis est marqué comme refusé.").await
}

pub async fn revise_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<Nothing>) -> PageResult {
    let revised = super::revise_quote(&asker.scope, id, form.version).await;
    to_draft(&asker, id, revised, "La nouvelle version est prête\u{a0}: modifiez-la, puis envoyez-la.").await
}

pub async fn duplicate_quote(asker: Asker, Id(id): Id<QuoteId>, _: Form<Nothing>) -> PageResult {
    let copy = super::duplicate_quote(&asker.scope, id).await;
    to_draft(&asker, id, copy, "Voici la copie, en brouillon.").await
}

/// To the draft that was made of a quote, or back to the quote with why it could not be.
async fn to_draft(asker: &Asker, of: QuoteId, made: kernel::Result<Stored<Quote>>, flash: &str) -> PageResult {
    let to = made.as_ref().map_or(of, |draft| draft.id);
    done(asker, to, made, flash).await
}

// ---- from the quote to its invoices ---------------------------------------------------------------------

/// What of the quote is invoiced now.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InvoicingForm {
    #[serde(flatten)]
    parts: PartsForm,
}

#[derive(Template)]
#[template(path = "quote_invoicing.html")]
struct InvoicingPage {
    shell: Shell,
    form_key: String,
    quote: LinkedQuote,
    version: u64,
    left_net: String,
    lines: Vec<PartRow>,
    basis: &'static str,
    is_part: bool,
    errors: FieldErrors,
}

impl InvoicingPage {
    fn new(asker: &Asker, quote: &Stored<Quote>, form: &PartsForm, errors: FieldErrors) -> Self {
        let left = quote.left();
        let number = quote.number.clone().unwrap_or_default();
        Self {
            shell: Shell::new(asker, "invoicing", format!("Facturer le devis {number}")),
            form_key: asker.form_key(),
            quote: LinkedQuote { id: quote.id, label: number },
            version: quote.version,
            left_net: left.net_minor().french(quote.priced.currency),
            lines: form.rows(quote.agreed(), &left, &errors),
            basis: basis(quote.agreed()),
            is_part: form.is_part(),
            errors,
        }
    }
}

pub async fn new_invoice(asker: Asker, Id(id): Id<QuoteId>) -> PageResult {
    let quote = super::store::read(&asker.scope, id).await?;
    quote.must_be_accepted()?;
    page(&InvoicingPage::new(&asker, &quote, &PartsForm::default(), FieldErrors::default()))
}

pub async fn invoice_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<InvoicingForm>) -> PageResult {
    let invoiced = async {
        let parts = form.input.parts.inputs()?;
        super::invoice_quote(&asker.scope, &asker.organization, id, &parts, form.version).await
    };
    match invoiced.await {
        Ok(invoice) => drafted(&asker, &invoice),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let quote = super::store::read(&asker.scope, id).await?;
            let page = InvoicingPage::new(&asker, &quote, &form.input.parts, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn invoice_deposit(asker: Asker, Id(id): Id<QuoteId>, form: Form<DepositInput>) -> PageResult {
    match super::invoice_deposit(&asker.scope, &asker.organization, id, &form.input, form.version).await {
        Ok(invoice) => drafted(&asker, &invoice),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, StatusCode::UNPROCESSABLE_ENTITY, errors).await
        }
    }
}

pub fn drafted(asker: &Asker, invoice: &Stored<Invoice>) -> PageResult {
    let to = format!("/facturation/factures/{}", invoice.id);
    asker.done(&to, "Le brouillon est prêt\u{a0}: vérifiez-le, puis émettez-le.")
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
