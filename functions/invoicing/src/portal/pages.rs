//! `/portail`: what somebody sees who opens a link. No cache keeps it, no search engine lists it, and its address goes
//! nowhere else.

use askama::Template;
use axum::{
    extract::{Query, rejection::QueryRejection},
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::SignedDuration;
use kernel::{Error, Minor, document::Kind, error::Conflict, id::AttachmentId, reference::OrganizationReference, text};
use serde::Deserialize;
use table::{keys, meter::side_by_side};
use web::{
    Flash, Form, PageResult, Visitor, assets, cookies,
    form::{Choice, FieldErrors},
    initials, page_with_status, redirect, redirect_with,
};

use super::{
    answer_quote::{self, signer},
    payment::Transfer,
    sheet,
    signature::SignatureInput,
    visit::{Document, Visit},
};
use crate::{
    attachment::pages::AttachmentRow,
    card::{Looked, Returns, look, open_checkout},
    quote::{Quote, QuoteStatus},
    view::{Badge, Labelled, Sheet, invoice_badges, quote_badge},
};

/// What stands around a page of the portal: the organization's, and not ours.
pub struct Frame {
    pub(super) title: String,
    pub(super) theme_href: String,
    pub(super) organization: String,
    pub(super) initials: String,
    pub(super) logo_href: Option<String>,
    /// Who is asked, and how.
    pub(super) contact: Vec<Labelled>,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) flash: Option<Flash>,
}

impl Frame {
    pub async fn new(visitor: &Visitor, organization: &OrganizationReference, title: String) -> kernel::Result<Self> {
        let OrganizationReference { id, name, brand, legal, .. } = organization;
        let logo_href = match &brand.logo {
            Some(logo) => {
                let key = keys::logo_s3_key(*id, &logo.sha256);
                Some(visitor.deps.files.inline_link(&key, "image/png").await?)
            }
            None => None,
        };
        let address = legal.address.as_ref().map(|at| crate::view::address_lines(at).join(", "));
        let siret = legal.siret.as_ref().map(|siret| text::siren(siret));
        let contact = [("Adresse", address), ("SIRET", siret)];
        Ok(Self {
            title,
            theme_href: assets::theme_href(&brand.primary_color, &brand.secondary_color),
            organization: name.clone(),
            initials: initials(name),
            logo_href,
            contact: contact.into_iter().filter_map(|(label, value)| Some(Labelled::new(label, value?))).collect(),
            email: legal.email.clone().unwrap_or_default(),
            phone: legal.phone.clone().unwrap_or_default(),
            flash: visitor.flash.clone(),
        })
    }

    pub(super) fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
}

#[derive(Template)]
#[template(path = "portal.html")]
struct PortalPage {
    frame: Frame,
    /// For the links of the page. Components have a `link` of their own.
    lien: String,
    document: Sheet,
    badges: Vec<Badge>,
    /// What the amount on the right is.
    amount_label: &'static str,
    amount: String,
    facts: Vec<Labelled>,
    has_file: bool,
    /// The files that left with it.
    attachments: Vec<AttachmentRow>,
    transfer: Option<Transfer>,
    /// What is to be paid, where it can be paid by card.
    card: Option<String>,
    lists_documents: bool,
    answer: Option<AnswerForm>,
    /// What became of a quote; empty while it waits.
    notice: Option<Notice>,
    errors: FieldErrors,
}

/// The form by which a quote is accepted, and the one by which it is refused.
struct AnswerForm {
    input: SignatureInput,
    refusal: RefusalInput,
    /// What may be chosen beside the rest: the place of the line, what it is, whether it is ticked.
    options: Vec<Choice>,
    /// The form that comes back open.
    refuses: bool,
}

struct Notice {
    kind: &'static str,
    text: String,
}

/// The form of a refusal.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RefusalInput {
    lien: String,
    reason: String,
}

/// A form that says no more than which link it comes from.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeldLink {
    pub lien: String,
}

/// What was sent, and what is wrong with it.
#[derive(Default)]
struct Sent {
    signature: SignatureInput,
    refusal: Option<RefusalInput>,
    errors: FieldErrors,
}

/// A link that is worth nothing: which way, it does not say.
#[derive(Template)]
#[template(path = "portal_gone.html")]
struct GonePage {}

impl GonePage {
    fn asset(&self, name: &str) -> String {
        assets::href(name)
    }

    fn theme_href(&self) -> String {
        assets::own_theme_href()
    }
}

#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    lien: String,
}

/// What cannot be read is no link.
fn asked(query: Result<Query<Asked>, QueryRejection>) -> String {
    query.map(|Query(asked)| asked.lien).unwrap_or_default()
}

/// The headers of everything below `/portail`.
pub fn discreet(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow, noarchive"),
        (header::CACHE_CONTROL, "private, no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// What the visitor gets of an error: of a link that does not open, one same page.
pub fn ended(error: Error) -> PageResult {
    match error {
        Error::NotFound => page_with_status(StatusCode::NOT_FOUND, &GonePage {}).map(discreet),
        other => Err(other.into()),
    }
}

pub async fn show_document(visitor: Visitor, query: Result<Query<Asked>, QueryRejection>) -> PageResult {
    match Visit::open(&visitor, &asked(query)).await {
        Ok(visit) => show(&visitor, &visit, StatusCode::OK, Sent::default()).await,
        Err(error) => ended(error),
    }
}

async fn show(visitor: &Visitor, visit: &Visit, status: StatusCode, sent: Sent) -> PageResult {
    let (snapshot, today) = (&visit.snapshot, visit.today());
    let gross = snapshot.totals.gross_minor.french(snapshot.currency);
    let title = format!("{} {}", snapshot.kind.french(), snapshot.number);
    let (badges, amount_label, amount, facts, transfer) = match &visit.document {
        Document::Quote(quote) => {
            let mut facts = Vec::new();
            facts.extend(quote.valid_until.map(|until| Labelled::new("Valable jusqu’au", visit.date(until))));
            let gross = quote.agreed().totals.gross_minor.french(snapshot.currency);
            (vec![quote_badge(quote.status(today))], "Montant TTC", gross, facts, None)
        }
        Document::Invoice(invoice) => {
            let summary = invoice.summary();
            let due = summary.balance();
            let mut facts = vec![Labelled::new("Total TTC", gross)];
            facts.extend(deductions(&visit.snapshot));
            if summary.credited_minor > Minor::ZERO {
                facts.push(Labelled::new("Avoirs", Minor(-summary.credited_minor.0).french(snapshot.currency)));
            }
            facts.push(Labelled::new("Déjà payé", summary.paid_minor.french(snapshot.currency)));
            facts.extend(summary.due_on.map(|due| Labelled::new("Échéance", visit.date(due))));
            facts.extend(summary.debit_on.map(|on| Labelled::new("Prélèvement prévu le", visit.date(on))));
            let (label, amount) = match due < Minor::ZERO {
                true => ("En votre faveur", Minor(-due.0)),
                false => ("Reste à payer", due),
            };
            // Whose account is debited would pay twice.
            let transfer = if summary.debit_on.is_none() { Transfer::of(snapshot, due)? } else { None };
            (invoice_badges(&summary, today), label, amount.french(snapshot.currency), facts, transfer)
        }
        Document::CreditNote(note) => {
            let facts = vec![Labelled::new("Facture d’origine", note.invoice_number.clone())];
            (Vec::new(), "Montant en votre faveur", gross, facts, None)
        }
    };
    let document = sheet::of(&visit.organization, snapshot);
    let page = PortalPage {
        frame: Frame::new(visitor, &visit.organization, title).await?,
        lien: visit.text.clone(),
        document: match &visit.document {
            Document::Quote(quote) => document.answered(quote),
            Document::Invoice(_) | Document::CreditNote(_) => document,
        },
        badges,
        amount_label,
        amount,
        facts,
        has_file: visit.file.is_some(),
        attachments: snapshot.attachments.iter().map(AttachmentRow::of).collect(),
        transfer,
        card: card(visit),
        lists_documents: visit.settings.lists_documents,
        answer: visit.quote().ok().and_then(|quote| answer_form(visit, quote, &sent)),
        notice: visit.quote().ok().and_then(|quote| notice(visit, quote)),
        errors: sent.errors,
    };
    page_with_status(status, &page).map(discreet)
}

fn card(visit: &Visit) -> Option<String> {
    let invoice = visit.invoice().ok()?;
    let is_due = invoice.must_stand().is_ok() && invoice.balance() > Minor::ZERO && !invoice.is_being_debited();
    let is_offered = visit.settings.takes_cards() && is_due;
    is_offered.then(|| invoice.balance().french(invoice.priced.currency))
}

/// While the quote waits for its answer.
fn answer_form(visit: &Visit, quote: &Quote, sent: &Sent) -> Option<AnswerForm> {
    if quote.status(visit.today()) != QuoteStatus::Sent {
        return None;
    }
    let lines = quote.priced.lines.iter().enumerate().filter(|(_, line)| line.is_optional);
    let options = lines.map(|(at, line)| {
        let (place, name) = ((at + 1).to_string(), line.description.lines().next().unwrap_or_default());
        let is_chosen = sent.signature.options.contains(&place);
        (place, format!("{name} ({} HT)", line.net_minor.french(quote.priced.currency)), is_chosen)
    });
    let mut input = sent.signature.clone();
    if input.lien.is_empty() {
        input.name = quote.client.reference.contact.clone().unwrap_or_default();
    }
    let refusal = sent.refusal.clone().unwrap_or_default();
    Some(AnswerForm { input, options: options.collect(), refuses: sent.refusal.is_some(), refusal })
}

fn notice(visit: &Visit, quote: &Quote) -> Option<Notice> {
    let on = quote.answered_on.map(|on| visit.date(on)).unwrap_or_default();
    let (kind, text) = match (quote.status(visit.today()), &visit.signature) {
        (QuoteStatus::Draft | QuoteStatus::Sent, _) => return None,
        (QuoteStatus::Accepted | QuoteStatus::Invoiced, Some(signature)) => {
            let gross = signature.gross_minor.french(quote.priced.currency);
            let (who, time) = (signer(signature), &signature.signed_time);
            let options = match signature.options.is_empty() {
                true => String::new(),
                false => format!(" Options retenues\u{a0}: {}.", signature.options.join(", ")),
            };
            let text = format!(
                "Devis accepté et signé en ligne par {who}, le {on} à {time}, pour {gross} TTC.{options} Le PDF porte cette \
                 signature."
            );
            ("success", text)
        }
        (QuoteStatus::Accepted | QuoteStatus::Invoiced, None) => ("success", format!("Devis accepté le {on}.")),
        (QuoteStatus::Refused, _) => ("info", format!("Devis refusé le {on}.")),
        (QuoteStatus::Expired, _) => {
            let until = quote.valid_until.map(|until| visit.date(until)).unwrap_or_default();
            let text = format!("Ce devis n’est plus valable depuis le {until}. Demandez-nous une offre à jour.");
            ("warning", text)
        }
        (QuoteStatus::Replaced, _) => {
            ("warning", "Ce devis a été remplacé par une version plus récente, que vous avez reçue par e-mail.".into())
        }
    };
    Some(Notice { kind, text })
}

pub async fn sign_quote(visitor: Visitor, form: Form<SignatureInput>) -> PageResult {
    let (visit, attempt) = match Visit::prove(&visitor, &form.input.lien).await {
        Ok(proven) => proven,
        Err(error) => return ended(error),
    };
    // Sent twice, it was done once.
    let answer = async {
        match visit.signature {
            Some(_) => Ok(()),
            None => Box::pin(answer_quote::sign_quote(&visitor, &visit, &form.input)).await,
        }
    };
    let (answer, ()) = side_by_side(answer, attempt.forgive(&visitor.deps)).await;
    let told = "Merci\u{a0}: votre accord est enregistré. Vous en recevez la confirmation par e-mail.";
    let sent = Sent { signature: form.input, ..Sent::default() };
    answered(&visitor, &visit, answer, told, sent).await
}

pub async fn decline_quote(visitor: Visitor, form: Form<RefusalInput>) -> PageResult {
    let (visit, attempt) = match Visit::prove(&visitor, &form.input.lien).await {
        Ok(proven) => proven,
        Err(error) => return ended(error),
    };
    let answer = answer_quote::decline_quote(&visitor, &visit, &form.input.reason);
    let (answer, ()) = side_by_side(Box::pin(answer), attempt.forgive(&visitor.deps)).await;
    let sent = Sent { refusal: Some(form.input), ..Sent::default() };
    answered(
        &visitor,
        &visit,
        answer,
        "Votre réponse est enregistrée. Nous vous remercions de nous l’avoir donnée.",
        sent,
    )
    .await
}

/// Back to the document as it is then; or with what is wrong in the form.
async fn answered(
    visitor: &Visitor,
    visit: &Visit,
    answer: kernel::Result<()>,
    told: &str,
    mut sent: Sent,
) -> PageResult {
    let error = match answer {
        Ok(()) => {
            let to = format!("/portail?lien={}", visit.text);
            let flash = Flash::success(told);
            return redirect_with(&to, &flash, visitor.deps.config.secure_cookies).map(discreet);
        }
        Err(Error::NotFound) => return ended(Error::NotFound),
        Err(error) => error,
    };
    let status = match error {
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    };
    sent.errors = FieldErrors::from_error(error)?;
    // Somebody else may have answered meanwhile.
    match Visit::open(visitor, &visit.text).await {
        Ok(visit) => show(visitor, &visit, status, sent).await,
        Err(error) => ended(error),
    }
}

/// By which link the browser left for the provider's page: the address by which it comes back does not say it, for the
/// provider keeps that.
const fn left_by(secure: bool) -> &'static str {
    if secure { "__Host-checkout" } else { "checkout" }
}

const AWAY: SignedDuration = SignedDuration::from_hours(3);

pub async fn pay_by_card(visitor: Visitor, form: Form<HeldLink>) -> PageResult {
    let (visit, attempt) = match Visit::prove(&visitor, &form.input.lien).await {
        Ok(proven) => proven,
        Err(error) => return ended(error),
    };
    let begun = match visit.begun() {
        Ok(begun) => begun,
        Err(error) => return ended(error),
    };
    let id = begun.invoice.id;
    let deps = &visitor.deps;
    let back = format!("{}/portail/carte/retour", deps.config.public_url);
    let returns = Returns { given_up: format!("{back}?abandon=1"), paid: back };
    let opening = Box::pin(open_checkout(deps, &visit.scope, &visit.settings, begun, &returns));
    let (opened, ()) = side_by_side(opening, attempt.forgive(deps)).await;
    let text = match opened {
        Ok(url) => {
            let mut answer = redirect(&url).map(discreet)?;
            let secure = deps.config.secure_cookies;
            if let Some(cookie) = cookies::set(left_by(secure), &visit.text, AWAY, secure) {
                answer.headers_mut().append(header::SET_COOKIE, cookie);
            }
            return Ok(answer);
        }
        Err(Error::NotFound) => return ended(Error::NotFound),
        Err(Error::Conflict(Conflict::AlreadyPaid)) => Conflict::AlreadyPaid.french(),
        Err(error) => {
            tracing::warn!(%error, invoice = %id, "a payment by card could not be begun");
            "Le paiement par carte n’est pas possible en ce moment\u{a0}: réessayez plus tard, ou payez par virement."
        }
    };
    let to = format!("/portail?lien={}", visit.text);
    redirect_with(&to, &Flash::warning(text), deps.config.secure_cookies).map(discreet)
}

/// For who comes back in another browser than they left in: what became of it stands on the invoice.
#[derive(Template)]
#[template(path = "portal_returned.html")]
struct ReturnedPage {}

impl ReturnedPage {
    fn asset(&self, name: &str) -> String {
        assets::href(name)
    }

    fn theme_href(&self) -> String {
        assets::own_theme_href()
    }
}

pub async fn return_from_card(visitor: Visitor, headers: HeaderMap) -> PageResult {
    let secure = visitor.deps.config.secure_cookies;
    let Some(text) = cookies::read(&headers, left_by(secure)) else {
        return page_with_status(StatusCode::OK, &ReturnedPage {}).map(discreet);
    };
    let visit = match Visit::open(&visitor, &text).await {
        Ok(visit) => visit,
        Err(error) => return ended(error),
    };
    let begun = match visit.begun() {
        Ok(begun) => begun,
        Err(error) => return ended(error),
    };
    let invoice = &begun.invoice;
    let looked = Box::pin(look(&visitor.deps, &visit.scope, &visit.settings, &begun)).await;
    let flash = match looked {
        Ok(Looked::Paid(amount)) => {
            let amount = amount.french(invoice.priced.currency);
            Flash::success(format!("Merci\u{a0}: votre paiement de {amount} par carte est reçu."))
        }
        Ok(Looked::Open | Looked::Ended | Looked::Nothing) => {
            Flash::warning("Le paiement par carte n’a pas été effectué. Vous pouvez réessayer, ou payer par virement.")
        }
        Err(error) => {
            tracing::warn!(%error, invoice = %invoice.id, "what became of a payment by card is not known yet");
            Flash::warning(
                "Votre paiement par carte est en cours de confirmation\u{a0}: il apparaîtra ici dans quelques minutes.",
            )
        }
    };
    let to = format!("/portail?lien={}", visit.text);
    let mut answer = redirect_with(&to, &flash, secure).map(discreet)?;
    if let Some(cookie) = cookies::clear(left_by(secure), secure) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// Deposits that the invoice deducts.
fn deductions(snapshot: &kernel::document::Snapshot) -> Option<Labelled> {
    let deducted = snapshot.deducted_minor();
    let is_final = snapshot.kind == Kind::Invoice && deducted > Minor::ZERO;
    is_final.then(|| Labelled::new("Acomptes déduits", Minor(-deducted.0).french(snapshot.currency)))
}

pub async fn download_document(visitor: Visitor, query: Result<Query<Asked>, QueryRejection>) -> PageResult {
    let opened = async {
        let visit = Visit::open(&visitor, &asked(query)).await?;
        let file = visit.file.ok_or(Error::Conflict(kernel::error::Conflict::DocumentNotReady))?;
        visitor.deps.files.signed_link(&file.s3_key, &file.file_name, "application/pdf").await
    };
    match opened.await {
        Ok(link) => redirect(&link).map(discreet),
        Err(error) => ended(error),
    }
}

/// Which of the files that left with the document.
#[derive(Default, Deserialize)]
pub struct AskedFile {
    #[serde(default)]
    lien: String,
    #[serde(default)]
    piece: String,
}

/// One of the files that left with the document of the link, and of no other.
pub async fn download_attachment(visitor: Visitor, query: Result<Query<AskedFile>, QueryRejection>) -> PageResult {
    let asked = query.map(|Query(asked)| asked).unwrap_or_default();
    let opened = async {
        let visit = Visit::open(&visitor, &asked.lien).await?;
        let id: AttachmentId = asked.piece.parse()?;
        let file = visit.snapshot.attachments.iter().find(|file| file.id == id).ok_or(Error::NotFound)?;
        visitor.deps.files.signed_link(&file.s3_key, &file.file_name, &file.media_type).await
    };
    match opened.await {
        Ok(link) => redirect(&link).map(discreet),
        Err(error) => ended(error),
    }
}
