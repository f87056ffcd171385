//! One's own notifications, the newest first, and how many are unread.

use std::cell::Cell;

use kernel::{
    Error, Result,
    id::NotificationId,
    page::{Page, PageRequest},
};
use table::{Order, Stored, meter::side_by_side};
use web::Asker;

use super::{Category, Notification, model::day};
use crate::inbox::{self, Inbox};

/// How many of them one reading goes through for the sake of a category.
const SIFTED_MAX: i32 = 200;

#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub unread: bool,
    pub category: Option<Category>,
}

/// Some of one's notifications, each with whether it is unread.
pub type Listed = Page<(Stored<Notification>, bool)>;

/// How many are unread: one reading.
pub async fn count_unread(asker: &Asker) -> Result<u32> {
    let inbox = inbox::store::read(&asker.scope, asker.user).await?;
    Ok(inbox.map_or(0, |inbox| unread(asker, &inbox)))
}

fn unread(asker: &Asker, inbox: &Inbox) -> u32 {
    inbox.unread_on(day(asker.scope.now()))
}

/// The last ten, and how many are unread.
pub async fn latest(asker: &Asker, limit: u16) -> Result<(Vec<(Stored<Notification>, bool)>, u32)> {
    let page = PageRequest { limit, cursor: None };
    let (listed, inbox) = read(asker, Filter::default(), &page).await?;
    let count = inbox.map_or(0, |inbox| unread(asker, &inbox));
    Ok((listed.items, count))
}

/// What who asks may still see: a permission that was lost hides what it was for.
pub async fn list_notifications(asker: &Asker, filter: Filter, page: &PageRequest) -> Result<(Listed, u32)> {
    let (listed, inbox) = read(asker, filter, page).await?;
    Ok((listed, inbox.map_or(0, |inbox| unread(asker, &inbox))))
}

async fn read(asker: &Asker, filter: Filter, page: &PageRequest) -> Result<(Listed, Option<Stored<Inbox>>)> {
    if filter.unread { read_unread(asker, filter, page).await } else { read_all(asker, filter, page).await }
}

/// In the order in which they happened, from where the page before ended. Where few are taken of many, a page has less
/// than its limit and still another follows.
async fn read_all(asker: &Asker, filter: Filter, page: &PageRequest) -> Result<(Listed, Option<Stored<Inbox>>)> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let unknown = |_| Error::Malformed { detail: "unknown cursor".into() };
    let before = page.cursor.as_deref().map(|id| id.parse::<NotificationId>().map_err(unknown)).transpose()?;
    let before = before.map(|id| keys.notification(asker.user, id));
    let most = filter.category.map_or(i32::from(page.limit) + 1, |_| SIFTED_MAX);
    let collection = keys.notifications(asker.user);
    let (found, inbox) =
        side_by_side(scope.newest_of(&collection, before.as_ref(), most), inbox::store::read(scope, asker.user)).await;
    let (found, inbox) = (found?.all::<Notification>()?, inbox?);
    let is_more = i32::try_from(found.len()) == Ok(most);
    let last_read = found.last().map(|last| last.id);
    let mut items: Vec<_> = found.into_iter().filter(|one| is_shown(asker, filter, one)).collect();
    let is_cut = items.len() > usize::from(page.limit);
    items.truncate(usize::from(page.limit));
    let after = if is_cut { items.last().map(|last| last.id) } else { last_read.filter(|_| is_more) };
    let all_read_at = inbox.as_ref().and_then(|inbox| inbox.all_read_at);
    let told = |one: Stored<Notification>| {
        let is_unread = one.is_unread(all_read_at);
        (one, is_unread)
    };
    let items = items.into_iter().map(told).collect();
    Ok((Page { items, next_cursor: after.map(|id| id.to_string()) }, inbox))
}

/// In the order in which they were told: what was read with all others lies behind all of these.
async fn read_unread(asker: &Asker, filter: Filter, page: &PageRequest) -> Result<(Listed, Option<Stored<Inbox>>)> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let list = keys.unread_notifications(asker.user);
    let (found, inbox) =
        side_by_side(scope.sieve(&list, page, Order::Descending), inbox::store::read(scope, asker.user)).await;
    let (found, inbox) = (found?, inbox?);
    let all_read_at = inbox.as_ref().and_then(|inbox| inbox.all_read_at);
    let is_at_end = Cell::new(false);
    let keep = |one: &Notification| {
        let is_unread = one.is_unread(all_read_at);
        is_at_end.set(is_at_end.get() || (!is_unread && one.read_at.is_none()));
        is_unread && is_shown(asker, filter, one)
    };
    let mut listed = found.take::<Notification>(page.limit, keep)?;
    if is_at_end.get() {
        listed.next_cursor = None;
    }
    Ok((listed.map(|one| (one, true)), inbox))
}

/// Whether one is among what is wanted: of a category, not forgotten, and still for these eyes.
fn is_shown(asker: &Asker, filter: Filter, one: &Notification) -> bool {
    filter.category.is_none_or(|category| category == one.category)
        && one.forgotten_on() > day(asker.scope.now())
        && one.needs.is_none_or(|needs| asker.may(needs))
}
