//! `/crm/conservation`

use askama::Template;
use http::StatusCode;
use kernel::{
    Error, Permission, Result, legal,
    page::{Page, PageRequest},
};
use table::{Stored, meter::side_by_side};
use web::{Asker, Assignee, Colleagues, Form, PageResult, Search, Shell, form::FieldErrors, page, page_with_status};

use super::{Retention, Selection, Subject, model::SELECTED_MAX};

pub const PATH: &str = "/crm/conservation";
pub const PROSPECTS: &str = "/crm/conservation/prospects";
pub const KEEP: &str = "/crm/conservation/conserver";
pub const ERASE: &str = "/crm/conservation/effacer";

#[derive(Template)]
#[template(path = "due_contacts.html")]
struct DueContactsPage {
    shell: Shell,
    rule: RuleWords,
    form_key: String,
    due: Vec<DueRow>,
    next: Option<String>,
    first: Option<String>,
    shows_assignee: bool,
    can_keep: bool,
    can_erase: bool,
    may_view_rules: bool,
    reason: String,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "due_prospects.html")]
struct DueProspectsPage {
    shell: Shell,
    rule: RuleWords,
    due: Vec<DueRow>,
    next: Option<String>,
    first: Option<String>,
    shows_assignee: bool,
    may_view_rules: bool,
}

struct RuleWords {
    years: i16,
    source: &'static str,
}

impl RuleWords {
    fn of(asker: &Asker) -> Self {
        let rule = legal::contact_years(asker.organization.day(asker.scope.now()));
        Self { years: rule.value, source: rule.source }
    }
}

struct DueRow {
    id: String,
    name: String,
    since: String,
    due_on: String,
    reason: String,
    assignee: Option<Assignee>,
    is_chosen: bool,
}

fn rows(asker: &Asker, colleagues: &Colleagues, found: &Page<Stored<Retention>>, chosen: &[String]) -> Vec<DueRow> {
    let today = asker.organization.day(asker.scope.now());
    let row = |due: &Stored<Retention>| {
        let id = match due.subject {
            Subject::Contact(id) => id.to_string(),
            Subject::Prospect(id) => id.to_string(),
        };
        DueRow {
            is_chosen: chosen.contains(&id),
            id,
            name: due.name.clone(),
            since: asker.organization.date(due.since),
            due_on: asker.organization.date(due.due_on(today)),
            reason: due.reason.clone().unwrap_or_default(),
            assignee: colleagues.assignee(due.assigned_to),
        }
    };
    found.items.iter().map(row).collect()
}

/// No more on a page than can be chosen at once.
fn within(page: &PageRequest) -> PageRequest {
    PageRequest { limit: page.limit.min(SELECTED_MAX), cursor: page.cursor.clone() }
}

async fn due_contacts(asker: &Asker, wanted: &PageRequest, selection: Selection) -> Result<DueContactsPage> {
    let (found, colleagues) =
        side_by_side(super::list_due_contacts(asker, &within(wanted)), Colleagues::of(asker)).await;
    let found = found?;
    Ok(DueContactsPage {
        shell: Shell::new(asker, "crm", "Conservation des contacts"),
        rule: RuleWords::of(asker),
        form_key: asker.form_key(),
        due: rows(asker, &colleagues?, &found, &selection.contacts),
        next: found.next_cursor.map(|cursor| format!("{PATH}?cursor={cursor}")),
        first: wanted.cursor.as_ref().map(|_| PATH.into()),
        shows_assignee: asker.sees_all(),
        can_keep: asker.may(Permission::CrmEdit),
        can_erase: asker.may(Permission::CrmDelete),
        may_view_rules: asker.may(Permission::SettingsView),
        reason: selection.reason,
        errors: FieldErrors::default(),
    })
}

pub async fn list_due_contacts(asker: Asker, search: Search) -> PageResult {
    page(&due_contacts(&asker, &search.page, Selection::default()).await?)
}

pub async fn list_due_prospects(asker: Asker, search: Search) -> PageResult {
    let (found, colleagues) =
        side_by_side(super::list_due_prospects(&asker, &within(&search.page)), Colleagues::of(&asker)).await;
    let found = found?;
    page(&DueProspectsPage {
        shell: Shell::new(&asker, "crm", "Conservation des prospects"),
        rule: RuleWords::of(&asker),
        due: rows(&asker, &colleagues?, &found, &[]),
        next: found.next_cursor.map(|cursor| format!("{PROSPECTS}?cursor={cursor}")),
        first: search.page.cursor.map(|_| PROSPECTS.into()),
        shows_assignee: asker.sees_all(),
        may_view_rules: asker.may(Permission::SettingsView),
    })
}

/// The list again, with what is wrong.
async fn refused(asker: &Asker, selection: Selection, error: Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let list = due_contacts(asker, &PageRequest::default(), selection).await?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &DueContactsPage { errors, ..list })
}

pub async fn keep_contacts(asker: Asker, form: Form<Selection>) -> PageResult {
    match super::keep_contacts(&asker, &form.input).await {
        Ok(0) => asker.done(PATH, "Aucun de ces contacts n’existe plus."),
        Ok(1) => asker.done(PATH, "Le contact est conservé."),
        Ok(kept) => asker.done(PATH, format!("{kept} contacts sont conservés.")),
        Err(error) => refused(&asker, form.input, error).await,
    }
}

pub async fn erase_due_contacts(asker: Asker, form: Form<Selection>) -> PageResult {
    match super::erase_due_contacts(&asker, &form.input).await {
        Ok(0) => asker.done(PATH, "Aucun de ces contacts n’est plus arrivé à échéance."),
        Ok(1) => asker.done(PATH, "Le contact est effacé."),
        Ok(erased) => asker.done(PATH, format!("{erased} contacts sont effacés.")),
        Err(error) => refused(&asker, form.input, error).await,
    }
}
