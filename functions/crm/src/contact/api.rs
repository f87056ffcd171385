//! `/api/v1/contacts`

use axum::extract::Query;
use http::StatusCode;
use kernel::{
    event::Person,
    id::{CompanyId, ContactId, ExportId},
    page::Page,
};
use serde::Serialize;
use table::meter::side_by_side;
use web::{
    Answer, Asker, Failure, Id, Ids, IfMatch, Json, Pagination, created,
    export::{Download, ExportList, ExportView},
    seen,
};

use super::{Contact, ContactInput, Erased, KeepInput, Kept};
use crate::{
    listing::{Found, Wanted},
    settings,
};

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
    /// The companies where they were before, the last one first; 20 at most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    former_companies: Vec<FormerCompanyView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FormerCompanyView {
    /// `com_…`
    #[schema(value_type = String)]
    company_id: CompanyId,
    /// As it was called then.
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_title: Option<String>,
    /// The day on which they left, as far as is known.
    #[schema(value_type = String, format = Date)]
    until: jiff::civil::Date,
}

impl ContactView {
    fn of(contact: &Contact) -> Self {
        let Contact { id, created_at, ref kept, .. } = *contact;
        let former = contact.former.iter().map(|former| FormerCompanyView {
            company_id: former.id,
            name: former.name.clone(),
            job_title: former.job_title.clone(),
            until: former.until,
        });
        let former_companies = former.collect();
        Self { id, contact: ContactInput::of(contact), created_at, kept: kept.clone(), former_companies }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ContactList {
    items: Vec<ContactView>,
    /// Ask again with it for what follows; absent on the last page. With filters, a page may have fewer than its limit, even
    /// none, and still be followed by others.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    /// Where the order is not that of names, and there are more than were sorted: how many were, by name the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    sorted_among: Option<usize>,
}

/// Contacts, by last name unless another order is asked for.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "crm", operation_id = "list_contacts",
    params(
        ("q" = Option<String>, Query, description = "What the last name begins with, case and accents do not matter; or an e-mail address or a telephone number"),
        ("assigned_to" = Option<String>, Query, description = "`me`, or the member `usr_…` to whom they are assigned"),
        ("category" = Option<String>, Query, description = "`client`, `prospect`, `partner`, `supplier` or `other`"),
        ("tag" = Option<String>, Query, description = "`tag_…`"),
        ("city" = Option<String>, Query, description = "What the city of their own address begins with"),
        ("postal_code" = Option<String>, Query, description = "What the postal code of their own address begins with"),
        ("field" = Option<String>, Query, description = "`fld_…`, a field of the organization's own in which there is something"),
        ("value" = Option<String>, Query, description = "What is in that field; of a text, a part of it"),
        ("sort" = Option<String>, Query, description = "`name` (where absent), `-name`, `-added`, `added`, `city` or `category`"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ContactList)))]
pub async fn list_contacts(
    asker: Asker,
    Query(wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> Result<axum::Json<ContactList>, Failure> {
    let Found { page, settings, only_of } = super::list_contacts(&asker, &wanted.cut(), &request).await?;
    let Page { items, next_cursor } = page.map(|row| ContactView::of(&row.known_to(&settings)));
    Ok(axum::Json(ContactList { items, next_cursor, sorted_among: only_of }))
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
    let reading = super::show_contact(&asker, id);
    let (contact, settings) = side_by_side(reading, settings::SETTINGS.shown(&asker.scope)).await;
    let contact = contact?;
    Ok(seen(ContactView::of(&contact.known_to(&*settings?)), contact.version))
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
