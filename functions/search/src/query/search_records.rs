//! The search: one round trip, or two where two words are each in very much. A page costs the same however much there is: of
//! each category at most so many places of the index are read.

use std::collections::BTreeMap;

use kernel::{Result, page::PageRequest, search::Category};
use table::{List, Order, Scope, meter};
use web::Asker;

use super::model::{Group, Query, Reading, ranked};
use crate::document::{Found, store::Entry};

/// How many of a category a page shows.
pub const SHOWN_MAX: usize = 100;
/// One more than is shown, so that the page says that there are more.
const READ_MAX: u16 = SHOWN_MAX as u16 + 1;
/// Of one word, for suggestions: a few are shown, and one thing may stand at several places.
const SUGGESTED_READ_MAX: u16 = 16;

/// What was read of a list, and whether more follows.
type Listed = (Vec<Found>, bool);

/// What was found, the category with the best in it first.
#[derive(Debug)]
pub struct Results {
    pub query: Query,
    pub groups: Vec<Group>,
}

impl Results {
    /// Over all categories, as far as it was counted.
    pub fn total(&self) -> usize {
        self.groups.iter().map(|group| group.items.len()).sum()
    }
}

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    Page,
    Suggestions,
}

/// What of a category was read.
#[derive(Default)]
struct Share {
    entries: Vec<Found>,
    /// Readings of which every word was in more than was read.
    unsure: bool,
}

/// None of what is too short to search for. `only`: of one category.
pub async fn search_records(
    asker: &Asker,
    typed: &str,
    only: Option<Category>,
    extent: Extent,
) -> Result<Option<Results>> {
    let Some(query) = Query::parse(typed) else { return Ok(None) };
    let wanted = |category: &Category| asker.may(category.needs()) && only.is_none_or(|only| only == *category);
    let categories: Vec<Category> = Category::ALL.into_iter().filter(wanted).collect();
    let mut shares = read_words(asker, &query, &categories, extent).await?;
    read_pairs(asker, &query, &mut shares).await?;
    let sees = |found: &Found| found.only.is_none_or(|only| only == asker.user || asker.administers());
    let groups = shares.into_iter().filter_map(|(category, share)| {
        Group::of(&query, category, share.entries.into_iter().filter(sees), share.unsure)
    });
    Ok(Some(Results { groups: ranked(groups.collect()), query }))
}

/// Every category by the longest words. What has all words stands under each of them, so a list that was read to its end
/// answers for the others.
async fn read_words(
    asker: &Asker,
    query: &Query,
    categories: &[Category],
    extent: Extent,
) -> Result<BTreeMap<Category, Share>> {
    let keys = asker.scope.keys();
    let limit = |words: usize| if extent == Extent::Suggestions && words == 1 { SUGGESTED_READ_MAX } else { READ_MAX };
    let mut wanted = Vec::new();
    for category in categories.iter().copied() {
        for (place, reading) in query.readings.iter().enumerate() {
            for word in reading.keys() {
                let list = own(asker, category, keys.search_by_word(category, word));
                wanted.push(((category, place), list, limit(reading.words.len())));
            }
        }
    }
    let mut by_reading: BTreeMap<(Category, usize), Vec<Listed>> = BTreeMap::new();
    for one in read_all(&asker.scope, wanted).await? {
        by_reading.entry(one.of).or_default().push((one.entries, one.is_more));
    }
    let mut shares: BTreeMap<Category, Share> = BTreeMap::new();
    for ((category, _), mut lists) in by_reading {
        let share = shares.entry(category).or_default();
        match lists.iter().position(|(_, is_more)| !is_more) {
            Some(whole) => share.entries.append(&mut lists.swap_remove(whole).0),
            None => {
                share.unsure = true;
                share.entries.extend(lists.into_iter().flat_map(|(entries, _)| entries));
            }
        }
    }
    Ok(shares)
}

/// Where two words are each in more than was read, what has both beside each other is asked for.
async fn read_pairs(asker: &Asker, query: &Query, shares: &mut BTreeMap<Category, Share>) -> Result<()> {
    let keys = asker.scope.keys();
    let mut wanted = Vec::new();
    for (category, _) in shares.iter().filter(|(_, share)| share.unsure) {
        for (word, other) in query.readings.iter().flat_map(Reading::pairs) {
            wanted.push((*category, own(asker, *category, keys.search_by_pair(*category, word, other)), READ_MAX));
        }
    }
    for one in read_all(&asker.scope, wanted).await? {
        if let Some(share) = shares.get_mut(&one.of) {
            share.entries.extend(one.entries);
        }
    }
    Ok(())
}

/// Who sees only their own records has a part of the index of their own.
fn own(asker: &Asker, category: Category, list: List) -> List {
    if category.is_assigned() { list.of(asker.only()) } else { list }
}

/// The first places of a list.
struct Head<T> {
    of: T,
    entries: Vec<Found>,
    /// Whether there are others.
    is_more: bool,
}

/// So many of each list, all at the same time.
async fn read_all<T>(scope: &Scope, wanted: Vec<(T, List, u16)>) -> Result<Vec<Head<T>>> {
    let read = meter::all_at_once(wanted.into_iter().map(|(of, list, limit)| async move {
        let page = scope.list::<Entry>(&list, &PageRequest { limit, cursor: None }, Order::Ascending).await?;
        let is_more = page.next_cursor.is_some();
        Ok(Head { of, entries: page.items.into_iter().map(|stored| stored.value.found).collect(), is_more })
    }));
    read.await.into_iter().collect()
}
