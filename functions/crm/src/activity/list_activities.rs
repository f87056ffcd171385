//! Activities: by day, those that are planned, those about one record.

use jiff::{Zoned, civil::Date};
use kernel::{
    Result,
    id::UserId,
    page::{Page, PageRequest},
};
use table::{Item, List, Order, Scope, Stored, meter::side_by_side};
use web::Asker;

use super::{
    Activity, ActivityLine, Kind, Shown, Start,
    records::must_see_record,
    store::{DONE, PLANNED},
};
use crate::record::Record;

/// What is wanted of a list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub kind: Option<Kind>,
    pub shown: Option<Shown>,
    /// The first and the last day, both included.
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub record: Option<Record>,
    /// As [`Asker::whose`] read it.
    pub of: Option<UserId>,
}

/// Sorts behind whatever begins on a day, and after its minutes.
const AFTER: char = '~';
/// How many of a period are read at once: more is on no page.
const PERIOD_MAX: u16 = 1_000;

impl Filter {
    fn takes(&self, activity: &Activity, now: &Zoned) -> bool {
        self.kind.is_none_or(|kind| activity.kind == kind)
            && self.shown.is_none_or(|shown| activity.is_shown(shown, now))
            && self.from.is_none_or(|from| activity.starts.on >= from)
            && self.to.is_none_or(|to| activity.starts.on <= to)
    }

    /// The sort keys of the period.
    fn span(&self) -> (String, String) {
        let from = self.from.map_or_else(|| "0".into(), |from| from.to_string());
        (from, self.to.map_or_else(|| AFTER.into(), |to| format!("{to}{AFTER}")))
    }
}

/// What is planned comes in the order of its time; all else the newest first, of one record what is planned before it. What
/// no list is sorted by is looked for in a thousand: a page may then have less than its limit and still another follow.
pub async fn list_activities(asker: &Asker, filter: &Filter, page: &PageRequest) -> Result<Page<Activity>> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let now = scope.now().to_zoned(asker.organization.zone());
    let takes = |activity: &Activity| filter.takes(activity, &now);
    let of_line = |line: &ActivityLine| takes(&line.activity);
    let is_of_all_kinds = filter.kind.is_none();
    if let Some(record) = filter.record {
        let (state, order) = match filter.shown {
            Some(Shown::Planned | Shown::Overdue) => (PLANNED, Order::Ascending),
            Some(Shown::Completed | Shown::Cancelled) => (DONE, Order::Descending),
            None => ("", Order::Descending),
        };
        let is_whole = is_of_all_kinds
            && matches!(filter.shown, None | Some(Shown::Planned))
            && filter.from.or(filter.to).is_none();
        let list = keys.activities_of(record.ulid(), state).of(filter.of);
        let (found, seen) =
            side_by_side(taken(scope, &list, page, order, is_whole, of_line), must_see_record(asker, record)).await;
        seen?;
        return lines(found?);
    }
    let (from, to) = filter.span();
    match filter.shown {
        Some(shown @ (Shown::Planned | Shown::Overdue)) => {
            let to = if shown == Shown::Overdue { to.min(Start::of(&now).key()) } else { to };
            let list = keys.planned_activities().of(filter.of).between(from, to);
            lines(taken(scope, &list, page, Order::Ascending, is_of_all_kinds, of_line).await?)
        }
        shown => {
            let list = keys.activities("").of(filter.of).between(from, to);
            let is_whole = is_of_all_kinds && shown.is_none();
            let found = taken(scope, &list, page, Order::Descending, is_whole, takes).await?;
            Ok(found.map(|activity| activity.value))
        }
    }
}

/// A page of a list; sifted unless all of it is wanted.
async fn taken<T: Item>(
    scope: &Scope,
    list: &List,
    page: &PageRequest,
    order: Order,
    is_whole: bool,
    takes: impl Fn(&T) -> bool,
) -> Result<Page<Stored<T>>> {
    if is_whole {
        return scope.list(list, page, order).await;
    }
    scope.sieve(list, page, order).await?.take(page.limit, takes)
}

fn lines(found: Page<Stored<ActivityLine>>) -> Result<Page<Activity>> {
    Ok(found.map(|line| line.value.activity))
}

/// All of a period, in the order of their time, and whether there are more than can be read at once. One query.
pub async fn between(asker: &Asker, from: Date, to: Date, of: Option<UserId>) -> Result<(Vec<Stored<Activity>>, bool)> {
    let (from, to) = Filter { from: Some(from), to: Some(to), ..Filter::default() }.span();
    let list = asker.scope.keys().activities("").of(of).between(from, to);
    let all = PageRequest { limit: PERIOD_MAX, cursor: None };
    let found = asker.scope.list::<Activity>(&list, &all, Order::Ascending).await?;
    Ok((found.items, found.next_cursor.is_some()))
}

/// What should have been done.
#[derive(Debug)]
pub struct Overdue {
    pub count: usize,
    /// Whether there are more than were counted.
    pub is_followed: bool,
    /// The oldest.
    pub first: Vec<Activity>,
}

/// Of everybody whom who asks sees, or of `of`. One query.
pub async fn overdue(asker: &Asker, of: Option<UserId>, shown: usize) -> Result<Overdue> {
    let now = Start::of(&asker.scope.now().to_zoned(asker.organization.zone()));
    let list = asker.scope.keys().planned_activities().of(of).between("0".into(), now.key());
    let all = PageRequest { limit: PERIOD_MAX, cursor: None };
    let found = asker.scope.list::<ActivityLine>(&list, &all, Order::Ascending).await?;
    Ok(Overdue {
        count: found.items.len(),
        is_followed: found.next_cursor.is_some(),
        first: found.items.into_iter().take(shown).map(|line| line.value.activity).collect(),
    })
}
