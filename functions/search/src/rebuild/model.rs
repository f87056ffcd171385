//! How far an index was made anew. Pure.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// After so long without a step it is taken for dead.
const PATIENCE: SignedDuration = SignedDuration::from_mins(30);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuild {
    /// Where it is; none once it is done.
    pub place: Option<Place>,
    pub looked_at: u64,
    pub started_at: Timestamp,
    pub moved_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the lists of what can be found: which of them, and after what.
    List { at: usize, cursor: Option<String> },
    /// In what the index has: after what.
    Index { after: Option<String> },
}

impl Rebuild {
    pub const fn new(now: Timestamp) -> Self {
        let place = Some(Place::List { at: 0, cursor: None });
        Self { place, looked_at: 0, started_at: now, moved_at: now, finished_at: None }
    }

    pub const fn is_under_way(&self) -> bool {
        self.place.is_some()
    }

    /// Whether another may begin: none while this one goes on.
    pub fn is_over(&self, now: Timestamp) -> bool {
        !self.is_under_way() || self.moved_at.saturating_add(PATIENCE).is_ok_and(|until| until < now)
    }

    /// After a chunk of so many; `next` is where its list goes on, of `lists`.
    pub fn advanced(&self, looked_at: usize, next: Option<String>, lists: usize, now: Timestamp) -> Self {
        let place = match (&self.place, next) {
            (Some(Place::List { at, .. }), Some(cursor)) => Some(Place::List { at: *at, cursor: Some(cursor) }),
            (Some(Place::List { at, .. }), None) if at + 1 < lists => Some(Place::List { at: at + 1, cursor: None }),
            (Some(Place::List { .. }), None) => Some(Place::Index { after: None }),
            (Some(Place::Index { .. }), Some(after)) => Some(Place::Index { after: Some(after) }),
            (Some(Place::Index { .. }) | None, _) => None,
        };
        Self {
            looked_at: self.looked_at + looked_at as u64,
            finished_at: place.is_none().then_some(now),
            place,
            started_at: self.started_at,
            moved_at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_first_one_after_the_other_then_the_index_then_it_is_done() {
        let now = Timestamp::UNIX_EPOCH;
        let begun = Rebuild::new(now);
        assert!(!begun.is_over(now) && begun.is_over(now + SignedDuration::from_hours(1)));
        let places: Vec<_> = [Some("a"), None, None, Some("b"), None]
            .into_iter()
            .scan(begun, |rebuild, next| {
                *rebuild = rebuild.advanced(10, next.map(str::to_owned), 2, now);
                Some(rebuild.clone())
            })
            .collect();
        assert_eq!(places[0].place, Some(Place::List { at: 0, cursor: Some("a".into()) }));
        assert_eq!(places[1].place, Some(Place::List { at: 1, cursor: None }));
        assert_eq!(places[2].place, Some(Place::Index { after: None }));
        assert_eq!(places[3].place, Some(Place::Index { after: Some("b".into()) }));
        assert_eq!((places[4].place.clone(), places[4].looked_at, places[4].finished_at), (None, 50, Some(now)));
        assert!(places[4].is_over(now));
    }
}
