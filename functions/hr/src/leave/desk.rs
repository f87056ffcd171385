//! `/rh/conges`: one's own leave and that of others, requests, decisions, who is away, balances, types.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::RawQuery, response::IntoResponse};
use http::StatusCode;
use jiff::civil::Date;
use kernel::{
    Error, Permission, Result,
    color::Color,
    id::{EmployeeId, LeaveRequestId},
    text,
};
use table::{Stored, meter::side_by_side};
use web::{
    Asker, Form, Id, Ids, NestedForm, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status, redirect,
};

use super::{
    DecisionInput, DelegationInput, Information, LeaveRequest, LeaveRequestInput, RequestState, Staff, Standing,
    account::{self, AdjustmentInput, Balances, Informed, InformedInput, Period},
    edit_leave_settings::none,
    list_leave,
    request::{self, Span},
    sight::{self, employee_of},
    store::{self, Absent, Read},
    types::{LeaveSettings, LeaveSettingsInput, LeaveTypeInput, Nature, Unit},
    words,
};
use crate::{absence::are_colleagues, elision::de, employee::Employee, holiday::pages::asked, time::pages::csv};

pub const PATH: &str = "/rh/conges";

/// What stands over each of these pages.
pub struct Tabs {
    pub sees_all: bool,
    pub sets_up: bool,
}

impl Tabs {
    pub fn of(asker: &Asker) -> Self {
        Self { sees_all: asker.may(Permission::HrView), sets_up: asker.may(Permission::HrEdit) }
    }
}

struct BalanceRow {
    id: String,
    color: &'static str,
    kind: String,
    year: String,
    until: String,
    acquired: String,
    taken: String,
    pending: String,
    /// What was not taken in time, where something was not.
    lost: Option<String>,
    left: String,
    lines: Vec<(String, String, String)>,
    split: i64,
    type_id: String,
    year_on: Date,
    /// Whether it can be carried over after an illness.
    carries: bool,
}

impl BalanceRow {
    fn of(asker: &Asker, read: &Read, balances: &Balances, period: &Period) -> Self {
        let organization = &asker.organization;
        let kind = read.leave.find(period.sum.kind);
        let is_paid_leave = kind.is_some_and(account::is_paid_leave);
        let split = match is_paid_leave {
            true => period.split_days(read.settings.counting, &read.account.adjustments, asker.today()),
            false => 0,
        };
        let informed = Informed {
            kind: period.sum.kind,
            year: period.sum.year,
            on: asker.today(),
            is_told: false,
            keeps_term: false,
        };
        let lines = period
            .lines
            .iter()
            .map(|line| (organization.date(line.on), words::cause(line), words::amount(line.quantity, kind)))
            .collect();
        Self {
            id: format!("{}-{}", period.sum.kind.ulid(), period.sum.year),
            color: kind.map_or(Color::Grey, |kind| kind.color).name(),
            kind: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
            year: year(period.sum.year),
            until: organization.date(period.sum.usable_until),
            acquired: words::amount(period.sum.acquired, kind),
            taken: words::amount(period.sum.taken, kind),
            pending: words::amount(period.sum.pending, kind),
            lost: (!period.sum.lost.is_zero()).then(|| words::amount(period.sum.lost, kind)),
            left: words::amount(period.sum.left(), kind),
            lines,
            split,
            type_id: period.sum.kind.to_string(),
            year_on: period.sum.year,
            carries: is_paid_leave && account::check_informed(&read.facts(), balances, &informed).is_ok(),
        }
    }
}

/// `2026` where it begins in January, else `2025-2026`.
fn year(first: Date) -> String {
    match first.month() {
        1 => first.year().to_string(),
        _ => format!("{}-{}", first.year(), first.year() + 1),
    }
}

struct RequestRow {
    href: String,
    who: String,
    kind: String,
    color: &'static str,
    when: String,
    days: String,
    state: &'static str,
    badge: &'static str,
    since: String,
}

fn badge(state: RequestState) -> &'static str {
    match state {
        RequestState::Approved => "success",
        RequestState::Pending => "warning",
        RequestState::Refused => "danger",
        _ => "neutral",
    }
}

impl RequestRow {
    fn of(
        asker: &Asker,
        leave: &LeaveSettings,
        settings: &crate::settings::HrSettings,
        employee: &Employee,
        request: &LeaveRequest,
    ) -> Self {
        let kind = leave.find(request.kind);
        let halves =
            kind.map(|kind| request::taken(request.span, kind, employee, settings).total()).unwrap_or_default();
        Self {
            href: format!("{PATH}/{}/{}", request.employee, request.id),
            who: employee.name(),
            kind: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
            color: kind.map_or(Color::Grey, |kind| kind.color).name(),
            when: request.span.french(),
            days: words::quantity(halves, request.minutes, kind),
            state: request.state.french(),
            badge: badge(request.state),
            since: request
                .asked_at
                .map(|at| asker.organization.date(at.to_zoned(asker.organization.zone()).date()))
                .unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "leave_of.html")]
struct LeavePage {
    shell: Shell,
    tabs: Tabs,
    form_key: String,
    employee: EmployeeId,
    name: String,
    is_own: bool,
    may_ask: bool,
    keeps_files: bool,
    balances: Vec<BalanceRow>,
    requests: Vec<RequestRow>,
    errors: FieldErrors,
    adjustment: AdjustmentInput,
    years: Vec<Choice>,
    accruing: Vec<Choice>,
    counting: &'static str,
    /// What they are to be told after an illness, for who keeps the files.
    information: Option<InformationPanel>,
}

struct InformationPanel {
    returned_on: String,
    by: String,
    rows: Vec<String>,
}

impl InformationPanel {
    fn of(asker: &Asker, information: Information) -> Self {
        let date = |on: Date| asker.organization.date(on);
        let row = |(days, earned, until): (String, String, Date)| {
            format!("{days} acquis {}, à prendre jusqu’au {}", de(&earned), date(until))
        };
        Self {
            returned_on: date(information.returned_on),
            by: date(information.by),
            rows: information.rows.into_iter().map(row).collect(),
        }
    }
}

impl LeavePage {
    fn of(asker: &Asker, read: &Read, standing: Standing, adjustment: AdjustmentInput, errors: FieldErrors) -> Self {
        let today = asker.today();
        let balances = Balances::of(&read.facts());
        let mut requests: Vec<&Stored<LeaveRequest>> = read.requests.iter().collect();
        requests.sort_by_key(|request| std::cmp::Reverse((request.span.from, request.id)));
        let accruing = read.leave.active().filter(|kind| kind.accrual(read.settings.counting).is_some());
        let name = read.employee.name();
        Self {
            shell: Shell::new(
                asker,
                "hr",
                if standing.is_own { "Mes congés".into() } else { format!("Congés {}", de(&name)) },
            ),
            tabs: Tabs::of(asker),
            form_key: asker.form_key(),
            employee: read.employee.id,
            name,
            is_own: standing.is_own,
            may_ask: standing.asks() && read.employee.employed_until().is_none_or(|last| today <= last),
            keeps_files: standing.keeps_files,
            balances: balances
                .periods()
                .filter(|period| words::is_shown(&period.sum, &read.employee, today))
                .map(|period| BalanceRow::of(asker, read, &balances, period))
                .collect(),
            requests: requests
                .into_iter()
                .map(|request| RequestRow::of(asker, &read.leave, &read.settings, &read.employee, request))
                .collect(),
            years: years(today, &adjustment.year),
            accruing: choices(accruing.map(|kind| (kind.id.to_string(), kind.name.clone())), &adjustment.type_id),
            errors,
            adjustment,
            counting: words::counting(read.settings.counting),
            information: super::information(read, today)
                .filter(|_| standing.keeps_files)
                .map(|information| InformationPanel::of(asker, information)),
        }
    }
}

/// The years that a correction may be of, by a day of each: one in autumn is in both kinds of years.
fn years(today: Date, chosen: &str) -> Vec<Choice> {
    let begun = if today.month() >= 6 { today.year() } else { today.year() - 1 };
    let options = (0..3).map(|back| {
        let year = begun - back;
        (format!("{year}-10-01"), format!("{year} (ou {year}-{})", year + 1))
    });
    choices(options, chosen)
}

#[derive(Template)]
#[template(path = "no_file.html")]
struct NoFilePage {
    shell: Shell,
}

/// One's own.
pub async fn show_own_leave(asker: Asker) -> PageResult {
    match employee_of(&asker.scope, asker.user).await? {
        Some(own) => redirect(&format!("{PATH}/{own}")),
        None if asker.may(Permission::HrView) => redirect(&format!("{PATH}/soldes")),
        None => page(&NoFilePage { shell: Shell::new(&asker, "hr", "Mes congés") }),
    }
}

pub async fn show_leave(asker: Asker, Id(id): Id<EmployeeId>) -> PageResult {
    let (read, standing) = sight::read(&asker, id).await?;
    page(&LeavePage::of(&asker, &read, standing, AdjustmentInput::default(), FieldErrors::default()))
}

pub async fn adjust_leave(asker: Asker, Id(id): Id<EmployeeId>, form: Form<AdjustmentInput>) -> PageResult {
    match super::adjust_leave(&asker, id, &form.input).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le solde est corrigé."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let (read, standing) = sight::read(&asker, id).await?;
            let shown = LeavePage::of(&asker, &read, standing, form.input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

pub async fn inform_of_leave(asker: Asker, Id(id): Id<EmployeeId>, form: Form<InformedInput>) -> PageResult {
    match super::inform_of_leave(&asker, id, &form.input).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "L’information est notée\u{a0}: le report court 15 mois."),
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            let (read, standing) = sight::read(&asker, id).await?;
            let shown = LeavePage::of(&asker, &read, standing, AdjustmentInput::default(), errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// The letter that says it, made out of the balances.
pub async fn write_leave_information(asker: Asker, Id(id): Id<EmployeeId>, _: Form<crate::Nothing>) -> PageResult {
    match super::write_leave_information(&asker, id).await {
        Ok(_) => asker.done(
            &format!("{PATH}/{id}"),
            "La lettre est établie et partagée avec le salarié\u{a0}: l’information est notée à ce jour.",
        ),
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            let (read, standing) = sight::read(&asker, id).await?;
            let shown = LeavePage::of(&asker, &read, standing, AdjustmentInput::default(), errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

#[derive(Template)]
#[template(path = "leave_form.html")]
struct LeaveForm {
    shell: Shell,
    form_key: String,
    action: String,
    back_href: String,
    back_label: String,
    count_href: String,
    version: Option<u64>,
    form: LeaveRequestInput,
    errors: FieldErrors,
    types: Vec<Choice>,
    is_own: bool,
}

impl LeaveForm {
    fn of(
        asker: &Asker,
        read: &Read,
        standing: Standing,
        current: Option<&Stored<LeaveRequest>>,
        form: LeaveRequestInput,
        errors: FieldErrors,
    ) -> Self {
        let id = read.employee.id;
        let kinds = read.leave.types.iter().filter(|kind| kind.is_active || kind.id.to_string() == form.type_id);
        let action = match current {
            Some(request) => format!("{PATH}/{id}/{}/modifier", request.id),
            None => format!("{PATH}/{id}/demander"),
        };
        Self {
            shell: Shell::new(
                asker,
                "hr",
                if current.is_some() { "Modifier le brouillon" } else { "Demander une absence" },
            ),
            form_key: asker.form_key(),
            action,
            back_href: format!("{PATH}/{id}"),
            back_label: if standing.is_own {
                "Mes congés".into()
            } else {
                format!("Congés {}", de(&read.employee.name()))
            },
            count_href: format!("{PATH}/{id}/decompte"),
            version: current.map(|request| request.version),
            types: choices(kinds.map(|kind| (kind.id.to_string(), kind.name.clone())), &form.type_id),
            form,
            errors,
            is_own: standing.is_own,
        }
    }
}

pub async fn leave_form(asker: Asker, Id(id): Id<EmployeeId>) -> PageResult {
    let (read, standing) = sight::read(&asker, id).await?;
    if !standing.asks() {
        return Err(Error::Forbidden.into());
    }
    let first = read.leave.active().next().map(|kind| kind.id.to_string()).unwrap_or_default();
    let form = LeaveRequestInput { type_id: first, ..LeaveRequestInput::default() };
    page(&LeaveForm::of(&asker, &read, standing, None, form, FieldErrors::default()))
}

pub async fn request_leave(asker: Asker, Id(id): Id<EmployeeId>, form: Form<LeaveRequestInput>) -> PageResult {
    match super::request_leave(&asker, id, &form.input).await {
        Ok(request) => asker.done(&format!("{PATH}/{id}/{}", request.id), done(&request)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let (read, standing) = sight::read(&asker, id).await?;
            let shown = LeaveForm::of(&asker, &read, standing, None, form.input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

fn done(request: &LeaveRequest) -> &'static str {
    match request.state {
        RequestState::Draft => "Le brouillon est enregistré.",
        RequestState::Pending => "La demande est envoyée. Vous serez averti de la décision.",
        _ => "L’absence est enregistrée.",
    }
}

pub async fn draft_form(asker: Asker, Ids((id, request)): Ids<EmployeeId, LeaveRequestId>) -> PageResult {
    let (read, standing) = sight::read(&asker, id).await?;
    let current = read.request(request)?.clone();
    if !standing.asks() || current.state != RequestState::Draft {
        return redirect(&format!("{PATH}/{id}/{request}"));
    }
    let form = LeaveRequestInput::of(&current);
    page(&LeaveForm::of(&asker, &read, standing, Some(&current), form, FieldErrors::default()))
}

pub async fn edit_draft(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    form: Form<LeaveRequestInput>,
) -> PageResult {
    match super::edit_leave_request(&asker, id, request, &form.input, form.version).await {
        Ok(changed) => asker.done(&format!("{PATH}/{id}/{request}"), done(&changed)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let (read, standing) = sight::read(&asker, id).await?;
            let mut current = read.request(request)?.clone();
            current.version = form.version.unwrap_or(current.version);
            let shown = LeaveForm::of(&asker, &read, standing, Some(&current), form.input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

#[derive(Template)]
#[template(path = "leave_live.html")]
struct LiveCount {
    /// None while the form says too little.
    told: Option<Told>,
}

struct Told {
    days: String,
    /// None of hours, after which the day goes on.
    return_on: Option<String>,
    /// What is left of the balance then, where there is one.
    left: Option<String>,
    wrong: Vec<String>,
    /// What may be asked for, and should not.
    unusual: Option<String>,
    colleagues: Vec<(String, String)>,
}

/// What an absence takes and whom it meets, while it is typed.
pub async fn count_live(asker: Asker, Id(id): Id<EmployeeId>, RawQuery(query): RawQuery) -> PageResult {
    let form: LeaveRequestInput = asked(query)?;
    let span = span_of(&form);
    let (from, to) = span.map_or((asker.today(), asker.today()), |span| (span.from, span.to));
    let absent = list_leave::list_absent(&asker, from, to);
    let (read, absent) = side_by_side(sight::read(&asker, id), absent).await;
    let ((read, standing), (staff, absent)) = (read?, absent?);
    if !standing.asks() {
        return Err(Error::NotFound.into());
    }
    let asked = form.parse(|id| read.leave.find(id)).ok();
    let told = asked.and_then(|asked| {
        let kind = read.leave.find(asked.kind)?;
        let taken = request::taken(asked.span, kind, &read.employee, &read.settings);
        let wanted = LeaveRequest::new(
            LeaveRequestId::from_ulid(ulid::Ulid(u128::MAX)),
            &read.employee,
            &asked,
            asker.user,
            asker.scope.now(),
        );
        let wrong = account::check(&read.facts(), &wanted).err();
        let left = kind.accrual(read.settings.counting).map(|_| {
            let left = Balances::of(&read.facts()).left_on(kind.id, asked.span.from);
            let left = left - asked.minutes.map_or(taken.total().into(), super::Quantity::minutes);
            words::amount_in_words(left, kind)
        });
        Some(Told {
            days: words::quantity(taken.total(), asked.minutes, Some(kind)),
            return_on: asked.minutes.is_none().then(|| text::french_day(taken.return_on)),
            unusual: account::is_too_long_at_once(kind, &taken, read.settings.counting_on(asked.span.from))
                .then(|| TOO_LONG.to_owned()),
            left: left.filter(|_| wrong.is_none()),
            wrong: wrong.iter().flat_map(|wrong| wrong.iter()).map(|violation| violation.rule.french()).collect(),
            colleagues: colleagues(&staff, &read.employee, &absent, asked.span),
        })
    });
    page(&LiveCount { told })
}

const TOO_LONG: &str = "Le congé principal pris en une fois ne dépasse pas 24 jours ouvrables, soit 20 jours ouvrés, sauf contraintes \
                        géographiques particulières, présence au foyer d’une personne handicapée ou en perte d’autonomie, ou \
                        accord (article L3141-17).";

#[derive(Template)]
#[template(path = "leave_colleagues.html")]
struct ColleaguesPanel {
    colleagues: Vec<(String, String)>,
}

/// Whom an absence meets, for who sees it.
pub async fn show_colleagues(asker: Asker, Id(id): Id<EmployeeId>, RawQuery(query): RawQuery) -> PageResult {
    let form: LeaveRequestInput = asked(query)?;
    let span = span_of(&form).ok_or(Error::NotFound)?;
    let (staff, absent) = list_leave::list_absent(&asker, span.from, span.to).await?;
    let employee = staff.find(id).ok_or(Error::NotFound)?;
    if !staff.standing(&asker, employee).sees() {
        return Err(Error::NotFound.into());
    }
    page(&ColleaguesPanel { colleagues: colleagues(&staff, employee, &absent, span) })
}

fn span_of(form: &LeaveRequestInput) -> Option<Span> {
    let from = kernel::legal::date(&form.from).ok()?;
    let to =
        kernel::legal::date(&form.to).ok().filter(|to| *to >= from && *to < store::year_after(from)).unwrap_or(from);
    Some(Span { from, starts_at_noon: false, to, ends_at_noon: false })
}

/// Those whom they work with who are away then: that they are, and no more.
fn colleagues(staff: &Staff, employee: &Employee, absent: &[(Absent, Standing)], span: Span) -> Vec<(String, String)> {
    absent
        .iter()
        .filter(|(one, _)| one.employee != employee.id && one.is_approved && one.span.overlaps(&span))
        .filter_map(|(one, _)| {
            let other = staff.find(one.employee)?;
            are_colleagues(employee, other, span.from).then(|| (other.name(), one.span.french()))
        })
        .collect()
}

#[derive(Template)]
#[template(path = "leave_request.html")]
struct RequestPage {
    shell: Shell,
    form_key: String,
    version: u64,
    path: String,
    back_href: String,
    back_label: String,
    row: RequestRow,
    return_on: String,
    days: Vec<(String, String)>,
    comment: String,
    history: Vec<(&'static str, String, String, String)>,
    balance: Option<String>,
    unusual: Option<String>,
    colleagues_href: String,
    decision: DecisionInput,
    errors: FieldErrors,
    is_draft: bool,
    may_submit: bool,
    may_decide: bool,
    may_withdraw: bool,
    may_cancel: bool,
}

impl RequestPage {
    fn of(
        asker: &Asker,
        (read, standing): (&Read, Standing),
        request: &Stored<LeaveRequest>,
        decision: DecisionInput,
        errors: FieldErrors,
    ) -> Self {
        let organization = &asker.organization;
        let at = |at: jiff::Timestamp| organization.date(at.to_zoned(organization.zone()).date());
        let kind = read.leave.find(request.kind);
        let taken = kind.map(|kind| request::taken(request.span, kind, &read.employee, &read.settings));
        let mut history = Vec::new();
        if let Some(asked_at) = request.asked_at {
            history.push(("info", "Demande envoyée".to_owned(), at(asked_at), String::new()));
        }
        let told = |decision: &request::Decision, words: &str| {
            let comment = decision.comment.clone().unwrap_or_default();
            (format!("{words} par {}", decision.name), at(decision.at), comment)
        };
        if let Some(first) = &request.first {
            let (title, at, comment) = told(first, "Premier accord donné");
            history.push(("success", title, at, comment));
        }
        if let Some(decision) = &request.decision {
            let is_refused = request.state == RequestState::Refused;
            let (title, at, comment) = told(decision, if is_refused { "Refusée" } else { "Approuvée" });
            history.push((if is_refused { "danger" } else { "success" }, title, at, comment));
        }
        let state = request.state;
        let today = asker.today();
        let second_is_theirs = request.first.is_none() || standing.decides_all;
        let keeps = standing.keeps_files && !standing.is_own;
        let balance = kind
            .filter(|kind| kind.accrual(read.settings.counting).is_some())
            .map(|kind| words::amount_in_words(Balances::of(&read.facts()).left_on(kind.id, request.span.from), kind));
        let row = RequestRow::of(asker, &read.leave, &read.settings, &read.employee, request);
        Self {
            shell: Shell::new(asker, "hr", format!("Absence {}", de(&row.who))),
            form_key: asker.form_key(),
            version: request.version,
            path: row.href.clone(),
            back_href: format!("{PATH}/{}", request.employee),
            back_label: if standing.is_own { "Mes congés".into() } else { format!("Congés {}", de(&row.who)) },
            unusual: kind
                .zip(taken.as_ref())
                .filter(|(kind, taken)| {
                    let counting = read.settings.counting_on(request.span.from);
                    !matches!(state, RequestState::Refused | RequestState::Withdrawn | RequestState::Cancelled)
                        && account::is_too_long_at_once(kind, taken, counting)
                })
                .map(|_| TOO_LONG.to_owned()),
            return_on: taken
                .as_ref()
                .filter(|_| request.minutes.is_none())
                .map(|taken| text::french_day(taken.return_on))
                .unwrap_or_default(),
            days: taken
                .map(|taken| taken.days)
                .unwrap_or_default()
                .into_iter()
                .map(|(day, halves)| (text::french_day(day), halves.french()))
                .collect(),
            row,
            comment: request.comment.clone().unwrap_or_default(),
            history,
            balance,
            colleagues_href: format!(
                "{PATH}/{}/collegues?from={}&to={}",
                request.employee, request.span.from, request.span.to
            ),
            decision,
            errors,
            is_draft: state == RequestState::Draft,
            may_submit: state == RequestState::Draft && standing.asks(),
            may_decide: state == RequestState::Pending && standing.decides() && second_is_theirs,
            may_withdraw: matches!(state, RequestState::Draft | RequestState::Pending) && standing.asks(),
            may_cancel: state == RequestState::Approved
                && (standing.decides() || keeps || (standing.is_own && today < request.span.from)),
        }
    }
}

async fn request_page(
    asker: &Asker,
    id: EmployeeId,
    request: LeaveRequestId,
    decision: DecisionInput,
    errors: FieldErrors,
) -> Result<RequestPage> {
    let (read, standing) = sight::read(asker, id).await?;
    let found = read.request(request)?;
    Ok(RequestPage::of(asker, (&read, standing), found, decision, errors))
}

pub async fn show_leave_request(asker: Asker, Ids((id, request)): Ids<EmployeeId, LeaveRequestId>) -> PageResult {
    page(&request_page(&asker, id, request, DecisionInput::default(), FieldErrors::default()).await?)
}

/// After an act on a request: see it, with what was done or why not.
async fn acted(
    asker: &Asker,
    (id, request): (EmployeeId, LeaveRequestId),
    outcome: Result<Stored<LeaveRequest>>,
    decision: DecisionInput,
    message: &str,
) -> PageResult {
    match outcome {
        Ok(_) => asker.done(&format!("{PATH}/{id}/{request}"), message),
        Err(error) => {
            let is_of_comment =
                matches!(&error, Error::Invalid(wrong) if wrong.iter().any(|one| one.pointer == "/comment"));
            let errors = if is_of_comment { FieldErrors::from_error(error)? } else { FieldErrors::summary_of(error)? };
            let shown = request_page(asker, id, request, decision, errors).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

pub async fn submit_leave(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    form: Form<crate::Nothing>,
) -> PageResult {
    let outcome = super::submit_leave_request(&asker, id, request, form.version).await;
    let message = "La demande est envoyée. Vous serez averti de la décision.";
    acted(&asker, (id, request), outcome, DecisionInput::default(), message).await
}

pub async fn approve_leave(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    form: Form<DecisionInput>,
) -> PageResult {
    let outcome = super::approve_leave(&asker, id, request, &form.input, form.version).await;
    acted(&asker, (id, request), outcome, form.input, "L’absence est approuvée.").await
}

pub async fn refuse_leave(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    form: Form<DecisionInput>,
) -> PageResult {
    let outcome = super::refuse_leave(&asker, id, request, &form.input, form.version).await;
    acted(&asker, (id, request), outcome, form.input, "L’absence est refusée.").await
}

pub async fn withdraw_leave(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    form: Form<crate::Nothing>,
) -> PageResult {
    let outcome = super::withdraw_leave(&asker, id, request, form.version).await;
    acted(&asker, (id, request), outcome, DecisionInput::default(), "La demande est retirée.").await
}

pub async fn cancel_leave(
    asker: Asker,
    Ids((id, request)): Ids<EmployeeId, LeaveRequestId>,
    form: Form<crate::Nothing>,
) -> PageResult {
    let outcome = super::cancel_leave(&asker, id, request, form.version).await;
    acted(
        &asker,
        (id, request),
        outcome,
        DecisionInput::default(),
        "L’absence est annulée\u{a0}: ses jours sont rendus.",
    )
    .await
}

#[derive(Template)]
#[template(path = "leave_awaited.html")]
struct AwaitedPage {
    shell: Shell,
    tabs: Tabs,
    form_key: String,
    requests: Vec<RequestRow>,
    /// Of who is somebody's manager.
    delegates: Vec<Choice>,
    delegation: DelegationInput,
    errors: FieldErrors,
    is_manager: bool,
}

impl AwaitedPage {
    async fn of(asker: &Asker, typed: Option<DelegationInput>, errors: FieldErrors) -> Result<Self> {
        let (staff, open) = super::list_awaited(asker).await?;
        let (own, today) = (staff.own.as_ref().map(|own| own.id), asker.today());
        let current = staff.leave.delegations.iter().find(|one| Some(one.of) == own && one.until >= today);
        let shown = current.map(|one| DelegationInput {
            to: one.to.to_string(),
            from: one.from.to_string(),
            until: one.until.to_string(),
        });
        let delegation = typed.or(shown).unwrap_or_default();
        let others = staff.employees.iter().filter(|one| Some(one.id) != own && one.user.is_some());
        let others = others.filter(|one| !one.has_left(today)).map(|one| (one.id.to_string(), one.name()));
        let rows = open.iter().filter_map(|request| {
            let employee = staff.find(request.employee)?;
            Some(RequestRow::of(asker, &staff.leave, &staff.settings, employee, request))
        });
        Ok(Self {
            shell: Shell::new(asker, "hr", "Absences à valider"),
            tabs: Tabs::of(asker),
            form_key: asker.form_key(),
            requests: rows.collect(),
            delegates: choices(others, &delegation.to),
            delegation,
            errors,
            is_manager: own.is_some() && staff.employees.iter().any(|one| one.manager == own),
        })
    }
}

pub async fn list_awaited(asker: Asker) -> PageResult {
    page(&AwaitedPage::of(&asker, None, FieldErrors::default()).await?)
}

pub async fn delegate_leave(asker: Asker, form: Form<DelegationInput>) -> PageResult {
    match super::delegate_leave(&asker, &form.input).await {
        Ok(Some(_)) => asker.done(&format!("{PATH}/a-valider"), "La délégation est enregistrée."),
        Ok(None) => asker.done(&format!("{PATH}/a-valider"), "La délégation est retirée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let shown = AwaitedPage::of(&asker, Some(form.input), errors).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

#[derive(Template)]
#[template(path = "leave_balances.html")]
struct BalancesPage {
    shell: Shell,
    tabs: Tabs,
    form_key: String,
    can_export: bool,
    types: Vec<String>,
    rows: Vec<(EmployeeId, String, Vec<String>)>,
    /// How many of whom nothing was counted yet.
    uncounted: usize,
}

pub async fn list_balances(asker: Asker) -> PageResult {
    let (staff, accounts) = super::list_balances(&asker).await?;
    let today = asker.today();
    let accruing: Vec<_> =
        staff.leave.active().filter(|kind| kind.accrual(staff.settings.counting).is_some()).collect();
    let accounts: BTreeMap<EmployeeId, _> = accounts.iter().map(|account| (account.employee, account)).collect();
    let present: Vec<_> = staff.employees.iter().filter(|employee| !employee.has_left(today)).collect();
    let rows = present.iter().map(|employee| {
        let cells = accruing.iter().map(|kind| match accounts.get(&employee.id) {
            Some(account) => {
                let usable = |sum: &&account::PeriodSum| sum.kind == kind.id && sum.usable_until >= today;
                let left = account.sums.iter().filter(usable).map(account::PeriodSum::left).sum();
                words::amount(left, Some(kind))
            }
            None => "—".into(),
        });
        (employee.id, employee.name(), cells.collect())
    });
    page(&BalancesPage {
        shell: Shell::new(&asker, "hr", "Soldes de congés"),
        tabs: Tabs::of(&asker),
        form_key: asker.form_key(),
        can_export: asker.may(Permission::HrExport),
        types: accruing.iter().map(|kind| kind.name.clone()).collect(),
        rows: rows.collect(),
        uncounted: present.iter().filter(|employee| !accounts.contains_key(&employee.id)).count(),
    })
}

pub async fn export_balances(asker: Asker) -> PageResult {
    let file = super::export_balances(&asker).await?;
    Ok(csv(&format!("soldes-conges-{}.csv", asker.today()), file).into_response())
}

pub async fn count_all_leave(asker: Asker, _: Form<crate::Nothing>) -> PageResult {
    super::count_all_leave(&asker).await?;
    asker.done(&format!("{PATH}/soldes"), "Le calcul est demandé\u{a0}: les soldes apparaissent dans un instant.")
}

#[derive(Template)]
#[template(path = "leave_settings.html")]
struct SettingsPage {
    shell: Shell,
    tabs: Tabs,
    form_key: String,
    version: Option<u64>,
    is_decided_twice: bool,
    remind_after_days: String,
    types: Vec<TypeRow>,
    errors: FieldErrors,
}

struct TypeRow {
    at: usize,
    title: String,
    input: LeaveTypeInput,
    colors: Vec<Choice>,
    units: Vec<Choice>,
    /// What the law says of it, where it does.
    by_law: String,
    is_new: bool,
    accrues_by_law: bool,
    error: Option<String>,
}

fn by_law(nature: Nature, today: Date) -> String {
    match (nature, nature.days_on(today)) {
        (Nature::PaidLeave, _) => {
            "2,5 jours ouvrables par mois, 30 par an (L3141-3), ou 25 jours ouvrés\u{a0}; de juin à mai.".into()
        }
        (Nature::Sickness, _) => "Acquiert 2 jours ouvrables de congés par mois, 24 par an au plus (L3141-5-1).".into(),
        (Nature::WorkAccident, _) => "Acquiert des congés comme du travail (L3141-5, 5°).".into(),
        (Nature::Unpaid, _) => "N’acquiert pas de congés.".into(),
        (_, Some(days)) => format!("{days} jours au plus."),
        _ => String::new(),
    }
}

impl SettingsPage {
    /// The name of a field of a row, and where its error stands.
    fn named(&self, row: &TypeRow, field: &str) -> String {
        format!("types.{}.{field}", row.at)
    }

    fn at(&self, row: &TypeRow, field: &str) -> String {
        format!("/types/{}/{field}", row.at)
    }

    fn of(
        asker: &Asker,
        current: &LeaveSettings,
        mut input: LeaveSettingsInput,
        version: Option<u64>,
        errors: FieldErrors,
    ) -> Self {
        if input.types.iter().all(|row| !row.id.is_empty()) {
            input.types.push(LeaveTypeInput {
                is_paid: "true".into(),
                needs_approval: "true".into(),
                takes_halves: "true".into(),
                is_active: "true".into(),
                ..LeaveTypeInput::default()
            });
        }
        let today = asker.today();
        let row = |(at, row): (usize, LeaveTypeInput)| {
            let known = current.types.iter().find(|one| one.id.to_string() == row.id);
            let nature = known.map_or(Nature::Own, |known| known.nature);
            let fields = [
                "name",
                "color",
                "unit",
                "per_month",
                "first_month",
                "cap",
                "months_after",
                "presence_from",
                "days_max",
                "advance",
            ];
            TypeRow {
                at,
                title: known.map_or_else(|| "Nouveau type".into(), |known| known.name.clone()),
                colors: choices(Color::ALL.map(|color| (color.name(), color.french())), &row.color),
                units: choices(Unit::ALL.map(|unit| (unit.name(), unit.french())), &row.unit),
                by_law: by_law(nature, today),
                is_new: known.is_none(),
                accrues_by_law: nature.accrues_by_law(),
                error: fields.iter().find_map(|field| errors.get(&format!("/types/{at}/{field}"))),
                input: row,
            }
        };
        Self {
            shell: Shell::new(asker, "hr", "Types d’absence"),
            tabs: Tabs::of(asker),
            form_key: asker.form_key(),
            version,
            is_decided_twice: input.is_decided_twice == "true",
            remind_after_days: input.remind_after_days.clone(),
            types: input.types.into_iter().enumerate().map(row).collect(),
            errors,
        }
    }
}

pub async fn leave_settings_form(asker: Asker) -> PageResult {
    let settings = store::leave_settings(&asker.scope).await?.unwrap_or_else(none);
    let input = LeaveSettingsInput::of(&settings);
    page(&SettingsPage::of(&asker, &settings, input, Some(settings.version), FieldErrors::default()))
}

pub async fn edit_leave_settings(asker: Asker, form: NestedForm<LeaveSettingsInput>) -> PageResult {
    match super::edit_leave_settings(&asker, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/reglages"), "Les types d’absence sont enregistrés."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let current = store::leave_settings(&asker.scope).await?.unwrap_or_else(none);
            let shown = SettingsPage::of(&asker, &current, form.input, form.version, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
