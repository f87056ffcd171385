//! What stands of activities on other pages: the story of a record, and what should have been done.

use askama::Template;
use axum::{
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use http::{HeaderName, StatusCode};
use kernel::{Error, Permission, Result, id::ActivityId, page::PageRequest};
use serde::Deserialize;
use table::{Order, meter::side_by_side};
use web::{
    Asker, Form, Id, PageResult,
    form::{Choice, FieldErrors, choices},
    page,
};

use super::{
    ActivityInput, ActivityLine, Kind,
    api::{ActivityQuery, read},
    must_see_record,
    store::{DONE, PLANNED},
    view::{ActivityRow, Around},
};
use crate::record::Record;

/// How much of what is planned stands on a record's page.
const PLANNED_MAX: u16 = 50;
/// How many stand well beside other panels.
const OVERDUE_SHOWN: usize = 5;

pub const PATH: &str = "/crm/panneaux/activites";

#[derive(Template)]
#[template(path = "panel_activities.html")]
struct ActivitiesPanel {
    record: Record,
    planned: Vec<ActivityRow>,
    /// Whether there is more of it than is shown.
    is_followed: bool,
    done: Vec<ActivityRow>,
    next: Option<String>,
    first: Option<String>,
    quick: QuickForm,
    can_edit: bool,
}

/// One line in which an activity is added.
#[derive(Template)]
#[template(path = "activity_quick.html")]
struct QuickForm {
    record: Record,
    can_create: bool,
    form_key: String,
    kinds: Vec<Choice>,
    form: QuickInput,
    errors: FieldErrors,
}

/// The panel on its way.
#[derive(Template)]
#[template(path = "panel_loading.html")]
struct Loading {
    href: String,
}

#[derive(Template)]
#[template(path = "panel_overdue.html")]
struct OverduePanel {
    count: String,
    activities: Vec<ActivityRow>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Part {
    cursor: String,
}

/// What the one line says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuickInput {
    #[serde(rename = "type")]
    pub kind: String,
    pub subject: String,
    pub on: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Completed {
    pub activity: String,
}

impl QuickForm {
    fn new(asker: &Asker, record: Record, form: QuickInput) -> Self {
        Self {
            record,
            can_create: asker.may(Permission::CrmCreate),
            form_key: asker.form_key(),
            kinds: choices(Kind::ALL.map(|kind| (kind.name(), kind.french())), &form.kind),
            form,
            errors: FieldErrors::default(),
        }
    }
}

/// What is planned, the most urgent first; then what was done, the newest first.
pub async fn show_activities(asker: Asker, Id(record): Id<Record>, RawQuery(query): RawQuery) -> PageResult {
    let part: Part = read(query)?;
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let cursor = Some(part.cursor).filter(|cursor| !cursor.is_empty());
    let (is_first, later) = (cursor.is_none(), PageRequest { cursor, ..PageRequest::default() });
    let ahead = PageRequest { limit: PLANNED_MAX, cursor: None };
    let list = |state: &str| keys.activities_of(record.ulid(), state).of(asker.only());
    let (planned, done) = (list(PLANNED), list(DONE));
    let lines = side_by_side(
        scope.list::<ActivityLine>(&planned, &ahead, Order::Ascending),
        scope.list::<ActivityLine>(&done, &later, Order::Descending),
    );
    let around = side_by_side(must_see_record(&asker, record), Around::of(&asker));
    let ((planned, done), (seen, around)) = side_by_side(lines, around).await;
    seen?;
    let (planned, done, around) = (planned?, done?, around?);
    let now = scope.now().to_zoned(asker.organization.zone());
    let row = |line: &ActivityLine| ActivityRow::of(&around, &line.activity, Some(record), &now);
    let path = format!("{PATH}/{record}");
    page(&ActivitiesPanel {
        record,
        is_followed: planned.next_cursor.is_some(),
        planned: planned.items.iter().map(|line| row(line)).collect(),
        done: done.items.iter().map(|line| row(line)).collect(),
        next: done.next_cursor.map(|cursor| format!("{path}?cursor={cursor}")),
        first: (!is_first).then_some(path),
        quick: QuickForm::new(&asker, record, QuickInput { kind: Kind::Call.name().into(), ..QuickInput::default() }),
        can_edit: asker.may(Permission::CrmEdit),
    })
}

/// The panel anew: what changed is read once the answer is there.
fn anew(record: Record) -> PageResult {
    page(&Loading { href: format!("{PATH}/{record}") })
}

pub async fn add_activity(asker: Asker, Id(record): Id<Record>, form: Form<QuickInput>) -> PageResult {
    let QuickInput { kind, subject, on } = form.input.clone();
    let input = ActivityInput { kind, subject, on, ..ActivityInput::default() }.about(record);
    match super::create_activity(&asker, &input).await {
        Ok(_) => anew(record),
        Err(error) => Ok(refused(&asker, record, form.input, error)?),
    }
}

/// The line again, in its own place, with what is wrong.
fn refused(asker: &Asker, record: Record, typed: QuickInput, error: Error) -> Result<Response> {
    let errors = FieldErrors::from_error(error)?;
    // A record that is not there is no fault of the line.
    if errors.get("/company_id").or(errors.get("/contact_id")).or(errors.get("/opportunity_id")).is_some() {
        return Err(Error::NotFound);
    }
    let form = QuickForm { errors, ..QuickForm::new(asker, record, typed) };
    let html = form.render().map_err(Error::internal)?;
    let place = [
        (HeaderName::from_static("hx-retarget"), "#activity-quick"),
        (HeaderName::from_static("hx-reswap"), "outerHTML"),
    ];
    Ok((StatusCode::UNPROCESSABLE_ENTITY, place, axum::response::Html(html)).into_response())
}

pub async fn complete_activity(asker: Asker, Id(record): Id<Record>, form: Form<Completed>) -> PageResult {
    let id: ActivityId = form.input.activity.parse().map_err(|_| Error::NotFound)?;
    super::complete_activity(&asker, id).await?;
    anew(record)
}

/// What should have been done, of those whom who asks sees.
pub async fn show_overdue(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let of = asker.whose(&read::<ActivityQuery>(query)?.assigned_to)?;
    let (overdue, around) = side_by_side(super::overdue(&asker, of, OVERDUE_SHOWN), Around::of(&asker)).await;
    let (overdue, around) = (overdue?, around?);
    let now = asker.scope.now().to_zoned(asker.organization.zone());
    page(&OverduePanel {
        count: format!("{}{}", overdue.count, if overdue.is_followed { "+" } else { "" }),
        activities: overdue.first.iter().map(|activity| ActivityRow::of(&around, activity, None, &now)).collect(),
    })
}
