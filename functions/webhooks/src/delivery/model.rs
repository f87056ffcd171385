//! A delivery, when it is tried again, and when no more. Pure.

use jiff::{SignedDuration, Timestamp};
use kernel::id::{DeliveryId, EventId, OrganizationId, WebhookId, random_of};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::public_event::{Data, PublicEvent};

/// How long after a try that failed the next one is: the first at once, eight in all, in some two and a half days. The clock
/// looks every five minutes.
pub const RETRY_AFTER: [SignedDuration; 7] = [
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(24),
];
/// How long one who tries has for it before another may.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long it is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many tries are told, the last ones.
const TOLD_MAX: usize = 20;

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeliveryState)]
pub enum State {
    /// Being tried, or to be tried again.
    Waiting,
    Delivered,
    /// Tried as often as anything is, or nothing is sent there any more.
    GivenUp,
}

impl State {
    pub const fn french(self) -> &'static str {
        match self {
            Self::Waiting => "En attente",
            Self::Delivered => "Reçu",
            Self::GivenUp => "Abandonné",
        }
    }

    /// Its colour.
    pub const fn badge(self) -> &'static str {
        match self {
            Self::Waiting => "warning",
            Self::Delivered => "success",
            Self::GivenUp => "danger",
        }
    }
}

/// Why nobody took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Something was answered that is no 2xx.
    Refused,
    /// No such machine, nobody there, no valid certificate.
    Unreachable,
    TooSlow,
    /// The address leads to no machine of the public network.
    NotPublic,
}

impl Failure {
    pub const fn french(self) -> &'static str {
        match self {
            Self::Refused => "Réponse d’erreur",
            Self::Unreachable => "Serveur injoignable",
            Self::TooSlow => "Pas de réponse en dix secondes",
            Self::NotPublic => "Adresse non publique",
        }
    }
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Attempt {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What was answered, where something was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How long it took.
    pub ms: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

impl Attempt {
    pub fn is_taken(&self) -> bool {
        self.failure.is_none()
    }

    /// 410: whoever is there wants nothing any more.
    pub fn is_gone(&self) -> bool {
        self.status == Some(410)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    pub id: DeliveryId,
    pub webhook: WebhookId,
    pub event: EventId,
    /// Name of the public event.
    pub kind: String,
    pub happened_at: Timestamp,
    pub data: Data,
    pub state: State,
    /// How often it was tried since it began, or was begun again.
    pub tries: u8,
    /// When the clock is to look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// The oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// The beginning of the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    pub expires_at: Timestamp,
}

/// The same for the same event and webhook, however often the event comes. It sorts by when the event happened.
pub fn delivery_id(event: EventId, webhook: WebhookId) -> DeliveryId {
    let digest = Sha256::digest([event.ulid().to_bytes(), webhook.ulid().to_bytes()].concat());
    DeliveryId::new(event.given_at(), random_of(&digest) >> 48)
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

impl Delivery {
    pub fn new(
        webhook: WebhookId,
        event: EventId,
        kind: &str,
        happened_at: Timestamp,
        data: Data,
        now: Timestamp,
    ) -> Self {
        Self {
            id: delivery_id(event, webhook),
            webhook,
            event,
            kind: kind.into(),
            happened_at,
            data,
            state: State::Waiting,
            tries: 0,
            next_at: Some(now),
            attempts: Vec::new(),
            answer: None,
            expires_at: later(now, KEPT),
        }
    }

    /// Whether somebody may try it now.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.state == State::Waiting && self.next_at.is_some_and(|at| at <= now)
    }

    /// By somebody who tries it now, for a while nobody else's. Who is stopped half-way has tried it; none where it was tried
    /// as often as anything is, and nobody lived to tell what came of it.
    pub fn claimed(&self, now: Timestamp) -> Option<Self> {
        let is_left = usize::from(self.tries) <= RETRY_AFTER.len();
        is_left.then(|| Self { tries: self.tries + 1, next_at: Some(later(now, LEASE)), ..self.clone() })
    }

    /// Whether it is still the try that was begun.
    pub fn is_trying(&self, tries: u8) -> bool {
        self.state == State::Waiting && self.tries == tries
    }

    /// With what came of a try.
    #[must_use]
    pub fn tried(&self, attempt: Attempt, answer: Option<String>) -> Self {
        let next = usize::from(self.tries).checked_sub(1).and_then(|failed| RETRY_AFTER.get(failed));
        let (state, next_at) = match next {
            _ if attempt.is_taken() => (State::Delivered, None),
            _ if attempt.is_gone() => (State::GivenUp, None),
            Some(after) => (State::Waiting, Some(later(attempt.at, *after))),
            None => (State::GivenUp, None),
        };
        let mut attempts = self.attempts.clone();
        attempts.push(attempt);
        attempts.drain(..attempts.len().saturating_sub(TOLD_MAX));
        Self { state, next_at, attempts, answer, ..self.clone() }
    }

    /// Nothing is sent there any more.
    #[must_use]
    pub fn given_up(&self) -> Self {
        Self { state: State::GivenUp, next_at: None, ..self.clone() }
    }

    /// Begun again, as often as a new one.
    #[must_use]
    pub fn replayed(&self, now: Timestamp) -> Self {
        Self { state: State::Waiting, tries: 0, next_at: Some(now), expires_at: later(now, KEPT), ..self.clone() }
    }

    pub fn public(&self, organization: OrganizationId) -> PublicEvent {
        PublicEvent {
            id: self.event,
            kind: self.kind.clone(),
            created: self.happened_at,
            organization,
            data: self.data.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    fn delivery() -> Delivery {
        let (webhook, event) = (WebhookId::from_ulid(Ulid(1)), EventId::new(at(0), 2));
        Delivery::new(webhook, event, "invoice.paid.v1", at(0), Data::new(), at(0))
    }

    fn attempt(at: Timestamp, status: u16) -> Attempt {
        let failure = (!(200..300).contains(&status)).then_some(Failure::Refused);
        Attempt { at, status: Some(status), ms: 12, failure }
    }

    #[test]
    fn what_is_never_taken_is_tried_eight_times_and_no_more() {
        let (mut one, mut now, mut waits) = (delivery(), at(0), Vec::new());
        while one.is_due(now) {
            one = one.claimed(now).unwrap();
            assert!(!one.is_due(now), "two at once");
            one = one.tried(attempt(now, 500), None);
            if let Some(next) = one.next_at {
                assert!(!one.is_due(next - SignedDuration::from_secs(1)));
                waits.push(next.duration_since(now));
                now = next;
            }
        }
        assert_eq!((one.state, one.tries, waits), (State::GivenUp, 8, RETRY_AFTER.to_vec()));
        assert_eq!(one.attempts.len(), 8);
        let all: i64 = RETRY_AFTER.iter().map(SignedDuration::as_hours).sum();
        assert!((60..66).contains(&all), "{all}");
        // Begun again, it is tried as often once more.
        let again = one.replayed(now);
        assert!(again.is_due(now) && again.tries == 0 && again.attempts.len() == 8);
    }

    #[test]
    fn what_is_taken_or_unwanted_is_not_tried_again() {
        for (status, state) in [(200, State::Delivered), (204, State::Delivered), (410, State::GivenUp)] {
            let one = delivery().claimed(at(0)).unwrap().tried(attempt(at(0), status), Some("ok".into()));
            assert_eq!((one.state, one.next_at), (state, None), "{status}");
        }
        for status in [301, 400, 404, 500] {
            let one = delivery().claimed(at(0)).unwrap().tried(attempt(at(0), status), None);
            assert_eq!(one.state, State::Waiting, "{status}");
        }
    }

    #[test]
    fn who_is_stopped_half_way_is_followed_by_another_after_the_lease() {
        let begun = delivery().claimed(at(0)).unwrap();
        assert!(!begun.is_due(at(119)) && begun.is_due(at(120)));
        let again = begun.claimed(at(120)).unwrap();
        assert!(again.is_trying(2) && !again.is_trying(1), "what the first still says is not believed");
    }

    proptest! {
        /// Whatever happens on the way, it ends within its eight tries, each of them claimed once.
        #[test]
        fn it_always_ends(answers in prop::collection::vec(prop_oneof![Just(None), (100..600_u16).prop_map(Some)], 1..40)) {
            let (mut one, mut now, mut tried) = (delivery(), at(0), 0);
            for answer in answers {
                if !one.is_due(now) {
                    break;
                }
                let Some(claimed) = one.claimed(now) else {
                    one = one.given_up();
                    break;
                };
                one = claimed;
                tried += 1;
                // None: stopped half-way.
                if let Some(status) = answer {
                    one = one.tried(attempt(now, status), None);
                }
                now = one.next_at.unwrap_or(now);
            }
            prop_assert!(tried <= 8 && (one.state == State::Waiting) == one.next_at.is_some());
        }
    }

    #[test]
    fn the_same_event_is_the_same_delivery() {
        let (event, webhook) = (EventId::new(at(5), 7), WebhookId::from_ulid(Ulid(3)));
        assert_eq!(delivery_id(event, webhook), delivery_id(event, webhook));
        assert_ne!(delivery_id(event, webhook), delivery_id(event, WebhookId::from_ulid(Ulid(4))));
        assert_eq!(delivery_id(event, webhook).given_at(), at(5));
    }
}
