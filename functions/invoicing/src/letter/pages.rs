//! `/facturation/courriers`, and the account of a client

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor, Permission, Result,
    event::Owner,
    id::{CompanyId, LetterId},
    letter::LetterEntry,
};
use serde::Deserialize;
use table::shared::{DocumentFile, FrozenLetter, OwnedMail};
use web::{Asker, Form, Id, PageResult, Shell, form::FieldErrors, page, page_with_status, redirect};

use super::WriteStatementInput;
use crate::view::{LinkedInvoice, Moment, mail_moment};

/// A line of an account, with what is owed after it.
struct EntryRow {
    on: String,
    text: String,
    due_on: String,
    debit: String,
    credit: String,
    balance: String,
}

fn rows(asker: &Asker, entries: &[LetterEntry], currency: Currency) -> Vec<EntryRow> {
    let amount = |minor: Minor| if minor.is_zero() { String::new() } else { minor.french(currency) };
    let date = |on: Date| asker.organization.date(on);
    let mut balance = Minor::ZERO;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        balance = Minor(balance.0 + entry.amount_minor.0);
        rows.push(EntryRow {
            on: date(entry.on),
            text: entry.text.clone(),
            due_on: entry.due_on.map(date).unwrap_or_default(),
            debit: amount(entry.amount_minor.max(Minor::ZERO)),
            credit: amount(Minor(-entry.amount_minor.min(Minor::ZERO).0)),
            balance: balance.french(currency),
        });
    }
    rows
}

// ---- the account of a client ----------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "statement.html")]
struct StatementPage {
    shell: Shell,
    form_key: String,
    client: CompanyId,
    recipient: String,
    on: String,
    on_told: String,
    entries: Vec<EntryRow>,
    due: String,
    overdue: String,
    is_credit: bool,
    can_write: bool,
    errors: FieldErrors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct At {
    au: String,
}

async fn statement_page(asker: &Asker, id: CompanyId, on: &str, errors: FieldErrors) -> Result<StatementPage> {
    // A day that is none is today's.
    let today = asker.today();
    let asked = WriteStatementInput { on: on.into(), sends: String::new() }.parse(today);
    let on = asked.map_or(today, |(on, _)| on);
    let super::Statement { client, account } = super::read_account(asker, id, on).await?;
    let due = account.due_minor();
    Ok(StatementPage {
        shell: Shell::new(asker, "invoicing", format!("Compte de {}", client.name)),
        form_key: asker.form_key(),
        client: id,
        recipient: client.email.clone().unwrap_or_default(),
        on: on.to_string(),
        on_told: asker.organization.date(on),
        entries: rows(asker, &account.entries, account.currency),
        due: Minor(due.0.abs()).french(account.currency),
        overdue: if account.overdue_minor > Minor::ZERO {
            account.overdue_minor.french(account.currency)
        } else {
            String::new()
        },
        is_credit: due < Minor::ZERO,
        can_write: asker.may(Permission::InvoicingEdit),
        errors,
    })
}

pub async fn show_statement(asker: Asker, Id(id): Id<CompanyId>, Query(at): Query<At>) -> PageResult {
    page(&statement_page(&asker, id, &at.au, FieldErrors::default()).await?)
}

pub async fn write_statement(asker: Asker, Id(id): Id<CompanyId>, form: Form<WriteStatementInput>) -> PageResult {
    match super::write_statement(&asker, id, &form.input).await {
        Ok(written) => {
            let told = if written.mail.is_some() { "Le relevé part par e-mail." } else { "Le relevé est établi." };
            asker.done(&format!("/facturation/courriers/{}", written.id), told)
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let again = statement_page(&asker, id, &form.input.on, errors).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

// ---- one letter -----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterPage {
    shell: Shell,
    id: LetterId,
    client: CompanyId,
    client_name: String,
    invoice: Option<LinkedInvoice>,
    subject: String,
    dated_on: String,
    paragraphs: Vec<String>,
    entries: Vec<EntryRow>,
    due: String,
    pdf_href: Option<String>,
    mails: Vec<Moment>,
}

pub async fn show_letter(asker: Asker, Id(id): Id<LetterId>) -> PageResult {
    let found = asker.scope.collection(&asker.scope.keys().letter(id).collection()).await?;
    let FrozenLetter { client, reminds, letter, .. } = found.first::<FrozenLetter>()?.ok_or(Error::NotFound)?.value;
    let has_file = found.first::<DocumentFile>()?.is_some();
    let mails = found.all::<OwnedMail>()?;
    page(&LetterPage {
        shell: Shell::new(&asker, "invoicing", letter.kind.french()),
        id,
        client,
        client_name: letter.buyer.name.clone(),
        invoice: reminds.map(|(id, _)| LinkedInvoice { id, label: "Relances de la facture".into() }),
        subject: letter.subject.clone(),
        dated_on: asker.organization.date(letter.dated_on),
        entries: rows(&asker, &letter.entries, letter.currency),
        due: letter.due_minor().french(letter.currency),
        paragraphs: letter.paragraphs,
        pdf_href: has_file.then(|| format!("/facturation/courriers/{id}/pdf")),
        mails: mails.iter().rev().map(|mail| mail_moment(&asker, mail)).collect(),
    })
}

pub async fn download_letter(asker: Asker, Id(id): Id<LetterId>) -> PageResult {
    let (link, _) = crate::document::download(&asker, Owner::Letter(id)).await?;
    redirect(&link)
}
