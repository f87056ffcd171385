//! `/api/v1/leave`, `/api/v1/employees/{id}/leave`, `/api/v1/leave-count`

use axum::{extract::RawQuery, response::IntoResponse};
use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Rule,
    id::{EmployeeId, LeaveRequestId, LeaveTypeId},
};
use serde::{Deserialize, Serialize};
use table::Stored;
use web::{Answer, Asker, Failure, Id, Ids, IfMatch, Json, created, seen};

use super::{
    Counted, DecisionInput, DelegationInput, LeaveInput, LeaveRequest, LeaveRequestInput, Quantity, RequestState,
    Standing,
    account::{AdjustmentInput, Balances, InformedInput, LeaveAccount, Period, PeriodSum},
    counted,
    edit_leave_settings::none,
    model::CountedDay,
    request,
    sight::{self, employee_of},
    store::{self, Absent, Read},
    types::{LeaveSettings, LeaveSettingsInput},
    words,
};
use crate::{employee::Employee, holiday::pages::asked, paper::api::PaperView, settings::HrSettings, time::pages::csv};

#[derive(Serialize, utoipa::ToSchema)]
pub struct LeaveCount {
    /// Days that the absence takes, in halves: `2.5`.
    days: String,
    /// The day on which work goes on.
    #[schema(value_type = String, format = Date)]
    return_on: Date,
    /// Day by day, `halves` being half days.
    details: Vec<CountedDay>,
}

/// How many days an absence takes, and why.
#[utoipa::path(get, path = "/api/v1/leave-count", tag = "hr", operation_id = "count_leave",
    params(
        ("from" = String, Query, description = "The first day, `2026-05-04`"),
        ("to" = Option<String>, Query, description = "The last day, included; `from` where absent; at most 366 days"),
        ("starts_at_noon" = Option<String>, Query, description = "`true` where the morning of the first day is worked"),
        ("ends_at_noon" = Option<String>, Query, description = "`true` where the afternoon of the last day is worked"),
        ("counting" = Option<String>, Query, description = "`ouvrables` (which an absent one means too) or `ouvres`"),
        ("works_on" = Option<Vec<String>>, Query, description = "1 (Monday) to 7 (Sunday), repeated; Monday to Friday where absent"),
        ("region" = Option<String>, Query, description = "As for holidays"),
        ("works_whit_monday" = Option<String>, Query, description = "`true` where it is worked as the day of solidarity"),
    ),
    responses((status = 200, body = LeaveCount)))]
pub async fn count_leave(_: Asker, RawQuery(query): RawQuery) -> Result<axum::Json<LeaveCount>, Failure> {
    let absence = asked::<LeaveInput>(query)?.parse()?;
    let Counted { total, days, return_on } = counted(&absence);
    Ok(axum::Json(LeaveCount { days: total.plain(), return_on, details: days }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OwnLeave {
    /// `emp_…`, the employee who asks; null for a member who is none.
    #[schema(value_type = Option<String>)]
    employee_id: Option<EmployeeId>,
}

/// Whose leave that of who asks is.
#[utoipa::path(get, path = "/api/v1/leave", tag = "hr", operation_id = "find_own_leave",
    responses((status = 200, body = OwnLeave)))]
pub async fn find_own_leave(asker: Asker) -> Result<axum::Json<OwnLeave>, Failure> {
    Ok(axum::Json(OwnLeave { employee_id: employee_of(&asker.scope, asker.user).await? }))
}

/// What there is of one type and of one year; days as decimals, hours of what is taken by hours.
#[derive(Serialize, utoipa::ToSchema)]
pub struct BalanceView {
    /// `lty_…`
    #[schema(value_type = String)]
    type_id: LeaveTypeId,
    /// The first day of the year in which it was earned.
    #[schema(value_type = String, format = Date)]
    year: Date,
    /// The day until which it is taken.
    #[schema(value_type = String, format = Date)]
    usable_until: Date,
    /// This and what follows: in the unit of its type, days or hours.
    acquired: String,
    taken: String,
    /// Reserved by requests that wait.
    pending: String,
    /// Not taken in time.
    lost: String,
    left: String,
    /// Why; empty where many are listed.
    lines: Vec<LineView>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LeaveLineView)]
pub struct LineView {
    #[schema(value_type = String, format = Date)]
    on: Date,
    days: String,
    /// In French.
    cause: String,
}

impl BalanceView {
    fn of_sum(sum: &PeriodSum) -> Self {
        Self {
            type_id: sum.kind,
            year: sum.year,
            usable_until: sum.usable_until,
            acquired: sum.acquired.plain(),
            taken: sum.taken.plain(),
            pending: sum.pending.plain(),
            lost: sum.lost.plain(),
            left: sum.left().plain(),
            lines: Vec::new(),
        }
    }

    fn of(period: &Period) -> Self {
        let lines = period.lines.iter().map(|line| LineView {
            on: line.on,
            days: line.quantity.plain(),
            cause: words::cause(line),
        });
        Self { lines: lines.collect(), ..Self::of_sum(&period.sum) }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct LeaveRequestView {
    /// `lrq_…`
    #[schema(value_type = String)]
    id: LeaveRequestId,
    /// `emp_…`
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    #[serde(flatten)]
    asked: LeaveRequestInput,
    state: RequestState,
    /// What it takes, in the unit of its type.
    days: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    asked_at: Option<Timestamp>,
    /// Whether the manager said yes, and another is to.
    is_approved_once: bool,
    /// Who decided.
    decided_by: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    decision_comment: Option<String>,
}

/// What a request takes, in the unit of its type.
fn amount(request: &LeaveRequest, leave: &LeaveSettings, employee: &Employee, settings: &HrSettings) -> String {
    match (request.minutes, leave.find(request.kind)) {
        (Some(minutes), _) => Quantity::minutes(minutes).plain(),
        (None, Some(kind)) => request::taken(request.span, kind, employee, settings).total().plain(),
        (None, None) => String::new(),
    }
}

impl LeaveRequestView {
    fn of(read: &Read, request: &LeaveRequest) -> Self {
        Self::new(request, amount(request, &read.leave, &read.employee, &read.settings))
    }

    fn new(request: &LeaveRequest, days: String) -> Self {
        let decision = request.decision.as_ref();
        Self {
            id: request.id,
            employee_id: request.employee,
            asked: LeaveRequestInput::of(request),
            state: request.state,
            days,
            asked_at: request.asked_at,
            is_approved_once: request.first.is_some(),
            decided_by: decision.map(|decision| decision.name.clone()),
            decided_at: decision.map(|decision| decision.at),
            decision_comment: decision.and_then(|decision| decision.comment.clone()),
        }
    }
}

/// Balances and requests of one employee.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LeaveView {
    balances: Vec<BalanceView>,
    /// The newest first.
    requests: Vec<LeaveRequestView>,
}

/// Somebody's leave: for them, who decides on it, and who has `hr:view`.
#[utoipa::path(get, path = "/api/v1/employees/{id}/leave", tag = "hr", operation_id = "show_leave",
    params(("id" = String, Path, description = "`emp_…`")), responses((status = 200, body = LeaveView)))]
pub async fn show_leave(asker: Asker, Id(id): Id<EmployeeId>) -> Result<axum::Json<LeaveView>, Failure> {
    let (read, _) = sight::read(&asker, id).await?;
    let balances = Balances::of(&read.facts());
    let today = asker.today();
    let shown = balances
        .periods()
        .filter(|period| words::is_shown(&period.sum, &read.employee, today))
        .map(BalanceView::of)
        .collect();
    let requests = read.requests.iter().rev().map(|request| LeaveRequestView::of(&read, request)).collect();
    Ok(axum::Json(LeaveView { balances: shown, requests }))
}

fn answered(request: &Stored<LeaveRequest>, is_new: bool) -> Answer<LeaveRequestView> {
    let view = LeaveRequestView::new(request, String::new());
    let path = format!("/api/v1/employees/{}/leave-requests/{}", request.employee, request.id);
    if is_new { created(view, request.version, path) } else { seen(view, request.version) }
}

/// Asks for leave, or leaves a draft. `days` is said by reading it.
#[utoipa::path(post, path = "/api/v1/employees/{id}/leave-requests", tag = "hr", operation_id = "request_leave",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = LeaveRequestInput, responses((status = 201, body = LeaveRequestView)))]
pub async fn request_leave(
    asker: Asker,
    Id(id): Id<EmployeeId>,
    Json(input): Json<LeaveRequestInput>,
) -> Result<Answer<LeaveRequestView>, Failure> {
    let request = super::request_leave(&asker, id, &input).await?;
    Ok(answered(&request, true))
}

/// One request.
#[utoipa::path(get, path = "/api/v1/employees/{id}/leave-requests/{request}", tag = "hr", operation_id = "show_leave_request",
    params(("id" = String, Path, description = "`emp_…`"), ("request" = String, Path, description = "`lrq_…`")),
    responses((status = 200, body = LeaveRequestView)))]
pub async fn show_leave_request(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
) -> Result<Answer<LeaveRequestView>, Failure> {
    let (read, _) = sight::read(&asker, id).await?;
    let found = read.request(request)?;
    Ok(seen(LeaveRequestView::of(&read, found), found.version))
}

/// Changes a draft, and asks unless it is to stay one.
#[utoipa::path(put, path = "/api/v1/employees/{id}/leave-requests/{request}", tag = "hr", operation_id = "edit_leave_request",
    params(("id" = String, Path, description = "`emp_…`"), ("request" = String, Path, description = "`lrq_…`")),
    request_body = LeaveRequestInput, responses((status = 200, body = LeaveRequestView)))]
pub async fn edit_leave_request(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    IfMatch(version): IfMatch,
    Json(input): Json<LeaveRequestInput>,
) -> Result<Answer<LeaveRequestView>, Failure> {
    let changed = super::edit_leave_request(&asker, id, request, &input, version).await?;
    Ok(answered(&changed, false))
}

/// Asks for what a draft says.
#[utoipa::path(post, path = "/api/v1/employees/{id}/leave-requests/{request}/submit", tag = "hr", operation_id = "submit_leave_request",
    params(("id" = String, Path, description = "`emp_…`"), ("request" = String, Path, description = "`lrq_…`")),
    responses((status = 200, body = LeaveRequestView)))]
pub async fn submit_leave_request(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<LeaveRequestView>, Failure> {
    let changed = super::submit_leave_request(&asker, id, request, version).await?;
    Ok(answered(&changed, false))
}

/// Says yes: the manager, who decides for them, or who has `hr:approve`.
#[utoipa::path(post, path = "/api/v1/employees/{id}/leave-requests/{request}/approve", tag = "hr", operation_id = "approve_leave",
    params(("id" = String, Path, description = "`emp_…`"), ("request" = String, Path, description = "`lrq_…`")),
    request_body = DecisionInput, responses((status = 200, body = LeaveRequestView)))]
pub async fn approve_leave(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    IfMatch(version): IfMatch,
    Json(input): Json<DecisionInput>,
) -> Result<Answer<LeaveRequestView>, Failure> {
    let changed = super::approve_leave(&asker, id, request, &input, version).await?;
    Ok(answered(&changed, false))
}

/// Says no, and why.
#[utoipa::path(post, path = "/api/v1/employees/{id}/leave-requests/{request}/refuse", tag = "hr", operation_id = "refuse_leave",
    params(("id" = String, Path, description = "`emp_…`"), ("request" = String, Path, description = "`lrq_…`")),
    request_body = DecisionInput, responses((status = 200, body = LeaveRequestView)))]
pub async fn refuse_leave(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    IfMatch(version): IfMatch,
    Json(input): Json<DecisionInput>,
) -> Result<Answer<LeaveRequestView>, Failure> {
    let changed = super::refuse_leave(&asker, id, request, &input, version).await?;
    Ok(answered(&changed, false))
}

/// Takes a request back before it is decided.
#[utoipa::path(post, path = "/api/v1/employees/{id}/leave-requests/{request}/withdraw", tag = "hr", operation_id = "withdraw_leave",
    params(("id" = String, Path, description = "`emp_…`"), ("request" = String, Path, description = "`lrq_…`")),
    responses((status = 200, body = LeaveRequestView)))]
pub async fn withdraw_leave(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<LeaveRequestView>, Failure> {
    let changed = super::withdraw_leave(&asker, id, request, version).await?;
    Ok(answered(&changed, false))
}

/// Cancels approved leave: its employee until it begins, who decides later too.
#[utoipa::path(post, path = "/api/v1/employees/{id}/leave-requests/{request}/cancel", tag = "hr", operation_id = "cancel_leave",
    params(("id" = String, Path, description = "`emp_…`"), ("request" = String, Path, description = "`lrq_…`")),
    responses((status = 200, body = LeaveRequestView)))]
pub async fn cancel_leave(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<LeaveRequestView>, Failure> {
    let changed = super::cancel_leave(&asker, id, request, version).await?;
    Ok(answered(&changed, false))
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LeaveAccountView)]
pub struct AccountView {
    /// `emp_…`
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    /// The first day that was not counted yet.
    #[schema(value_type = String, format = Date)]
    counted_until: Date,
    balances: Vec<BalanceView>,
}

impl AccountView {
    fn of(account: &LeaveAccount, today: Date) -> Self {
        let shown = account.sums.iter().filter(|sum| sum.usable_until >= today);
        Self {
            employee_id: account.employee,
            counted_until: account.through,
            balances: shown.map(BalanceView::of_sum).collect(),
        }
    }
}

/// Corrects a balance by hand, or gives the days for leave that was split (C. trav. L3141-23).
#[utoipa::path(post, path = "/api/v1/employees/{id}/leave/adjustments", tag = "hr", operation_id = "adjust_leave",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = AdjustmentInput, responses((status = 200, body = AccountView)))]
pub async fn adjust_leave(
    asker: Asker,
    Id(id): Id<EmployeeId>,
    Json(input): Json<AdjustmentInput>,
) -> Result<Answer<AccountView>, Failure> {
    let account = super::adjust_leave(&asker, id, &input).await?;
    Ok(seen(AccountView::of(&account, asker.today()), account.version))
}

/// Notes that an employee was told of leave which sickness kept them from: it is taken within 15 months (C. trav. L3141-19-1).
#[utoipa::path(post, path = "/api/v1/employees/{id}/leave/information", tag = "hr", operation_id = "inform_of_leave",
    params(("id" = String, Path, description = "`emp_…`")),
    request_body = InformedInput, responses((status = 200, body = AccountView)))]
pub async fn inform_of_leave(
    asker: Asker,
    Id(id): Id<EmployeeId>,
    Json(input): Json<InformedInput>,
) -> Result<Answer<AccountView>, Failure> {
    let account = super::inform_of_leave(&asker, id, &input).await?;
    Ok(seen(AccountView::of(&account, asker.today()), account.version))
}

/// Makes out the letter by which an employee who is back from illness is told what leave they have and until when (C. trav.
/// L3141-19-3): it becomes a document of their file that they see, and they are noted as told. 409 where nothing is to be told.
#[utoipa::path(post, path = "/api/v1/employees/{id}/leave/information-letter", tag = "hr",
    operation_id = "write_leave_information", params(("id" = String, Path, description = "`emp_…`")),
    responses((status = 201, body = PaperView)))]
pub async fn write_leave_information(asker: Asker, Id(id): Id<EmployeeId>) -> Result<Answer<PaperView>, Failure> {
    let paper = super::write_leave_information(&asker, id).await?;
    Ok(created(PaperView::new(&paper, false), 1, format!("/api/v1/employees/{id}/papers/{}", paper.id)))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AwaitedLeave {
    /// The oldest first.
    items: Vec<LeaveRequestView>,
}

/// What waits for a decision of who asks.
#[utoipa::path(get, path = "/api/v1/leave/awaited", tag = "hr", operation_id = "list_awaited_leave",
    responses((status = 200, body = AwaitedLeave)))]
pub async fn list_awaited_leave(asker: Asker) -> Result<axum::Json<AwaitedLeave>, Failure> {
    let (staff, open) = super::list_awaited(&asker).await?;
    let view = |request: &Stored<LeaveRequest>| {
        let employee = staff.find(request.employee);
        let days = employee.map(|employee| amount(request, &staff.leave, employee, &staff.settings));
        LeaveRequestView::new(request, days.unwrap_or_default())
    };
    Ok(axum::Json(AwaitedLeave { items: open.iter().map(view).collect() }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct LeaveBalances {
    items: Vec<AccountView>,
}

/// Everybody's balances, as they were counted last; of whom nothing was counted yet, nothing.
#[utoipa::path(get, path = "/api/v1/leave/balances", tag = "hr", operation_id = "list_leave_balances",
    responses((status = 200, body = LeaveBalances)))]
pub async fn list_leave_balances(asker: Asker) -> Result<axum::Json<LeaveBalances>, Failure> {
    let (_, accounts) = super::list_balances(&asker).await?;
    let today = asker.today();
    Ok(axum::Json(LeaveBalances { items: accounts.iter().map(|account| AccountView::of(account, today)).collect() }))
}

/// The same as a CSV file: `;`, UTF-8, French decimals; a row for each employee, type and year.
#[utoipa::path(get, path = "/api/v1/leave/balances/export", tag = "hr", operation_id = "export_leave_balances",
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn export_leave_balances(asker: Asker) -> Result<axum::response::Response, Failure> {
    let file = super::export_balances(&asker).await?;
    Ok(csv(&format!("soldes-conges-{}.csv", asker.today()), file).into_response())
}

/// Somebody who is absent. Of whom one may not know more, only that they are.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AbsentView {
    /// `emp_…`
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    #[schema(value_type = String, format = Date)]
    from: Date,
    starts_at_noon: bool,
    #[schema(value_type = String, format = Date)]
    to: Date,
    ends_at_noon: bool,
    is_approved: bool,
    /// `lrq_…`
    #[schema(value_type = Option<String>)]
    request_id: Option<LeaveRequestId>,
    /// `lty_…`
    #[schema(value_type = Option<String>)]
    type_id: Option<LeaveTypeId>,
}

impl AbsentView {
    fn of(absent: &Absent, standing: Standing) -> Self {
        Self {
            employee_id: absent.employee,
            from: absent.span.from,
            starts_at_noon: absent.span.starts_at_noon,
            to: absent.span.to,
            ends_at_noon: absent.span.ends_at_noon,
            is_approved: absent.is_approved,
            request_id: standing.sees().then_some(absent.request),
            type_id: standing.sees().then_some(absent.kind),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Absences {
    /// By their first days.
    items: Vec<AbsentView>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct BetweenInput {
    pub from: String,
    pub to: String,
}

impl BetweenInput {
    /// 366 days at most.
    fn parse(&self) -> Result<(Date, Date), Error> {
        let mut wrong = kernel::Violations::default();
        let from = wrong.take("/from", kernel::legal::date(&self.from));
        let to = wrong.take("/to", kernel::legal::date(&self.to));
        match (from, to) {
            (Some(from), Some(to)) if from <= to && to < store::year_after(from) => Ok((from, to)),
            (Some(from), Some(_)) => {
                wrong.add("/to", Rule::Before { date: kernel::text::short_date(from) });
                Err(wrong.into())
            }
            _ => Err(wrong.into()),
        }
    }
}

/// Who is absent between two days, a year at most.
#[utoipa::path(get, path = "/api/v1/leave/absences", tag = "hr", operation_id = "list_absences",
    params(
        ("from" = String, Query, description = "The first day, `2026-05-01`"),
        ("to" = String, Query, description = "The last day, included"),
    ),
    responses((status = 200, body = Absences)))]
pub async fn list_absences(asker: Asker, RawQuery(query): RawQuery) -> Result<axum::Json<Absences>, Failure> {
    let (from, to) = asked::<BetweenInput>(query)?.parse()?;
    let (_, absent) = super::list_absent(&asker, from, to).await?;
    let items = absent.iter().map(|(absent, standing)| AbsentView::of(absent, *standing)).collect();
    Ok(axum::Json(Absences { items }))
}

/// Types of leave, and how it is decided on.
#[utoipa::path(get, path = "/api/v1/leave/types", tag = "hr", operation_id = "show_leave_settings",
    responses((status = 200, body = LeaveSettingsInput)))]
pub async fn show_leave_settings(asker: Asker) -> Result<Answer<LeaveSettingsInput>, Failure> {
    let settings = store::leave_settings(&asker.scope).await?.unwrap_or_else(none);
    Ok(seen(LeaveSettingsInput::of(&settings), settings.version))
}

/// Replaces them; a type that is not named stays as it is.
#[utoipa::path(put, path = "/api/v1/leave/types", tag = "hr", operation_id = "edit_leave_settings",
    request_body = LeaveSettingsInput, responses((status = 200, body = LeaveSettingsInput)))]
pub async fn edit_leave_settings(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<LeaveSettingsInput>,
) -> Result<Answer<LeaveSettingsInput>, Failure> {
    let settings = super::edit_leave_settings(&asker, &input, version).await?;
    Ok(seen(LeaveSettingsInput::of(&settings), settings.version))
}

/// Hands one's decisions over for some days, in the place of what was handed over before.
#[utoipa::path(put, path = "/api/v1/leave/delegation", tag = "hr", operation_id = "delegate_leave",
    request_body = DelegationInput, responses((status = 204)))]
pub async fn delegate_leave(asker: Asker, Json(input): Json<DelegationInput>) -> Result<http::StatusCode, Failure> {
    super::delegate_leave(&asker, &input).await?;
    Ok(http::StatusCode::NO_CONTENT)
}
