//! `/api/v1/employees`

use axum::{extract::RawQuery, response::IntoResponse};
use http::StatusCode;
use kernel::{Permission, id::EmployeeId};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use web::{Answer, Asker, Failure, Id, Ids, IfMatch, Json, created, seen};

use super::{
    ContractInput, Employee, EmployeeInput, HiredInput, NirInput, Sight, pages::ContractDay,
    show_employee::may_read_notes,
};
use crate::holiday::pages::asked;

#[derive(Serialize, utoipa::ToSchema)]
pub struct EmployeeView {
    /// `emp_…`
    #[schema(value_type = String)]
    id: EmployeeId,
    /// Notes are empty for who keeps no files, and for whose file it is.
    #[serde(flatten)]
    employee: EmployeeInput,
    /// In their order; salaries are empty for who may not read them.
    contracts: Vec<ContractInput>,
    /// Whether a social security number is kept.
    has_nir: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
}

impl EmployeeView {
    fn of(asker: &Asker, employee: &Employee, with_salary: bool) -> Self {
        let contract = |contract| {
            let input = ContractInput::of(contract, asker.organization.currency);
            if with_salary { input } else { ContractInput { salary: String::new(), ..input } }
        };
        let mut file = EmployeeInput::of(employee);
        if !may_read_notes(asker, employee) {
            file.notes.clear();
        }
        Self {
            id: employee.id,
            employee: file,
            contracts: employee.contracts.iter().map(contract).collect(),
            has_nir: employee.nir.is_some(),
            created_at: employee.created_at,
        }
    }

    fn seen_by(asker: &Asker, employee: &Employee) -> Self {
        Self::of(asker, employee, asker.may(Permission::HrReadSecrets))
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct EmployeeList {
    items: Vec<EmployeeView>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct EmployeeQuery {
    pub q: String,
    pub left: String,
}

/// Employees by name: those who work here, or those who left.
#[utoipa::path(get, path = "/api/v1/employees", tag = "hr", operation_id = "list_employees",
    params(
        ("q" = Option<String>, Query, description = "What the last name begins with; case and accents do not matter"),
        ("left" = Option<String>, Query, description = "`true` for those who left"),
    ),
    responses((status = 200, body = EmployeeList)))]
pub async fn list_employees(asker: Asker, RawQuery(query): RawQuery) -> Result<axum::Json<EmployeeList>, Failure> {
    let query: EmployeeQuery = asked(query)?;
    let prefix = kernel::text::sorted(&query.q);
    let found = super::list_employees(&asker.scope, &prefix, query.left == "true", asker.today()).await?;
    Ok(axum::Json(EmployeeList { items: found.iter().map(|one| EmployeeView::seen_by(&asker, one)).collect() }))
}

/// Adds an employee with their first contract.
#[utoipa::path(post, path = "/api/v1/employees", tag = "hr", operation_id = "create_employee",
    request_body = HiredInput, responses((status = 201, body = EmployeeView)))]
pub async fn create_employee(asker: Asker, Json(input): Json<HiredInput>) -> Result<Answer<EmployeeView>, Failure> {
    let employee = super::create_employee(&asker, &input).await?;
    Ok(created(EmployeeView::seen_by(&asker, &employee), 1, format!("/api/v1/employees/{}", employee.id)))
}

/// One employee.
#[utoipa::path(get, path = "/api/v1/employees/{id}", tag = "hr", operation_id = "show_employee",
    params(("id" = String, Path, description = "`emp_…`")), responses((status = 200, body = EmployeeView)))]
pub async fn show_employee(asker: Asker, Id(id): Id<EmployeeId>) -> Result<Answer<EmployeeView>, Failure> {
    let Sight { employee, with_salary, .. } = super::show_employee(&asker, id).await?;
    Ok(seen(EmployeeView::of(&asker, &employee, with_salary), employee.version))
}

/// Replaces a file; contracts and the social security number stay.
#[utoipa::path(put, path = "/api/v1/employees/{id}", tag = "hr", operation_id = "edit_employee",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = EmployeeInput, responses((status = 200, body = EmployeeView)))]
pub async fn edit_employee(
    asker: Asker,
    Id(id): Id<EmployeeId>,
    IfMatch(version): IfMatch,
    Json(input): Json<EmployeeInput>,
) -> Result<Answer<EmployeeView>, Failure> {
    let employee = super::edit_employee(&asker, id, &input, version).await?;
    Ok(seen(EmployeeView::seen_by(&asker, &employee), employee.version))
}

/// Adds a contract or an amendment.
#[utoipa::path(post, path = "/api/v1/employees/{id}/contracts", tag = "hr", operation_id = "add_contract",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = ContractInput, responses((status = 200, body = EmployeeView)))]
pub async fn add_contract(
    asker: Asker,
    Id(id): Id<EmployeeId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ContractInput>,
) -> Result<Answer<EmployeeView>, Failure> {
    let employee = super::add_contract(&asker, id, &input, version).await?;
    Ok(seen(EmployeeView::seen_by(&asker, &employee), employee.version))
}

/// Corrects a contract.
#[utoipa::path(put, path = "/api/v1/employees/{id}/contracts/{from}", tag = "hr", operation_id = "edit_contract",
    params(("id" = String, Path, description = "`emp_…`"), ("from" = String, Path, description = "The day on which it began, `2026-01-01`")),
    request_body = ContractInput, responses((status = 200, body = EmployeeView)))]
pub async fn edit_contract(
    asker: Asker,
    Ids((id, from)): Ids<EmployeeId, ContractDay>,
    IfMatch(version): IfMatch,
    Json(input): Json<ContractInput>,
) -> Result<Answer<EmployeeView>, Failure> {
    let employee = super::edit_contract(&asker, id, from.0, &input, version).await?;
    Ok(seen(EmployeeView::seen_by(&asker, &employee), employee.version))
}

/// Takes a contract out of the history: the one before goes on. The first one stays.
#[utoipa::path(delete, path = "/api/v1/employees/{id}/contracts/{from}", tag = "hr", operation_id = "remove_contract",
    params(("id" = String, Path, description = "`emp_…`"), ("from" = String, Path, description = "The day on which it began, `2026-01-01`")),
    responses((status = 200, body = EmployeeView)))]
pub async fn remove_contract(
    asker: Asker,
    Ids((id, from)): Ids<EmployeeId, ContractDay>,
    IfMatch(version): IfMatch,
) -> Result<Answer<EmployeeView>, Failure> {
    let employee = super::remove_contract(&asker, id, from.0, version).await?;
    Ok(seen(EmployeeView::seen_by(&asker, &employee), employee.version))
}

/// The social security number; empty where none is kept.
#[utoipa::path(get, path = "/api/v1/employees/{id}/nir", tag = "hr", operation_id = "read_nir",
    params(("id" = String, Path, description = "`emp_…`")), responses((status = 200, body = NirInput)))]
pub async fn read_nir(asker: Asker, Id(id): Id<EmployeeId>) -> Result<axum::Json<NirInput>, Failure> {
    let nir = super::read_nir(&asker, id).await?;
    Ok(axum::Json(NirInput { nir: nir.map(|nir| nir.expose_secret().to_owned()).unwrap_or_default() }))
}

/// Keeps a social security number, or forgets it.
#[utoipa::path(put, path = "/api/v1/employees/{id}/nir", tag = "hr", operation_id = "set_nir",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = NirInput, responses((status = 204)))]
pub async fn set_nir(
    asker: Asker,
    Id(id): Id<EmployeeId>,
    IfMatch(version): IfMatch,
    Json(input): Json<NirInput>,
) -> Result<StatusCode, Failure> {
    super::set_nir(&asker, id, &input, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The register of staff as a CSV file: `;`, UTF-8.
#[utoipa::path(get, path = "/api/v1/employees/register", tag = "hr", operation_id = "export_register",
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn export_register(asker: Asker) -> Result<axum::response::Response, Failure> {
    Ok(super::pages::csv(&asker, super::export_register(&asker).await?).into_response())
}
