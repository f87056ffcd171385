//! Reading a list: the lists of all states that are wanted side by side, merged in their order, from where the page
//! before ended. What no list stands in the order of is told apart among what was read, and that is bounded.

use jiff::civil::Date;
use kernel::{
    Error, Result,
    page::{PAGE_SIZE_MAX, PageRequest},
};
use table::{List, Order, Scope, meter::all_at_once};
use ulid::Ulid;

use super::model::{Filter, Sort, place};
use crate::panel::ClientDocument;

/// How many lines of one list are read for one page: what one query gives, some 400 KB.
const READ_MAX: u16 = 1_000;

/// A page of a list.
pub struct Found {
    pub items: Vec<ClientDocument>,
    pub next_cursor: Option<String>,
    /// Only so many of the newest were looked at: others may be wanted as well, or come before these.
    pub only_of: Option<usize>,
}

/// Where the page before ended.
#[derive(Debug, Clone, Copy)]
enum Start {
    /// After this place of the lists.
    After(Date, Ulid),
    /// After so many of what was sorted.
    Behind(usize),
}

impl Start {
    fn read(cursor: &str) -> Result<Self> {
        let unknown = || Error::Malformed { detail: "unknown cursor".into() };
        if let Some(count) = cursor.strip_prefix('n') {
            return count.parse().map(Self::Behind).map_err(|_| unknown());
        }
        let (on, id) = cursor.split_once('~').ok_or_else(unknown)?;
        Ok(Self::After(on.parse().map_err(|_| unknown())?, Ulid::from_string(id).map_err(|_| unknown())?))
    }
}

/// At most `limit`, up to 100 for a page and 1 000 for a file.
pub async fn list_documents(scope: &Scope, filter: &Filter, request: &PageRequest, today: Date) -> Result<Found> {
    let start = request.cursor.as_deref().map(Start::read).transpose()?;
    if filter.sort.is_by_day() {
        by_day(scope, filter, request, start, today).await
    } else {
        sorted(scope, filter, request, start, today).await
    }
}

/// A part of one list, and whether it goes on.
async fn read(scope: &Scope, list: List, limit: u16, order: Order) -> Result<(Vec<ClientDocument>, bool)> {
    let page = scope.list::<ClientDocument>(&list, &PageRequest { limit, cursor: None }, order).await?;
    Ok((page.items.into_iter().map(|stored| stored.value).collect(), page.next_cursor.is_some()))
}

/// The parts of all lists that are wanted, between two places, both included.
async fn read_all(
    scope: &Scope,
    filter: &Filter,
    (from, to): ((Date, Ulid), (Date, Ulid)),
    limit: u16,
    order: Order,
) -> Result<Vec<(Vec<ClientDocument>, bool)>> {
    let key = |(on, id): (Date, Ulid)| format!("{on}#{id}");
    if from > to {
        return Ok(Vec::new());
    }
    let lists = filter.shelves().into_iter().map(|state| {
        let list = scope.keys().documents_in(filter.shape.key(), state).between(key(from), key(to));
        Box::pin(read(scope, list, limit, order))
    });
    all_at_once(lists).await.into_iter().collect()
}

fn bounds(filter: &Filter) -> ((Date, Ulid), (Date, Ulid)) {
    let first = filter.from.unwrap_or(Date::constant(1, 1, 1));
    let last = filter.to.unwrap_or(Date::constant(9999, 12, 31));
    ((first, Ulid(0)), (last, Ulid(u128::MAX)))
}

async fn by_day(
    scope: &Scope,
    filter: &Filter,
    request: &PageRequest,
    start: Option<Start>,
    today: Date,
) -> Result<Found> {
    let is_descending = filter.sort == Sort::Newest;
    let order = if is_descending { Order::Descending } else { Order::Ascending };
    let (mut from, mut to) = bounds(filter);
    match start {
        None => {}
        Some(Start::After(on, id)) if is_descending => match id.0.checked_sub(1) {
            Some(before) => to = to.min((on, Ulid(before))),
            None => to = to.min((on.yesterday().unwrap_or(on), Ulid(u128::MAX))),
        },
        Some(Start::After(on, id)) => match id.0.checked_add(1) {
            Some(after) => from = from.max((on, Ulid(after))),
            None => from = from.max((on.tomorrow().unwrap_or(on), Ulid(0))),
        },
        Some(Start::Behind(_)) => return Err(Error::Malformed { detail: "unknown cursor".into() }),
    }
    let limit = usize::from(request.limit);
    let each = if filter.takes_all() { request.limit.saturating_add(1) } else { READ_MAX };
    let parts = read_all(scope, filter, (from, to), each, order).await?;

    // Beyond the place that every list was read to, one that goes on may have what comes first.
    let reached = parts.iter().filter(|(_, goes_on)| *goes_on).filter_map(|(lines, _)| lines.last().map(place));
    let edge = if is_descending { reached.max() } else { reached.min() };
    let is_within = |document: &ClientDocument| {
        edge.is_none_or(|edge| if is_descending { place(document) >= edge } else { place(document) <= edge })
    };
    let mut items: Vec<_> = parts.into_iter().flat_map(|(lines, _)| lines).collect();
    items.retain(|document| is_within(document) && filter.wants(document, today));
    filter.sort.arrange(&mut items);
    let has_more = items.len() > limit;
    items.truncate(limit);
    let ended_at = if has_more { items.last().map(place) } else { edge };
    Ok(Found { next_cursor: ended_at.map(|(on, id)| format!("{on}~{id}")), items, only_of: None })
}

/// In an order of which there is no list: the newest that one reading of each list gives, sorted.
async fn sorted(
    scope: &Scope,
    filter: &Filter,
    request: &PageRequest,
    start: Option<Start>,
    today: Date,
) -> Result<Found> {
    let behind = match start {
        None => 0,
        Some(Start::Behind(count)) => count,
        Some(Start::After(..)) => return Err(Error::Malformed { detail: "unknown cursor".into() }),
    };
    let parts = read_all(scope, filter, bounds(filter), READ_MAX, Order::Descending).await?;
    let is_cut = parts.iter().any(|(_, goes_on)| *goes_on);
    let mut items: Vec<_> = parts.into_iter().flat_map(|(lines, _)| lines).collect();
    let read = items.len();
    items.retain(|document| filter.wants(document, today));
    filter.sort.arrange(&mut items);
    let end = behind.saturating_add(usize::from(request.limit));
    let next_cursor = (items.len() > end).then(|| format!("n{end}"));
    items = items.into_iter().skip(behind).take(usize::from(request.limit)).collect();
    Ok(Found { items, next_cursor, only_of: is_cut.then_some(read) })
}

/// As many as one reading gives, for a file.
pub const FILE_PAGE: u16 = 1_000;
const _: () = assert!(FILE_PAGE >= PAGE_SIZE_MAX);
