//! The dashboard: one reading of the list of employees, beside one of interviews and one of what ends.

use kernel::{
    Result,
    page::{Page, PageRequest},
};
use table::{Order, Stored, meter::side_by_side};
use web::Asker;

use super::{
    Due, Figures, Held, Interview,
    model::{Coming, absence_permille, next_interview},
};
use crate::{
    employee::{Employee, everybody},
    leave::{Nature, absences_between, leave_settings},
    paper::{Paper, expiring_papers},
};

/// How many interviews one reading asks for: one page of the list.
const INTERVIEWS: u16 = 1_000;
/// How many documents that end soon are shown.
const PAPERS: u16 = 10;
/// How many days ahead an interview that is due is told.
const AHEAD_DAYS: i64 = 90;

pub struct Dashboard {
    pub figures: Figures,
    /// Of the last twelve months, per mille.
    pub absence_permille: Option<u32>,
    /// Those that are due by then, the longest overdue first.
    pub interviews: Vec<(Coming, Due)>,
    pub papers: Vec<(Stored<Employee>, Stored<Paper>)>,
}

/// What nobody plans.
const fn is_absence(nature: Nature) -> bool {
    matches!(nature, Nature::Sickness | Nature::WorkAccident | Nature::ChildIllness)
}

pub async fn show_figures(asker: &Asker) -> Result<Dashboard> {
    let (scope, today) = (&asker.scope, asker.today());
    let list = scope.keys().all_interviews();
    let request = PageRequest { limit: INTERVIEWS, cursor: None };
    let some = PageRequest { limit: PAPERS, cursor: None };
    let year_ago = today.saturating_sub(jiff::Span::new().years(1));
    let ((everybody, beside), (absences, leave)) = side_by_side(
        side_by_side(
            everybody(scope),
            side_by_side(scope.list::<Interview>(&list, &request, Order::Ascending), expiring_papers(asker, &some)),
        ),
        side_by_side(absences_between(scope, year_ago, today), leave_settings(scope)),
    )
    .await;
    let leave = leave?.map(|read| read.value).unwrap_or_default();
    let absent: Vec<_> = absences?
        .into_iter()
        .filter(|one| one.is_approved && leave.types.iter().any(|kind| kind.id == one.kind && is_absence(kind.nature)))
        .flat_map(|one| one.days.into_iter().map(move |(on, halves)| (one.employee, on, halves.0)))
        .collect();
    let (everybody, held, papers): (_, Page<Stored<Interview>>, _) = (everybody?, beside.0?, beside.1?);
    let mut by_employee = Held::new();
    for interview in held.items {
        let (others, summaries) = by_employee.entry(interview.employee).or_default();
        if interview.is_summary { summaries } else { others }.push(interview.on);
    }
    let until = today.saturating_add(jiff::Span::new().days(AHEAD_DAYS));
    let nothing = (Vec::new(), Vec::new());
    let mut interviews: Vec<_> = everybody
        .iter()
        .filter_map(|employee| {
            let (held, summaries) = by_employee.get(&employee.id).unwrap_or(&nothing);
            let due = next_interview(employee, held, summaries, today).filter(|due| due.on() <= until)?;
            Some((Coming { employee: employee.id, name: employee.name(), on: due.on() }, due))
        })
        .collect();
    interviews.sort_by_key(|(coming, _)| coming.on);
    let employees: Vec<&Employee> = everybody.iter().map(|stored| &stored.value).collect();
    let absence_permille = absence_permille(&employees, &absent, today);
    Ok(Dashboard { figures: Figures::of(&employees, today), absence_permille, interviews, papers: papers.items })
}
