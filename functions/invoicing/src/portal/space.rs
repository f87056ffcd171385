//! `/portail/documents`: all documents of one client, for who showed that they read the client's mail.

use askama::Template;
use axum::{
    extract::{Query, rejection::QueryRejection},
    response::Response,
};
use http::{HeaderMap, StatusCode, header};
use jiff::SignedDuration;
use kernel::{Error, Minor, event::Owner};
use serde::Deserialize;
use table::meter::side_by_side;
use web::{Flash, Form, PageResult, Visitor, cookies, page, redirect, redirect_with};

use super::{
    access::{SESSION_VALID, Space, request_access},
    pages::{Frame, HeldLink, discreet, ended},
    visit::Visit,
};
use crate::{
    document::file_of,
    panel::Summary,
    quote::{Progress, QuoteStatus},
    view::{Badge, invoice_badges, quote_badge},
};

const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-portal" } else { "portal" }
}

fn session(visitor: &Visitor, headers: &HeaderMap) -> Option<String> {
    cookies::read(headers, cookie_name(visitor.deps.config.secure_cookies))
}

fn with_session(mut answer: Response, visitor: &Visitor, text: &str, lives: SignedDuration) -> Response {
    let secure = visitor.deps.config.secure_cookies;
    if let Some(cookie) = cookies::set(cookie_name(secure), text, lives, secure) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

/// The same whether the organization has an address or not.
const ASKED: &str =
    "Si cette entreprise connaît votre adresse e-mail, un lien vers tous vos documents vient d’y être envoyé.";

pub async fn request_portal_access(visitor: Visitor, form: Form<HeldLink>) -> PageResult {
    let (visit, attempt) = match Visit::prove(&visitor, &form.input.lien).await {
        Ok(proven) => proven,
        Err(error) => return ended(error),
    };
    let asking = Box::pin(request_access(&visitor, &visit));
    let (asked, ()) = side_by_side(asking, attempt.forgive(&visitor.deps)).await;
    if let Err(error) = asked {
        return ended(error);
    }
    let to = format!("/portail?lien={}", visit.text);
    redirect_with(&to, &Flash::success(ASKED), visitor.deps.config.secure_cookies).map(discreet)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    acces: String,
    document: String,
}

/// Before a session: a mail program that follows links opens nothing by it.
#[derive(Template)]
#[template(path = "portal_enter.html")]
struct EnterPage {
    frame: Frame,
    acces: String,
}

#[derive(Template)]
#[template(path = "portal_documents.html")]
struct DocumentsPage {
    frame: Frame,
    quotes: Vec<Row>,
    invoices: Vec<Row>,
    credit_notes: Vec<Row>,
    due: String,
}

/// One document of a list.
struct Row {
    id: Owner,
    number: String,
    subject: String,
    on: String,
    /// When an invoice is to be paid, until when a quote holds.
    until: String,
    badges: Vec<Badge>,
    total: String,
    due: String,
}

pub async fn show_documents(
    visitor: Visitor,
    headers: HeaderMap,
    query: Result<Query<Asked>, QueryRejection>,
) -> PageResult {
    let asked = query.map(|Query(asked)| asked).unwrap_or_default();
    if !asked.acces.is_empty() {
        return match Space::of_link(&visitor, &asked.acces).await {
            Ok(space) => {
                let frame = Frame::new(&visitor, &space.organization, "Vos documents".into()).await?;
                page(&EnterPage { frame, acces: asked.acces }).map(discreet)
            }
            Err(error) => ended(error),
        };
    }
    let cookie = session(&visitor, &headers);
    let (space, documents) = match Space::documents(&visitor, cookie.as_deref()).await {
        Ok(found) => found,
        Err(error) => return ended(error),
    };
    let organization = &space.organization;
    let today = space.scope.clock().today(&organization.zone());
    let date = |on| organization.date(on);
    let (mut quotes, mut invoices, mut credit_notes, mut due) = (Vec::new(), Vec::new(), Vec::new(), Minor::ZERO);
    // Ids sort by time: the newest first.
    for document in documents.into_iter().rev() {
        let id = document.owner;
        match document.summary {
            Summary::Quote(quote) if quote.progress != Progress::Draft => quotes.push(Row {
                id,
                number: quote.number.unwrap_or_default(),
                subject: quote.subject.unwrap_or_default(),
                on: quote.sent_on.map(date).unwrap_or_default(),
                until: quote.valid_until.map(date).unwrap_or_default(),
                badges: vec![quote_badge(QuoteStatus::of(quote.progress, quote.valid_until, today))],
                total: quote.gross_minor.french(quote.currency),
                due: String::new(),
            }),
            Summary::Invoice(invoice) if invoice.number.is_some() => {
                if invoice.currency == organization.currency && invoice.balance() > Minor::ZERO {
                    due = due.checked_add(invoice.balance()).unwrap_or(Minor::MAX);
                }
                invoices.push(Row {
                    id,
                    badges: invoice_badges(&invoice, today),
                    total: invoice.gross_minor.french(invoice.currency),
                    due: invoice.balance().french(invoice.currency),
                    number: invoice.number.unwrap_or_default(),
                    subject: invoice.subject.unwrap_or_default(),
                    on: invoice.issued_on.map(date).unwrap_or_default(),
                    until: invoice.due_on.map(date).unwrap_or_default(),
                });
            }
            Summary::CreditNote(note) => credit_notes.push(Row {
                id,
                number: note.number,
                subject: format!("sur la facture {}", note.invoice_number),
                on: date(note.issued_on),
                until: String::new(),
                badges: Vec::new(),
                total: note.gross_minor.french(note.currency),
                due: String::new(),
            }),
            Summary::Quote(_) | Summary::Invoice(_) => {}
        }
    }
    let due = due.french(organization.currency);
    let frame = Frame::new(&visitor, organization, "Vos documents".into()).await?;
    page(&DocumentsPage { frame, quotes, invoices, credit_notes, due }).map(discreet)
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnterInput {
    acces: String,
}

pub async fn open_portal(visitor: Visitor, form: Form<EnterInput>) -> PageResult {
    let entered = async { Space::of_link(&visitor, &form.input.acces).await?.enter().await };
    match entered.await {
        Ok(text) => {
            let answer = redirect("/portail/documents").map(discreet)?;
            Ok(with_session(answer, &visitor, &text, SESSION_VALID))
        }
        Err(error) => ended(error),
    }
}

#[derive(Default, Deserialize)]
pub struct Nothing {}

pub async fn leave_portal(visitor: Visitor, headers: HeaderMap, _: Form<Nothing>) -> PageResult {
    let cookie = session(&visitor, &headers);
    let left = async { Space::of_session(&visitor, cookie.as_deref(), |_, _| Vec::new()).await?.0.leave().await };
    match left.await {
        Ok(()) | Err(Error::NotFound) => {
            let answer = ended(Error::NotFound)?;
            let mut answer = with_session(answer, &visitor, "", SignedDuration::ZERO);
            *answer.status_mut() = StatusCode::OK;
            Ok(answer)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn download_client_document(
    visitor: Visitor,
    headers: HeaderMap,
    query: Result<Query<Asked>, QueryRejection>,
) -> PageResult {
    let cookie = session(&visitor, &headers);
    let opened = async {
        let owner: Owner = query.map(|Query(asked)| asked.document).unwrap_or_default().parse()?;
        let (space, found) = Space::of_session(&visitor, cookie.as_deref(), |keys, company| {
            let mut wanted = vec![keys.client_document(company, owner), keys.file(owner)];
            if let Owner::Quote(id) = owner {
                wanted.push(keys.signed_file(id));
            }
            wanted
        })
        .await?;
        if !space.owns(&found, owner)? {
            return Err(Error::NotFound);
        }
        let file = file_of(&found)?.ok_or(Error::Conflict(kernel::error::Conflict::DocumentNotReady))?;
        visitor.deps.files.signed_link(&file.s3_key, &file.file_name, "application/pdf").await
    };
    match opened.await {
        Ok(link) => redirect(&link).map(discreet),
        Err(error) => ended(error),
    }
}
