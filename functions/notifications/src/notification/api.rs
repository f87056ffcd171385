//! `/api/v1/notifications`: always one's own.

use axum::extract::Query;
use jiff::Timestamp;
use kernel::{Error, id::NotificationId};
use serde::{Deserialize, Serialize};
use web::{Asker, Failure, Id, Pagination, path_in};

use super::{Category, Filter, Kind, Notification};

#[derive(Serialize, utoipa::ToSchema)]
pub struct NotificationView {
    /// `not_…`
    #[schema(value_type = String)]
    id: NotificationId,
    category: Category,
    kind: Kind,
    /// In French, one line.
    title: String,
    /// In French, what else is known of it; empty where it tells of several.
    detail: String,
    /// How many events it tells of: those of one kind within some minutes are one notification.
    count: u32,
    /// The page that it leads to, as a path of this site.
    link: String,
    is_unread: bool,
    /// When it was told.
    #[schema(value_type = String, format = DateTime)]
    told_at: Timestamp,
    /// When it last counted another event.
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
}

impl NotificationView {
    fn of(asker: &Asker, one: &Notification, is_unread: bool) -> Self {
        Self {
            id: one.id,
            category: one.category,
            kind: one.kind,
            title: one.title(),
            detail: one.detail(),
            count: one.count,
            link: path_in(asker.organization.id, &one.link),
            is_unread,
            told_at: one.told_at,
            last_at: one.last_at,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct NotificationList {
    items: Vec<NotificationView>,
    /// How many are unread, in all categories.
    unread: u32,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct Unread {
    /// How many notifications are unread.
    unread: u32,
}

/// What a list is narrowed by, as it was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Narrowed {
    pub unread: String,
    pub category: String,
}

impl Narrowed {
    pub fn filter(&self) -> Result<Filter, Error> {
        let wrong = |detail: &str| Error::Malformed { detail: detail.into() };
        let unread = match self.unread.as_str() {
            "" | "false" => false,
            "true" => true,
            _ => return Err(wrong("unread must be `true` or `false`")),
        };
        let category = match self.category.as_str() {
            "" => None,
            code => Some(Category::named(code).ok_or_else(|| wrong("unknown category"))?),
        };
        Ok(Filter { unread, category })
    }
}

/// One's notifications, the newest first. They are kept for 180 days.
#[utoipa::path(get, path = "/api/v1/notifications", tag = "notifications", operation_id = "list_notifications",
    params(
        ("unread" = Option<bool>, Query, description = "`true` for those that are unread"),
        ("category" = Option<Category>, Query, description = "Those of one category"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = NotificationList)))]
pub async fn list_notifications(
    asker: Asker,
    Query(narrowed): Query<Narrowed>,
    Pagination(page): Pagination,
) -> Result<axum::Json<NotificationList>, Failure> {
    let (listed, unread) = super::list_notifications(&asker, narrowed.filter()?, &page).await?;
    let items = listed.items.iter().map(|(one, is_unread)| NotificationView::of(&asker, one, *is_unread)).collect();
    Ok(axum::Json(NotificationList { items, unread, next_cursor: listed.next_cursor }))
}

/// How many notifications are unread.
#[utoipa::path(get, path = "/api/v1/notifications/unread-count", tag = "notifications",
    operation_id = "count_unread", responses((status = 200, body = Unread)))]
pub async fn count_unread(asker: Asker) -> Result<axum::Json<Unread>, Failure> {
    Ok(axum::Json(Unread { unread: super::count_unread(&asker).await? }))
}

/// Marks one as read.
#[utoipa::path(post, path = "/api/v1/notifications/{id}/read", tag = "notifications",
    operation_id = "read_notification", params(("id" = String, Path, description = "`not_…`")),
    responses((status = 200, body = NotificationView)))]
pub async fn read_notification(
    asker: Asker,
    Id(id): Id<NotificationId>,
) -> Result<axum::Json<NotificationView>, Failure> {
    let read = super::read_notification(&asker, id).await?;
    Ok(axum::Json(NotificationView::of(&asker, &read, false)))
}

/// Marks all as read.
#[utoipa::path(post, path = "/api/v1/notifications/read", tag = "notifications", operation_id = "read_all",
    responses((status = 200, body = Unread)))]
pub async fn read_all(asker: Asker) -> Result<axum::Json<Unread>, Failure> {
    super::read_all(&asker).await?;
    Ok(axum::Json(Unread { unread: 0 }))
}
