//! `/api/v1/employees/{id}/weeks/{week}`, `/api/v1/employees/{id}/months/{month}`, `/api/v1/time`

use axum::{extract::RawQuery, response::IntoResponse};
use kernel::{Error, id::EmployeeId};
use serde::{Deserialize, Serialize};
use web::{Answer, Asker, Failure, Id, Ids, IfMatch, Json, seen};

use super::{
    Clocking, DueSelection, IsoWeek, Month, ReasonInput, Recap, SpanInput, TimeSettingsInput, WeekInput, WeekSight,
    WeekState,
    absence::AbsenceKind,
    checks::Warning,
    list_time_weeks::TeamWeek,
    measure::Tally,
    model::{Span, StepKind, TimeChange},
    sight::{DaySight, zone},
};
use crate::{employee::EmployeeOf, holiday::pages::asked};

/// Time that was worked in one go.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SpanView {
    #[serde(flatten)]
    span: SpanInput,
    /// Without its breaks.
    minutes: u32,
    /// Whether it is as it was clocked.
    clocked: bool,
}

impl SpanView {
    fn of(asker: &Asker, span: &Span) -> Self {
        Self { span: SpanInput::of(span, &zone(asker)), minutes: span.minutes(), clocked: span.clocked }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TimeStepView)]
pub struct StepView {
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    by: String,
    what: StepKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// A week of somebody's time. All times are in minutes.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TimeWeekView)]
pub struct WeekView {
    /// `emp_…`
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    name: String,
    /// `2026-W48`
    #[schema(value_type = String)]
    week: IsoWeek,
    state: WeekState,
    /// Whether the employee contests it, and nobody has answered.
    is_disputed: bool,
    spans: Vec<SpanView>,
    days: Vec<DaySight>,
    tally: Tally,
    /// Overtime of the year up to this week; absent where it was not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    year_overtime: Option<u32>,
    /// How much overtime a year may have.
    quota: u32,
    /// What the law says against it. Nothing is refused for it.
    warnings: Vec<Warning>,
    /// What was decided and said, in its order.
    steps: Vec<StepView>,
}

impl WeekView {
    fn of(asker: &Asker, sight: WeekSight) -> Self {
        let week = sight.week.value;
        Self {
            employee_id: sight.employee,
            name: sight.name,
            week: week.week,
            state: week.state,
            is_disputed: week.is_disputed,
            spans: week.spans.iter().map(|span| SpanView::of(asker, span)).collect(),
            days: sight.days,
            tally: sight.tally,
            year_overtime: sight.year_overtime,
            quota: sight.quota,
            warnings: sight.warnings,
            steps: week
                .steps
                .into_iter()
                .map(|step| StepView { at: step.at, by: step.by.name, what: step.what, text: step.text })
                .collect(),
        }
    }
}

fn answer(asker: &Asker, sight: WeekSight) -> Answer<WeekView> {
    let version = sight.week.version;
    seen(WeekView::of(asker, sight), version)
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OwnEmployeeView {
    /// `emp_…`
    #[schema(value_type = String)]
    employee_id: EmployeeId,
}

/// The file of who asks; 404 for a member who is no employee.
#[utoipa::path(get, path = "/api/v1/employees/me", tag = "hr", operation_id = "show_own_employee",
    responses((status = 200, body = OwnEmployeeView)))]
pub async fn show_own_employee(asker: Asker) -> Result<axum::Json<OwnEmployeeView>, Failure> {
    let own = asker.scope.get::<EmployeeOf>(&asker.scope.keys().employee_of(asker.user)).await?;
    let own = own.ok_or(Error::NotFound)?;
    Ok(axum::Json(OwnEmployeeView { employee_id: own.employee }))
}

/// A week of somebody's: one's own, that of whom one is above, or of anybody for who may read files.
#[utoipa::path(get, path = "/api/v1/employees/{id}/weeks/{week}", tag = "hr", operation_id = "show_time_week",
    params(("id" = String, Path, description = "`emp_…`"), ("week" = String, Path, description = "`2026-W48`")),
    responses((status = 200, body = WeekView)))]
pub async fn show_time_week(
    asker: Asker,
    Ids((id, week)): Ids<EmployeeId, IsoWeek>,
) -> Result<Answer<WeekView>, Failure> {
    let (sight, _) = super::show_time_week(&asker, id, week).await?;
    Ok(answer(&asker, sight))
}

/// Replaces what was worked in a week that is not locked. What the law says against it comes in `warnings` of the same answer.
#[utoipa::path(put, path = "/api/v1/employees/{id}/weeks/{week}", tag = "hr", operation_id = "edit_time_week",
    params(("id" = String, Path, description = "`emp_…`"), ("week" = String, Path, description = "`2026-W48`")),
    request_body = WeekInput, responses((status = 200, body = WeekView)))]
pub async fn edit_time_week(
    asker: Asker,
    Ids((id, week)): Ids<EmployeeId, IsoWeek>,
    IfMatch(version): IfMatch,
    Json(input): Json<WeekInput>,
) -> Result<Answer<WeekView>, Failure> {
    let sight = super::edit_time_week(&asker, id, week, &input, version).await?;
    Ok(answer(&asker, sight))
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = TimeChangeView)]
pub struct ChangeView {
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What is not there any more, or is otherwise.
    before: Vec<SpanView>,
    after: Vec<SpanView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ChangeList {
    items: Vec<ChangeView>,
}

/// What was changed of a week, by whom and why, the last first.
#[utoipa::path(get, path = "/api/v1/employees/{id}/weeks/{week}/changes", tag = "hr", operation_id = "list_time_changes",
    params(("id" = String, Path, description = "`emp_…`"), ("week" = String, Path, description = "`2026-W48`")),
    responses((status = 200, body = ChangeList)))]
pub async fn list_time_changes(
    asker: Asker,
    Ids((id, week)): Ids<EmployeeId, IsoWeek>,
) -> Result<axum::Json<ChangeList>, Failure> {
    let changes = super::changes(&asker, id, week);
    let (read, changes) = table::meter::side_by_side(super::store::read(&asker, id, week, week, &[]), changes).await;
    read?;
    let spans = |spans: &[Span]| spans.iter().map(|span| SpanView::of(&asker, span)).collect();
    let items = changes?.into_iter().map(|change: TimeChange| ChangeView {
        at: change.at,
        before: spans(&change.before),
        after: spans(&change.after),
        by: change.by.name,
        reason: change.reason,
    });
    Ok(axum::Json(ChangeList { items: items.collect() }))
}

/// An act on a week that is read, decided and answered as each other is: where it is, and whether it says why.
macro_rules! act {
    ($(#[$doc:meta])* $act:ident at $path:literal) => {
        act!(@ $(#[$doc])* $act, $path, (), (), ());
    };
    ($(#[$doc:meta])* $act:ident at $path:literal with $input:ident) => {
        act!(@ $(#[$doc])* $act, $path, (request_body = $input,), (input: Json<$input>,), (&input.0,));
    };
    (@ $(#[$doc:meta])* $act:ident, $path:literal, ($($body:tt)*), ($($input:tt)*), ($($given:tt)*)) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "hr", operation_id = stringify!($act),
            params(("id" = String, Path, description = "`emp_…`"), ("week" = String, Path, description = "`2026-W48`")),
            $($body)* responses((status = 200, body = WeekView)))]
        pub async fn $act(
            asker: Asker,
            Ids((id, week)): Ids<EmployeeId, IsoWeek>,
            IfMatch(version): IfMatch,
            $($input)*
        ) -> Result<Answer<WeekView>, Failure> {
            Ok(answer(&asker, super::$act(&asker, id, week, $($given)* version).await?))
        }
    };
}

act! {
    /// Hands a week in.
    submit_time_week at "/api/v1/employees/{id}/weeks/{week}/submit"
}

act! {
    /// Approves a week that was handed in, by who is above the employee or may approve for everybody. It is locked from then on.
    approve_time_week at "/api/v1/employees/{id}/weeks/{week}/approve"
}

act! {
    /// Gives a week back to be corrected, for a reason; who handed it in takes it back while nobody decided.
    reopen_time_week at "/api/v1/employees/{id}/weeks/{week}/reopen" with ReasonInput
}

act! {
    /// The employee contests a week that was approved: who decides is to answer, or to reopen it.
    dispute_time_week at "/api/v1/employees/{id}/weeks/{week}/dispute" with ReasonInput
}

act! {
    /// Answers who contests a week: it stays as it was approved.
    answer_time_dispute at "/api/v1/employees/{id}/weeks/{week}/answer" with ReasonInput
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ClockingView {
    /// Since when they are here; absent where they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<jiff::Timestamp>,
    week: WeekView,
}

fn clocking(asker: &Asker, clocking: Clocking) -> axum::Json<ClockingView> {
    axum::Json(ClockingView { since: clocking.since, week: WeekView::of(asker, clocking.week) })
}

/// Whether who asks is clocked in. For their own file only.
#[utoipa::path(get, path = "/api/v1/employees/{id}/clocking", tag = "hr", operation_id = "show_clocking",
    params(("id" = String, Path, description = "`emp_…`")), responses((status = 200, body = ClockingView)))]
pub async fn show_clocking(asker: Asker, Id(id): Id<EmployeeId>) -> Result<axum::Json<ClockingView>, Failure> {
    Ok(clocking(&asker, super::show_clocking(&asker, id).await?))
}

/// Clocks in; whoever is in already stays so.
#[utoipa::path(post, path = "/api/v1/employees/{id}/clock-in", tag = "hr", operation_id = "clock_in",
    params(("id" = String, Path, description = "`emp_…`")), responses((status = 200, body = ClockingView)))]
pub async fn clock_in(asker: Asker, Id(id): Id<EmployeeId>) -> Result<axum::Json<ClockingView>, Failure> {
    Ok(clocking(&asker, super::clock_in(&asker, id).await?))
}

/// Clocks out; twice within a minute is once.
#[utoipa::path(post, path = "/api/v1/employees/{id}/clock-out", tag = "hr", operation_id = "clock_out",
    params(("id" = String, Path, description = "`emp_…`")), responses((status = 200, body = ClockingView)))]
pub async fn clock_out(asker: Asker, Id(id): Id<EmployeeId>) -> Result<axum::Json<ClockingView>, Failure> {
    Ok(clocking(&asker, super::clock_out(&asker, id).await?))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TeamQuery {
    pub week: String,
    pub undecided: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TeamWeekView {
    /// `emp_…`
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    name: String,
    #[schema(value_type = String)]
    week: IsoWeek,
    state: WeekState,
    is_disputed: bool,
    tally: Tally,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TeamWeekList {
    items: Vec<TeamWeekView>,
}

/// Everybody's week whose time who asks may see, or the weeks on which they are to decide.
#[utoipa::path(get, path = "/api/v1/time/weeks", tag = "hr", operation_id = "list_time_weeks",
    params(
        ("week" = Option<String>, Query, description = "`2026-W48`; this week where absent"),
        ("undecided" = Option<String>, Query, description = "`true` for those that wait for a decision, of whichever week"),
    ),
    responses((status = 200, body = TeamWeekList)))]
pub async fn list_time_weeks(asker: Asker, RawQuery(query): RawQuery) -> Result<axum::Json<TeamWeekList>, Failure> {
    let query: TeamQuery = asked(query)?;
    let found = if query.undecided == "true" {
        super::list_undecided_time_weeks(&asker).await?
    } else {
        super::list_time_weeks(&asker, week_of(&asker, &query.week)?).await?
    };
    let view = |team: TeamWeek| TeamWeekView {
        employee_id: team.employee.id,
        name: team.employee.name(),
        week: team.week.week,
        state: team.week.state,
        is_disputed: team.week.is_disputed,
        tally: team.tally,
    };
    Ok(axum::Json(TeamWeekList { items: found.into_iter().map(view).collect() }))
}

/// The week that a query names; this one where it names none.
pub fn week_of(asker: &Asker, typed: &str) -> Result<IsoWeek, Error> {
    match typed {
        "" => Ok(IsoWeek::of(asker.today())),
        text => text.parse().map_err(|_| Error::Malformed { detail: "week must be like 2026-W48".into() }),
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecapWeekView {
    #[schema(value_type = String)]
    week: IsoWeek,
    state: WeekState,
    tally: Tally,
}

/// What was taken by hours of a kind of leave.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AbsenceHoursView {
    name: String,
    minutes: u32,
}

impl AbsenceHoursView {
    pub fn all(hours: &[(AbsenceKind, String, u32)]) -> Vec<Self> {
        hours.iter().map(|(_, name, minutes)| Self { name: name.clone(), minutes: *minutes }).collect()
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecapAbsenceView {
    name: String,
    /// `2.5`
    days: String,
}

/// A month of somebody's time, in minutes.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RecapView {
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    name: String,
    /// `2026-11`
    #[schema(value_type = String)]
    month: Month,
    worked: u32,
    night: u32,
    /// Of the weeks that end in it.
    paid: Tally,
    days: Vec<DaySight>,
    weeks: Vec<RecapWeekView>,
    absences: Vec<RecapAbsenceView>,
    /// What was taken by hours.
    absence_hours: Vec<AbsenceHoursView>,
    /// Overtime of the year up to its last week.
    year_overtime: u32,
    quota: u32,
}

impl RecapView {
    fn of(recap: Recap) -> Self {
        Self {
            employee_id: recap.read.employee.id,
            name: recap.read.employee.name(),
            month: recap.month,
            worked: recap.tally.worked,
            night: recap.tally.night,
            paid: recap.tally.paid,
            days: recap.days,
            weeks: recap.weeks.into_iter().map(|(week, state, tally)| RecapWeekView { week, state, tally }).collect(),
            absences: recap
                .tally
                .absences
                .iter()
                .cloned()
                .map(|(_, name, halves)| RecapAbsenceView {
                    name,
                    days: super::recap::french_days(halves).replace(',', "."),
                })
                .collect(),
            absence_hours: AbsenceHoursView::all(&recap.tally.hours),
            year_overtime: recap.year_overtime,
            quota: recap.quota,
        }
    }
}

/// A month of somebody's: what goes to the annex of their pay slip.
#[utoipa::path(get, path = "/api/v1/employees/{id}/months/{month}", tag = "hr", operation_id = "show_time_recap",
    params(("id" = String, Path, description = "`emp_…`"), ("month" = String, Path, description = "`2026-11`")),
    responses((status = 200, body = RecapView)))]
pub async fn show_time_recap(
    asker: Asker,
    Ids((id, month)): Ids<EmployeeId, Month>,
) -> Result<axum::Json<RecapView>, Failure> {
    Ok(axum::Json(RecapView::of(super::show_recap(&asker, id, month).await?)))
}

/// The same as a CSV file: `;`, UTF-8, French decimals.
#[utoipa::path(get, path = "/api/v1/employees/{id}/months/{month}/export", tag = "hr", operation_id = "export_time_recap",
    params(("id" = String, Path, description = "`emp_…`"), ("month" = String, Path, description = "`2026-11`")),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn export_time_recap(
    asker: Asker,
    Ids((id, month)): Ids<EmployeeId, Month>,
) -> Result<axum::response::Response, Failure> {
    let recap = super::show_recap(&asker, id, month).await?;
    Ok(super::pages::csv(&format!("temps-{month}.csv"), recap.to_csv()?).into_response())
}

/// What agreements say of working time, since when.
#[utoipa::path(get, path = "/api/v1/time/settings", tag = "hr", operation_id = "show_time_settings",
    responses((status = 200, body = TimeSettingsInput)))]
pub async fn show_time_settings(asker: Asker) -> Result<Answer<TimeSettingsInput>, Failure> {
    let settings = super::show_time_settings(&asker.scope).await?;
    Ok(seen(TimeSettingsInput::of(&settings), settings.version))
}

/// Replaces them. What the law does not let an agreement say is refused.
#[utoipa::path(put, path = "/api/v1/time/settings", tag = "hr", operation_id = "edit_time_settings",
    request_body = TimeSettingsInput, responses((status = 200, body = TimeSettingsInput)))]
pub async fn edit_time_settings(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<TimeSettingsInput>,
) -> Result<Answer<TimeSettingsInput>, Failure> {
    let settings = super::edit_time_settings(&asker.scope, &input, version).await?;
    Ok(seen(TimeSettingsInput::of(&settings), settings.version))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DueWeekView {
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    /// Absent of who has no file any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[schema(value_type = String)]
    week: IsoWeek,
    /// The rule that says so.
    rule: &'static str,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DueWeekList {
    items: Vec<DueWeekView>,
}

/// Weeks that need not be kept any more, the oldest first.
#[utoipa::path(get, path = "/api/v1/time/due", tag = "hr", operation_id = "list_due_time_weeks",
    responses((status = 200, body = DueWeekList)))]
pub async fn list_due_time_weeks(asker: Asker) -> Result<axum::Json<DueWeekList>, Failure> {
    let rule = super::law::kept_months(asker.today()).source;
    let found = super::list_due_time_weeks(&asker).await?;
    let items = found.into_iter().map(|(week, employee)| DueWeekView {
        employee_id: week.employee,
        name: employee.map(|employee| employee.name()),
        week: week.week,
        rule,
    });
    Ok(axum::Json(DueWeekList { items: items.collect() }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RemovedView {
    removed: usize,
}

/// Removes weeks that need not be kept any more, with their history.
#[utoipa::path(post, path = "/api/v1/time/due/remove", tag = "hr", operation_id = "remove_due_time_weeks",
    request_body = DueSelection, responses((status = 200, body = RemovedView)))]
pub async fn remove_due_time_weeks(
    asker: Asker,
    Json(selection): Json<DueSelection>,
) -> Result<axum::Json<RemovedView>, Failure> {
    Ok(axum::Json(RemovedView { removed: super::remove_due_time_weeks(&asker, &selection).await? }))
}
