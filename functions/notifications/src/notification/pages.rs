//! `/notifications`, and what the shell of every page loads of it.

use askama::Template;
use axum::extract::Query;
use jiff::Timestamp;
use kernel::id::NotificationId;
use web::{Asker, Form, Id, PageResult, Pagination, Shell, page, redirect};

use super::{Category, Filter, Notification, api::Narrowed};

pub const PATH: &str = "/notifications";
/// How many the menu shows.
const LATEST: u16 = 10;
/// How many the first page shows.
const SHOWN: u16 = 5;
/// What the bell shows of more than it has room for.
const SHOWN_MAX: u32 = 99;

/// What is shown of one.
struct Row {
    id: NotificationId,
    title: String,
    detail: String,
    category: &'static str,
    icon: &'static str,
    kind: &'static str,
    at: String,
    is_unread: bool,
}

impl Row {
    fn of(asker: &Asker, one: &Notification, is_unread: bool) -> Self {
        Self {
            id: one.id,
            title: one.title(),
            detail: one.detail(),
            category: one.category.french(),
            icon: one.kind.icon(),
            kind: one.kind.french(),
            at: moment(asker, one.last_at),
            is_unread,
        }
    }
}

/// `14:05` of today, else the day with it.
fn moment(asker: &Asker, at: Timestamp) -> String {
    let local = at.to_zoned(asker.organization.zone());
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    if local.date() == asker.today() { time } else { format!("{} à {time}", asker.organization.date(local.date())) }
}

// ---- the bell ----------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "unread.html")]
struct UnreadFragment {
    unread: u32,
    shown: String,
}

fn unread_fragment(unread: u32) -> UnreadFragment {
    let shown = if unread > SHOWN_MAX { format!("{SHOWN_MAX}+") } else { unread.to_string() };
    UnreadFragment { unread, shown }
}

pub async fn count_unread(asker: Asker) -> PageResult {
    page(&unread_fragment(super::count_unread(&asker).await?))
}

#[derive(Template)]
#[template(path = "latest.html")]
struct LatestFragment {
    rows: Vec<Row>,
    unread: u32,
    form_key: String,
}

pub async fn show_latest(asker: Asker) -> PageResult {
    let (latest, unread) = super::latest(&asker, LATEST).await?;
    let rows = latest.iter().map(|(one, is_unread)| Row::of(&asker, one, *is_unread)).collect();
    page(&LatestFragment { rows, unread, form_key: asker.form_key() })
}

#[derive(Template)]
#[template(path = "widget_notifications.html")]
struct LatestWidget {
    rows: Vec<Row>,
}

/// The same on the first page.
pub async fn show_widget(asker: Asker) -> PageResult {
    let (latest, _) = super::latest(&asker, SHOWN).await?;
    page(&LatestWidget { rows: latest.iter().map(|(one, is_unread)| Row::of(&asker, one, *is_unread)).collect() })
}

// ---- the centre --------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "notifications.html")]
struct NotificationsPage {
    shell: Shell,
    form_key: String,
    rows: Vec<Row>,
    unread: u32,
    /// Where the two lists of the same category are.
    all_href: String,
    unread_href: String,
    is_unread_only: bool,
    categories: Vec<CategoryLink>,
    /// Where a form of this page comes back to.
    here: String,
    next: Option<String>,
    first: Option<String>,
    is_narrowed: bool,
}

struct CategoryLink {
    label: &'static str,
    href: String,
    is_current: bool,
}

/// The address of a list.
fn href(filter: Filter, cursor: Option<&str>) -> String {
    let fields = [
        ("unread", filter.unread.then_some("true")),
        ("category", filter.category.map(Category::code)),
        ("cursor", cursor),
    ];
    let fields: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    match serde_html_form::to_string(&fields) {
        Ok(query) if !query.is_empty() => format!("{PATH}?{query}"),
        _ => PATH.into(),
    }
}

pub async fn list_notifications(
    asker: Asker,
    Query(narrowed): Query<Narrowed>,
    Pagination(wanted): Pagination,
) -> PageResult {
    let filter = narrowed.filter()?;
    let (listed, unread) = super::list_notifications(&asker, filter, &wanted).await?;
    let category = |category: Option<Category>, label| CategoryLink {
        label,
        href: href(Filter { category, ..filter }, None),
        is_current: filter.category == category,
    };
    let categories = Category::ALL.into_iter().map(|one| category(Some(one), one.french()));
    page(&NotificationsPage {
        shell: Shell::new(&asker, "notifications", "Notifications"),
        form_key: asker.form_key(),
        rows: listed.items.iter().map(|(one, is_unread)| Row::of(&asker, one, *is_unread)).collect(),
        unread,
        all_href: href(Filter { unread: false, ..filter }, None),
        unread_href: href(Filter { unread: true, ..filter }, None),
        is_unread_only: filter.unread,
        categories: [category(None, "Toutes")].into_iter().chain(categories).collect(),
        here: href(filter, None),
        next: listed.next_cursor.map(|cursor| href(filter, Some(&cursor))),
        first: wanted.cursor.map(|_| href(filter, None)),
        is_narrowed: filter.unread || filter.category.is_some(),
    })
}

/// Where a form wants to come back to: a list of ours, or the centre.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Back {
    back: String,
}

impl Back {
    fn place(&self) -> &str {
        let is_list = self.back == PATH || self.back.starts_with("/notifications?");
        if is_list { &self.back } else { PATH }
    }
}

pub async fn read_notification(asker: Asker, Id(id): Id<NotificationId>, form: Form<Back>) -> PageResult {
    super::read_notification(&asker, id).await?;
    redirect(form.input.place())
}

/// Marks it as read and leads to what it is about.
pub async fn open_notification(asker: Asker, Id(id): Id<NotificationId>) -> PageResult {
    redirect(&super::read_notification(&asker, id).await?.link)
}

pub async fn read_all(asker: Asker, form: Form<Back>) -> PageResult {
    let back = form.input.place();
    match super::read_all(&asker).await? {
        0 => redirect(back),
        1 => asker.done(back, "Une notification est marquée comme lue."),
        read => asker.done(back, format!("{read} notifications sont marquées comme lues.")),
    }
}
