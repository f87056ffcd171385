//! The lists of companies and contacts, narrowed and ordered as somebody wants them. In the order of names a page goes on where
//! the one before ended; what is wanted of it is told apart among what one reading gives. In another order, what one reading
//! gives is sorted, and the page says so.

mod model;
mod pages;

use kernel::{
    Error, Result,
    page::{Page, PageRequest},
};
use table::{Item, List, Order, Scope, Stored, meter::side_by_side};

pub use model::{Listed, Query, Sort, Wanted};
pub use pages::Narrowing;

use crate::settings::{self, Settings};

/// A page of a list.
pub struct Found<T> {
    pub page: Page<Stored<T>>,
    pub settings: Settings,
    /// In an order in which no list stands, only so many were looked at, and there are others.
    pub only_of: Option<usize>,
}

/// `list` is where they stand by name, from a prefix on.
pub async fn list<T: Listed + Item>(
    scope: &Scope,
    query: &Query,
    request: &PageRequest,
    list: impl Fn(&str) -> List,
) -> Result<Found<T>> {
    let list = list(&query.prefix());
    let order = match query.sort.is_backwards() {
        None => return sorted(scope, query, request, &list).await,
        Some(true) => Order::Descending,
        Some(false) => Order::Ascending,
    };
    if query.takes_all() {
        let (page, settings) = side_by_side(scope.list(&list, request, order), settings::SETTINGS.shown(scope)).await;
        return Ok(Found { page: page?, settings: settings?.value, only_of: None });
    }
    let (sieve, settings) = side_by_side(scope.sieve(&list, request, order), settings::SETTINGS.shown(scope)).await;
    let settings = settings?.value;
    let wants = query.sifter::<T>(&settings)?;
    let page = sieve?.take(request.limit, wants)?;
    Ok(Found { page, settings, only_of: None })
}

async fn sorted<T: Listed + Item>(
    scope: &Scope,
    query: &Query,
    request: &PageRequest,
    list: &List,
) -> Result<Found<T>> {
    let unknown = || Error::Malformed { detail: "unknown cursor".into() };
    let behind = match request.cursor.as_deref() {
        None => 0,
        Some(cursor) => cursor.strip_prefix('n').and_then(|count| count.parse().ok()).ok_or_else(unknown)?,
    };
    let all = PageRequest { limit: request.limit, cursor: None };
    let reading = scope.sieve(list, &all, Order::Ascending);
    let (sieve, settings) = side_by_side(reading, settings::SETTINGS.shown(scope)).await;
    let (sieve, settings) = (sieve?, settings?.value);
    let found = sieve.take(u16::MAX, query.sifter::<T>(&settings)?)?;
    let only_of = found.next_cursor.is_some().then(|| sieve.examined());
    let mut items = found.items;
    query.sort.arrange(&mut items);
    let end = usize::saturating_add(behind, usize::from(request.limit));
    let next_cursor = (items.len() > end).then(|| format!("n{end}"));
    let items = items.into_iter().skip(behind).take(usize::from(request.limit)).collect();
    Ok(Found { page: Page { items, next_cursor }, settings, only_of })
}
