//! `/facturation/apercu`: what a form would make, as pictures of its pages. What cannot be drawn yet leaves the pages as
//! they were and says what is missing.

use askama::Template;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderValue, StatusCode};
use kernel::{
    Error, Result, Rule, Violations,
    document::Snapshot,
    error::Conflict,
    id::{CreditNoteId, InvoiceId, QuoteId},
    reference::ClientReference,
};
use web::{Asker, Form, Id, PageResult, page, page_with_status};

use super::draw;
use crate::{
    attachment,
    credit_note::{self, CreditNote, Own, pages::CreditForm},
    document::{Frame, freeze},
    invoice::{self, Invoice, pages::InvoiceForm},
    quote::{self, Quote, pages::QuoteForm},
};

/// What stands where the number will.
const NO_NUMBER: &str = "à venir";
/// How many missing fields are named.
const NAMED_MAX: usize = 4;

#[derive(Template)]
#[template(path = "preview.html")]
struct PreviewFragment {
    /// As base64.
    pages: Vec<String>,
    /// What is not shown.
    note: String,
}

/// In the place of the note alone.
#[derive(Template)]
#[template(path = "preview_note.html")]
struct NoteFragment {
    note: String,
}

pub async fn preview_new_quote(asker: Asker, form: Form<QuoteForm>) -> PageResult {
    let id = asker.scope.new_id(QuoteId::new);
    let typed = quote::typed_quote(&asker, id, &form.input.input(&asker)).await;
    answer(&asker, typed.and_then(|(quote, _)| of_quote(&asker, &quote))).await
}

pub async fn preview_quote(asker: Asker, Id(id): Id<QuoteId>, form: Form<QuoteForm>) -> PageResult {
    let typed = quote::retyped_quote(&asker, id, &form.input.input(&asker), None).await;
    answer(&asker, typed.and_then(|(_, quote, _)| of_quote(&asker, &quote))).await
}

pub async fn preview_new_invoice(asker: Asker, form: Form<InvoiceForm>) -> PageResult {
    let id = asker.scope.new_id(InvoiceId::new);
    let typed = invoice::typed_invoice(&asker, id, &form.input.input(&asker)).await;
    answer(&asker, typed.and_then(|(invoice, _)| of_invoice(&asker, &invoice))).await
}

pub async fn preview_invoice(asker: Asker, Id(id): Id<InvoiceId>, form: Form<InvoiceForm>) -> PageResult {
    let typed = invoice::retyped_invoice(&asker, id, &form.input.input(&asker), None).await;
    answer(&asker, typed.and_then(|(_, invoice, _)| of_invoice(&asker, &invoice))).await
}

/// Of the invoice that is to be credited.
pub async fn preview_credit_note(asker: Asker, Id(id): Id<InvoiceId>, form: Form<CreditForm>) -> PageResult {
    let invoice = invoice::store::read(&asker.scope, id).await?;
    let snapshot = form.input.input().and_then(|input| {
        let (reason, priced, _) = input.parse(&invoice)?;
        let own = Own {
            id: asker.scope.new_id(CreditNoteId::new),
            number: NO_NUMBER.into(),
            issued_at: asker.scope.now(),
            issued_on: asker.today(),
        };
        let note = CreditNote {
            attachments: attachment::announced(&input.attachments),
            ..CreditNote::of(&invoice, invoice.must_be_issued()?, own, reason, priced)
        };
        frozen(&asker, &note.client.reference, credit_note::frame(&note, &invoice))
    });
    answer(&asker, snapshot).await
}

fn of_quote(asker: &Asker, draft: &Quote) -> Result<Snapshot> {
    let today = asker.today();
    let sent = draft.sent(NO_NUMBER.into(), draft.client.clone(), today)?;
    frozen(asker, &sent.client.reference, quote::frame(&sent, NO_NUMBER.into(), today))
}

fn of_invoice(asker: &Asker, draft: &Invoice) -> Result<Snapshot> {
    let issued = draft.issued(NO_NUMBER.into(), draft.client.clone(), asker.today())?;
    frozen(asker, &issued.client.reference, invoice::frame(&issued, issued.must_be_issued()?))
}

fn frozen(asker: &Asker, client: &ClientReference, frame: Frame<'_>) -> Result<Snapshot> {
    freeze(&asker.organization, client, frame)
}

async fn answer(asker: &Asker, snapshot: Result<Snapshot>) -> PageResult {
    let snapshot = match snapshot {
        Ok(snapshot) => snapshot,
        Err(error) => return noted(to_complete(error)?),
    };
    let Some(pages) = draw::draft(asker, snapshot).await? else {
        return noted("Ce document est trop long pour un aperçu : son PDF sera complet.".into());
    };
    let note = pages.note();
    let pages = pages.pictures.iter().map(|picture| STANDARD.encode(picture)).collect();
    page(&PreviewFragment { pages, note })
}

/// The pages stay as they are.
fn noted(note: String) -> PageResult {
    let mut response = page_with_status(StatusCode::OK, &NoteFragment { note })?;
    response.headers_mut().insert("hx-retarget", HeaderValue::from_static("#preview-note"));
    Ok(response)
}

/// What somebody who is still typing has to do. Any other error is the answer's.
fn to_complete(error: Error) -> Result<String> {
    match error {
        Error::Invalid(violations) => Ok(format!("À compléter : {}", fields(&violations))),
        Error::Conflict(Conflict::SellerIncomplete) => {
            Ok("À compléter : l’adresse et le SIRET de votre entreprise, dans ses paramètres.".into())
        }
        Error::Conflict(conflict) => Ok(conflict.french().into()),
        other => Err(other),
    }
}

/// `client, désignation de la ligne 2…`
fn fields(violations: &Violations) -> String {
    let mut named: Vec<String> = Vec::new();
    for violation in violations.iter() {
        let name = field(&violation.pointer, &violation.rule);
        if !named.contains(&name) {
            named.push(name);
        }
    }
    let more = if named.len() > NAMED_MAX { "…" } else { "." };
    named.truncate(NAMED_MAX);
    format!("{}{more}", named.join(", "))
}

fn field(pointer: &str, rule: &Rule) -> String {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let line = |at: &str, field: &str| {
        let place = at.parse::<usize>().map_or_else(|_| String::new(), |at| format!(" de la ligne {}", at + 1));
        format!("{}{place}", label(field))
    };
    match parts.as_slice() {
        ["lines"] if *rule == Rule::Required => "une ligne au moins".into(),
        ["lines", at, field] => line(at, field),
        [field, ..] => label(field).into(),
        [] => "le document".into(),
    }
}

fn label(field: &str) -> &'static str {
    match field {
        "client_id" => "client",
        "subject" => "objet",
        "introduction" => "introduction",
        "conditions" => "conditions",
        "validity_days" => "validité de l’offre",
        "payment_days" => "délai de paiement",
        "day_count" => "décompte du délai",
        "supplied_on" => "date de livraison ou de prestation",
        "operations" => "nature de l’opération",
        "purchase_order" => "bon de commande",
        "vat_treatment" => "régime de TVA",
        "reason" => "motif",
        "discount_percent" | "discount_amount" => "remise",
        "section" => "titre de section",
        "product_id" => "article",
        "description" => "désignation",
        "quantity" => "quantité",
        "unit" => "unité",
        "unit_price" => "prix unitaire",
        "vat_percent" => "TVA",
        "amount" => "montant",
        _ => "lignes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_once_and_not_all_of_it() {
        let mut wrong = Violations::default();
        wrong.add("/client_id", Rule::Required);
        assert_eq!(fields(&wrong), "client.");
        wrong.add("/lines/1/description", Rule::Required);
        wrong.add("/lines/1/discount_percent", Rule::NotANumber);
        wrong.add("/lines/1/discount_amount", Rule::NotANumber);
        assert_eq!(fields(&wrong), "client, désignation de la ligne 2, remise de la ligne 2.");
        wrong.add("/lines", Rule::Required);
        wrong.add("/subject", Rule::TooLong { max: 200 });
        assert_eq!(fields(&wrong), "client, désignation de la ligne 2, remise de la ligne 2, une ligne au moins…");
    }
}
