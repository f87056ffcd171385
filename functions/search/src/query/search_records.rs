//! The search: one round trip, whatever is typed. It costs the same however much there is: of each category, each word and each
//! pair of words asks for one head of a list, which is charged the same whether it is full or empty.

use std::collections::BTreeMap;

use kernel::{Result, page::PageRequest, search::Category};
use table::{List, Order, Scope, meter};
use web::Asker;

use super::model::{Group, Query, Reading, ranked};
use crate::document::{Found, store::Entry};

/// How many of a category its own page shows, and how many are counted where all categories are shown.
pub const SHOWN_MAX: usize = 100;
pub const COUNTED_MAX: usize = 10;

/// What was read of a list, and whether more follows.
type Listed = (Vec<Found>, bool);

/// What was found, the category with the best in it first.
#[derive(Debug)]
pub struct Results {
    pub query: Query,
    pub groups: Vec<Group>,
}

/// How much is read of each category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The best few: as many places as one capacity unit reads, and as two where words are held against each other.
    Overview,
    /// As many as a page shows.
    Deep,
}

impl Extent {
    pub const fn shown_max(self) -> usize {
        match self {
            Self::Overview => COUNTED_MAX,
            Self::Deep => SHOWN_MAX,
        }
    }

    /// One more than is counted, so that the page says that there are more.
    const fn limit(self) -> u16 {
        self.shown_max() as u16 + 1
    }

    /// Of each of several words: what has the others as well is picked from these.
    const fn limit_of_several(self) -> u16 {
        match self {
            Self::Overview => 20,
            Self::Deep => self.limit(),
        }
    }
}

/// What of a category was read.
#[derive(Default)]
struct Share {
    entries: Vec<Found>,
    /// Of a reading, every word was in more than was read.
    unsure: bool,
}

/// What a head of a list answers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    /// By its place among the readings.
    Word(usize),
    Pair,
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
    let shares = read_shares(asker, &query, &categories, extent).await?;
    let sees = |found: &Found| found.only.is_none_or(|only| only == asker.user || asker.administers());
    let groups = shares.into_iter().filter_map(|(category, share)| {
        Group::of(&query, category, share.entries.into_iter().filter(sees), share.unsure)
    });
    Ok(Some(Results { groups: ranked(groups.collect()), query }))
}

/// Every category by the longest words, and by what two of them are beside each other. What has all words stands under each of
/// them, so a list that was read to its end answers for the others; where none was, pairs find what both have in their titles.
async fn read_shares(
    asker: &Asker,
    query: &Query,
    categories: &[Category],
    extent: Extent,
) -> Result<BTreeMap<Category, Share>> {
    let keys = asker.scope.keys();
    let mut wanted = Vec::new();
    for category in categories.iter().copied() {
        for (place, reading) in query.readings.iter().enumerate() {
            let limit = if reading.words.len() == 1 { extent.limit() } else { extent.limit_of_several() };
            for word in reading.keys() {
                wanted.push(((category, Of::Word(place)), keys.search_by_word(category, word), limit));
            }
        }
        for (word, other) in query.readings.iter().flat_map(Reading::pairs) {
            wanted.push(((category, Of::Pair), keys.search_by_pair(category, word, other), extent.limit() - 1));
        }
    }
    let wanted = wanted.into_iter().map(|(of, list, limit)| (of, own(asker, of.0, list), limit)).collect();
    let mut by_reading: BTreeMap<(Category, Of), Vec<Listed>> = BTreeMap::new();
    for one in read_all(&asker.scope, wanted).await? {
        by_reading.entry(one.of).or_default().push((one.entries, one.is_more));
    }
    let mut shares: BTreeMap<Category, Share> = BTreeMap::new();
    for ((category, of), mut lists) in by_reading {
        let share = shares.entry(category).or_default();
        let whole = lists.iter().position(|(_, is_more)| !is_more).filter(|_| of != Of::Pair);
        match whole {
            Some(whole) => share.entries.append(&mut lists.swap_remove(whole).0),
            None => {
                share.unsure |= of != Of::Pair;
                share.entries.extend(lists.into_iter().flat_map(|(entries, _)| entries));
            }
        }
    }
    Ok(shares)
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
