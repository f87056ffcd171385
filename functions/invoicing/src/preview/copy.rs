//! `/facturation/duplicata`: a further copy of what left, which says that it is one. The file that left stays as it is.

use axum::response::IntoResponse;
use http::header;
use kernel::{
    Error,
    error::Conflict,
    event::Owner,
    id::{CreditNoteId, InvoiceId},
};
use table::{Key, shared::FrozenDocument};
use web::{Asker, Id, PageResult};

use super::draw;

pub async fn copy_invoice(asker: Asker, Id(id): Id<InvoiceId>) -> PageResult {
    let key = asker.scope.keys().invoice(id);
    copy(&asker, Owner::Invoice(id), key).await
}

pub async fn copy_credit_note(asker: Asker, Id(id): Id<CreditNoteId>) -> PageResult {
    let key = asker.scope.keys().credit_note(id);
    copy(&asker, Owner::CreditNote(id), key).await
}

async fn copy(asker: &Asker, owner: Owner, aggregate: Key) -> PageResult {
    let found = asker.scope.get_many(&[aggregate, asker.scope.keys().snapshot(owner)]).await?;
    if found.is_empty() {
        return Err(Error::NotFound.into());
    }
    // A draft is no document yet.
    let frozen = found.first::<FrozenDocument>()?.ok_or(Error::Conflict(Conflict::NotIssued))?.value.snapshot;
    let disposition = format!("attachment; filename=\"{}-duplicata.pdf\"", frozen.number);
    let pdf = draw::copy(asker, frozen).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, &disposition),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, pdf).into_response())
}
