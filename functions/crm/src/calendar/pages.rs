//! `/crm/calendrier`

use askama::Template;
use axum::extract::RawQuery;
use jiff::civil::Date;
use kernel::{Error, Permission, id::ActivityId, legal, text};
use serde::Deserialize;
use table::{Stored, meter::side_by_side};
use web::{
    Asker, Colleagues, Flash, Form, PageResult, Shell,
    form::{Choice, FieldErrors},
    page, redirect_with,
};

use super::model::{View, days, hours};
use crate::activity::{self, Activity, Kind, MoveInput, Status, between, kinds, members, read, when};

pub const PATH: &str = "/crm/calendrier";
pub const MOVE: &str = "/crm/calendrier/deplacer";

/// How many entries stand in a day of a month.
const SHOWN_IN_A_DAY: usize = 4;

#[derive(Template)]
#[template(path = "calendar.html")]
struct CalendarPage {
    shell: Shell,
    form_key: String,
    title: String,
    views: Vec<ViewLink>,
    before: String,
    after: String,
    today: String,
    /// As this page was asked for.
    here: String,
    view: View,
    on: String,
    kinds: Vec<Choice>,
    members: Vec<Choice>,
    legend: Vec<(&'static str, &'static str)>,
    /// Week by week, of a month.
    weeks: Vec<Vec<Day>>,
    /// The days of a week, or the one day.
    columns: Vec<Day>,
    /// What takes a whole day first, then hour by hour; of each the days.
    rows: Vec<Row>,
    /// The days on which there is something: the agenda, and what a telephone shows.
    agenda: Vec<Day>,
    /// Who is away, as HR tells it.
    absent_href: String,
    /// Whether there is more than is shown.
    is_followed: bool,
    errors: FieldErrors,
    can_create: bool,
    can_edit: bool,
}

struct ViewLink {
    href: String,
    label: &'static str,
    is_current: bool,
}

struct Day {
    on: Date,
    /// `lundi 30 novembre 2026`
    name: String,
    /// `lun. 30`
    short: String,
    /// `1er`, `2`: as the name says it.
    number: String,
    href: String,
    is_today: bool,
    /// Of the month before or after.
    is_outside: bool,
    entries: Vec<Entry>,
    /// How many there are beside those that are shown.
    more: usize,
}

struct Row {
    /// `09:00`; empty for the whole day.
    time: String,
    cells: Vec<Cell>,
}

struct Cell {
    on: Date,
    /// What a new activity there would be called by.
    name: String,
    entries: Vec<Entry>,
}

#[derive(Clone)]
struct Entry {
    id: ActivityId,
    version: u64,
    subject: String,
    kind: &'static str,
    color: &'static str,
    /// `10:30`; empty for the whole day.
    time: String,
    /// `10:30 – 11:15`
    span: String,
    /// The records that it is about.
    about: String,
    /// Whose it is, where the team is shown.
    who: String,
    is_done: bool,
    can_move: bool,
}

impl Entry {
    fn of(asker: &Asker, colleagues: &Colleagues, shows_who: bool, activity: &Stored<Activity>) -> Self {
        let starts = activity.starts;
        let time = starts.time();
        let span = match starts.end(activity.minutes) {
            Some(end) => format!("{time}\u{a0}–\u{a0}{:02}:{:02}", end.hour(), end.minute()),
            None => time.clone(),
        };
        let who = colleagues.assignee(activity.assigned_to).filter(|_| shows_who).map(|who| who.name);
        Self {
            id: activity.id,
            version: activity.version,
            subject: activity.subject.clone(),
            kind: activity.kind.french(),
            color: activity.kind.color().name(),
            time,
            span,
            about: activity.names(),
            who: who.unwrap_or_default(),
            is_done: activity.status == Status::Completed,
            can_move: activity.status == Status::Planned && asker.may(Permission::CrmEdit),
        }
    }
}

/// What of the calendar is shown, as its address says it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    vue: String,
    le: String,
    membre: String,
    #[serde(rename = "type")]
    kind: String,
}

impl Query {
    fn at(&self, view: View, on: Date) -> String {
        let on = on.to_string();
        let fields = [("vue", view.name()), ("le", &on), ("membre", &self.membre), ("type", &self.kind)];
        web::form::link(PATH, &fields)
    }
}

pub async fn show_calendar(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let query: Query = read(query)?;
    let today = asker.today();
    let view = if query.vue.is_empty() { View::default() } else { View::named(&query.vue).ok_or(Error::NotFound)? };
    let on = if query.le.is_empty() { today } else { legal::date(&query.le).map_err(|_| Error::NotFound)? };
    let kind = match query.kind.as_str() {
        "" => None,
        name => Some(Kind::named(name).ok_or(Error::NotFound)?),
    };
    let of = asker.whose(&query.membre)?;
    let (from, to) = view.period(on);
    let (found, colleagues) = side_by_side(between(&asker, from, to, of), Colleagues::of(&asker)).await;
    let ((found, is_followed), colleagues) = (found?, colleagues?);
    let shown = found
        .iter()
        .filter(|activity| activity.status != Status::Cancelled && kind.is_none_or(|kind| activity.kind == kind));
    let entries: Vec<(&Activity, Entry)> =
        shown.map(|activity| (&activity.value, Entry::of(&asker, &colleagues, of.is_none(), activity))).collect();
    let of_day = |day: Date| -> Vec<Entry> {
        entries.iter().filter(|(activity, _)| activity.starts.on == day).map(|(_, entry)| entry.clone()).collect()
    };
    let day = |day: Date, most: usize| {
        let mut all = of_day(day);
        let more = all.len().saturating_sub(most);
        all.truncate(most);
        Day {
            on: day,
            name: text::french_day(day),
            short: short(day),
            number: if day.day() == 1 { "1er".into() } else { day.day().to_string() },
            href: query.at(View::Day, day),
            is_today: day == today,
            is_outside: view == View::Month && day.month() != on.month(),
            entries: all,
            more,
        }
    };
    let all_days: Vec<Date> = days(from, to).collect();
    let month = if view == View::Month { all_days.as_slice() } else { &[] };
    let columns: Vec<Date> = if matches!(view, View::Week | View::Day) { all_days.clone() } else { Vec::new() };
    let has_grid = view != View::Agenda;
    let membre = if query.membre.is_empty() { None } else { of };
    let membre = membre.map(|user| format!("&membre={user}")).unwrap_or_default();
    let agenda = all_days.iter().filter(|day| view != View::Month || day.month() == on.month());
    page(&CalendarPage {
        shell: Shell::new(&asker, "crm", "Calendrier"),
        form_key: asker.form_key(),
        title: view.title(on),
        views: View::ALL
            .map(|other| ViewLink { href: query.at(other, on), label: other.french(), is_current: other == view })
            .into(),
        before: query.at(view, view.before(on)),
        after: query.at(view, view.after(on)),
        today: query.at(view, today),
        here: query.at(view, on),
        on: on.to_string(),
        kinds: kinds(kind),
        members: members(&asker, &colleagues, of),
        legend: Kind::ALL.map(|kind| (kind.color().name(), kind.french())).into(),
        weeks: month.chunks(7).map(|week| week.iter().map(|on| day(*on, SHOWN_IN_A_DAY)).collect()).collect(),
        rows: rows(&columns, &entries),
        columns: columns.iter().map(|on| day(*on, usize::MAX)).collect(),
        agenda: agenda.map(|on| day(*on, usize::MAX)).filter(|day| !day.entries.is_empty()).collect(),
        absent_href: format!("/rh/conges/absents?du={from}&au={to}&grille={has_grid}{membre}"),
        view,
        is_followed,
        errors: FieldErrors::default(),
        can_create: asker.may(Permission::CrmCreate),
        can_edit: asker.may(Permission::CrmEdit),
    })
}

fn rows(columns: &[Date], entries: &[(&Activity, Entry)]) -> Vec<Row> {
    if columns.is_empty() {
        return Vec::new();
    }
    let row = |hour: Option<i8>| Row {
        time: hour.map(|hour| format!("{hour:02}:00")).unwrap_or_default(),
        cells: columns
            .iter()
            .map(|on| Cell {
                on: *on,
                name: match hour {
                    Some(hour) => format!("{} à {hour:02}:00", text::french_day(*on)),
                    None => text::french_day(*on),
                },
                entries: entries
                    .iter()
                    .filter(|(activity, _)| activity.starts.on == *on && activity.starts.at.map(|at| at.hour()) == hour)
                    .map(|(_, entry)| entry.clone())
                    .collect(),
            })
            .collect(),
    };
    let begin_at = entries.iter().filter_map(|(activity, _)| Some(activity.starts.at?.hour()));
    [None].into_iter().chain(hours(begin_at).map(Some)).map(row).collect()
}

/// `lun. 30`
fn short(on: Date) -> String {
    let name = text::french_day(on);
    format!("{}.\u{a0}{}", name.chars().take(3).collect::<String>(), on.day())
}

/// An activity that was dragged to another day or hour.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Moved {
    pub activity: String,
    pub on: String,
    pub time: String,
    /// The page on which it was.
    pub retour: String,
}

pub async fn move_activity(asker: Asker, form: Form<Moved>) -> PageResult {
    let Moved { activity, on, time, retour } = form.input;
    let id: ActivityId = activity.parse().map_err(|_| Error::NotFound)?;
    let own = retour.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('?'));
    let back = if own { retour.as_str() } else { PATH };
    match activity::reschedule_activity(&asker, id, &MoveInput { on, time }, form.version).await {
        Ok((moved, _)) => {
            asker.done(back, format!("«\u{a0}{}\u{a0}» est déplacé au {}.", moved.subject, when(moved.starts)))
        }
        Err(Error::Stale) => {
            let told = "Quelqu’un a modifié cette activité entre-temps\u{a0}: elle n’a pas été déplacée. La voici telle qu’elle est.";
            redirect_with(back, &Flash::warning(told), asker.deps().config.secure_cookies)
        }
        Err(Error::Conflict(conflict)) => {
            redirect_with(back, &Flash::warning(conflict.french()), asker.deps().config.secure_cookies)
        }
        Err(error) => Err(error.into()),
    }
}
