//! `/rh/paie`

use askama::Template;
use axum::{extract::RawQuery, response::IntoResponse};
use http::StatusCode;
use kernel::{page::PageRequest, text};
use table::Order;
use web::{Asker, Form, Id, PageResult, Shell, form::FieldErrors, page, page_with_status};

use super::{
    Payroll, Sight,
    api::closing_of,
    model::{self, Difference, Line},
};
use crate::{
    Nothing,
    elision::de,
    time::{Month, ReasonInput, model::clock, pages::csv},
};

const PATH: &str = "/rh/paie";
/// How many months the list begins with.
const MONTHS: i32 = 12;

#[derive(Template)]
#[template(path = "payrolls.html")]
struct PayrollsPage {
    shell: Shell,
    rows: Vec<MonthRow>,
}

struct MonthRow {
    month: Month,
    title: String,
    is_closed: bool,
    was_closed: bool,
}

pub async fn list_payrolls(asker: Asker) -> PageResult {
    let asked = PageRequest { limit: 100, cursor: None };
    let found = asker.scope.list::<Payroll>(&asker.scope.keys().payrolls(), &asked, Order::Descending).await?;
    let present = Month::of(asker.today());
    let mut months: Vec<Month> = (0..MONTHS).map(|back| present.plus(-back)).collect();
    months.extend(found.items.iter().map(|payroll| payroll.month).filter(|month| *month < present.plus(1 - MONTHS)));
    let row = |month: Month| {
        let stored = found.items.iter().find(|payroll| payroll.month == month);
        MonthRow {
            month,
            title: text::french_month(month.first()),
            is_closed: stored.is_some_and(|payroll| payroll.is_closed),
            was_closed: stored.is_some_and(|payroll| payroll.closings > 0),
        }
    };
    page(&PayrollsPage {
        shell: Shell::new(&asker, "hr", "Variables de paie"),
        rows: months.into_iter().map(row).collect(),
    })
}

#[derive(Template)]
#[template(path = "payroll.html")]
struct PayrollPage {
    shell: Shell,
    form_key: String,
    month: Month,
    version: u64,
    is_closed: bool,
    /// The last day of a month that goes on.
    goes_on_until: Option<String>,
    columns: Vec<String>,
    rows: Vec<LineRow>,
    unapproved: u32,
    differences: Vec<Difference>,
    steps: Vec<StepRow>,
    closings: Vec<(u16, String)>,
    errors: FieldErrors,
}

struct LineRow {
    href: String,
    name: String,
    number: String,
    /// By their columns, what is not nothing.
    cells: Vec<(String, String)>,
}

struct StepRow {
    title: String,
    at: String,
    text: String,
    kind: &'static str,
}

fn at_text(asker: &Asker, at: jiff::Timestamp) -> String {
    let zone = asker.organization.zone();
    let time = clock(at, &zone);
    format!("{} à {time}", asker.organization.date(asker.organization.day(at)))
}

impl PayrollPage {
    fn of(asker: &Asker, sight: &Sight, errors: FieldErrors) -> Self {
        let (rates, lines) =
            sight.closed().map_or((sight.rates, &sight.lines), |closing| (closing.rates, &closing.lines));
        let columns = model::columns(rates);
        Self {
            shell: Shell::new(asker, "hr", format!("Paie {}", de(&text::french_month(sight.month.first())))),
            form_key: asker.form_key(),
            month: sight.month,
            version: sight.payroll.version,
            is_closed: sight.payroll.is_closed,
            goes_on_until: Some(sight.month.last())
                .filter(|last| *last > asker.today())
                .map(|last| asker.organization.date(last)),
            rows: lines
                .iter()
                .map(|line| LineRow {
                    href: format!("/rh/temps/{}/mois/{}", line.employee, sight.month),
                    name: line.name(),
                    number: line.number.clone(),
                    cells: columns.iter().cloned().zip(line.shown()).collect(),
                })
                .collect(),
            columns,
            unapproved: lines.iter().map(|line| u32::from(line.unapproved)).sum(),
            differences: sight.differences(Line::shown),
            steps: sight
                .payroll
                .steps
                .iter()
                .rev()
                .map(|step| StepRow {
                    title: format!("{} par {}", if step.closes { "Clôturé" } else { "Rouvert" }, step.by.name),
                    at: at_text(asker, step.at),
                    text: step.reason.clone().unwrap_or_default(),
                    kind: if step.closes { "success" } else { "warning" },
                })
                .collect(),
            closings: sight.closings.iter().rev().map(|closing| (closing.number, at_text(asker, closing.at))).collect(),
            errors,
        }
    }
}

pub async fn show_payroll(asker: Asker, Id(month): Id<Month>) -> PageResult {
    let sight = super::show_payroll(&asker, month).await?;
    page(&PayrollPage::of(&asker, &sight, FieldErrors::default()))
}

async fn refused(asker: &Asker, month: Month, errors: FieldErrors) -> PageResult {
    let sight = super::show_payroll(asker, month).await?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &PayrollPage::of(asker, &sight, errors))
}

pub async fn close_payroll(asker: Asker, Id(month): Id<Month>, Form { version, .. }: Form<Nothing>) -> PageResult {
    match super::close_payroll(&asker, month, version).await {
        Ok(_) => asker.done(&format!("{PATH}/{month}"), "Mois clôturé."),
        Err(error) => refused(&asker, month, FieldErrors::summary_of(error)?).await,
    }
}

pub async fn reopen_payroll(
    asker: Asker,
    Id(month): Id<Month>,
    Form { input, version }: Form<ReasonInput>,
) -> PageResult {
    match super::reopen_payroll(&asker, month, &input, version).await {
        Ok(_) => asker.done(&format!("{PATH}/{month}"), "Mois rouvert."),
        Err(error) => refused(&asker, month, FieldErrors::from_error(error)?).await,
    }
}

pub async fn export_payroll(asker: Asker, Id(month): Id<Month>, RawQuery(query): RawQuery) -> PageResult {
    let number = closing_of(query)?;
    let sight = super::show_payroll(&asker, month).await?;
    Ok(csv(&format!("paie-{month}.csv"), sight.to_csv(number)?).into_response())
}
