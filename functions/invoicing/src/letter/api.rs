//! `/api/v1/clients/{id}/statement`, `/api/v1/letters`

use axum::{Json as Plain, extract::Query};
use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor,
    event::Owner,
    id::{CompanyId, InvoiceId, LetterId},
    letter::LetterEntry,
};
use serde::{Deserialize, Serialize};
use table::shared::{DocumentFile, FrozenLetter};
use web::{Answer, Asker, Failure, Id, Json, created};

use super::{Account, WriteStatementInput};
use crate::document::{DownloadView, download};

#[derive(Serialize, utoipa::ToSchema)]
pub struct ClientAccountView {
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// Each invoice that is not settled, with its credit notes and payments.
    entries: Vec<EntryView>,
    /// Negative where it is owed to the client.
    due_minor: Minor,
    overdue_minor: Minor,
    #[schema(value_type = String)]
    currency: Currency,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct EntryView {
    #[schema(value_type = String, format = Date)]
    on: Date,
    text: String,
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Option<Date>,
    /// Negative where it takes from what is owed.
    amount_minor: Minor,
}

impl EntryView {
    fn new(entry: &LetterEntry) -> Self {
        Self { on: entry.on, text: entry.text.clone(), due_on: entry.due_on, amount_minor: entry.amount_minor }
    }
}

impl ClientAccountView {
    fn new(account: &Account) -> Self {
        Self {
            on: account.on,
            entries: account.entries.iter().map(EntryView::new).collect(),
            due_minor: account.due_minor(),
            overdue_minor: account.overdue_minor,
            currency: account.currency,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct On {
    on: String,
}

/// The account of a client on a day: what is not settled, with what came of it.
#[utoipa::path(get, path = "/api/v1/clients/{id}/statement", tag = "invoicing", operation_id = "show_statement",
    params(("id" = String, Path, description = "`com_…`"), ("on" = Option<String>, Query)),
    responses((status = 200, body = ClientAccountView)))]
pub async fn show_statement(
    asker: Asker,
    Id(id): Id<CompanyId>,
    Query(On { on }): Query<On>,
) -> Result<Plain<ClientAccountView>, Failure> {
    let (on, _) = WriteStatementInput { on, sends: String::new() }.parse(asker.today()).map_err(Error::from)?;
    let statement = super::read_account(&asker, id, on).await?;
    Ok(Plain(ClientAccountView::new(&statement.account)))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct LetterView {
    /// `ltr_…`
    #[schema(value_type = String)]
    id: LetterId,
    /// `reminder`, `formal_notice` or `statement`.
    kind: &'static str,
    reference: String,
    #[schema(value_type = String, format = Date)]
    dated_on: Date,
    #[schema(value_type = String)]
    client_id: CompanyId,
    /// Of a reminder.
    #[schema(value_type = Option<String>)]
    invoice_id: Option<InvoiceId>,
    subject: String,
    text: String,
    entries: Vec<EntryView>,
    due_minor: Minor,
    #[schema(value_type = String)]
    currency: Currency,
    is_document_ready: bool,
}

impl LetterView {
    fn new(frozen: &FrozenLetter, is_document_ready: bool) -> Self {
        let letter = &frozen.letter;
        Self {
            id: frozen.id,
            kind: letter.kind.name(),
            reference: letter.reference.clone(),
            dated_on: letter.dated_on,
            client_id: frozen.client,
            invoice_id: frozen.reminds.map(|(invoice, _)| invoice),
            subject: letter.subject.clone(),
            text: letter.paragraphs.join("\n\n"),
            entries: letter.entries.iter().map(EntryView::new).collect(),
            due_minor: letter.due_minor(),
            currency: letter.currency,
            is_document_ready,
        }
    }
}

/// Writes a statement of account, renders it, and sends it where that is wanted.
#[utoipa::path(post, path = "/api/v1/clients/{id}/statement", tag = "invoicing", operation_id = "write_statement",
    params(("id" = String, Path, description = "`com_…`")), request_body = WriteStatementInput,
    responses((status = 201, body = LetterView)))]
pub async fn write_statement(
    asker: Asker,
    Id(id): Id<CompanyId>,
    Json(input): Json<WriteStatementInput>,
) -> Result<Answer<LetterView>, Failure> {
    let written = super::write_statement(&asker, id, &input).await?;
    Ok(created(LetterView::new(&written, false), written.version, format!("/api/v1/letters/{}", written.id)))
}

#[utoipa::path(get, path = "/api/v1/letters/{id}", tag = "invoicing", operation_id = "show_letter",
    params(("id" = String, Path, description = "`ltr_…`")), responses((status = 200, body = LetterView)))]
pub async fn show_letter(asker: Asker, Id(id): Id<LetterId>) -> Result<Plain<LetterView>, Failure> {
    let keys = asker.scope.keys();
    let found = asker.scope.get_many(&[keys.letter(id), keys.file(Owner::Letter(id))]).await?;
    let letter = found.first::<FrozenLetter>()?.ok_or(Error::NotFound)?;
    Ok(Plain(LetterView::new(&letter, found.first::<DocumentFile>()?.is_some())))
}

/// A link that downloads the PDF for five minutes.
#[utoipa::path(get, path = "/api/v1/letters/{id}/document", tag = "invoicing", operation_id = "download_letter",
    params(("id" = String, Path, description = "`ltr_…`")), responses((status = 200, body = DownloadView)))]
pub async fn download_letter(asker: Asker, Id(id): Id<LetterId>) -> Result<Plain<DownloadView>, Failure> {
    let (url, file_name) = download(&asker, Owner::Letter(id)).await?;
    Ok(Plain(DownloadView { url, file_name }))
}
