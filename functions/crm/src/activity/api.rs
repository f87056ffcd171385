//! `/api/v1/activities`

use http::StatusCode;
use kernel::{
    Error, Violations,
    id::{ActivityId, UserId},
    page::{Page, PageRequest},
};
use serde::{Deserialize, Serialize};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{Activity, ActivityInput, Filter, Kind, MoveInput, Shown, Status};
use crate::{opportunity::Named, record::Record};

#[derive(Serialize, utoipa::ToSchema)]
pub struct ActivityView {
    /// `act_…`
    #[schema(value_type = String)]
    id: ActivityId,
    #[serde(rename = "type")]
    kind: Kind,
    status: Status,
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<NamedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<NamedView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opportunity: Option<NamedView>,
    /// The day on which it begins, where the organization is.
    on: String,
    /// `14:30`; absent where it takes the whole day.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to: Option<UserId>,
    /// Minutes before it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    remind: Option<u16>,
    /// When its member will be reminded; absent once they were.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    remind_at: Option<jiff::Timestamp>,
    /// Whether it is planned and its time is over.
    is_overdue: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<jiff::Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
}

/// A record that an activity is about.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NamedView {
    id: String,
    name: String,
}

fn named<T: ToString>(record: Option<&Named<T>>) -> Option<NamedView> {
    record.map(|record| NamedView { id: record.id.to_string(), name: record.name.clone() })
}

impl ActivityView {
    fn of(asker: &Asker, activity: &Activity) -> Self {
        let now = asker.scope.now().to_zoned(asker.organization.zone());
        Self {
            id: activity.id,
            kind: activity.kind,
            status: activity.status,
            subject: activity.subject.clone(),
            description: activity.description.clone(),
            company: named(activity.company.as_ref()),
            contact: named(activity.contact.as_ref()),
            opportunity: named(activity.opportunity.as_ref()),
            on: activity.starts.on.to_string(),
            time: Some(activity.starts.time()).filter(|time| !time.is_empty()),
            minutes: activity.minutes,
            place: activity.place.clone(),
            assigned_to: activity.assigned_to,
            remind: activity.remind,
            remind_at: activity.remind_at,
            is_overdue: activity.is_overdue(&now),
            completed_at: activity.completed_at(),
            created_at: activity.created_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ActivityList {
    items: Vec<ActivityView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// What a list is narrowed by, as addresses say it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ActivityQuery {
    #[serde(rename = "type")]
    pub kind: String,
    pub status: String,
    pub assigned_to: String,
    pub from: String,
    pub to: String,
    pub record: String,
}

impl ActivityQuery {
    pub fn filter(&self, asker: &Asker) -> Result<Filter, Error> {
        let wrong = |what: &str| Error::Malformed { detail: format!("{what} is none that there is") };
        let day = |text: &str, pointer: &str| match text.trim() {
            "" => Ok(None),
            on => kernel::legal::date(on).map(Some).map_err(|rule| {
                let mut wrong = Violations::default();
                wrong.add(pointer, rule);
                Error::Invalid(wrong)
            }),
        };
        Ok(Filter {
            kind: match self.kind.as_str() {
                "" => None,
                name => Some(Kind::named(name).ok_or_else(|| wrong("type"))?),
            },
            shown: match self.status.as_str() {
                "" => None,
                name => Some(Shown::named(name).ok_or_else(|| wrong("status"))?),
            },
            from: day(&self.from, "/from")?,
            to: day(&self.to, "/to")?,
            record: match self.record.as_str() {
                "" => None,
                id => Some(id.parse::<Record>().map_err(|_| Error::NotFound)?),
            },
            of: asker.whose(&self.assigned_to)?,
        })
    }
}

/// Activities: by the record that they are about, by period, by member. What is planned comes in the order of its time, all
/// else the newest first.
#[utoipa::path(get, path = "/api/v1/activities", tag = "crm", operation_id = "list_activities",
    params(
        ("type" = Option<String>, Query, description = "One type: `call`, `email`, `meeting`, `note`, `task`, `demo`, `proposal` or `other`"),
        ("status" = Option<String>, Query, description = "`planned`, `overdue`, `completed` or `cancelled`"),
        ("assigned_to" = Option<String>, Query, description = "`me`, or the member `usr_…` who does them"),
        ("from" = Option<String>, Query, description = "First day, `2026-11-30`"),
        ("to" = Option<String>, Query, description = "Last day"),
        ("record" = Option<String>, Query, description = "`com_…`, `con_…` or `opp_…` that they are about"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ActivityList)))]
pub async fn list_activities(
    asker: Asker,
    Pagination(page): Pagination,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<axum::Json<ActivityList>, Failure> {
    let found = super::list_activities(&asker, &read::<ActivityQuery>(query)?.filter(&asker)?, &page).await?;
    let Page { items, next_cursor } = found.map(|activity| ActivityView::of(&asker, &activity));
    Ok(axum::Json(ActivityList { items, next_cursor }))
}

/// The part of an address behind `?`.
pub fn read<T: for<'de> Deserialize<'de>>(query: Option<String>) -> Result<T, Error> {
    serde_html_form::from_str(&query.unwrap_or_default())
        .map_err(|error| Error::Malformed { detail: error.to_string() })
}

/// What is planned and should have been done.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OverdueActivities {
    /// How many there are, 1000 at most.
    count: usize,
    /// The oldest, 100 at most.
    items: Vec<ActivityView>,
}

/// How many activities should have been done, and the oldest of them.
#[utoipa::path(get, path = "/api/v1/activities/overdue", tag = "crm", operation_id = "list_overdue_activities",
    params(("assigned_to" = Option<String>, Query, description = "`me`, or the member `usr_…` who does them")),
    responses((status = 200, body = OverdueActivities)))]
pub async fn list_overdue_activities(
    asker: Asker,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<axum::Json<OverdueActivities>, Failure> {
    let of = asker.whose(&read::<ActivityQuery>(query)?.assigned_to)?;
    let overdue = super::overdue(&asker, of, PageRequest::default().limit.into()).await?;
    let items = overdue.first.iter().map(|activity| ActivityView::of(&asker, activity)).collect();
    Ok(axum::Json(OverdueActivities { count: overdue.count, items }))
}

/// Plans an activity, or notes one that was done.
#[utoipa::path(post, path = "/api/v1/activities", tag = "crm", operation_id = "create_activity",
    request_body = ActivityInput, responses((status = 201, body = ActivityView)))]
pub async fn create_activity(asker: Asker, Json(input): Json<ActivityInput>) -> Result<Answer<ActivityView>, Failure> {
    let activity = super::create_activity(&asker, &input).await?;
    Ok(created(ActivityView::of(&asker, &activity), 1, format!("/api/v1/activities/{}", activity.id)))
}

/// One activity.
#[utoipa::path(get, path = "/api/v1/activities/{id}", tag = "crm", operation_id = "show_activity",
    params(("id" = String, Path, description = "`act_…`")), responses((status = 200, body = ActivityView)))]
pub async fn show_activity(asker: Asker, Id(id): Id<ActivityId>) -> Result<Answer<ActivityView>, Failure> {
    let activity = super::show_activity(&asker, id).await?;
    Ok(seen(ActivityView::of(&asker, &activity), activity.version))
}

/// Replaces an activity.
#[utoipa::path(put, path = "/api/v1/activities/{id}", tag = "crm", operation_id = "edit_activity",
    params(("id" = String, Path, description = "`act_…`")),
    request_body = ActivityInput, responses((status = 200, body = ActivityView)))]
pub async fn edit_activity(
    asker: Asker,
    Id(id): Id<ActivityId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ActivityInput>,
) -> Result<Answer<ActivityView>, Failure> {
    let (activity, version) = super::edit_activity(&asker, id, &input, version).await?;
    Ok(seen(ActivityView::of(&asker, &activity), version))
}

/// Deletes an activity.
#[utoipa::path(delete, path = "/api/v1/activities/{id}", tag = "crm", operation_id = "delete_activity",
    params(("id" = String, Path, description = "`act_…`")), responses((status = 204)))]
pub async fn delete_activity(
    asker: Asker,
    Id(id): Id<ActivityId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_activity(&asker, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// It was done. Doing it again answers the same.
#[utoipa::path(post, path = "/api/v1/activities/{id}/complete", tag = "crm", operation_id = "complete_activity",
    params(("id" = String, Path, description = "`act_…`")), responses((status = 200, body = ActivityView)))]
pub async fn complete_activity(asker: Asker, Id(id): Id<ActivityId>) -> Result<Answer<ActivityView>, Failure> {
    let (activity, version) = super::complete_activity(&asker, id).await?;
    Ok(seen(ActivityView::of(&asker, &activity), version))
}

/// It will not be done. Doing it again answers the same.
#[utoipa::path(post, path = "/api/v1/activities/{id}/cancel", tag = "crm", operation_id = "cancel_activity",
    params(("id" = String, Path, description = "`act_…`")), responses((status = 200, body = ActivityView)))]
pub async fn cancel_activity(asker: Asker, Id(id): Id<ActivityId>) -> Result<Answer<ActivityView>, Failure> {
    let (activity, version) = super::cancel_activity(&asker, id).await?;
    Ok(seen(ActivityView::of(&asker, &activity), version))
}

/// It is to be done after all. Doing it again answers the same.
#[utoipa::path(post, path = "/api/v1/activities/{id}/reopen", tag = "crm", operation_id = "reopen_activity",
    params(("id" = String, Path, description = "`act_…`")), responses((status = 200, body = ActivityView)))]
pub async fn reopen_activity(asker: Asker, Id(id): Id<ActivityId>) -> Result<Answer<ActivityView>, Failure> {
    let (activity, version) = super::reopen_activity(&asker, id).await?;
    Ok(seen(ActivityView::of(&asker, &activity), version))
}

/// Moves a planned activity to another time.
#[utoipa::path(post, path = "/api/v1/activities/{id}/reschedule", tag = "crm", operation_id = "reschedule_activity",
    params(("id" = String, Path, description = "`act_…`")),
    request_body = MoveInput, responses((status = 200, body = ActivityView)))]
pub async fn reschedule_activity(
    asker: Asker,
    Id(id): Id<ActivityId>,
    IfMatch(version): IfMatch,
    Json(input): Json<MoveInput>,
) -> Result<Answer<ActivityView>, Failure> {
    let (activity, version) = super::reschedule_activity(&asker, id, &input, version).await?;
    Ok(seen(ActivityView::of(&asker, &activity), version))
}
