//! `/api/v1/hr-figures`, `/api/v1/employees/{id}/interviews`

use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::id::{EmployeeId, UserId};
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, Ids, Json, created};

use super::{Due, Interview, InterviewInput, model::Coming, show_figures};
use crate::employee::pages::ContractDay;

#[derive(Serialize, utoipa::ToSchema)]
pub struct HrFigures {
    headcount: usize,
    /// In hundredths.
    full_time_hundredths: u32,
    /// Of the last twelve months.
    entries: usize,
    exits: usize,
    /// Per mille: half of entries and exits over the headcount a year ago; none where that was nobody.
    turnover_permille: Option<u32>,
    /// Per mille of the days of work of twelve months: illness, accidents at work, ill children.
    absence_permille: Option<u32>,
    months: Vec<HrMonth>,
    /// How many have been here for less than a year, 1 to 3, 3 to 5, 5 to 10, and longer.
    seniority: Vec<usize>,
    /// Within 30 days.
    birthdays: Vec<ComingView>,
    /// Within 60 days, or passed while nobody said what followed.
    contract_ends: Vec<ComingView>,
    /// Within 30 days.
    trial_ends: Vec<ComingView>,
    /// Interviews (C. trav. L6315-1) that are due within 90 days, or were.
    interviews: Vec<DueInterview>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct HrMonth {
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    first: Date,
    entries: usize,
    exits: usize,
    headcount: usize,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ComingView {
    /// `emp_…`
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    name: String,
    #[schema(value_type = String, format = Date)]
    on: Date,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DueInterview {
    #[serde(flatten)]
    coming: ComingView,
    /// `first`, `next` or `summary`.
    which: &'static str,
}

impl ComingView {
    fn of(coming: &Coming) -> Self {
        Self { employee_id: coming.employee, name: coming.name.clone(), on: coming.on }
    }
}

/// The people at work in figures.
#[utoipa::path(get, path = "/api/v1/hr-figures", tag = "hr", operation_id = "show_hr_figures",
    responses((status = 200, body = HrFigures)))]
pub async fn show_hr_figures(asker: Asker) -> Result<axum::Json<HrFigures>, Failure> {
    let dashboard = show_figures(&asker).await?;
    let figures = dashboard.figures;
    let all = |coming: &[Coming]| coming.iter().map(ComingView::of).collect();
    let which = |due: &Due| match due {
        Due::First(_) => "first",
        Due::Next(_) => "next",
        Due::Summary(_) => "summary",
    };
    Ok(axum::Json(HrFigures {
        headcount: figures.headcount,
        full_time_hundredths: figures.full_time_hundredths,
        entries: figures.entries,
        exits: figures.exits,
        turnover_permille: figures.turnover_permille,
        absence_permille: dashboard.absence_permille,
        months: figures
            .months
            .iter()
            .map(|month| HrMonth {
                first: month.first,
                entries: month.entries,
                exits: month.exits,
                headcount: month.headcount,
            })
            .collect(),
        seniority: figures.seniority.to_vec(),
        birthdays: all(&figures.birthdays),
        contract_ends: all(&figures.contract_ends),
        trial_ends: all(&figures.trial_ends),
        interviews: dashboard
            .interviews
            .iter()
            .map(|(coming, due)| DueInterview { coming: ComingView::of(coming), which: which(due) })
            .collect(),
    }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct InterviewView {
    #[schema(value_type = String, format = Date)]
    on: Date,
    is_summary: bool,
    note: Option<String>,
    /// `usr_…`
    #[schema(value_type = String)]
    by: UserId,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct InterviewList {
    /// The latest first.
    items: Vec<InterviewView>,
}

impl InterviewView {
    fn of(interview: &Interview) -> Self {
        Self {
            on: interview.on,
            is_summary: interview.is_summary,
            note: interview.note.clone(),
            by: interview.by,
            recorded_at: interview.recorded_at,
        }
    }
}

/// The interviews that were held with an employee.
#[utoipa::path(get, path = "/api/v1/employees/{id}/interviews", tag = "hr", operation_id = "list_interviews",
    params(("id" = String, Path, description = "`emp_…`")), responses((status = 200, body = InterviewList)))]
pub async fn list_interviews(asker: Asker, Id(id): Id<EmployeeId>) -> Result<axum::Json<InterviewList>, Failure> {
    let (_, held) = super::list_interviews(&asker, id).await?;
    Ok(axum::Json(InterviewList { items: held.iter().map(InterviewView::of).collect() }))
}

/// Records an interview as held; one a day.
#[utoipa::path(post, path = "/api/v1/employees/{id}/interviews", tag = "hr", operation_id = "record_interview",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = InterviewInput, responses((status = 201, body = InterviewView)))]
pub async fn record_interview(
    asker: Asker,
    Id(id): Id<EmployeeId>,
    Json(input): Json<InterviewInput>,
) -> Result<Answer<InterviewView>, Failure> {
    let interview = super::record_interview(&asker, id, &input).await?;
    Ok(created(InterviewView::of(&interview), 1, format!("/api/v1/employees/{id}/interviews")))
}

/// Takes back that an interview was held.
#[utoipa::path(delete, path = "/api/v1/employees/{id}/interviews/{from}", tag = "hr", operation_id = "remove_interview",
    params(("id" = String, Path, description = "`emp_…`"), ("from" = String, Path, description = "Its day, `2026-01-01`")),
    responses((status = 204)))]
pub async fn remove_interview(
    asker: Asker,
    Ids((id, on)): Ids<EmployeeId, ContractDay>,
) -> Result<StatusCode, Failure> {
    super::remove_interview(&asker, id, on.0).await?;
    Ok(StatusCode::NO_CONTENT)
}
