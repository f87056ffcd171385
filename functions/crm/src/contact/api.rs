//! `/api/v1/contacts`

use http::StatusCode;
use kernel::{
    event::Person,
    id::{ContactId, ExportId},
    page::Page,
};
use serde::Serialize;
use web::{
    Answer, Asker, Failure, Id, Ids, IfMatch, Json, Search, created,
    export::{Download, ExportList, ExportView},
    seen,
};

use super::{Contact, ContactInput, Erased, KeepInput, Kept};

#[derive(Serialize, utoipa::ToSchema)]
pub struct ContactView {
    /// `con_…`
    #[schema(value_type = String)]
    id: ContactId,
    #[serde(flatten)]
    contact: ContactInput,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    /// Why they are kept although the years after their last activity were over; absent where nobody had to decide it.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<Kept>,
}

impl ContactView {
    fn of(contact: &Contact) -> Self {
        let Contact { id, created_at, ref kept, .. } = *contact;
        Self { id, contact: ContactInput::of(contact), created_at, kept: kept.clone() }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ContactList {
    items: Vec<ContactView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Contacts by last name.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "crm", operation_id = "list_contacts",
    params(
        ("q" = Option<String>, Query, description = "What the last name begins with; case and accents do not matter"),
        ("assigned_to" = Option<String>, Query, description = "`me`, or the member `usr_…` to whom they are assigned"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ContactList)))]
pub async fn list_contacts(asker: Asker, search: Search) -> Result<axum::Json<ContactList>, Failure> {
    let of = asker.whose(&search.assigned_to)?;
    let found = super::list_contacts(&asker.scope, of, &search.prefix(), &search.page).await?;
    let Page { items, next_cursor } = found.map(|row| ContactView::of(&row));
    Ok(axum::Json(ContactList { items, next_cursor }))
}

/// Adds a contact.
#[utoipa::path(post, path = "/api/v1/contacts", tag = "crm", operation_id = "create_contact",
    request_body = ContactInput, responses((status = 201, body = ContactView)))]
pub async fn create_contact(asker: Asker, Json(input): Json<ContactInput>) -> Result<Answer<ContactView>, Failure> {
    let contact = super::create_contact(&asker, &input).await?;
    Ok(created(ContactView::of(&contact), 1, format!("/api/v1/contacts/{}", contact.id)))
}

/// One contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "crm", operation_id = "show_contact",
    params(("id" = String, Path, description = "`con_…`")), responses((status = 200, body = ContactView)))]
pub async fn show_contact(asker: Asker, Id(id): Id<ContactId>) -> Result<Answer<ContactView>, Failure> {
    let contact = super::show_contact(&asker, id).await?;
    Ok(seen(ContactView::of(&contact), contact.version))
}

/// Replaces a contact.
#[utoipa::path(put, path = "/api/v1/contacts/{id}", tag = "crm", operation_id = "edit_contact",
    params(("id" = String, Path, description = "`con_…`")),
    request_body = ContactInput, responses((status = 200, body = ContactView)))]
pub async fn edit_contact(
    asker: Asker,
    Id(id): Id<ContactId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ContactInput>,
) -> Result<Answer<ContactView>, Failure> {
    let (contact, version) = super::edit_contact(&asker, id, &input, version).await?;
    Ok(seen(ContactView::of(&contact), version))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ErasureView {
    /// `con_…`, of a contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
    /// `com_…`, of a client who is a private person.
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    requested_at: jiff::Timestamp,
    /// `in_progress` until drafts, mails and the audit log have forgotten them too, then `done`.
    state: &'static str,
    /// Issued documents that name them: the law keeps those for ten years (C. com. L123-22).
    documents_kept: u32,
}

impl ErasureView {
    pub fn of(erased: &Erased) -> Self {
        let is_client = matches!(erased.of, Person::Client(_));
        Self {
            contact: (!is_client).then(|| erased.of.to_string()),
            company: is_client.then(|| erased.of.to_string()),
            requested_at: erased.requested_at,
            state: if erased.is_done { "done" } else { "in_progress" },
            documents_kept: erased.documents_kept,
        }
    }
}

/// Erases a contact for good (RGPD art. 17). Erasing again answers the same.
#[utoipa::path(delete, path = "/api/v1/contacts/{id}", tag = "crm", operation_id = "erase_contact",
    params(("id" = String, Path, description = "`con_…`")), responses((status = 200, body = ErasureView)))]
pub async fn erase_contact(asker: Asker, Id(id): Id<ContactId>) -> Result<axum::Json<ErasureView>, Failure> {
    Ok(axum::Json(ErasureView::of(&super::erase_contact(&asker, id).await?)))
}

/// Keeps a contact for as many years again, from today on, and says why.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/keep", tag = "crm", operation_id = "keep_contact",
    params(("id" = String, Path, description = "`con_…`")),
    request_body = KeepInput, responses((status = 200, body = Kept)))]
pub async fn keep_contact(
    asker: Asker,
    Id(id): Id<ContactId>,
    Json(input): Json<KeepInput>,
) -> Result<axum::Json<Kept>, Failure> {
    Ok(axum::Json(super::keep_contact(&asker, id, &input).await?))
}

/// How far the erasure of a contact has come.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/erasure", tag = "crm", operation_id = "show_erasure",
    params(("id" = String, Path, description = "`con_…`")), responses((status = 200, body = ErasureView)))]
pub async fn show_erasure(asker: Asker, Id(id): Id<ContactId>) -> Result<axum::Json<ErasureView>, Failure> {
    Ok(axum::Json(ErasureView::of(&super::show_erasure(&asker, id).await?)))
}

/// The exports of all that there is on a contact, of the last days.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/exports", tag = "crm", operation_id = "list_contact_exports",
    params(("id" = String, Path, description = "`con_…`")),
    responses((status = 200, body = ExportList)))]
pub async fn list_contact_exports(asker: Asker, Id(id): Id<ContactId>) -> Result<axum::Json<ExportList>, Failure> {
    let (_, exports) = super::list_contact_exports(&asker, id).await?;
    Ok(axum::Json(ExportList::of(&asker, &exports)))
}

/// Asks for a zip of all that there is on a contact (RGPD art. 15): one at a time, three a day. It is kept for seven days.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/exports", tag = "crm", operation_id = "request_contact_export",
    params(("id" = String, Path, description = "`con_…`")),
    responses((status = 202, body = ExportView)))]
pub async fn request_contact_export(
    asker: Asker,
    Id(id): Id<ContactId>,
) -> Result<(StatusCode, axum::Json<ExportView>), Failure> {
    let export = super::request_contact_export(&asker, id).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(ExportView::of(&asker, &export))))
}

/// A link to the file of such an export that is ready.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/exports/{export}/file", tag = "crm", operation_id = "download_contact_export",
    params(("id" = String, Path, description = "`con_…`"), ("export" = String, Path, description = "`exp_…`")), responses((status = 200, body = Download)))]
pub async fn download_contact_export(
    asker: Asker,
    Ids((id, export)): Ids<ContactId, ExportId>,
) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_contact_export(&asker, id, export).await?))
}
