//! `/api/v1/expense-reports`

use axum::extract::RawQuery;
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Minor,
    expense::{ExpenseCategory, ReimbursementMethod},
    id::{EmployeeId, ExpenseReportId, NotAnId, UserId},
};
use serde::{Deserialize, Serialize};
use web::{
    Answer, Asker, Failure, Id, Ids, IfMatch, Json, Pagination, created,
    export::Download,
    seen,
    upload::{UploadInput, UploadView, UploadedInput, begin_upload},
};

use super::{
    DecisionInput, ExpenseInput, ExpenseLine, ExpenseReport, RECEIPT, ReimbursementInput, ReportInput, ReportState,
    Vehicle,
};
use crate::holiday::pages::asked;

/// The number of a line, in an address.
#[derive(Debug, Clone, Copy)]
pub struct LineNumber(pub u16);

impl std::str::FromStr for LineNumber {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.parse().map(Self).map_err(|_| NotAnId)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExpenseReportView {
    /// `exr_…`
    #[schema(value_type = String)]
    id: ExpenseReportId,
    /// `emp_…`
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    /// Matricule.
    employee_number: String,
    title: String,
    state: ReportState,
    lines: Vec<ExpenseLineView>,
    totals: Vec<ExpenseTotal>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Timestamp>,
    decision: Option<DecisionView>,
    reimbursement: Option<ReimbursementView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExpenseLineView {
    number: u16,
    #[schema(value_type = String, format = Date)]
    on: Date,
    #[schema(value_type = String)]
    category: ExpenseCategory,
    gross_minor: Minor,
    vat_minor: Minor,
    currency: Currency,
    note: Option<String>,
    /// Of `mileage`.
    vehicle: Option<Vehicle>,
    is_electric: Option<bool>,
    km: Option<u32>,
    places: Option<String>,
    has_receipt: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExpenseTotal {
    currency: Currency,
    gross_minor: Minor,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DecisionView {
    /// `usr_…`
    #[schema(value_type = String)]
    by: UserId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    comment: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReimbursementView {
    #[schema(value_type = String, format = Date)]
    on: Date,
    method: ReimbursementMethod,
    /// `usr_…`
    #[schema(value_type = String)]
    by: UserId,
}

impl ExpenseReportView {
    pub fn of(report: &ExpenseReport) -> Self {
        let line = |line: &ExpenseLine| ExpenseLineView {
            number: line.number,
            on: line.on,
            category: line.category,
            gross_minor: line.gross_minor,
            vat_minor: line.vat_minor,
            currency: line.currency,
            note: line.note.clone(),
            vehicle: line.trip.as_ref().map(|trip| trip.vehicle),
            is_electric: line.trip.as_ref().map(|trip| trip.is_electric),
            km: line.trip.as_ref().map(|trip| trip.km),
            places: line.trip.as_ref().map(|trip| trip.places.clone()),
            has_receipt: line.receipt.is_some(),
        };
        Self {
            id: report.id,
            employee_id: report.employee,
            employee_number: report.employee_number.clone(),
            title: report.title.clone(),
            state: report.state,
            lines: report.lines.iter().map(line).collect(),
            totals: report
                .totals()
                .into_iter()
                .map(|(currency, gross_minor)| ExpenseTotal { currency, gross_minor })
                .collect(),
            created_at: report.created_at,
            submitted_at: report.submitted_at,
            decision: report.decision.as_ref().map(|decision| DecisionView {
                by: decision.by,
                at: decision.at,
                comment: decision.comment.clone(),
            }),
            reimbursement: report.reimbursement.as_ref().map(|paid| ReimbursementView {
                on: paid.on,
                method: paid.method,
                by: paid.by,
            }),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExpenseReportList {
    items: Vec<ExpenseReportView>,
    next_cursor: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct StateQuery {
    pub state: String,
}

impl StateQuery {
    /// What waits for a yes, where nothing else is asked for.
    pub fn state(&self) -> ReportState {
        ReportState::named(&self.state).filter(|state| *state != ReportState::Draft).unwrap_or(ReportState::Submitted)
    }
}

/// One's own expense reports, the newest first; none for a member who is no employee.
#[utoipa::path(get, path = "/api/v1/expense-reports", tag = "hr", operation_id = "list_own_expense_reports",
    params(
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ExpenseReportList)))]
pub async fn list_own_expense_reports(
    asker: Asker,
    Pagination(page): Pagination,
) -> Result<axum::Json<ExpenseReportList>, Failure> {
    let Some(found) = super::list_own_reports(&asker, &page).await? else {
        return Ok(axum::Json(ExpenseReportList { items: Vec::new(), next_cursor: None }));
    };
    let items = found.items.iter().map(|report| ExpenseReportView::of(report)).collect();
    Ok(axum::Json(ExpenseReportList { items, next_cursor: found.next_cursor }))
}

/// The reports of others that who asks decides on, or pays back.
#[utoipa::path(get, path = "/api/v1/expense-reports/awaited", tag = "hr", operation_id = "list_expense_reports",
    params(
        ("state" = Option<String>, Query, description = "`submitted` (where absent), `approved`, `refused` or `reimbursed`"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ExpenseReportList)))]
pub async fn list_expense_reports(
    asker: Asker,
    RawQuery(query): RawQuery,
    Pagination(page): Pagination,
) -> Result<axum::Json<ExpenseReportList>, Failure> {
    let query: StateQuery = asked(query)?;
    let found = super::list_reports(&asker, query.state(), &page).await?;
    let items = found.items.iter().map(|sight| ExpenseReportView::of(&sight.report)).collect();
    Ok(axum::Json(ExpenseReportList { items, next_cursor: found.next_cursor }))
}

/// Begins a report of one's own.
#[utoipa::path(post, path = "/api/v1/expense-reports", tag = "hr", operation_id = "open_expense_report",
    request_body = ReportInput, responses((status = 201, body = ExpenseReportView)))]
pub async fn open_expense_report(
    asker: Asker,
    Json(input): Json<ReportInput>,
) -> Result<Answer<ExpenseReportView>, Failure> {
    let report = super::open_report(&asker, &input).await?;
    Ok(created(ExpenseReportView::of(&report), 1, format!("/api/v1/expense-reports/{}", report.id)))
}

/// One report: one's own, or one that who asks decides on.
#[utoipa::path(get, path = "/api/v1/expense-reports/{id}", tag = "hr", operation_id = "show_expense_report",
    params(("id" = String, Path, description = "`exr_…`")), responses((status = 200, body = ExpenseReportView)))]
pub async fn show_expense_report(
    asker: Asker,
    Id(id): Id<ExpenseReportId>,
) -> Result<Answer<ExpenseReportView>, Failure> {
    let sight = super::show_report(&asker, id).await?;
    Ok(seen(ExpenseReportView::of(&sight.report), sight.report.version))
}

/// Throws away a report of one's own that was not handed in, or was refused.
#[utoipa::path(delete, path = "/api/v1/expense-reports/{id}", tag = "hr", operation_id = "delete_expense_report",
    params(("id" = String, Path, description = "`exr_…`")), responses((status = 204)))]
pub async fn delete_expense_report(
    asker: Asker,
    Id(id): Id<ExpenseReportId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_report(&asker, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds a line; a report has 50 at most.
#[utoipa::path(post, path = "/api/v1/expense-reports/{id}/lines", tag = "hr", operation_id = "add_expense_line",
    params(("id" = String, Path, description = "`exr_…`")),
    request_body = ExpenseInput, responses((status = 200, body = ExpenseReportView)))]
pub async fn add_expense_line(
    asker: Asker,
    Id(id): Id<ExpenseReportId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ExpenseInput>,
) -> Result<Answer<ExpenseReportView>, Failure> {
    let (report, version) = super::save_line(&asker, id, None, &input, version).await?;
    Ok(seen(ExpenseReportView::of(&report), version))
}

/// Changes a line; its receipt stays.
#[utoipa::path(put, path = "/api/v1/expense-reports/{id}/lines/{line}", tag = "hr", operation_id = "edit_expense_line",
    params(("id" = String, Path, description = "`exr_…`"), ("line" = u16, Path, description = "Its number")),
    request_body = ExpenseInput, responses((status = 200, body = ExpenseReportView)))]
pub async fn edit_expense_line(
    asker: Asker,
    Ids((id, line)): Ids<ExpenseReportId, LineNumber>,
    IfMatch(version): IfMatch,
    Json(input): Json<ExpenseInput>,
) -> Result<Answer<ExpenseReportView>, Failure> {
    let (report, version) = super::save_line(&asker, id, Some(line.0), &input, version).await?;
    Ok(seen(ExpenseReportView::of(&report), version))
}

/// Takes a line away, with its receipt.
#[utoipa::path(delete, path = "/api/v1/expense-reports/{id}/lines/{line}", tag = "hr",
    operation_id = "remove_expense_line",
    params(("id" = String, Path, description = "`exr_…`"), ("line" = u16, Path, description = "Its number")),
    responses((status = 200, body = ExpenseReportView)))]
pub async fn remove_expense_line(
    asker: Asker,
    Ids((id, line)): Ids<ExpenseReportId, LineNumber>,
    IfMatch(version): IfMatch,
) -> Result<Answer<ExpenseReportView>, Failure> {
    let (report, version) = super::remove_line(&asker, id, line.0, version).await?;
    Ok(seen(ExpenseReportView::of(&report), version))
}

/// A link to which one receipt of at most 10 MB is then PUT: PDF, PNG, JPEG or WebP.
#[utoipa::path(post, path = "/api/v1/expense-reports/{id}/uploads", tag = "hr", operation_id = "begin_receipt_upload",
    params(("id" = String, Path, description = "`exr_…`")),
    request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_receipt_upload(
    asker: Asker,
    _id: Id<ExpenseReportId>,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, axum::Json<UploadView>), Failure> {
    let upload = begin_upload(&asker.scope, &asker.deps().files, &RECEIPT, &input).await?;
    Ok((StatusCode::CREATED, axum::Json(upload)))
}

/// Puts the receipt that was sent beside a line, in the place of what was there.
#[utoipa::path(put, path = "/api/v1/expense-reports/{id}/lines/{line}/receipt", tag = "hr",
    operation_id = "add_receipt",
    params(("id" = String, Path, description = "`exr_…`"), ("line" = u16, Path, description = "Its number")),
    request_body = UploadedInput, responses((status = 200, body = ExpenseReportView)))]
pub async fn add_receipt(
    asker: Asker,
    Ids((id, line)): Ids<ExpenseReportId, LineNumber>,
    IfMatch(version): IfMatch,
    Json(input): Json<UploadedInput>,
) -> Result<Answer<ExpenseReportView>, Failure> {
    let (report, version) = super::add_receipt(&asker, id, line.0, &input, version).await?;
    Ok(seen(ExpenseReportView::of(&report), version))
}

/// Takes the receipt of a line away.
#[utoipa::path(delete, path = "/api/v1/expense-reports/{id}/lines/{line}/receipt", tag = "hr",
    operation_id = "remove_receipt",
    params(("id" = String, Path, description = "`exr_…`"), ("line" = u16, Path, description = "Its number")),
    responses((status = 200, body = ExpenseReportView)))]
pub async fn remove_receipt(
    asker: Asker,
    Ids((id, line)): Ids<ExpenseReportId, LineNumber>,
    IfMatch(version): IfMatch,
) -> Result<Answer<ExpenseReportView>, Failure> {
    let (report, version) = super::remove_receipt(&asker, id, line.0, version).await?;
    Ok(seen(ExpenseReportView::of(&report), version))
}

/// A link by which the receipt of a line is downloaded, for five minutes.
#[utoipa::path(get, path = "/api/v1/expense-reports/{id}/lines/{line}/receipt", tag = "hr",
    operation_id = "download_receipt",
    params(("id" = String, Path, description = "`exr_…`"), ("line" = u16, Path, description = "Its number")),
    responses((status = 200, body = Download)))]
pub async fn download_receipt(
    asker: Asker,
    Ids((id, line)): Ids<ExpenseReportId, LineNumber>,
) -> Result<axum::Json<Download>, Failure> {
    Ok(axum::Json(super::download_receipt(&asker, id, line.0).await?))
}

/// Hands a report of one's own in: who is above, or may decide on leave and expenses, is asked for a yes.
#[utoipa::path(post, path = "/api/v1/expense-reports/{id}/submit", tag = "hr", operation_id = "submit_expense_report",
    params(("id" = String, Path, description = "`exr_…`")), responses((status = 200, body = ExpenseReportView)))]
pub async fn submit_expense_report(
    asker: Asker,
    Id(id): Id<ExpenseReportId>,
    IfMatch(version): IfMatch,
) -> Result<axum::Json<ExpenseReportView>, Failure> {
    Ok(axum::Json(ExpenseReportView::of(&super::submit_report(&asker, id, version).await?)))
}

/// Approves a report: what it says becomes expenses of the organization, to be paid back.
#[utoipa::path(post, path = "/api/v1/expense-reports/{id}/approve", tag = "hr",
    operation_id = "approve_expense_report",
    params(("id" = String, Path, description = "`exr_…`")),
    request_body = DecisionInput, responses((status = 200, body = ExpenseReportView)))]
pub async fn approve_expense_report(
    asker: Asker,
    Id(id): Id<ExpenseReportId>,
    IfMatch(version): IfMatch,
    Json(input): Json<DecisionInput>,
) -> Result<axum::Json<ExpenseReportView>, Failure> {
    Ok(axum::Json(ExpenseReportView::of(&super::approve_report(&asker, id, &input, version).await?)))
}

/// Refuses a report, with the reason; its employee may change it and hand it in again.
#[utoipa::path(post, path = "/api/v1/expense-reports/{id}/refuse", tag = "hr", operation_id = "refuse_expense_report",
    params(("id" = String, Path, description = "`exr_…`")),
    request_body = DecisionInput, responses((status = 200, body = ExpenseReportView)))]
pub async fn refuse_expense_report(
    asker: Asker,
    Id(id): Id<ExpenseReportId>,
    IfMatch(version): IfMatch,
    Json(input): Json<DecisionInput>,
) -> Result<axum::Json<ExpenseReportView>, Failure> {
    Ok(axum::Json(ExpenseReportView::of(&super::refuse_report(&asker, id, &input, version).await?)))
}

/// Notes that a report was paid back.
#[utoipa::path(post, path = "/api/v1/expense-reports/{id}/reimburse", tag = "hr",
    operation_id = "reimburse_expense_report",
    params(("id" = String, Path, description = "`exr_…`")),
    request_body = ReimbursementInput, responses((status = 200, body = ExpenseReportView)))]
pub async fn reimburse_expense_report(
    asker: Asker,
    Id(id): Id<ExpenseReportId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ReimbursementInput>,
) -> Result<axum::Json<ExpenseReportView>, Failure> {
    Ok(axum::Json(ExpenseReportView::of(&super::reimburse_report(&asker, id, &input, version).await?)))
}
