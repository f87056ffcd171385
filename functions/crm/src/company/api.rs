//! `/api/v1/companies`

use http::StatusCode;
use kernel::{
    id::{CompanyId, ExportId},
    page::Page,
};
use serde::Serialize;
use web::{
    Answer, Asker, Failure, Id, Ids, IfMatch, Json, Search, created,
    export::{Download, ExportList, ExportView},
    seen,
};

use super::{Company, CompanyInput};
use crate::contact::api::ErasureView;

#[derive(Serialize, utoipa::ToSchema)]
pub struct CompanyView {
    /// `com_…`
    #[schema(value_type = String)]
    id: CompanyId,
    #[serde(flatten)]
    company: CompanyInput,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
}

impl CompanyView {
    fn of(company: &Company) -> Self {
        Self { id: company.id, company: CompanyInput::of(company), created_at: company.created_at }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CompanyList {
    items: Vec<CompanyView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Companies by name.
#[utoipa::path(get, path = "/api/v1/companies", tag = "crm", operation_id = "list_companies",
    params(
        ("q" = Option<String>, Query, description = "What the name begins with; case and accents do not matter"),
        ("assigned_to" = Option<String>, Query, description = "`me`, or the member `usr_…` to whom they are assigned"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = CompanyList)))]
pub async fn list_companies(asker: Asker, search: Search) -> Result<axum::Json<CompanyList>, Failure> {
    let of = asker.whose(&search.assigned_to)?;
    let found = super::list_companies(&asker.scope, of, &search.prefix(), &search.page).await?;
    let Page { items, next_cursor } = found.map(|row| CompanyView::of(&row));
    Ok(axum::Json(CompanyList { items, next_cursor }))
}

/// Adds a company.
#[utoipa::path(post, path = "/api/v1/companies", tag = "crm", operation_id = "create_company",
    request_body = CompanyInput, responses((status = 201, body = CompanyView)))]
pub async fn create_company(asker: Asker, Json(input): Json<CompanyInput>) -> Result<Answer<CompanyView>, Failure> {
    let company = super::create_company(&asker, &input).await?;
    Ok(created(CompanyView::of(&company), 1, format!("/api/v1/companies/{}", company.id)))
}

/// One company.
#[utoipa::path(get, path = "/api/v1/companies/{id}", tag = "crm", operation_id = "show_company",
    params(("id" = String, Path, description = "`com_…`")), responses((status = 200, body = CompanyView)))]
pub async fn show_company(asker: Asker, Id(id): Id<CompanyId>) -> Result<Answer<CompanyView>, Failure> {
    let company = super::show_company::read(&asker, id).await?;
    Ok(seen(CompanyView::of(&company), company.version))
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
    Ok(seen(CompanyView::of(&company), version))
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
