//! `/api/v1/credit-notes`, `/api/v1/invoices/{id}/credit-notes`

use axum::Json as Plain;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Error,
    event::Owner,
    id::{CompanyId, CreditNoteId, InvoiceId},
};
use serde::Serialize;
use table::{Order, shared::DocumentFile};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{CreditInput, CreditNote};
use crate::{
    content::PricedView,
    document::{self, DownloadView},
    invoice::api::InvoiceView,
};

#[derive(Serialize, utoipa::ToSchema)]
pub struct CreditNoteView {
    /// `cre_…`
    #[schema(value_type = String)]
    id: CreditNoteId,
    number: String,
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    invoice_number: String,
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    reason: Option<String>,
    #[schema(value_type = String, format = Date)]
    issued_on: Date,
    /// Amounts are positive and owed to the client.
    #[serde(flatten)]
    priced: PricedView,
    #[schema(value_type = String, format = DateTime)]
    issued_at: Timestamp,
    /// Whether its PDF can be downloaded; only where one credit note is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_document_ready: Option<bool>,
}

impl CreditNoteView {
    fn of(note: &CreditNote) -> Self {
        Self {
            id: note.id,
            number: note.number.clone(),
            invoice_id: note.invoice,
            invoice_number: note.invoice_number.clone(),
            client_id: note.client.reference.id,
            client_name: note.client.reference.name.clone(),
            reason: note.words.introduction.clone(),
            issued_on: note.issued_on,
            priced: PricedView::of(&note.priced),
            issued_at: note.issued_at,
            is_document_ready: None,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CreditNoteList {
    items: Vec<CreditNoteView>,
    next_cursor: Option<String>,
}

/// A credit note with the invoice as it is after it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CreditedView {
    credit_note: CreditNoteView,
    invoice: InvoiceView,
}

/// The newest first.
#[utoipa::path(get, path = "/api/v1/credit-notes", tag = "invoicing", operation_id = "list_credit_notes",
    params(("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = CreditNoteList)))]
pub async fn list_credit_notes(
    asker: Asker,
    Pagination(request): Pagination,
) -> Result<Plain<CreditNoteList>, Failure> {
    let list = asker.scope.keys().credit_notes();
    let found = asker.scope.list::<CreditNote>(&list, &request, Order::Descending).await?;
    let items = found.items.iter().map(|note| CreditNoteView::of(note)).collect();
    Ok(Plain(CreditNoteList { items, next_cursor: found.next_cursor }))
}

#[utoipa::path(get, path = "/api/v1/credit-notes/{id}", tag = "invoicing", operation_id = "show_credit_note",
    params(("id" = String, Path, description = "`cre_…`")), responses((status = 200, body = CreditNoteView)))]
pub async fn show_credit_note(asker: Asker, Id(id): Id<CreditNoteId>) -> Result<Answer<CreditNoteView>, Failure> {
    let keys = asker.scope.keys();
    let found = asker.scope.get_many(&[keys.credit_note(id), keys.file(Owner::CreditNote(id))]).await?;
    let note = found.get::<CreditNote>(&keys.credit_note(id))?.ok_or(Error::NotFound)?;
    let mut view = CreditNoteView::of(&note);
    view.is_document_ready = Some(found.first::<DocumentFile>()?.is_some());
    Ok(seen(view, note.version))
}

/// Credits an invoice, in whole or in part: a credit note is issued for good and leaves by mail.
#[utoipa::path(post, path = "/api/v1/invoices/{id}/credit-notes", tag = "invoicing", operation_id = "credit_invoice",
    params(("id" = String, Path, description = "`inv_…`")), request_body = CreditInput,
    responses((status = 201, body = CreditedView)))]
pub async fn credit_invoice(
    asker: Asker,
    Id(id): Id<InvoiceId>,
    IfMatch(version): IfMatch,
    Json(input): Json<CreditInput>,
) -> Result<Answer<CreditedView>, Failure> {
    let credited =
        super::credit_invoice(&asker.scope, &asker.deps().files, &asker.organization, id, &input, version).await?;
    let location = format!("/api/v1/credit-notes/{}", credited.note.id);
    let view = CreditedView {
        credit_note: CreditNoteView::of(&credited.note),
        invoice: InvoiceView::new(&asker, &credited.invoice),
    };
    Ok(created(view, credited.invoice.version, location))
}

/// A link that downloads the PDF (Factur-X) for five minutes.
#[utoipa::path(get, path = "/api/v1/credit-notes/{id}/document", tag = "invoicing",
    operation_id = "download_credit_note", params(("id" = String, Path, description = "`cre_…`")),
    responses((status = 200, body = DownloadView)))]
pub async fn download_credit_note(asker: Asker, Id(id): Id<CreditNoteId>) -> Result<Plain<DownloadView>, Failure> {
    let (url, file_name) = document::download(&asker, Owner::CreditNote(id)).await?;
    Ok(Plain(DownloadView { url, file_name }))
}
