//! `/api/v1/documents/{id}/mails`

use axum::Json as Plain;
use jiff::Timestamp;
use kernel::{
    Error,
    event::Owner,
    id::MailId,
    mail::{MailFailure, MailState},
};
use serde::Serialize;
use table::shared::OwnedMail;
use web::{Asker, Failure, Id};

#[derive(Serialize, utoipa::ToSchema)]
pub struct DocumentMailView {
    /// `mel_…`
    #[schema(value_type = String)]
    id: MailId,
    subject: String,
    to: String,
    /// Absent while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Timestamp>,
    /// For the first time; whoever reads it without pictures is not known to have.
    #[schema(value_type = Option<String>, format = DateTime)]
    opened_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    failed_at: Option<Timestamp>,
    failure: Option<MailFailure>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DocumentMailList {
    items: Vec<DocumentMailView>,
}

/// The mails that went out with a document, the newest first, and what became of them.
#[utoipa::path(get, path = "/api/v1/documents/{id}/mails", tag = "invoicing", operation_id = "list_document_mails",
    params(("id" = String, Path, description = "`quo_…`, `inv_…`, `cre_…`, `sbi_…` or `ltr_…`")),
    responses((status = 200, body = DocumentMailList)))]
pub async fn list_document_mails(asker: Asker, Id(owner): Id<Owner>) -> Result<Plain<DocumentMailList>, Failure> {
    let keys = asker.scope.keys();
    let aggregate = match owner {
        Owner::Quote(id) => keys.quote(id),
        Owner::Invoice(id) => keys.invoice(id),
        Owner::CreditNote(id) => keys.credit_note(id),
        Owner::Letter(id) => keys.letter(id),
        Owner::SelfBilled(id) => keys.self_billed(id),
        Owner::User(_) | Owner::Invitation(_) => return Err(Error::NotFound.into()),
    };
    let found = asker.scope.collection(&aggregate.collection()).await?;
    if found.is_empty() {
        return Err(Error::NotFound.into());
    }
    let view = |owned: &OwnedMail| {
        let mail = &owned.mail;
        DocumentMailView {
            id: mail.id,
            subject: mail.subject.clone(),
            to: mail.to.address.clone(),
            sent_at: match mail.state {
                MailState::Sent { at, .. } => Some(at),
                MailState::Waiting | MailState::Sending { .. } => None,
            },
            delivered_at: mail.fate.delivered_at,
            opened_at: mail.fate.opened_at,
            failed_at: mail.fate.failed.map(|failed| failed.at),
            failure: mail.fate.failed.map(|failed| failed.why),
        }
    };
    let mails = found.all::<OwnedMail>()?;
    Ok(Plain(DocumentMailList { items: mails.iter().rev().map(|mail| view(mail)).collect() }))
}
