//! `/ical/agenda.ics?lien=…`: the calendar itself, for whoever holds its link. The secret stands in the query, which no log
//! keeps. Whatever a link is wrong in, the answer is the same.

use axum::{
    extract::RawQuery,
    response::{IntoResponse, Response},
};
use cloud::FeedClaim;
use http::{HeaderMap, StatusCode, header};
use jiff::{SignedDuration, ToSpan};
use kernel::{
    Actor, Error, Permission, Result, Tenant, id::UserId, page::PageRequest, permission::Visibility,
    reference::OrganizationReference,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use table::{List, Order, Patch, Scope, Stored, meter::side_by_side};
use web::{
    Failure, Membership, Visitor, path_in,
    throttle::{self, Attempt, Limit},
};

use super::{CalendarFeed, model::Shows};
use crate::{
    activity::{Activity, Start, Status},
    calendar::ical::{Calendar, Event, When},
};

pub const PATH: &str = "/ical/agenda.ics";

/// Links tried from one address: programs of a whole office ask from one. What opens does not count.
const FEEDS_FROM: Limit = Limit { what: "FEEDS_FROM", most: 60, window: SignedDuration::from_mins(15) };
/// How exactly it is known when a link was last used.
const SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(10);
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

#[derive(Default, Deserialize)]
#[serde(default)]
struct Query {
    lien: String,
}

pub async fn show_calendar(
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query: Query = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let (opened, attempt) = prove(&visitor, &query.lien).await?;
    let (deps, seen) = (&visitor.deps, opened.seen());
    let reading = side_by_side(attempt.forgive(deps), deps.table.touch(seen));
    let (activities, _) = side_by_side(opened.activities(), reading).await;
    let text = opened.calendar(&visitor.deps.config.public_url, &activities?);
    let etag = format!("\"{}\"", hex::encode(&Sha256::digest(&text)[..16]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let about = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, "private, no-cache".into()),
        (header::REFERRER_POLICY, "no-referrer".into()),
    ];
    if known.split(',').any(|known| known.trim().trim_start_matches("W/") == etag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let kind = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"agenda.ics\""),
    ];
    Ok((about, kind, text).into_response())
}

/// A feed that its link opened.
struct Opened {
    scope: Scope,
    feed: Stored<CalendarFeed>,
    member: Membership,
    organization: OrganizationReference,
}

async fn prove(visitor: &Visitor, text: &str) -> Result<(Opened, Attempt)> {
    let deps = &visitor.deps;
    let subject = [(FEEDS_FROM, throttle::address(visitor.address))];
    let Some(claim) = FeedClaim::read(text) else {
        Attempt::count(deps, &subject).await?;
        return Err(Error::NotFound);
    };
    let (attempt, opened) = side_by_side(Attempt::count(deps, &subject), read(visitor, &claim)).await;
    let attempt = attempt?;
    Ok((opened?, attempt))
}

async fn read(visitor: &Visitor, claim: &FeedClaim) -> Result<Opened> {
    let actor = Actor::System { name: "calendar".into() };
    let scope = visitor.deps.table.scope(Tenant::proven(claim.organization, actor)).with_origin(visitor.origin());
    let keys = scope.keys();
    let wanted = [keys.calendar_feed(claim.feed), keys.member(claim.user), keys.organization()];
    let found = scope.get_many(&wanted).await?;
    let feed = found.get::<CalendarFeed>(&wanted[0])?;
    let feed = feed.filter(|feed| feed.hash == claim.hash && feed.user == claim.user).ok_or(Error::NotFound)?;
    let member = found.get::<Membership>(&wanted[1])?.ok_or(Error::NotFound)?.value;
    let may_view = member.visit.is_none() && member.role.permissions().allow(Permission::CrmView);
    // Who left and came back draws a new link.
    if !may_view || feed.drawn_at < member.joined_at {
        return Err(Error::NotFound);
    }
    let organization = found.get::<OrganizationReference>(&wanted[2])?.ok_or(Error::NotFound)?.value;
    if organization.deletion.is_some() || organization.suspended_at.is_some() {
        return Err(Error::NotFound);
    }
    Ok(Opened { scope, feed, member, organization })
}

impl Opened {
    /// Notes when the link was used, where the last note is some minutes old.
    fn seen(&self) -> Vec<Patch> {
        let now = self.scope.now();
        let is_old = self.feed.last_seen_at.is_none_or(|last| now.duration_since(last) > SEEN_WITHIN);
        let patch = Patch::touching(self.scope.keys().calendar_feed(self.feed.id));
        is_old.then(|| patch.set("last_seen_at", &now.to_string())).into_iter().collect()
    }

    /// Whose activities it shows: everybody's only as long as its member sees them.
    fn of(&self) -> Option<UserId> {
        let sees_all = self.member.role.visibility() == Visibility::All;
        (self.feed.shows == Shows::Own || !sees_all).then_some(self.member.user)
    }

    /// Those from today on in their order; then those before, the last one first, as far as there is room.
    async fn activities(&self) -> Result<Vec<Activity>> {
        let today = self.organization.day(self.scope.now());
        let (back, ahead) = MONTHS;
        let (from, to) = (today.saturating_sub(back.months()), today.saturating_add(ahead.months()));
        let list = self.scope.keys().activities("").of(self.of());
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
            let found = self.scope.list::<Activity>(list, &page, order).await?;
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
            Some(_) => format!("{}\u{a0}: {}", self.organization.name, self.member.name),
            None => format!("{}\u{a0}: équipe", self.organization.name),
        };
        let events = activities.iter().map(|activity| self.event(site, activity)).collect();
        Calendar { name: &name, time_zone: &self.organization.time_zone, events }.text()
    }

    fn event(&self, site: &str, activity: &Activity) -> Event {
        let zone = self.organization.zone();
        let Start { on, at } = activity.starts;
        let when = if at.is_some() {
            let from = activity.starts.instant(&zone);
            let minutes = activity.minutes.map_or(USUAL_MINUTES, i64::from);
            When::From(from, from.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(from))
        } else {
            When::Day(on)
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
            url: format!("{site}{}", path_in(self.organization.id, &format!("/crm/activites/{}", activity.id))),
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
