//! One item per member, written in the transaction of each of their notifications. Pure.

use std::collections::BTreeMap;

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use kernel::{
    Permission,
    id::{NotificationId, UserId},
};
use serde::{Deserialize, Serialize};

use crate::notification::model::{FOLDED_MAX, FOLDED_WITHIN, Notification, day, forgotten_on};

/// When a summary leaves, where the organization is.
const DIGEST_HOUR: i8 = 8;
/// How many notifications a summary tells one by one; it counts the others.
pub const DIGEST_MAX: usize = 50;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inbox {
    pub user: UserId,
    /// How many were told on a day and are not read, by the permission without which they are not shown: what the table
    /// forgets, and what somebody may see no more, is no longer counted, without anybody writing.
    #[serde(default)]
    pub unread_by: BTreeMap<Permission, BTreeMap<Date, u32>>,
    /// What was told until then is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_read_at: Option<Timestamp>,
    /// The last notification of each rule, while it may count others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub open: BTreeMap<String, Open>,
    /// What the next summary is to tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub digest: Vec<NotificationId>,
    /// How many more it counts.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub digest_more: u32,
    /// When it leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    pub notification: NotificationId,
    pub since: Timestamp,
    pub last: Timestamp,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Open {
    /// Whether it counts another one now.
    fn takes(&self, now: Timestamp) -> bool {
        let within = |from: Timestamp, most: SignedDuration| now.duration_since(from) <= most;
        within(self.last, FOLDED_WITHIN) && within(self.since, FOLDED_MAX)
    }
}

impl Inbox {
    pub const fn of(user: UserId) -> Self {
        Self {
            user,
            unread_by: BTreeMap::new(),
            all_read_at: None,
            open: BTreeMap::new(),
            digest: Vec::new(),
            digest_more: 0,
            digest_at: None,
        }
    }

    /// How many are unread of those that are kept and that somebody may see.
    pub fn unread_on(&self, today: Date, may: impl Fn(Permission) -> bool) -> u32 {
        let seen = self.unread_by.iter().filter(|(needs, _)| may(**needs)).flat_map(|(_, days)| days);
        seen.filter(|(told_on, _)| forgotten_on(**told_on) > today).map(|(_, count)| count).sum()
    }

    /// Without days of which there is nothing to count.
    fn tidied(mut self, is_counted: impl Fn(Date, u32) -> bool) -> Self {
        for days in self.unread_by.values_mut() {
            days.retain(|told_on, count| is_counted(*told_on, *count));
        }
        self.unread_by.retain(|_, days| !days.is_empty());
        self
    }

    /// The notification that may count one more of this rule.
    pub fn group(&self, rule: &str, now: Timestamp) -> Option<NotificationId> {
        self.open.get(rule).filter(|open| open.takes(now)).map(|open| open.notification)
    }

    /// When something is told now: never at an instant until which all is read.
    pub fn telling_at(&self, now: Timestamp) -> Timestamp {
        let after = |read: Timestamp| read.saturating_add(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MAX);
        self.all_read_at.map_or(now, |read| now.max(after(read)))
    }

    /// With a new notification.
    #[must_use]
    pub fn told(&self, notification: &Notification) -> Self {
        let mut inbox = self.clone();
        let at = notification.told_at;
        *inbox.unread_by.entry(notification.needs).or_default().entry(day(at)).or_default() += 1;
        inbox = inbox.tidied(|told_on, _| forgotten_on(told_on) > day(at));
        inbox.open.retain(|_, open| open.takes(at));
        let open = Open { notification: notification.id, since: at, last: at };
        inbox.open.insert(notification.rule.clone(), open);
        inbox
    }

    /// With one more event in a notification.
    #[must_use]
    pub fn folded(&self, notification: &Notification) -> Self {
        let mut inbox = self.clone();
        if let Some(open) = inbox.open.get_mut(&notification.rule) {
            open.last = open.last.max(notification.last_at);
        }
        inbox
    }

    /// With a notification that was unread and is read now.
    #[must_use]
    pub fn reading(&self, notification: &Notification) -> Self {
        let mut inbox = self.clone();
        let days = inbox.unread_by.get_mut(&notification.needs);
        if let Some(count) = days.and_then(|days| days.get_mut(&day(notification.told_at))) {
            *count = count.saturating_sub(1);
        }
        inbox = inbox.tidied(|_, count| count > 0);
        inbox.open.retain(|_, open| open.notification != notification.id);
        inbox
    }

    /// All that there is is read; none where there is nothing to read.
    pub fn reading_all(&self, now: Timestamp) -> Option<Self> {
        if self.unread_by.values().flat_map(BTreeMap::values).all(|count| *count == 0) {
            return None;
        }
        // Nothing that was told may lie after it.
        let at = self.telling_at(now);
        Some(Self { unread_by: BTreeMap::new(), all_read_at: Some(at), open: BTreeMap::new(), ..self.clone() })
    }

    /// With something for the next summary, which leaves at eight o’clock. Where that is full, what is new is counted, and
    /// one more event in a notification (not `is_new`) counts as that one did.
    #[must_use]
    pub fn digesting(&self, id: NotificationId, is_new: bool, now: Timestamp, zone: &TimeZone) -> Self {
        if self.digest.contains(&id) {
            return self.clone();
        }
        let mut inbox = self.clone();
        if inbox.digest.len() < DIGEST_MAX {
            inbox.digest.push(id);
        } else if is_new {
            inbox.digest_more = inbox.digest_more.saturating_add(1);
        }
        inbox.digest_at = inbox.digest_at.or_else(|| next_digest(now, zone));
        inbox
    }

    /// Whether the hour of the summary has come.
    pub fn is_digest_due(&self, now: Timestamp) -> bool {
        self.digest_at.is_some_and(|at| at <= now)
    }

    /// After the summary left, or turned out to have nothing to say.
    #[must_use]
    pub fn digested(&self) -> Self {
        Self { digest: Vec::new(), digest_more: 0, digest_at: None, ..self.clone() }
    }
}

/// The next eight o’clock.
fn next_digest(now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let local = now.to_zoned(zone.clone());
    let eight = Time::constant(DIGEST_HOUR, 0, 0, 0);
    let on = if local.time() < eight { local.date() } else { local.date().tomorrow().ok()? };
    on.to_datetime(eight).to_zoned(zone.clone()).ok().map(|eight| eight.timestamp())
}

#[cfg(test)]
mod tests {
    use kernel::id::InvoiceId;
    use kernel::{
        event::{About, Event},
        id::EventId,
    };
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use crate::notification::{
        model::{KEPT_DAYS, notification_id},
        rule::{self, Rule, Told},
    };

    const USER: UserId = UserId::from_ulid(Ulid(1));

    const fn all(_: Permission) -> bool {
        true
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    fn rule(name: &str) -> (&'static Rule, Told) {
        let invoice = InvoiceId::from_ulid(Ulid(4));
        let told = rule::told(&Event::InvoicePaid { invoice, about: About::default() }).unwrap();
        (rule::named(name).unwrap(), told)
    }

    /// A member's notifications as the table keeps them, told as the worker does.
    #[derive(Default)]
    struct Play {
        inbox: Option<Inbox>,
        items: BTreeMap<NotificationId, Notification>,
        folds: std::collections::BTreeSet<NotificationId>,
        events: u32,
    }

    impl Play {
        fn inbox(&self) -> Inbox {
            self.inbox.clone().unwrap_or_else(|| Inbox::of(USER))
        }

        fn tell(&mut self, name: &str, event: u128, now: Timestamp) {
            let (rule, told) = rule(name);
            let inbox = self.inbox();
            let id = notification_id(EventId::from_ulid(Ulid(event)), USER);
            if self.items.contains_key(&id) || self.folds.contains(&id) {
                return;
            }
            self.events += 1;
            let group = inbox.group(rule.name, now).and_then(|group| self.items.get(&group));
            match group.filter(|group| group.is_unread(inbox.all_read_at)) {
                Some(group) => {
                    let folded = group.folding(rule, now);
                    self.inbox = Some(inbox.folded(&folded));
                    self.folds.insert(id);
                    self.items.insert(folded.id, folded);
                }
                None => {
                    let new = Notification::new(id, USER, rule, &told, inbox.telling_at(now));
                    self.inbox = Some(inbox.told(&new));
                    self.items.insert(id, new);
                }
            }
        }

        fn read(&mut self, at: usize, now: Timestamp) {
            let Some(id) = self.items.keys().nth(at % self.items.len().max(1)).copied() else { return };
            let item = self.items.get_mut(&id).unwrap();
            let inbox = self.inbox.clone().unwrap();
            if item.is_unread(inbox.all_read_at) {
                self.inbox = Some(inbox.reading(item));
                item.read_at = Some(now);
            }
        }

        fn read_all(&mut self, now: Timestamp) {
            if let Some(inbox) = self.inbox().reading_all(now) {
                self.inbox = Some(inbox);
            }
        }

        #[track_caller]
        fn holds(&self, now: Timestamp) {
            let inbox = self.inbox();
            let unread = self.items.values().filter(|item| item.is_unread(inbox.all_read_at));
            let unread = unread.filter(|item| item.forgotten_on() > day(now)).count();
            assert_eq!(inbox.unread_on(day(now), all) as usize, unread);
            assert_eq!(self.items.values().map(|item| item.count).sum::<u32>(), self.events);
        }
    }

    #[derive(Debug, Clone)]
    enum Step {
        /// One of two rules, one of forty events.
        Tell(bool, u8),
        Read(usize),
        ReadAll,
        Wait(u32),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            6 => (any::<bool>(), 0..40_u8).prop_map(|(paid, event)| Step::Tell(paid, event)),
            2 => (0..20_usize).prop_map(Step::Read),
            1 => Just(Step::ReadAll),
            2 => (0..1_200_u32).prop_map(Step::Wait),
            1 => (1..100_u32).prop_map(|days| Step::Wait(days * 86_400)),
        ];
        prop::collection::vec(step, 0..120)
    }

    proptest! {
        /// Whatever is told, repeated, read and forgotten: the counter says what is unread, and no event counts twice.
        #[test]
        fn the_counter_is_the_number_of_unread_ones(steps in steps()) {
            let (mut play, mut now) = (Play::default(), 0);
            for step in steps {
                match step {
                    Step::Tell(paid, event) => {
                        let name = if paid { "invoice_paid" } else { "quote_accepted" };
                        play.tell(name, u128::from(event) + 40 * u128::from(paid), at(now));
                    }
                    Step::Read(place) => play.read(place, at(now)),
                    Step::ReadAll => play.read_all(at(now)),
                    Step::Wait(seconds) => now += i64::from(seconds),
                }
                play.holds(at(now));
            }
        }

        /// A burst is one notification, in whatever order and however often its events come.
        #[test]
        fn a_burst_is_one_notification(events in prop::collection::vec(0..500_u128, 1..700)) {
            let mut play = Play::default();
            for (place, event) in events.iter().enumerate() {
                play.tell("invoice_paid", *event, at(i64::try_from(place).unwrap_or_default()));
            }
            prop_assert_eq!(play.items.len(), 1);
            prop_assert_eq!(play.inbox().unread_on(day(at(0)), all), 1);
            let distinct = events.iter().collect::<std::collections::BTreeSet<_>>().len();
            let count = play.items.values().next().map(|item| item.count);
            prop_assert_eq!(count, u32::try_from(distinct).ok());
        }
    }

    #[test]
    fn what_was_read_counts_no_more_and_what_came_later_does() {
        let mut play = Play::default();
        play.tell("invoice_paid", 1, at(0));
        play.read_all(at(1));
        // In the same second, and of the same kind.
        play.tell("invoice_paid", 2, at(1));
        assert_eq!((play.items.len(), play.inbox().unread_on(day(at(1)), all)), (2, 1));
        assert_eq!(play.inbox().reading_all(at(1)).unwrap().reading_all(at(2)), None);
    }

    #[test]
    fn what_somebody_may_see_no_more_is_not_counted_and_is_again_once_they_may() {
        let mut play = Play::default();
        play.tell("invoice_paid", 1, at(0));
        play.tell("opportunity_won", 2, at(1));
        let counted = |may: &dyn Fn(Permission) -> bool| play.inbox().unread_on(day(at(1)), may);
        assert_eq!(counted(&all), 2);
        assert_eq!(counted(&|permission| permission != Permission::CrmView), 1);
        assert_eq!(counted(&|_| false), 0);
    }

    #[test]
    fn a_group_ends_after_ten_minutes_of_silence_or_a_day() {
        let mut play = Play::default();
        play.tell("invoice_paid", 1, at(0));
        play.tell("invoice_paid", 2, at(600));
        play.tell("invoice_paid", 3, at(1_201));
        assert_eq!(play.items.len(), 2);
        let mut long = Play::default();
        for event in 0..300_u32 {
            long.tell("invoice_paid", u128::from(event), at(i64::from(event) * 500));
        }
        assert_eq!(long.items.len(), 2);
    }

    #[test]
    fn what_the_table_forgot_is_not_counted() {
        let mut play = Play::default();
        play.tell("invoice_paid", 1, at(0));
        let later = at((KEPT_DAYS - 1) * 86_400);
        assert_eq!(play.inbox().unread_on(day(later), all), 1);
        let later = at(KEPT_DAYS * 86_400);
        assert_eq!(play.inbox().unread_on(day(later), all), 0);
    }

    #[test]
    fn a_summary_leaves_at_the_next_eight_o_clock() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let next = |now: &str| next_digest(now.parse().unwrap(), &paris).unwrap().to_string();
        assert_eq!(next("2026-11-22T09:00:00Z"), "2026-11-23T07:00:00Z");
        assert_eq!(next("2026-11-22T06:59:59Z"), "2026-11-22T07:00:00Z");
        // Into summer time.
        assert_eq!(next("2027-03-27T09:00:00Z"), "2027-03-28T06:00:00Z");
        let mut inbox = Inbox::of(USER);
        for n in 0..60 {
            inbox = inbox.digesting(NotificationId::from_ulid(Ulid(n)), true, at(0), &paris);
            inbox = inbox.digesting(NotificationId::from_ulid(Ulid(n % DIGEST_MAX as u128)), true, at(0), &paris);
        }
        // Thirty more events of one that is counted already.
        for _ in 0..30 {
            inbox = inbox.digesting(NotificationId::from_ulid(Ulid(59)), false, at(0), &paris);
        }
        assert_eq!((inbox.digest.len(), inbox.digest_more), (DIGEST_MAX, 10));
        assert!(!inbox.is_digest_due(at(0)) && inbox.is_digest_due(at(2 * 86_400)));
        assert_eq!(inbox.digested(), Inbox::of(USER));
    }
}
