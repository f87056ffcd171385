//! `/rh/conges/calendrier`, and the panel of who is away in the calendar of activities.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::RawQuery;
use jiff::{ToSpan, civil::Date};
use kernel::{
    Error,
    color::Color,
    id::{EmployeeId, LeaveTypeId, UserId},
    legal, text,
};
use serde::Deserialize;
use web::{
    Asker, PageResult, Shell,
    form::{Choice, choices},
    page,
};

use super::model::{Day, Holidays, Part, Who, days, initials};
use crate::{
    employee::Employee,
    holiday::pages::asked,
    leave::{Absent, LeaveType, Staff, Standing, desk, list_absent},
};

pub const PATH: &str = "/rh/conges/calendrier";
pub const PANEL: &str = "/rh/conges/absents";

/// How many days the panel tells of at most: six weeks, as a month is shown.
const PANEL_DAYS: i32 = 42;
/// How many names stand in a day of it.
const NAMES_MAX: usize = 3;

#[derive(Template)]
#[template(path = "absence_calendar.html")]
struct CalendarPage {
    shell: Shell,
    tabs: desk::Tabs,
    title: String,
    month: String,
    before_href: String,
    this_href: String,
    after_href: String,
    who: Vec<Choice>,
    kinds: Vec<Choice>,
    heads: Vec<Head>,
    rows: Vec<Row>,
    /// How many are away on each day.
    totals: Vec<usize>,
    absences: Vec<AbsentRow>,
    legend: Vec<Shown>,
}

struct Head {
    /// `L`
    letter: String,
    number: i8,
    /// `lundi 6 juillet 2026`
    name: String,
    is_today: bool,
}

struct Row {
    name: String,
    href: Option<String>,
    cells: Vec<Cell>,
}

struct Cell {
    day: Day,
    marks: Vec<Mark>,
}

impl Cell {
    fn class(&self) -> &'static str {
        match self.day {
            Day::Worked => "",
            Day::Rest => "absence-rest",
            Day::Holiday(_) => "absence-rest absence-holiday",
        }
    }

    fn holiday(&self) -> &'static str {
        if let Day::Holiday(name) = self.day { name } else { "" }
    }
}

struct Mark {
    shown: Shown,
    /// What of the day; nothing of all of it.
    part: String,
    is_pending: bool,
}

/// What one may know of an absence: its type, or only that there is one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Shown {
    name: String,
    initials: String,
    color: &'static str,
}

impl Shown {
    fn of(kind: Option<&LeaveType>) -> Self {
        let name = kind.map_or("Absent", |kind| &kind.name);
        let color = kind.map_or(Color::Grey, |kind| kind.color);
        Self { name: name.to_owned(), initials: initials(name), color: color.name() }
    }
}

struct AbsentRow {
    name: String,
    when: String,
    shown: Shown,
    href: Option<String>,
    is_pending: bool,
}

/// A month, whose absences, and of which type.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct MonthInput {
    /// `2026-07`
    pub month: String,
    /// As [`Who`] is named.
    pub qui: String,
    /// `lty_…`
    #[serde(rename = "type")]
    pub kind: String,
}

impl MonthInput {
    fn at(&self, month: Date) -> String {
        let month = month.strftime("%Y-%m").to_string();
        let fields = [("month", month.as_str()), ("qui", &self.qui), ("type", &self.kind)];
        web::form::link(PATH, &fields)
    }
}

/// An absence with whose it is, and what who asks may know of it.
struct Seen<'a> {
    absent: &'a Absent,
    employee: &'a Employee,
    kind: Option<&'a LeaveType>,
}

impl<'a> Seen<'a> {
    fn of(staff: &'a Staff, absent: &'a Absent, standing: Standing) -> Option<Self> {
        let kind = staff.leave.find(absent.kind).filter(|_| standing.sees());
        Some(Self { absent, employee: &staff.find(absent.employee)?.value, kind })
    }

    fn href(&self) -> Option<String> {
        let Absent { employee, request, .. } = self.absent;
        self.kind.map(|_| format!("{}/{employee}/{request}", desk::PATH))
    }
}

pub async fn show_calendar(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let input: MonthInput = asked(query)?;
    let today = asker.today();
    let first = match input.month.trim() {
        "" => today.first_of_month(),
        month => legal::date(&format!("{month}-01")).map_err(|_| Error::NotFound)?,
    };
    let last = first.last_of_month();
    let who = Who::named(&input.qui).ok_or(Error::NotFound)?;
    let kind: Option<LeaveTypeId> =
        (!input.kind.is_empty()).then(|| input.kind.parse()).transpose().map_err(|_| Error::NotFound)?;
    let (staff, absent) = list_absent(&asker, first, last).await?;
    let own = staff.own.as_ref().map(|own| &own.value);
    let mut seen: Vec<_> = absent.iter().filter_map(|(absent, standing)| Seen::of(&staff, absent, *standing)).collect();
    seen.sort_by_key(|one| (one.absent.span.from, one.absent.request));
    // What can be chosen from is what one may know of those who are away.
    let known: BTreeMap<_, _> = seen.iter().filter_map(|one| one.kind).map(|kind| (&kind.name, kind.id)).collect();
    let kinds = [(String::new(), "Tous les types".to_owned())];
    let kinds = kinds.into_iter().chain(known.iter().map(|(name, id)| (id.to_string(), (*name).clone())));
    let is_shown = |employee: &Employee| days(first).any(|day| who.has(employee, own, day));
    seen.retain(|one| is_shown(one.employee) && (kind.is_none() || one.kind.map(|kind| kind.id) == kind));

    let is_employed =
        |employee: &Employee| employee.hired_on <= last && employee.employed_until().is_none_or(|until| first <= until);
    let employees = staff.employees.iter().map(|employee| &employee.value);
    let mut holidays = Holidays::default();
    let rows: Vec<_> = employees
        .filter(|employee| is_employed(employee) && is_shown(employee))
        .map(|employee| Row {
            name: employee.name(),
            href: staff.standing(&asker, employee).sees().then(|| format!("{}/{}", desk::PATH, employee.id)),
            cells: days(first)
                .map(|day| Cell {
                    day: holidays.day(employee, &staff.settings, day),
                    marks: marks(&seen, employee.id, day),
                })
                .collect(),
        })
        .collect();
    let is_away = |cell: &Cell| cell.day == Day::Worked && cell.marks.iter().any(|mark| !mark.is_pending);
    let away = |index: usize| rows.iter().filter(|row| row.cells.get(index).is_some_and(is_away)).count();
    let mut legend: Vec<_> = seen.iter().map(|one| Shown::of(one.kind)).collect();
    legend.sort();
    legend.dedup();
    let month = |months: i64| input.at(first.saturating_add(months.months()));
    page(&CalendarPage {
        shell: Shell::new(&asker, "hr", "Calendrier des absences"),
        tabs: desk::Tabs::of(&asker),
        title: text::french_month(first),
        month: first.strftime("%Y-%m").to_string(),
        before_href: month(-1),
        this_href: input.at(today),
        after_href: month(1),
        who: choices(Who::offered(&staff, today), if input.qui.is_empty() { "all" } else { &input.qui }),
        kinds: choices(kinds, &input.kind),
        heads: days(first).map(|day| head(day, today)).collect(),
        totals: (0..days(first).count()).map(away).collect(),
        absences: seen
            .iter()
            .map(|one| AbsentRow {
                name: one.employee.name(),
                when: one.absent.french(),
                shown: Shown::of(one.kind),
                href: one.href(),
                is_pending: !one.absent.is_approved,
            })
            .collect(),
        rows,
        legend,
    })
}

fn head(day: Date, today: Date) -> Head {
    let name = text::french_day(day);
    let letter = name.chars().next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    Head { letter, number: day.day(), name, is_today: day == today }
}

/// What somebody's day has to say, the morning's first.
fn marks(seen: &[Seen<'_>], employee: EmployeeId, day: Date) -> Vec<Mark> {
    let mut marks: Vec<_> = seen
        .iter()
        .filter(|one| one.absent.employee == employee)
        .filter_map(|one| Some((Part::of(one.absent.span, day)?, one)))
        .collect();
    marks.sort_by_key(|(part, _)| !part.morning);
    let mark = |(part, one): (Part, &Seen<'_>)| Mark {
        shown: Shown::of(one.kind),
        part: part.french(one.absent.minutes),
        is_pending: !one.absent.is_approved,
    };
    marks.into_iter().map(mark).collect()
}

#[derive(Template)]
#[template(path = "absence_panel.html")]
struct Panel {
    /// The days of the grid that asked; of a list none.
    days: Vec<PanelDay>,
    rows: Vec<(String, String)>,
    href: String,
}

struct PanelDay {
    on: Date,
    /// With what of the day they are away, where it is not all of it.
    names: Vec<String>,
    more: usize,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PanelInput {
    /// The first day and the last one, six weeks later at most.
    pub du: String,
    pub au: String,
    /// `usr_…`: of the member alone.
    pub membre: String,
    /// `true` where each day has a place of its own, `absent-2026-07-06`.
    pub grille: String,
}

/// Who is away, and never why, for the calendar of activities.
pub async fn show_absent(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let input: PanelInput = asked(query)?;
    let [from, to] = [&input.du, &input.au].map(|day| legal::date(day).map_err(|_| Error::NotFound));
    let (from, to) = (from?, to?);
    let length = (to - from).get_days();
    if !(0..PANEL_DAYS).contains(&length) {
        return Err(Error::NotFound.into());
    }
    let member: Option<UserId> =
        (!input.membre.is_empty()).then(|| input.membre.parse()).transpose().map_err(|_| Error::NotFound)?;
    let (staff, absent) = list_absent(&asker, from, to).await?;
    let mut away: Vec<_> = absent
        .iter()
        .filter(|(one, _)| one.is_approved)
        .filter_map(|(one, _)| Some((one, &staff.find(one.employee)?.value)))
        .filter(|(_, employee)| member.is_none() || employee.user == member)
        .collect();
    away.sort_by_key(|(one, employee)| (one.span.from, text::sorted(&employee.last_name), employee.id));
    let names_on = |day: Date| -> Vec<String> {
        let named = away.iter().filter_map(|(one, employee)| {
            let part = Part::of(one.span, day)?.french(one.minutes);
            Some(if part.is_empty() { employee.name() } else { format!("{}, {part}", employee.name()) })
        });
        named.collect()
    };
    let grid = from.series(1.day()).take_while(|day| *day <= to && input.grille == "true");
    let days = grid.map(|on| {
        let names = names_on(on);
        PanelDay { on, more: names.len().saturating_sub(NAMES_MAX), names: names.into_iter().take(NAMES_MAX).collect() }
    });
    page(&Panel {
        days: days.collect(),
        rows: away.iter().map(|(one, employee)| (employee.name(), one.french())).collect(),
        // The month that most of the period is in.
        href: MonthInput::default().at(from.saturating_add((length / 2).days())),
    })
}
