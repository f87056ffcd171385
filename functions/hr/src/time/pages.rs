//! `/rh/temps`

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::RawQuery, response::IntoResponse};
use http::{StatusCode, header};
use jiff::civil::Date;
use kernel::{
    Error, Permission, Result,
    id::{CompanyId, EmployeeId},
    page::PageRequest,
    reference::ClientReference,
    text,
};
use table::{Order, Stored, meter::side_by_side};
use web::{
    Asker, Form, Id, Ids, NestedForm, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
};

use super::{
    DueSelection, IsoWeek, Month, ReasonInput, SpanInput, TimeChange, TimeSettingsInput, WeekInput, WeekState,
    absence::Absent,
    api::{TeamQuery, week_of},
    clock,
    edit_time_week::may_name_clients,
    law::{self, AgreementInput},
    list_time_weeks::TeamWeek,
    measure::Tally,
    model::{Span, is_forgotten},
    recap::french_days,
    sight::WeekSight,
    store::Read,
};
use crate::{Nothing, elision::de, employee::EmployeeOf, holiday::pages::asked};

pub const PATH: &str = "/rh/temps";

/// How many empty rows a day offers.
const BLANK_ROWS: usize = 2;
/// How many clients a form offers, the first by name: each row has them all.
const OFFERED_MAX: u16 = 200;

pub fn csv(name: &str, file: Vec<u8>) -> impl IntoResponse + use<> {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, file)
}

/// `Semaine 48, du 23 au 29 novembre 2026`
fn week_title(week: IsoWeek) -> String {
    week.french().replacen('s', "S", 1)
}

fn told(minutes: u32) -> String {
    if minutes == 0 { "–".into() } else { text::french_duration(minutes) }
}

#[derive(Template)]
#[template(path = "no_file.html")]
struct NoFilePage {
    shell: Shell,
}

/// One's own week; for who has none, that of the others.
pub async fn show_own_time(asker: Asker) -> PageResult {
    let own = asker.scope.get::<EmployeeOf>(&asker.scope.keys().employee_of(asker.user)).await?;
    match own {
        Some(own) => redirect(&format!("{PATH}/{}/{}", own.employee, IsoWeek::of(asker.today()))),
        None if asker.may(Permission::HrView) => redirect(&format!("{PATH}/equipe")),
        None => page(&NoFilePage { shell: Shell::new(&asker, "hr", "Temps") }),
    }
}

// ---- a week ---------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "time_week.html")]
struct TimeWeekPage {
    shell: Shell,
    form_key: String,
    base: String,
    clock_base: String,
    month_href: String,
    may_see_team: bool,
    heading: String,
    before_href: String,
    after_href: Option<String>,
    state: WeekState,
    is_disputed: bool,
    version: u64,
    days: Vec<DayRow>,
    totals: Vec<(&'static str, String)>,
    /// What concerns no single day.
    week_warnings: Vec<WarningRow>,
    warned: usize,
    can_edit: bool,
    can_submit: bool,
    /// Whether days on which they work are still to come.
    is_early: bool,
    can_decide: bool,
    can_take_back: bool,
    can_dispute: bool,
    asks_reason: bool,
    reason: String,
    /// The act that wants a word, and what is wrong with the one that was given.
    unworded: Option<(&'static str, String)>,
    clock: Option<ClockPanel>,
    steps: Vec<StepRow>,
    changes: Vec<ChangeRow>,
    names_clients: bool,
    errors: FieldErrors,
}

struct DayRow {
    title: String,
    total: String,
    night: String,
    /// What may be typed; none where the week is locked or the day is to come.
    fields: Vec<RowFields>,
    shown: Vec<String>,
    warnings: Vec<WarningRow>,
}

struct RowFields {
    at: usize,
    input: SpanInput,
    clients: Vec<Choice>,
    /// How the row is called, for who does not see it.
    label: String,
    error: Option<String>,
}

struct WarningRow {
    message: String,
    article: String,
}

struct ClockPanel {
    since: Option<String>,
    /// A clocking that was never ended: its day.
    forgotten: Option<String>,
    /// Why nothing is clocked in this week any more.
    locked: Option<&'static str>,
}

struct StepRow {
    kind: &'static str,
    title: String,
    at: String,
    text: String,
}

struct ChangeRow {
    title: String,
    at: String,
    text: String,
}

/// The clients that a form offers; none to who may name none.
async fn offered(asker: &Asker) -> Result<Vec<Stored<ClientReference>>> {
    if !may_name_clients(asker) {
        return Ok(Vec::new());
    }
    let page = PageRequest { limit: OFFERED_MAX, cursor: None };
    let list = asker.scope.keys().clients("").of(asker.only());
    Ok(asker.scope.list::<ClientReference>(&list, &page, Order::Ascending).await?.items)
}

/// `lundi 23/11 : 08:30 – 12:00, pause 20 min`
fn span_text(asker: &Asker, span: &Span, names: &BTreeMap<CompanyId, &str>) -> String {
    let input = SpanInput::of(span, &asker.organization.zone());
    let to = if input.to.is_empty() { "en cours".into() } else { input.to };
    let mut text = format!("{} – {to}", input.from);
    if span.break_minutes > 0 {
        text.push_str(&format!(", pause {}", text::french_duration(span.break_minutes.into())));
    }
    if let Some(client) = span.client {
        text.push_str(&format!(", {}", names.get(&client).copied().unwrap_or("pour un client")));
    }
    if let Some(note) = &span.note {
        text.push_str(&format!(", {note}"));
    }
    text
}

fn at_text(asker: &Asker, at: jiff::Timestamp) -> String {
    let zone = asker.organization.zone();
    let time = super::model::clock(at, &zone);
    format!("{} à {time}", asker.organization.date(super::model::day(at, &zone)))
}

struct Loaded {
    sight: WeekSight,
    read: Read,
    changes: Vec<TimeChange>,
    offered: Vec<Stored<ClientReference>>,
}

async fn load(asker: &Asker, id: EmployeeId, week: IsoWeek) -> Result<Loaded> {
    let beside = side_by_side(super::changes(asker, id, week), offered(asker));
    let (shown, (changes, offered)) = side_by_side(super::show_time_week(asker, id, week), beside).await;
    let (sight, read) = shown?;
    Ok(Loaded { sight, read, changes: changes?, offered: offered? })
}

impl TimeWeekPage {
    /// What is wrong with the word of an act.
    fn wrong_word(&self, act: &str) -> Option<String> {
        self.unworded.as_ref().filter(|(of, _)| *of == act).map(|(_, wrong)| wrong.clone())
    }

    fn of(asker: &Asker, loaded: &Loaded, typed: Option<&WeekInput>, errors: FieldErrors) -> Self {
        let Loaded { sight, read, changes, offered } = loaded;
        let (week, zone) = (&sight.week.value, &read.zone);
        let (today, now, rights) = (asker.today(), asker.scope.now(), read.rights);
        let names: BTreeMap<CompanyId, &str> = offered.iter().map(|one| (one.id, one.name.as_str())).collect();
        let can_edit = rights.may_edit && week.is_open();
        let input = typed.cloned().unwrap_or_else(|| WeekInput::of(week, zone));
        let warning = |warning: &super::checks::Warning| WarningRow {
            message: warning.message.clone(),
            article: warning.article.clone(),
        };
        let mut count = input.spans.len();
        let days = sight.days.iter().map(|day| {
            let is_open = can_edit && day.on <= today;
            let typed = input.spans.iter().enumerate().filter(|(_, row)| is_of(row, day.on, week.week));
            let mut rows: Vec<(usize, SpanInput)> = typed.map(|(at, row)| (at, row.clone())).collect();
            if is_open {
                for _ in 0..BLANK_ROWS.saturating_sub(usize::from(!rows.is_empty())) {
                    rows.push((count, SpanInput { on: day.on.to_string(), ..SpanInput::default() }));
                    count += 1;
                }
            }
            let fields = rows.into_iter().zip(1..).filter(|_| is_open).map(|((at, row), number)| {
                let error = |field: &str| errors.get(&format!("/spans/{at}/{field}"));
                let wrong =
                    ["id", "on", "from", "to", "break_minutes", "note", "client_id"].into_iter().find_map(error);
                let mut clients: Vec<(String, String)> =
                    offered.iter().map(|one| (one.id.to_string(), one.name.clone())).collect();
                if !row.client_id.is_empty() && clients.iter().all(|(id, _)| *id != row.client_id) {
                    clients.push((row.client_id.clone(), "Client actuel".into()));
                }
                RowFields {
                    at,
                    clients: choices(clients, &row.client_id),
                    label: format!("{}, horaire {number}", text::french_day(day.on)),
                    input: row,
                    error: wrong,
                }
            });
            let fields: Vec<_> = fields.collect();
            let of_day = week.spans.iter().filter(|span| super::model::day(span.from, zone) == day.on);
            DayRow {
                title: text::french_day(day.on),
                total: told(day.minutes),
                night: if day.night_minutes == 0 { String::new() } else { told(day.night_minutes) },
                shown: if is_open { Vec::new() } else { of_day.map(|span| span_text(asker, span, &names)).collect() },
                warnings: sight.warnings.iter().filter(|one| one.on == Some(day.on)).map(warning).collect(),
                fields,
            }
        });
        let days = days.collect();
        let base = format!("{PATH}/{}/{}", sight.employee, week.week);
        let link = |week: IsoWeek| format!("{PATH}/{}/{week}", sight.employee);
        let present = IsoWeek::of(today);
        let forgotten =
            [week.week.plus(-1), week.week].into_iter().filter_map(|week| read.stored(week)).find_map(|week| {
                let open = week.clocking().filter(|open| is_forgotten(open, now))?;
                Some(text::french_day(super::model::day(open.from, zone)))
            });
        let clock = (rights.is_own && week.week == present).then(|| {
            let since = clock::since(read, week.week, now).map(|since| super::model::clock(since, zone));
            ClockPanel { locked: locked(week.state).filter(|_| since.is_none()), since, forgotten }
        });
        let works = |on: Date| {
            let employee = &read.employee;
            employee.is_employed_on(on)
                && employee.contract_on(on).is_some_and(|contract| contract.week.has(on.weekday()))
        };
        let is_early = sight.days.iter().any(|day| day.on > today && works(day.on));
        Self {
            shell: Shell::new(
                asker,
                "hr",
                if rights.is_own { "Mon temps".to_owned() } else { format!("Temps {}", de(&sight.name)) },
            ),
            form_key: asker.form_key(),
            clock_base: format!("{PATH}/{}", sight.employee),
            month_href: format!("{PATH}/{}/mois/{}", sight.employee, Month::of(week.week.sunday())),
            may_see_team: asker.may(Permission::HrView) || !rights.is_own,
            heading: week_title(week.week),
            before_href: link(week.week.plus(-1)),
            after_href: (week.week < present).then(|| link(week.week.plus(1))),
            base,
            state: week.state,
            is_disputed: week.is_disputed,
            version: sight.week.version,
            days,
            totals: totals(sight),
            week_warnings: sight.warnings.iter().filter(|one| one.on.is_none()).map(warning).collect(),
            warned: sight.warnings.len(),
            can_edit,
            can_submit: can_edit && !week.spans.is_empty(),
            is_early,
            can_decide: rights.may_decide,
            can_take_back: rights.may_edit && !rights.may_decide && week.state == WeekState::Submitted,
            can_dispute: rights.is_own && week.state == WeekState::Approved && !week.is_disputed,
            asks_reason: !rights.is_own
                || week.state == WeekState::Reopened
                || week.spans.iter().any(|one| one.clocked),
            reason: input.reason.clone(),
            unworded: None,
            clock,
            steps: week
                .steps
                .iter()
                .rev()
                .map(|step| StepRow {
                    kind: step.what.badge(),
                    title: format!("{} par {}", step.what.french(), step.by.name),
                    at: at_text(asker, step.at),
                    text: step.text.clone().unwrap_or_default(),
                })
                .collect(),
            changes: changes.iter().map(|change| change_row(asker, change, &names)).collect(),
            names_clients: !offered.is_empty(),
            errors,
        }
    }
}

/// Why nothing is clocked in a week of a state, where it is not open.
const fn locked(state: WeekState) -> Option<&'static str> {
    match state {
        WeekState::Draft | WeekState::Reopened => None,
        WeekState::Submitted => Some("Cette semaine est soumise\u{a0}: rouvrez-la pour pointer à nouveau."),
        WeekState::Approved => Some(
            "Cette semaine est approuvée\u{a0}: la personne qui l’approuve peut la rouvrir pour que vous pointiez.",
        ),
    }
}

/// Whether a row stands with a day; one of no day of the week stands with its Monday, where its mistake is told.
fn is_of(row: &SpanInput, day: Date, week: IsoWeek) -> bool {
    match row.on.parse::<Date>() {
        Ok(on) if IsoWeek::of(on) == week => on == day,
        _ => day == week.monday(),
    }
}

fn change_row(asker: &Asker, change: &TimeChange, names: &BTreeMap<CompanyId, &str>) -> ChangeRow {
    let zone = asker.organization.zone();
    let line = |sign: &str, span: &Span| {
        format!(
            "{sign} {}, {}",
            asker.organization.date(super::model::day(span.from, &zone)),
            span_text(asker, span, names)
        )
    };
    let before = change.before.iter().map(|span| line("Avant\u{a0}:", span));
    let after = change.after.iter().map(|span| line("Après\u{a0}:", span));
    let reason = change.reason.iter().map(|reason| format!("Motif\u{a0}: {reason}"));
    ChangeRow {
        title: change.by.name.clone(),
        at: at_text(asker, change.at),
        text: before.chain(after).chain(reason).collect::<Vec<_>>().join("\n"),
    }
}

fn totals(sight: &WeekSight) -> Vec<(&'static str, String)> {
    let tally = &sight.tally;
    let mut totals = vec![("Travaillé", told(tally.worked)), ("Prévu au contrat", told(tally.agreed))];
    let of = |label, minutes: u32| (minutes > 0).then(|| (label, told(minutes)));
    totals.extend(
        [
            of("Congés payés", tally.leave),
            of("Heures complémentaires, jusqu’au dixième", tally.additional_first),
            of("Heures complémentaires au-delà", tally.additional_second),
            of("Heures supplémentaires, 36e à 43e", tally.overtime_first),
            of("Heures supplémentaires, dès la 44e", tally.overtime_second),
            of("Dont nuit (21 h à 6 h)", tally.night),
        ]
        .into_iter()
        .flatten(),
    );
    if let Some(overtime) = sight.year_overtime {
        totals.push(("Contingent de l’année", format!("{} sur {}", told(overtime), told(sight.quota))));
    }
    totals
}

pub async fn show_time_week(asker: Asker, Ids((id, week)): Ids<EmployeeId, IsoWeek>) -> PageResult {
    let loaded = load(&asker, id, week).await?;
    page(&TimeWeekPage::of(&asker, &loaded, None, FieldErrors::default()))
}

/// What is wrong comes back into the form.
async fn refused(asker: &Asker, id: EmployeeId, week: IsoWeek, typed: Option<&WeekInput>, error: Error) -> PageResult {
    let errors = match typed {
        Some(_) => FieldErrors::from_error(error)?,
        None => FieldErrors::summary_of(error)?,
    };
    let loaded = load(asker, id, week).await?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &TimeWeekPage::of(asker, &loaded, typed, errors))
}

fn saved(asker: &Asker, sight: &WeekSight, done: &str) -> PageResult {
    let text = match sight.warnings.len() {
        0 => done.to_owned(),
        1 => format!("{done} Une alerte du Code du travail est à lire."),
        count => format!("{done} {count} alertes du Code du travail sont à lire."),
    };
    asker.done(&format!("{PATH}/{}/{}", sight.employee, sight.week.week), text)
}

pub async fn edit_time_week(
    asker: Asker,
    Ids((id, week)): Ids<EmployeeId, IsoWeek>,
    NestedForm { input, version }: NestedForm<WeekInput>,
) -> PageResult {
    match super::edit_time_week(&asker, id, week, &input, version).await {
        Ok(sight) => saved(&asker, &sight, "Semaine enregistrée."),
        Err(error) => refused(&asker, id, week, Some(&input), error).await,
    }
}

/// The week as an act leaves it, or the form with what is wrong.
async fn acted(
    asker: &Asker,
    (id, week): (EmployeeId, IsoWeek),
    done: Result<WeekSight, Error>,
    said: &str,
) -> PageResult {
    match done {
        Ok(sight) => saved(asker, &sight, said),
        Err(error) => refused(asker, id, week, None, error).await,
    }
}

/// As [`acted`], of an act that wants a word: what is wrong with it stands at its field.
async fn worded(
    asker: &Asker,
    (id, week): (EmployeeId, IsoWeek),
    act: &'static str,
    done: Result<WeekSight, Error>,
    said: &str,
) -> PageResult {
    match done {
        Err(Error::Invalid(wrong)) if wrong.french("/reason").is_some() => {
            let loaded = load(asker, id, week).await?;
            let known = TimeWeekPage::of(asker, &loaded, None, FieldErrors::default());
            let unworded = wrong.french("/reason").map(|wrong| (act, wrong));
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &TimeWeekPage { unworded, ..known })
        }
        done => acted(asker, (id, week), done, said).await,
    }
}

pub async fn submit_time_week(
    asker: Asker,
    Ids((id, week)): Ids<EmployeeId, IsoWeek>,
    Form { version, .. }: Form<Nothing>,
) -> PageResult {
    acted(&asker, (id, week), super::submit_time_week(&asker, id, week, version).await, "Semaine soumise.").await
}

pub async fn approve_time_week(
    asker: Asker,
    Ids((id, week)): Ids<EmployeeId, IsoWeek>,
    Form { version, .. }: Form<Nothing>,
) -> PageResult {
    acted(&asker, (id, week), super::approve_time_week(&asker, id, week, version).await, "Semaine approuvée.").await
}

pub async fn reopen_time_week(
    asker: Asker,
    Ids((id, week)): Ids<EmployeeId, IsoWeek>,
    Form { input, version }: Form<ReasonInput>,
) -> PageResult {
    let done = super::reopen_time_week(&asker, id, week, &input, version).await;
    worded(&asker, (id, week), "rouvrir", done, "Semaine rouverte.").await
}

pub async fn dispute_time_week(
    asker: Asker,
    Ids((id, week)): Ids<EmployeeId, IsoWeek>,
    Form { input, version }: Form<ReasonInput>,
) -> PageResult {
    let done = super::dispute_time_week(&asker, id, week, &input, version).await;
    worded(&asker, (id, week), "contester", done, "Contestation transmise à qui approuve.").await
}

pub async fn answer_time_dispute(
    asker: Asker,
    Ids((id, week)): Ids<EmployeeId, IsoWeek>,
    Form { input, version }: Form<ReasonInput>,
) -> PageResult {
    let done = super::answer_time_dispute(&asker, id, week, &input, version).await;
    worded(&asker, (id, week), "repondre", done, "Réponse enregistrée.").await
}

pub async fn clock_in(asker: Asker, Id(id): Id<EmployeeId>, _: Form<Nothing>) -> PageResult {
    let done = super::clock_in(&asker, id).await.map(|clocking| clocking.week);
    acted(&asker, (id, IsoWeek::of(asker.today())), done, "Arrivée pointée.").await
}

pub async fn clock_out(asker: Asker, Id(id): Id<EmployeeId>, _: Form<Nothing>) -> PageResult {
    let done = super::clock_out(&asker, id).await;
    let said = match &done {
        Ok(clocking) if clocking.is_dropped => {
            "Moins d’une minute après l’arrivée\u{a0}: rien n’est enregistré. Pointez à nouveau votre arrivée si vous restez."
        }
        _ => "Départ pointé.",
    };
    acted(&asker, (id, IsoWeek::of(asker.today())), done.map(|clocking| clocking.week), said).await
}

// ---- everybody's ----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "time_team.html")]
struct TimeTeamPage {
    shell: Shell,
    heading: String,
    before_href: String,
    after_href: Option<String>,
    rows: Vec<TeamRow>,
    undecided: Vec<TeamRow>,
    can_edit_settings: bool,
    can_remove: bool,
    can_export: bool,
}

struct TeamRow {
    href: String,
    name: String,
    week: String,
    state: WeekState,
    is_disputed: bool,
    worked: String,
    beyond: String,
}

fn team_row(team: &TeamWeek) -> TeamRow {
    let beyond = team.tally.overtime() + team.tally.additional_first + team.tally.additional_second;
    TeamRow {
        href: format!("{PATH}/{}/{}", team.employee.id, team.week.week),
        name: team.employee.name(),
        week: week_title(team.week.week),
        state: team.state(),
        is_disputed: team.week.is_disputed,
        worked: told(team.tally.worked),
        beyond: told(beyond),
    }
}

pub async fn list_time_weeks(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let query: TeamQuery = asked(query)?;
    let week = week_of(&asker, &query.week)?;
    let listed = super::list_time_weeks(&asker, week);
    let (rows, undecided) = side_by_side(listed, super::list_undecided_time_weeks(&asker)).await;
    let (rows, undecided) = (rows?, undecided?);
    let link = |week: IsoWeek| format!("{PATH}/equipe?week={week}");
    page(&TimeTeamPage {
        shell: Shell::new(&asker, "hr", "Temps de l’équipe"),
        heading: week_title(week),
        before_href: link(week.plus(-1)),
        after_href: (week < IsoWeek::of(asker.today())).then(|| link(week.plus(1))),
        rows: rows.iter().map(team_row).collect(),
        undecided: undecided.iter().map(team_row).collect(),
        can_edit_settings: asker.may(Permission::HrEdit),
        can_remove: asker.may(Permission::HrDelete),
        can_export: asker.may(Permission::HrExport),
    })
}

// ---- a month --------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "time_recap.html")]
struct TimeRecapPage {
    shell: Shell,
    name: String,
    back_href: String,
    before_href: String,
    after_href: Option<String>,
    csv_href: String,
    totals: Vec<(&'static str, String)>,
    weeks: Vec<RecapWeek>,
    days: Vec<RecapDay>,
    is_empty: bool,
}

struct RecapWeek {
    title: String,
    state: WeekState,
    worked: String,
    additional: String,
    overtime_first: String,
    overtime_second: String,
    night: String,
}

struct RecapDay {
    title: String,
    worked: String,
    night: String,
    away: String,
}

pub async fn show_time_recap(asker: Asker, Ids((id, month)): Ids<EmployeeId, Month>) -> PageResult {
    let recap = super::show_recap(&asker, id, month).await?;
    let (tally, paid) = (&recap.tally, recap.tally.paid);
    let link = |month: Month| format!("{PATH}/{id}/mois/{month}");
    let mut totals = vec![
        ("Travaillé dans le mois", told(tally.worked)),
        ("Dont nuit (21 h à 6 h)", told(tally.night)),
        ("Heures complémentaires", told(paid.additional_first + paid.additional_second)),
        ("Heures supplémentaires, 36e à 43e", told(paid.overtime_first)),
        ("Heures supplémentaires, dès la 44e", told(paid.overtime_second)),
        ("Contingent de l’année", format!("{} sur {}", told(recap.year_overtime), told(recap.quota))),
    ];
    let away: u32 = tally.absences.iter().map(|(_, _, halves)| halves).sum();
    if away > 0 {
        totals.push(("Absences", format!("{} j", french_days(away))));
    }
    let hours: u32 = tally.hours.iter().map(|(_, _, minutes)| minutes).sum();
    if hours > 0 {
        totals.push(("Absences en heures", told(hours)));
    }
    let week = |(week, state, tally): &(IsoWeek, WeekState, Tally)| RecapWeek {
        title: week_title(*week),
        state: *state,
        worked: told(tally.worked),
        additional: told(tally.additional_first + tally.additional_second),
        overtime_first: told(tally.overtime_first),
        overtime_second: told(tally.overtime_second),
        night: told(tally.night),
    };
    let days = recap.days.iter().filter_map(|day| {
        let away = recap.absences.iter().filter(|absent| absent.on == day.on);
        let away: Vec<_> = away.map(Absent::french).collect();
        (day.minutes > 0 || !away.is_empty()).then(|| RecapDay {
            title: text::french_day(day.on),
            worked: told(day.minutes),
            night: told(day.night_minutes),
            away: away.join(", "),
        })
    });
    let days: Vec<_> = days.collect();
    page(&TimeRecapPage {
        shell: Shell::new(&asker, "hr", format!("Récapitulatif {}", de(&text::french_month(month.first())))),
        name: recap.read.employee.name(),
        back_href: format!("{PATH}/{id}/{}", IsoWeek::of(month.last().min(asker.today()))),
        before_href: link(month.plus(-1)),
        after_href: (month < Month::of(asker.today())).then(|| link(month.plus(1))),
        csv_href: format!("{PATH}/{id}/mois/{month}/export"),
        totals,
        weeks: recap.weeks.iter().map(week).collect(),
        is_empty: days.is_empty(),
        days,
    })
}

pub async fn export_time_recap(asker: Asker, Ids((id, month)): Ids<EmployeeId, Month>) -> PageResult {
    let recap = super::show_recap(&asker, id, month).await?;
    Ok(csv(&format!("temps-{month}.csv"), recap.to_csv()?).into_response())
}

// ---- settings -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "time_settings.html")]
struct TimeSettingsPage {
    shell: Shell,
    form_key: String,
    version: Option<u64>,
    symbol: &'static str,
    hourly_price: String,
    agreements: Vec<AgreementRow>,
    errors: FieldErrors,
}

struct AgreementRow {
    title: &'static str,
    input: AgreementInput,
    extends: bool,
}

impl AgreementRow {
    fn error(&self, errors: &FieldErrors, at: &usize, field: &str) -> Option<String> {
        errors.get(&format!("/agreements/{at}/{field}"))
    }
}

impl TimeSettingsPage {
    fn new(asker: &Asker, form: TimeSettingsInput, version: Option<u64>, errors: FieldErrors) -> Self {
        let row =
            |title, input: AgreementInput| AgreementRow { title, extends: input.extends_part_time == "true", input };
        let rows = form.agreements.into_iter().map(|input| row("Accord", input));
        Self {
            shell: Shell::new(asker, "hr", "Réglages du temps de travail"),
            form_key: asker.form_key(),
            version,
            symbol: asker.organization.currency.symbol(),
            hourly_price: form.hourly_price,
            agreements: rows.chain([row("Nouvel accord", AgreementInput::default())]).collect(),
            errors,
        }
    }
}

pub async fn time_settings_form(asker: Asker) -> PageResult {
    let settings = super::show_time_settings(&asker.scope).await?;
    let form = TimeSettingsInput::of(&settings);
    page(&TimeSettingsPage::new(&asker, form, Some(settings.version), FieldErrors::default()))
}

pub async fn edit_time_settings(
    asker: Asker,
    NestedForm { input, version }: NestedForm<TimeSettingsInput>,
) -> PageResult {
    match super::edit_time_settings(&asker.scope, &input, version).await {
        Ok(_) => asker.done(&format!("{PATH}/reglages"), "Réglages enregistrés."),
        Err(error) => {
            let form = TimeSettingsPage::new(&asker, input, version, FieldErrors::from_error(error)?);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
    }
}

// ---- what is to go --------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "time_due.html")]
struct TimeDuePage {
    shell: Shell,
    form_key: String,
    rule: &'static str,
    months: i32,
    rows: Vec<DueRow>,
    is_cut: bool,
    errors: FieldErrors,
}

struct DueRow {
    value: String,
    href: String,
    name: String,
    week: String,
}

async fn due_page(asker: &Asker, errors: FieldErrors) -> PageResult {
    let found = super::list_due_time_weeks(asker).await?;
    let rule = law::kept_months(asker.today());
    let most = super::remove_time_weeks::REMOVED_MAX;
    let rows = found.iter().take(most).map(|(week, employee)| DueRow {
        value: format!("{}/{}", week.employee, week.week),
        href: format!("{PATH}/{}/{}", week.employee, week.week),
        name: employee.as_ref().map_or_else(|| "Ancien salarié".into(), |employee| employee.name()),
        week: week_title(week.week),
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with_status(
        status,
        &TimeDuePage {
            shell: Shell::new(asker, "hr", "Conservation des temps"),
            form_key: asker.form_key(),
            rule: rule.source,
            months: rule.value,
            rows: rows.collect(),
            is_cut: found.len() > most,
            errors,
        },
    )
}

pub async fn list_due_time_weeks(asker: Asker) -> PageResult {
    due_page(&asker, FieldErrors::default()).await
}

pub async fn remove_due_time_weeks(asker: Asker, Form { input, .. }: Form<DueSelection>) -> PageResult {
    match super::remove_due_time_weeks(&asker, &input).await {
        Ok(1) => asker.done(&format!("{PATH}/conservation"), "Une semaine supprimée."),
        Ok(count) => asker.done(&format!("{PATH}/conservation"), format!("{count} semaines supprimées.")),
        Err(error) => due_page(&asker, FieldErrors::summary_of(error)?).await,
    }
}
