//! A search through all companies and contacts: those that were there before anything noted by what they are recognised,
//! and what was missed. It walks in chunks and says how far it has come; killed, it goes on from there.

use jiff::{SignedDuration, Timestamp};
use kernel::{Error, Result, error::Conflict, event::Event, page::PageRequest};
use serde::{Deserialize, Serialize};
use table::{Order, Scope, Stored};

use super::note_record;
use crate::{
    company::Company,
    contact::Contact,
    record::{Record, RecordKind},
};

/// Records of one chunk.
const CHUNK: u16 = 25;
/// Chunks of one message; the event comes again for the rest, so that no worker runs out of time.
const CHUNKS_MAX: usize = 4;
/// After so long one that did not end is taken for dead.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// Where it is; none once it is done.
    pub place: Option<Place>,
    pub looked_at: u64,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub kind: RecordKind,
    /// Of the list, after what was looked at.
    pub cursor: Option<String>,
}

impl Search {
    fn new(now: Timestamp) -> Self {
        let place = Some(Place { kind: RecordKind::Company, cursor: None });
        Self { place, looked_at: 0, started_at: now, finished_at: None }
    }

    pub const fn is_under_way(&self) -> bool {
        self.place.is_some()
    }

    fn may_begin_anew(&self, now: Timestamp) -> bool {
        !self.is_under_way() || self.started_at.saturating_add(PATIENCE).is_ok_and(|until| until < now)
    }

    /// After a chunk of so many; `next` is where its list goes on.
    fn advanced(&self, looked_at: usize, next: Option<String>, now: Timestamp) -> Self {
        let kind = self.place.as_ref().map(|place| place.kind);
        let place = match (kind, next) {
            (Some(kind), Some(cursor)) => Some(Place { kind, cursor: Some(cursor) }),
            (Some(RecordKind::Company), None) => Some(Place { kind: RecordKind::Contact, cursor: None }),
            _ => None,
        };
        let finished_at = place.is_none().then_some(now);
        Self { place, looked_at: self.looked_at + looked_at as u64, started_at: self.started_at, finished_at }
    }
}

/// Begins one, unless one goes on.
pub async fn start_search(scope: &Scope) -> Result<Search> {
    let key = scope.keys().duplicate_search();
    scope
        .write(|| async {
            let read = scope.get::<Search>(&key).await?;
            if read.as_ref().is_some_and(|search| !search.may_begin_anew(scope.now())) {
                return Err(Error::Conflict(Conflict::DuplicateSearchUnderWay));
            }
            let search = Search::new(scope.now());
            let mut transaction = scope.begin("start_search", "duplicates");
            transaction.save(read.as_ref(), &search).emit(Event::DuplicateSearchRequested {});
            Ok((transaction, search))
        })
        .await
}

/// The one that goes on, or the last one.
pub async fn show_search(scope: &Scope) -> Result<Option<Stored<Search>>> {
    scope.get(&scope.keys().duplicate_search()).await
}

pub async fn run_search(scope: &Scope) -> Result<()> {
    for chunk in 1..=CHUNKS_MAX {
        if !run_chunk(scope, chunk == CHUNKS_MAX).await? {
            break;
        }
    }
    Ok(())
}

/// Whether there is more to do. `is_last` asks for the rest by an event.
async fn run_chunk(scope: &Scope, is_last: bool) -> Result<bool> {
    let key = scope.keys().duplicate_search();
    scope
        .write(|| async {
            let Some(read) = scope.get::<Search>(&key).await? else {
                return Ok((scope.begin("run_search", "duplicates").nothing(), false));
            };
            let Some(place) = &read.place else {
                return Ok((scope.begin("run_search", "duplicates").nothing(), false));
            };
            let (records, next) = records(scope, place).await?;
            for record in &records {
                note_record(scope, *record).await?;
            }
            let search = read.advanced(records.len(), next, scope.now());
            let mut transaction = scope.begin("run_search", "duplicates");
            transaction.update(&read, &search);
            if search.is_under_way() && is_last {
                transaction.emit(Event::DuplicateSearchRequested {});
            }
            Ok((transaction.untold(), search.is_under_way()))
        })
        .await
}

async fn records(scope: &Scope, place: &Place) -> Result<(Vec<Record>, Option<String>)> {
    let page = PageRequest { limit: CHUNK, cursor: place.cursor.clone() };
    let keys = scope.keys();
    if place.kind == RecordKind::Company {
        let found = scope.list::<Company>(&keys.companies(""), &page, Order::Ascending).await?;
        return Ok((found.items.iter().map(|company| Record::Company(company.id)).collect(), found.next_cursor));
    }
    let found = scope.list::<Contact>(&keys.contacts(""), &page, Order::Ascending).await?;
    Ok((found.items.iter().map(|contact| Record::Contact(contact.id)).collect(), found.next_cursor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_come_first_then_contacts_then_it_is_done() {
        let now = Timestamp::UNIX_EPOCH;
        let search = Search::new(now);
        assert!(!search.may_begin_anew(now));
        assert!(search.may_begin_anew(now + SignedDuration::from_hours(2)));
        let further = search.advanced(25, Some("a".into()), now);
        assert_eq!(further.place, Some(Place { kind: RecordKind::Company, cursor: Some("a".into()) }));
        let contacts = further.advanced(3, None, now);
        assert_eq!(contacts.place, Some(Place { kind: RecordKind::Contact, cursor: None }));
        let done = contacts.advanced(0, None, now);
        assert!(!done.is_under_way() && done.may_begin_anew(now));
        assert_eq!((done.looked_at, done.finished_at), (28, Some(now)));
    }
}
