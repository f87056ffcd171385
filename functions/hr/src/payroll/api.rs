//! `/api/v1/payrolls`

use axum::{extract::RawQuery, response::IntoResponse};
use kernel::{Currency, Error, Minor, id::EmployeeId, page::PageRequest};
use serde::{Deserialize, Serialize};
use table::Order;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, seen};

use super::{
    Line, Payroll, Sight,
    model::{Expenses, Step},
};
use crate::{
    holiday::pages::asked,
    time::{Month, ReasonInput, api::AbsenceHoursView, measure::Tally, recap::french_days},
};

#[derive(Serialize, utoipa::ToSchema)]
pub struct PayrollStepView {
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    by: String,
    /// Whether it was closed, or else reopened.
    closes: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PayrollAbsenceView {
    name: String,
    /// `2.5`
    days: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PayrollExpensesView {
    currency: Currency,
    approved_minor: Minor,
    /// What of it was paid back already, and not with the wages.
    reimbursed_minor: Minor,
}

impl PayrollExpensesView {
    fn of(expenses: &Expenses) -> Self {
        let Expenses { currency, approved_minor, reimbursed_minor } = *expenses;
        Self { currency, approved_minor, reimbursed_minor }
    }
}

/// One employee's month, in minutes, of weeks that were approved.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PayrollLineView {
    #[schema(value_type = String)]
    employee_id: EmployeeId,
    number: String,
    last_name: String,
    first_name: String,
    /// On the days of the month.
    worked: u32,
    night: u32,
    /// Of the weeks that end in it.
    paid: Tally,
    absences: Vec<PayrollAbsenceView>,
    /// What was taken by hours.
    absence_hours: Vec<AbsenceHoursView>,
    /// What was approved of their reports of expenses in the month, by currency.
    expenses: Vec<PayrollExpensesView>,
    /// Weeks with time in them that nobody has approved: they count for nothing here.
    unapproved: u16,
}

impl PayrollLineView {
    fn of(line: &Line) -> Self {
        let tally = &line.tally;
        let absence = |(_, name, halves): &(_, String, u32)| PayrollAbsenceView {
            name: name.clone(),
            days: french_days(*halves).replace(',', "."),
        };
        Self {
            employee_id: line.employee,
            number: line.number.clone(),
            last_name: line.last_name.clone(),
            first_name: line.first_name.clone(),
            worked: tally.worked,
            night: tally.night,
            paid: tally.paid,
            absences: tally.absences.iter().map(absence).collect(),
            absence_hours: AbsenceHoursView::all(&tally.hours),
            expenses: line.expenses.iter().map(PayrollExpensesView::of).collect(),
            unapproved: line.unapproved,
        }
    }
}

/// What a month would say now and did not when it was closed.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DifferenceView {
    name: String,
    column: String,
    closed: String,
    now: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PayrollView {
    #[schema(value_type = String)]
    month: Month,
    is_closed: bool,
    /// How often it was closed.
    closings: u16,
    /// What it said when it was closed, or what it says now.
    lines: Vec<PayrollLineView>,
    differences: Vec<DifferenceView>,
    steps: Vec<PayrollStepView>,
}

fn steps(steps: &[Step]) -> Vec<PayrollStepView> {
    let view = |step: &Step| PayrollStepView {
        at: step.at,
        by: step.by.name.clone(),
        closes: step.closes,
        reason: step.reason.clone(),
    };
    steps.iter().map(view).collect()
}

impl PayrollView {
    fn of(sight: &Sight) -> Self {
        let lines = sight.closed().map_or(&sight.lines, |closing| &closing.lines);
        let difference = |one: super::model::Difference| DifferenceView {
            name: one.name,
            column: one.column,
            closed: one.closed,
            now: one.now,
        };
        Self {
            month: sight.month,
            is_closed: sight.payroll.is_closed,
            closings: sight.payroll.closings,
            lines: lines.iter().map(PayrollLineView::of).collect(),
            differences: sight.differences(Line::cells).into_iter().map(difference).collect(),
            steps: steps(&sight.payroll.steps),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PayrollStateView {
    #[schema(value_type = String)]
    month: Month,
    is_closed: bool,
    closings: u16,
    steps: Vec<PayrollStepView>,
}

impl PayrollStateView {
    fn of(payroll: &Payroll) -> Self {
        Self {
            month: payroll.month,
            is_closed: payroll.is_closed,
            closings: payroll.closings,
            steps: steps(&payroll.steps),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PayrollList {
    items: Vec<PayrollStateView>,
}

/// Months that were closed once, the last first.
#[utoipa::path(get, path = "/api/v1/payrolls", tag = "hr", operation_id = "list_payrolls",
    responses((status = 200, body = PayrollList)))]
pub async fn list_payrolls(asker: Asker) -> Result<axum::Json<PayrollList>, Failure> {
    let page = PageRequest { limit: 100, cursor: None };
    let found = asker.scope.list::<Payroll>(&asker.scope.keys().payrolls(), &page, Order::Descending).await?;
    Ok(axum::Json(PayrollList { items: found.items.iter().map(|one| PayrollStateView::of(one)).collect() }))
}

/// A month: what it said when it was closed and what differs since, or what it would say now.
#[utoipa::path(get, path = "/api/v1/payrolls/{month}", tag = "hr", operation_id = "show_payroll",
    params(("month" = String, Path, description = "`2026-11`")), responses((status = 200, body = PayrollView)))]
pub async fn show_payroll(asker: Asker, Id(month): Id<Month>) -> Result<Answer<PayrollView>, Failure> {
    let sight = super::show_payroll(&asker, month).await?;
    Ok(seen(PayrollView::of(&sight), sight.payroll.version))
}

/// Closes a month with what it says now.
#[utoipa::path(post, path = "/api/v1/payrolls/{month}/close", tag = "hr", operation_id = "close_payroll",
    params(("month" = String, Path, description = "`2026-11`")), responses((status = 200, body = PayrollStateView)))]
pub async fn close_payroll(
    asker: Asker,
    Id(month): Id<Month>,
    IfMatch(version): IfMatch,
) -> Result<Answer<PayrollStateView>, Failure> {
    let payroll = super::close_payroll(&asker, month, version).await?;
    Ok(seen(PayrollStateView::of(&payroll), payroll.version))
}

/// Reopens a month that was closed, for a reason. What it said is kept.
#[utoipa::path(post, path = "/api/v1/payrolls/{month}/reopen", tag = "hr", operation_id = "reopen_payroll",
    params(("month" = String, Path, description = "`2026-11`")),
    request_body = ReasonInput, responses((status = 200, body = PayrollStateView)))]
pub async fn reopen_payroll(
    asker: Asker,
    Id(month): Id<Month>,
    IfMatch(version): IfMatch,
    Json(input): Json<ReasonInput>,
) -> Result<Answer<PayrollStateView>, Failure> {
    let payroll = super::reopen_payroll(&asker, month, &input, version).await?;
    Ok(seen(PayrollStateView::of(&payroll), payroll.version))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ExportQuery {
    pub closing: String,
}

/// Which closing a query names; none where it names none.
pub fn closing_of(query: Option<String>) -> Result<Option<u16>, Error> {
    let query: ExportQuery = asked(query)?;
    match query.closing.as_str() {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| Error::NotFound),
    }
}

/// A month as a CSV file: `;`, UTF-8, French decimals. Of one that is closed, what it said.
#[utoipa::path(get, path = "/api/v1/payrolls/{month}/export", tag = "hr", operation_id = "export_payroll",
    params(
        ("month" = String, Path, description = "`2026-11`"),
        ("closing" = Option<u16>, Query, description = "What it said when it was closed for this time"),
    ),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn export_payroll(
    asker: Asker,
    Id(month): Id<Month>,
    RawQuery(query): RawQuery,
) -> Result<axum::response::Response, Failure> {
    let number = closing_of(query)?;
    let sight = super::show_payroll(&asker, month).await?;
    Ok(crate::time::pages::csv(&format!("paie-{month}.csv"), sight.to_csv(number)?).into_response())
}
