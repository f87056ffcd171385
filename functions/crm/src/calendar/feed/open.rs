//! `/ical/agenda.ics?lien=…`: the calendar itself.

use axum::{extract::RawQuery, response::Response};
use http::HeaderMap;
use jiff::{SignedDuration, ToSpan};
use kernel::{Result, id::UserId, page::PageRequest, permission::Visibility};
use table::{List, Order, meter::side_by_side};
use web::{
    Failure, Visitor,
    calendar::{self, Calendar, Event, Opened, When, Which},
    path_in,
};

use crate::activity::{Activity, Start, Status};

/// How far a calendar looks back and ahead, in months.
const MONTHS: (i64, i64) = (3, 12);
/// How much of it is read at once; how often at most from today on, and of what is over.
const READ_AT_ONCE: u16 = 1_000;
const READINGS_MAX: (usize, usize) = (5, 2);
/// How many activities it shows.
const SHOWN_MAX: usize = 5_000;
/// How much of a description, in characters: the whole stands where the link of an event leads.
const DESCRIPTION_MAX: usize = 500;
/// What calendars show of what says not how long it takes.
const USUAL_MINUTES: i64 = 30;

pub async fn show_calendar(
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let site = &visitor.deps.config.public_url;
    calendar::answer(&visitor, &headers, query, Which::Activities, async |opened| {
        let shown = Shown(opened);
        Ok(shown.calendar(site, &shown.activities().await?))
    })
    .await
}

struct Shown(Opened);

impl Shown {
    /// Whose activities it shows: everybody's only as long as its member sees them.
    fn of(&self) -> Option<UserId> {
        let sees_all = self.0.member.role.visibility() == Visibility::All;
        (self.0.feed.shows != "team" || !sees_all).then_some(self.0.member.user)
    }

    /// Those from today on in their order; then those before, the last one first, as far as there is room.
    async fn activities(&self) -> Result<Vec<Activity>> {
        let today = self.0.organization.day(self.0.scope.now());
        let (back, ahead) = MONTHS;
        let (from, to) = (today.saturating_sub(back.months()), today.saturating_add(ahead.months()));
        let list = self.0.scope.keys().activities("").of(self.of());
        let to_come = list.clone().between(today.to_string(), format!("{to}~"));
        let over = list.between(from.to_string(), format!("{}~", today.saturating_sub(1.day())));
        let (to_come, over) = side_by_side(
            self.read(&to_come, Order::Ascending, READINGS_MAX.0),
            self.read(&over, Order::Descending, READINGS_MAX.1),
        )
        .await;
        let mut activities = to_come?;
        activities.extend(over?);
        activities.truncate(SHOWN_MAX);
        Ok(activities)
    }

    async fn read(&self, list: &List, order: Order, readings_max: usize) -> Result<Vec<Activity>> {
        let mut page = PageRequest { limit: READ_AT_ONCE, cursor: None };
        let mut activities = Vec::new();
        for _ in 0..readings_max {
            let found = self.0.scope.list::<Activity>(list, &page, order).await?;
            activities.extend(found.items.into_iter().map(|activity| activity.value));
            match found.next_cursor {
                Some(cursor) => page.cursor = Some(cursor),
                None => break,
            }
        }
        Ok(activities)
    }

    fn calendar(&self, site: &str, activities: &[Activity]) -> String {
        let name = match self.of() {
            Some(_) => format!("{}\u{a0}: {}", self.0.organization.name, self.0.member.name),
            None => format!("{}\u{a0}: équipe", self.0.organization.name),
        };
        let events = activities.iter().map(|activity| self.event(site, activity)).collect();
        Calendar { name: &name, time_zone: &self.0.organization.time_zone, events }.text()
    }

    fn event(&self, site: &str, activity: &Activity) -> Event {
        let zone = self.0.organization.zone();
        let Start { on, at } = activity.starts;
        let when = if at.is_some() {
            let from = activity.starts.instant(&zone);
            let minutes = activity.minutes.map_or(USUAL_MINUTES, i64::from);
            When::From(from, from.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(from))
        } else {
            When::Days(on, on)
        };
        let is_done = activity.status == Status::Completed;
        let done = if is_done { "✓ " } else { "" };
        let about = [activity.names(), activity.description.as_deref().map(cut).unwrap_or_default()];
        let about: Vec<_> = about.into_iter().filter(|part| !part.is_empty()).collect();
        Event {
            uid: format!("{}@abservice", activity.id),
            created_at: activity.created_at,
            changed_at: activity.changed_at,
            sequence: activity.sequence,
            when,
            summary: format!("{done}{}\u{a0}: {}", activity.kind.french(), activity.subject),
            description: about.join("\n\n"),
            place: activity.place.clone().unwrap_or_default(),
            category: activity.kind.french().into(),
            url: format!("{site}{}", path_in(self.0.organization.id, &format!("/crm/activites/{}", activity.id))),
            is_cancelled: activity.status == Status::Cancelled,
        }
    }
}

/// The beginning of a long text.
fn cut(text: &str) -> String {
    match text.char_indices().nth(DESCRIPTION_MAX) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
