//! `/ventes/objectifs`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use jiff::civil::Date;
use kernel::{Error, Permission, Result, id::TargetId};
use serde::Deserialize;
use table::{Stored, meter::side_by_side};
use web::{
    Asker, Colleagues, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{Aim, Pace, Progress, Shown, Span, Target, TargetInput, TargetKind, model::TARGETS_MAX};

pub const PATH: &str = "/ventes/objectifs";
pub const NEW: &str = "/ventes/objectifs/nouveau";

/// A target as a line of a list, or at the head of its page.
pub struct TargetRow {
    pub href: String,
    pub name: String,
    kind: &'static str,
    pub period: String,
    of: String,
    pub achieved: String,
    pub goal: String,
    pub percent: i64,
    /// No more than the whole bar.
    pub width: i64,
    pub badge: &'static str,
    pub state: String,
}

/// Whose it is, by name.
fn of(target: &Target, colleagues: &Colleagues, asker: &Asker) -> String {
    let name = |user| match colleagues.assignee(Some(user)) {
        Some(assignee) if asker.sees_all() => assignee.name,
        _ => asker.name.clone(),
    };
    match &target.aim {
        Aim::Organization => "Toute l’entreprise".into(),
        Aim::Person(user) => name(*user),
        Aim::Team(users) => users.iter().map(|user| name(*user)).collect::<Vec<_>>().join(", "),
    }
}

/// `à ce rythme : 83 %`
fn state(progress: &Progress) -> (&'static str, String) {
    match progress.pace {
        Pace::Reached => ("success", "Atteint".into()),
        Pace::Running(percent) => ("info", format!("À ce rythme\u{a0}: {percent}\u{a0}%")),
        Pace::OffTrack(percent) => ("warning", format!("À ce rythme\u{a0}: {percent}\u{a0}%")),
        Pace::Missed => ("neutral", "Terminé, non atteint".into()),
        Pace::Ahead => ("neutral", "À venir".into()),
    }
}

impl TargetRow {
    /// In its current period.
    pub fn now(shown: &Shown, today: Date, whose: String) -> Self {
        let period = shown.target.period(today);
        let progress = shown.target.progress(shown.achieved_in(period), period, today);
        Self::of(&shown.target, &progress, whose)
    }

    fn of(target: &Target, progress: &Progress, whose: String) -> Self {
        let (badge, state) = state(progress);
        Self {
            href: format!("{PATH}/{}", target.id),
            name: target.name.clone(),
            kind: target.kind.french(),
            period: progress.period.french(),
            of: whose,
            achieved: target.kind.told(progress.achieved, target.currency),
            goal: target.kind.told(target.goal, target.currency),
            percent: progress.percent,
            width: progress.percent.min(100),
            badge,
            state,
        }
    }
}

#[derive(Template)]
#[template(path = "targets.html")]
struct TargetsPage {
    shell: Shell,
    rows: Vec<TargetRow>,
    can_create: bool,
    is_full: bool,
}

pub async fn list_targets(asker: Asker) -> PageResult {
    let (targets, colleagues) = side_by_side(super::list_targets(&asker), Colleagues::of(&asker)).await;
    let (targets, colleagues) = (targets?, colleagues?);
    let today = asker.today();
    let row = |shown: &Shown| TargetRow::now(shown, today, of(&shown.target, &colleagues, &asker));
    // What goes on first, in the order in which they were set.
    let (running, others): (Vec<_>, Vec<_>) = targets.iter().partition(|shown| shown.target.is_running(today));
    let is_full = targets.len() >= usize::from(TARGETS_MAX);
    page(&TargetsPage {
        shell: Shell::new(&asker, "sales", "Objectifs"),
        rows: running.into_iter().chain(others).map(row).collect(),
        can_create: asker.may(Permission::SalesCreate) && !is_full,
        is_full,
    })
}

#[derive(Template)]
#[template(path = "target.html")]
struct TargetPage {
    shell: Shell,
    form_key: String,
    row: TargetRow,
    span: &'static str,
    /// The periods before, the latest first.
    past: Vec<TargetRow>,
    edit: String,
    delete: String,
    version: u64,
    can_edit: bool,
    can_delete: bool,
}

pub async fn show_target(asker: Asker, Id(id): Id<TargetId>) -> PageResult {
    let (shown, colleagues) = side_by_side(super::show_target(&asker, id), Colleagues::of(&asker)).await;
    let (shown, colleagues) = (shown?, colleagues?);
    let (target, today) = (&shown.target, asker.today());
    let whose = of(target, &colleagues, &asker);
    let row = |period| TargetRow::of(target, &target.progress(shown.achieved_in(period), period, today), whose.clone());
    let past = target.periods(today).into_iter().skip(1).map(row).collect();
    page(&TargetPage {
        shell: Shell::new(&asker, "sales", target.name.clone()),
        form_key: asker.form_key(),
        row: row(target.period(today)),
        span: target.span.french(),
        past,
        edit: format!("{PATH}/{id}/modifier"),
        delete: format!("{PATH}/{id}/supprimer"),
        version: target.version,
        can_edit: asker.may(Permission::SalesEdit),
        can_delete: asker.may(Permission::SalesDelete),
    })
}

#[derive(Template)]
#[template(path = "target_form.html")]
struct TargetFormPage {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    /// Absent for a new one.
    version: Option<u64>,
    form: TargetInput,
    errors: FieldErrors,
    kinds: Vec<Choice>,
    spans: Vec<Choice>,
    /// Whose it may be; nobody for who sees only their own, whose they all are.
    people: Vec<Choice>,
    own: String,
    symbol: &'static str,
}

impl TargetFormPage {
    fn new(
        asker: &Asker,
        known: Option<&Stored<Target>>,
        form: TargetInput,
        errors: FieldErrors,
        colleagues: &Colleagues,
    ) -> Self {
        let title = known.map_or_else(|| "Nouvel objectif".to_owned(), |known| known.name.clone());
        let href = known.map(|known| format!("{PATH}/{}", known.id));
        let offered = colleagues.choices(&asker.user.to_string(), Permission::SalesView);
        // Whoever it is of already stays in sight.
        let missing = form.assigned_to.iter().filter(|id| !offered.iter().any(|(value, ..)| value == *id));
        let missing: Vec<Choice> = missing
            .filter_map(|id| Some((id.clone(), colleagues.assignee(Some(id.parse().ok()?))?.name, true)))
            .collect();
        let is_chosen = |id: &String| form.assigned_to.contains(id);
        let people = offered.into_iter().map(|(id, name, _)| {
            let chosen = is_chosen(&id);
            (id, name, chosen)
        });
        Self {
            shell: Shell::new(asker, "sales", title),
            form_key: asker.form_key(),
            action: href.clone().map_or_else(|| NEW.into(), |href| format!("{href}/modifier")),
            cancel_href: href.unwrap_or_else(|| PATH.into()),
            version: known.map(|known| known.version),
            kinds: choices(TargetKind::ALL.map(|kind| (kind.name(), kind.french())), &form.kind),
            spans: choices(Span::ALL.map(|span| (span.name(), span.french())), &form.period),
            people: if asker.sees_all() { people.chain(missing).collect() } else { Vec::new() },
            own: if asker.sees_all() { String::new() } else { asker.user.to_string() },
            symbol: asker.organization.currency.symbol(),
            form,
            errors,
        }
    }
}

#[derive(Deserialize)]
pub struct From {
    /// The target that is set again.
    #[serde(default)]
    from: String,
}

pub async fn new_target(asker: Asker, Query(query): Query<From>) -> PageResult {
    let again = async {
        match query.from.parse::<TargetId>() {
            Ok(id) => super::show_target(&asker, id).await.map(Some),
            Err(_) => Result::Ok(None),
        }
    };
    let (again, colleagues) = side_by_side(again, Colleagues::of(&asker)).await;
    let usual = TargetInput::usual(asker.today());
    let form = match again? {
        Some(shown) => TargetInput { from: usual.from, until: String::new(), ..TargetInput::of(&shown.target) },
        None => usual,
    };
    page(&TargetFormPage::new(&asker, None, form, FieldErrors::default(), &colleagues?))
}

pub async fn create_target(asker: Asker, form: Form<TargetInput>) -> PageResult {
    match super::create_target(&asker, &form.input).await {
        Ok((made, _)) => asker.done(&format!("{PATH}/{}", made.id), "L’objectif est enregistré."),
        Err(error) => refused(&asker, None, form, error).await,
    }
}

pub async fn target_form(asker: Asker, Id(id): Id<TargetId>) -> PageResult {
    let (known, colleagues) = side_by_side(super::show_target(&asker, id), Colleagues::of(&asker)).await;
    let known = known?.target;
    let form = TargetInput::of(&known);
    page(&TargetFormPage::new(&asker, Some(&known), form, FieldErrors::default(), &colleagues?))
}

pub async fn edit_target(asker: Asker, Id(id): Id<TargetId>, form: Form<TargetInput>) -> PageResult {
    match super::edit_target(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "L’objectif est enregistré."),
        Err(error) => refused(&asker, Some(id), form, error).await,
    }
}

/// The form again, with what is wrong.
async fn refused(asker: &Asker, id: Option<TargetId>, form: Form<TargetInput>, error: Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let known = async {
        match id {
            Some(id) => super::show_target(asker, id).await.map(|shown| Some(shown.target)),
            None => Result::Ok(None),
        }
    };
    let (known, colleagues) = side_by_side(known, Colleagues::of(asker)).await;
    let known = known?;
    let again = TargetFormPage::new(asker, known.as_ref(), form.input, errors, &colleagues?);
    // What was seen is what the next attempt must still find.
    let page = TargetFormPage { version: form.version.or(again.version), ..again };
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn delete_target(asker: Asker, Id(id): Id<TargetId>, form: Form<Nothing>) -> PageResult {
    super::delete_target(&asker, id, form.version).await?;
    asker.done(PATH, "L’objectif est supprimé.")
}
