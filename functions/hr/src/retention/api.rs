//! `/api/v1/due-employees`

use jiff::civil::Date;
use kernel::id::EmployeeId;
use serde::Serialize;
use web::{Asker, Failure, Json};

use super::{ErasureInput, kept_until};

#[derive(Serialize, utoipa::ToSchema)]
pub struct DueEmployee {
    /// `emp_…`
    #[schema(value_type = String)]
    id: EmployeeId,
    name: String,
    #[schema(value_type = Option<String>, format = Date)]
    left_on: Option<Date>,
    /// The last day on which the law wanted the file kept.
    #[schema(value_type = Option<String>, format = Date)]
    kept_until: Option<Date>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DueEmployees {
    /// Those who left first first.
    items: Vec<DueEmployee>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Erased {
    erased: usize,
}

/// The files of those who left that the law no longer wants kept.
#[utoipa::path(get, path = "/api/v1/due-employees", tag = "hr", operation_id = "list_due_employees",
    responses((status = 200, body = DueEmployees)))]
pub async fn list_due_employees(asker: Asker) -> Result<axum::Json<DueEmployees>, Failure> {
    let due = super::list_due_employees(&asker).await?;
    let today = asker.today();
    let one = |employee: &table::Stored<crate::employee::Employee>| DueEmployee {
        id: employee.id,
        name: employee.name(),
        left_on: employee.left_on,
        kept_until: kept_until(employee, today),
    };
    Ok(axum::Json(DueEmployees { items: due.iter().map(one).collect() }))
}

/// Erases files that are due, for good: documents, contracts, social security numbers, leave, interviews.
#[utoipa::path(post, path = "/api/v1/due-employees/erase", tag = "hr", operation_id = "erase_employees",
    request_body = ErasureInput, responses((status = 200, body = Erased)))]
pub async fn erase_employees(asker: Asker, Json(input): Json<ErasureInput>) -> Result<axum::Json<Erased>, Failure> {
    Ok(axum::Json(Erased { erased: super::erase_employees(&asker, &input).await? }))
}
