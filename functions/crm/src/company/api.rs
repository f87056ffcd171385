//! `/api/v1/companies`

use axum::extract::Query;
use http::StatusCode;
use kernel::{
    id::{CompanyId, ExportId},
    page::Page,
};
use serde::Serialize;
use table::meter::side_by_side;
use web::{
    Answer, Asker, Failure, Id, Ids, IfMatch, Json, Pagination, created,
    export::{Download, ExportList, ExportView},
    seen,
};

use super::{Company, CompanyInput, CompanyWithContacts};
use crate::{
    contact::api::ErasureView,
    listing::{Found, Wanted},
    settings,
};

#[derive(Serialize, utoipa::ToSchema)]
pub struct CompanyView {
    /// `com_…`
    #[schema(value_type = String)]
    id: CompanyId,
    #[serde(flatten)]
    company: CompanyInput,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    /// Since when nothing more is done with it; absent while something is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    archived_at: Option<jiff::Timestamp>,
}

impl CompanyView {
    fn of(asker: &Asker, company: &Company) -> Self {
        let currency = asker.organization.currency;
        let Company { id, created_at, archived_at, .. } = *company;
        Self { id, company: CompanyInput::of(company, currency), created_at, archived_at }
    }
}

/// Who and what is around a company, of what may be seen.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CompanyRelations {
    contacts: Vec<ContactLine>,
    /// Those who were there, the last to leave first.
    former_contacts: Vec<FormerContactLine>,
    /// The companies that belong to it, by name.
    subsidiaries: Vec<SubsidiaryLine>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ContactLine {
    /// `con_…`
    #[schema(value_type = String)]
    id: kernel::id::ContactId,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_title: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FormerContactLine {
    #[serde(flatten)]
    contact: ContactLine,
    #[schema(value_type = String, format = Date)]
    until: jiff::civil::Date,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SubsidiaryLine {
    /// `com_…`
    #[schema(value_type = String)]
    id: CompanyId,
    name: String,
    category: &'static str,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CompanyList {
    items: Vec<CompanyView>,
    /// Ask again with it for what follows; absent on the last page. With filters, a page may have fewer than its limit, even
    /// none, and still be followed by others.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    /// Where the order is not that of names, and there are more than were sorted: how many were, by name the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    sorted_among: Option<usize>,
}

/// Companies, by name unless another order is asked for.
#[utoipa::path(get, path = "/api/v1/companies", tag = "crm", operation_id = "list_companies",
    params(
        ("q" = Option<String>, Query, description = "What the name begins with, case and accents do not matter; or an e-mail address, a telephone number, a SIREN or a SIRET"),
        ("assigned_to" = Option<String>, Query, description = "`me`, or the member `usr_…` to whom they are assigned"),
        ("category" = Option<String>, Query, description = "`client`, `prospect`, `partner`, `supplier` or `other`"),
        ("tag" = Option<String>, Query, description = "`tag_…`"),
        ("city" = Option<String>, Query, description = "What the city begins with"),
        ("postal_code" = Option<String>, Query, description = "What the postal code begins with"),
        ("field" = Option<String>, Query, description = "`fld_…`, a field of the organization's own in which there is something"),
        ("value" = Option<String>, Query, description = "What is in that field; of a text, a part of it"),
        ("state" = Option<String>, Query, description = "`active` (where absent) or `archived`"),
        ("sort" = Option<String>, Query, description = "`name` (where absent), `-name`, `-added`, `added`, `city` or `category`"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = CompanyList)))]
pub async fn list_companies(
    asker: Asker,
    Query(wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> Result<axum::Json<CompanyList>, Failure> {
    let Found { page, settings, only_of } = super::list_companies(&asker, &wanted.cut(), &request).await?;
    let Page { items, next_cursor } = page.map(|row| CompanyView::of(&asker, &row.known_to(&settings)));
    Ok(axum::Json(CompanyList { items, next_cursor, sorted_among: only_of }))
}

/// Adds a company.
#[utoipa::path(post, path = "/api/v1/companies", tag = "crm", operation_id = "create_company",
    request_body = CompanyInput, responses((status = 201, body = CompanyView)))]
pub async fn create_company(asker: Asker, Json(input): Json<CompanyInput>) -> Result<Answer<CompanyView>, Failure> {
    let company = super::create_company(&asker, &input).await?;
    Ok(created(CompanyView::of(&asker, &company), 1, format!("/api/v1/companies/{}", company.id)))
}

/// One company.
#[utoipa::path(get, path = "/api/v1/companies/{id}", tag = "crm", operation_id = "show_company",
    params(("id" = String, Path, description = "`com_…`")), responses((status = 200, body = CompanyView)))]
pub async fn show_company(asker: Asker, Id(id): Id<CompanyId>) -> Result<Answer<CompanyView>, Failure> {
    let reading = super::show_company::read(&asker, id);
    let (company, settings) = side_by_side(reading, settings::SETTINGS.shown(&asker.scope)).await;
    let company = company?;
    Ok(seen(CompanyView::of(&asker, &company.known_to(&*settings?)), company.version))
}

/// Replaces a company.
#[utoipa::path(put, path = "/api/v1/companies/{id}", tag = "crm", operation_id = "edit_company",
    params(("id" = String, Path, description = "`com_…`")),
    request_body = CompanyInput, responses((status = 200, body = CompanyView)))]
pub async fn edit_company(
    asker: Asker,
    Id(id): Id<CompanyId>,
    IfMatch(version): IfMatch,
    Json(input): Json<CompanyInput>,
) -> Result<Answer<CompanyView>, Failure> {
    let (company, version) = super::edit_company(&asker, id, &input, version).await?;
    Ok(seen(CompanyView::of(&asker, &company), version))
}

/// The contacts of a company, those who were there, and the companies that belong to it.
#[utoipa::path(get, path = "/api/v1/companies/{id}/relations", tag = "crm", operation_id = "list_company_relations",
    params(("id" = String, Path, description = "`com_…`")), responses((status = 200, body = CompanyRelations)))]
pub async fn list_company_relations(
    asker: Asker,
    Id(id): Id<CompanyId>,
) -> Result<axum::Json<CompanyRelations>, Failure> {
    let CompanyWithContacts { contacts, former, subsidiaries, .. } = super::show_company(&asker, id).await?;
    let contacts = contacts.into_iter();
    let contacts = contacts.map(|line| ContactLine { id: line.contact, name: line.name, job_title: line.job_title });
    let former = former.into_iter().map(|line| FormerContactLine {
        until: line.until,
        contact: ContactLine { id: line.contact, name: line.name, job_title: line.job_title },
    });
    let subsidiaries = subsidiaries.into_iter();
    let subsidiaries =
        subsidiaries.map(|line| SubsidiaryLine { id: line.company, name: line.name, category: line.category.name() });
    Ok(axum::Json(CompanyRelations {
        contacts: contacts.collect(),
        former_contacts: former.collect(),
        subsidiaries: subsidiaries.collect(),
    }))
}

/// Archives a company: it leaves the lists, and nothing new is made for it. Archiving again changes nothing.
#[utoipa::path(post, path = "/api/v1/companies/{id}/archive", tag = "crm", operation_id = "archive_company",
    params(("id" = String, Path, description = "`com_…`")), responses((status = 200, body = CompanyView)))]
pub async fn archive_company(
    asker: Asker,
    Id(id): Id<CompanyId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<CompanyView>, Failure> {
    let company = super::archive_company(&asker, id, version).await?;
    Ok(seen(CompanyView::of(&asker, &company), company.version))
}

/// Restores a company that was archived.
#[utoipa::path(post, path = "/api/v1/companies/{id}/restore", tag = "crm", operation_id = "restore_company",
    params(("id" = String, Path, description = "`com_…`")), responses((status = 200, body = CompanyView)))]
pub async fn restore_company(
    asker: Asker,
    Id(id): Id<CompanyId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<CompanyView>, Failure> {
    let company = super::restore_company(&asker, id, version).await?;
    Ok(seen(CompanyView::of(&asker, &company), company.version))
}

/// Deletes a business to which nothing refers: no document, contact, opportunity, activity or other company, now or before;
/// otherwise 409 says what does. A private person is erased instead (`DELETE`).
#[utoipa::path(post, path = "/api/v1/companies/{id}/delete", tag = "crm", operation_id = "delete_company",
    params(("id" = String, Path, description = "`com_…`")), responses((status = 204)))]
pub async fn delete_company(
    asker: Asker,
    Id(id): Id<CompanyId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_company(&asker, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The exports of all that there is on a client who is a private person, of the last days.
#[utoipa::path(get, path = "/api/v1/companies/{id}/exports", tag = "crm", operation_id = "list_client_exports",
    params(("id" = String, Path, description = "`com_…`")),
    responses((status = 200, body = ExportList)))]
pub async fn list_client_exports(asker: Asker, Id(id): Id<CompanyId>) -> Result<axum::Json<ExportList>, Failure> {
    let (_, exports) = super::list_client_exports(&asker, id).await?;
    Ok(axum::Json(ExportList::of(&asker, &exports)))
}

/// Asks for a zip of all that there is on a client who is a private person (RGPD art. 15): one at a time, three a day. It is kept for seven days.
#[utoipa::path(post, path = "/api/v1/companies/{id}/exports", tag = "crm", operation_id = "request_client_export",
    params(("id" = String, Path, description = "`com_…`")),
    responses((status = 202, body = ExportView)))]
pub async fn request_client_export(
    asker: Asker,
    Id(id): Id<CompanyId>,
) -> Result<(StatusCode, axum::Json<ExportView>), Failure> {
    let export = super::request_client_export(&asker, id).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(ExportView::of(&asker, &export))))
}

/// A link to the file of such an export that is ready.
#[utoipa::path(get, path = "/api/v1/companies/{id}/exports/{export}/file", tag = "crm", operation_id = "download_client_export",
    params(("id" = String, Path, description = "`com_…`"), ("export" = String, Path, description = "`exp_…`")), responses((status = 200, body = Download)))]
pub async fn download_client_export(
    asker: Asker,
    Ids((id, export)): Ids<CompanyId, ExportId>,
) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_client_export(&asker, id, export).await?))
}

/// Erases a client who is a private person for good (RGPD art. 17); a client without a name stays, whom the documents have
/// that the law keeps. Erasing again answers the same.
#[utoipa::path(delete, path = "/api/v1/companies/{id}", tag = "crm", operation_id = "erase_client",
    params(("id" = String, Path, description = "`com_…`")), responses((status = 200, body = ErasureView)))]
pub async fn erase_client(asker: Asker, Id(id): Id<CompanyId>) -> Result<axum::Json<ErasureView>, Failure> {
    Ok(axum::Json(ErasureView::of(&super::erase_client(&asker, id).await?)))
}

/// How far the erasure of a client has come.
#[utoipa::path(get, path = "/api/v1/companies/{id}/erasure", tag = "crm", operation_id = "show_client_erasure",
    params(("id" = String, Path, description = "`com_…`")), responses((status = 200, body = ErasureView)))]
pub async fn show_client_erasure(asker: Asker, Id(id): Id<CompanyId>) -> Result<axum::Json<ErasureView>, Failure> {
    Ok(axum::Json(ErasureView::of(&super::show_client_erasure(&asker, id).await?)))
}
