//! `/rh/tableau-de-bord`; and the box of an employee's page in which their interviews stand.

use askama::Template;
use http::StatusCode;
use jiff::civil::Date;
use kernel::{
    id::EmployeeId,
    money::french_decimal,
    text::{self, french_date},
};
use rust_decimal::Decimal;
use web::{Asker, Failure, Form, Id, Ids, PageResult, Shell, form::FieldErrors, page, page_with_status};

use super::{
    Interview, InterviewInput, interview_rule,
    model::{Coming, SENIORITY},
    next_interview, show_figures,
};
use crate::{
    Nothing,
    employee::{
        Employee,
        pages::{ContractDay, PATH as EMPLOYEES},
    },
};

pub const PATH: &str = "/rh/tableau-de-bord";

#[derive(Template)]
#[template(path = "hr_dashboard.html")]
struct DashboardPage {
    shell: Shell,
    headcount: usize,
    full_time: String,
    entries: usize,
    exits: usize,
    turnover: String,
    absence: String,
    months: Vec<MonthRow>,
    /// Words, how many, and the width of their bar of a hundred.
    seniority: Vec<(&'static str, usize, usize)>,
    birthdays: Vec<ComingRow>,
    contract_ends: Vec<ComingRow>,
    trial_ends: Vec<ComingRow>,
    interviews: Vec<ComingRow>,
    interview_source: &'static str,
    papers: Vec<ComingRow>,
}

struct MonthRow {
    name: String,
    entries: usize,
    exits: usize,
    headcount: usize,
}

struct ComingRow {
    href: String,
    name: String,
    what: String,
    on: String,
    is_over: bool,
}

impl ComingRow {
    fn of(asker: &Asker, coming: &Coming, what: &str) -> Self {
        Self {
            href: format!("{EMPLOYEES}/{}", coming.employee),
            name: coming.name.clone(),
            what: what.to_owned(),
            on: asker.organization.date(coming.on),
            is_over: coming.on < asker.today(),
        }
    }
}

pub async fn show_dashboard(asker: Asker) -> PageResult {
    let dashboard = show_figures(&asker).await?;
    let (figures, today) = (&dashboard.figures, asker.today());
    let all = |coming: &[Coming]| coming.iter().map(|one| ComingRow::of(&asker, one, "")).collect();
    let most = figures.seniority.iter().copied().max().unwrap_or_default().max(1);
    let paper = |(employee, paper): &(table::Stored<Employee>, table::Stored<crate::paper::Paper>)| {
        let on = paper.valid_until.unwrap_or(today);
        ComingRow {
            href: format!("{EMPLOYEES}/{}/documents/{}", employee.id, paper.id),
            name: employee.name(),
            what: paper.title.clone(),
            on: asker.organization.date(on),
            is_over: on < today,
        }
    };
    let percent = |permille: Option<u32>| {
        let told = permille.map(|one| format!("{}\u{a0}%", french_decimal(Decimal::new(one.into(), 1).normalize())));
        told.unwrap_or_else(|| "–".into())
    };
    page(&DashboardPage {
        shell: Shell::new(&asker, "hr", "Tableau de bord RH"),
        headcount: figures.headcount,
        full_time: french_decimal(Decimal::new(figures.full_time_hundredths.into(), 2).normalize()),
        entries: figures.entries,
        exits: figures.exits,
        turnover: percent(figures.turnover_permille),
        absence: percent(dashboard.absence_permille),
        months: figures
            .months
            .iter()
            .map(|month| MonthRow {
                name: text::french_month(month.first),
                entries: month.entries,
                exits: month.exits,
                headcount: month.headcount,
            })
            .collect(),
        seniority: SENIORITY
            .into_iter()
            .zip(figures.seniority)
            .map(|(words, count)| (words, count, 100 * count / most))
            .collect(),
        birthdays: all(&figures.birthdays),
        contract_ends: figures
            .contract_ends
            .iter()
            .map(|one| ComingRow::of(&asker, one, if one.on < today { "terme dépassé" } else { "" }))
            .collect(),
        trial_ends: all(&figures.trial_ends),
        interviews: dashboard
            .interviews
            .iter()
            .map(|(coming, due)| ComingRow::of(&asker, coming, due.french()))
            .collect(),
        interview_source: interview_rule(today).source,
        papers: dashboard.papers.iter().map(paper).collect(),
    })
}

#[derive(Template)]
#[template(path = "panel_interviews.html")]
struct InterviewsPanel {
    base: String,
    form_key: String,
    rows: Vec<InterviewRow>,
    /// What is due next, in words.
    due: String,
    is_overdue: bool,
    form: InterviewInput,
    errors: FieldErrors,
}

struct InterviewRow {
    on: Date,
    day: String,
    is_summary: bool,
    note: String,
}

async fn panel(asker: &Asker, id: EmployeeId) -> kernel::Result<InterviewsPanel> {
    let (employee, held) = super::list_interviews(asker, id).await?;
    let today = asker.today();
    let days = |is_summary: bool| -> Vec<Date> {
        held.iter().filter(|one| one.is_summary == is_summary).map(|one| one.on).collect()
    };
    let due = next_interview(&employee, &days(false), &days(true), today);
    let row = |one: &Interview| InterviewRow {
        on: one.on,
        day: asker.organization.date(one.on),
        is_summary: one.is_summary,
        note: one.note.clone().unwrap_or_default(),
    };
    Ok(InterviewsPanel {
        base: format!("{EMPLOYEES}/{id}/entretiens"),
        form_key: asker.form_key(),
        rows: held.iter().map(row).collect(),
        due: due.map(|due| format!("{} avant le {}", due.french(), french_date(due.on()))).unwrap_or_default(),
        is_overdue: due.is_some_and(|due| due.on() < today),
        form: InterviewInput { on: today.to_string(), ..InterviewInput::default() },
        errors: FieldErrors::default(),
    })
}

pub async fn show_interviews(asker: Asker, Id(id): Id<EmployeeId>) -> PageResult {
    page(&panel(&asker, id).await?)
}

pub async fn record_interview(asker: Asker, Id(id): Id<EmployeeId>, form: Form<InterviewInput>) -> PageResult {
    match super::record_interview(&asker, id, &form.input).await {
        Ok(_) if asker.visitor.is_fragment => page(&panel(&asker, id).await?),
        Ok(_) => asker.done(&format!("{EMPLOYEES}/{id}"), "L’entretien est noté."),
        Err(error) if !asker.visitor.is_fragment => Err(Failure(error)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let known = panel(&asker, id).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &InterviewsPanel { errors, form: form.input, ..known })
        }
    }
}

pub async fn remove_interview(
    asker: Asker,
    Ids((id, on)): Ids<EmployeeId, ContractDay>,
    _form: Form<Nothing>,
) -> PageResult {
    super::remove_interview(&asker, id, on.0).await?;
    if asker.visitor.is_fragment {
        return page(&panel(&asker, id).await?);
    }
    asker.done(&format!("{EMPLOYEES}/{id}"), "L’entretien est retiré.")
}
