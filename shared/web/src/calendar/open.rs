//! `/ical/…?lien=…`: the calendar itself, for whoever holds its link. Whatever a link is wrong in, the answer is the same.

use std::future::Future;

use axum::response::{IntoResponse, Response};
use cloud::FeedClaim;
use http::{HeaderMap, StatusCode, header};
use jiff::SignedDuration;
use kernel::{Actor, Error, Result, Tenant, reference::OrganizationReference};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use table::{Patch, Scope, Stored, meter::side_by_side};

use super::{CalendarFeed, Which};
use crate::{
    Failure, Membership, Visitor,
    throttle::{self, Attempt, Limit},
};

/// Links tried from one address: programs of a whole office ask from one. What opens does not count.
const FEEDS_FROM: Limit = Limit { what: "FEEDS_FROM", most: 60, window: SignedDuration::from_mins(15) };
/// How exactly it is known when a link was last used.
const SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(10);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Query {
    lien: String,
}

/// A feed that its link opened, and whose member is still one.
pub struct Opened {
    pub scope: Scope,
    pub feed: Stored<CalendarFeed>,
    pub member: Membership,
    pub organization: OrganizationReference,
}

/// The calendar of a link, as `write` makes its text: three trips at most, if it reads side by side.
pub async fn answer<F, W>(
    visitor: &Visitor,
    headers: &HeaderMap,
    query: Option<String>,
    calendar: Which,
    write: F,
) -> Result<Response, Failure>
where
    F: FnOnce(Opened) -> W,
    W: Future<Output = Result<String>>,
{
    let query: Query = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let (opened, attempt) = prove(visitor, calendar, &query.lien).await?;
    let (deps, seen) = (&visitor.deps, opened.seen());
    let noted = side_by_side(attempt.forgive(deps), deps.table.touch(seen));
    let (text, _) = side_by_side(write(opened), noted).await;
    let text = text?;
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
    let file = calendar.path().rsplit('/').next().unwrap_or_default();
    let kind = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{file}\"")),
    ];
    Ok((about, kind, text).into_response())
}

async fn prove(visitor: &Visitor, calendar: Which, text: &str) -> Result<(Opened, Attempt)> {
    let deps = &visitor.deps;
    let subject = [(FEEDS_FROM, throttle::address(visitor.address))];
    let Some(claim) = FeedClaim::read(text) else {
        Attempt::count(deps, &subject).await?;
        return Err(Error::NotFound);
    };
    let (attempt, opened) = side_by_side(Attempt::count(deps, &subject), read(visitor, calendar, &claim)).await;
    let attempt = attempt?;
    Ok((opened?, attempt))
}

async fn read(visitor: &Visitor, calendar: Which, claim: &FeedClaim) -> Result<Opened> {
    let actor = Actor::System { name: "calendar".into() };
    let scope = visitor.deps.table.scope(Tenant::proven(claim.organization, actor)).with_origin(visitor.origin());
    let keys = scope.keys();
    let wanted = [keys.calendar_feed(claim.feed), keys.member(claim.user), keys.organization()];
    let found = scope.get_many(&wanted).await?;
    let feed = found.get::<CalendarFeed>(&wanted[0])?;
    let feed = feed.filter(|feed| feed.hash == claim.hash && feed.user == claim.user && feed.calendar == calendar);
    let feed = feed.ok_or(Error::NotFound)?;
    let member = found.get::<Membership>(&wanted[1])?.ok_or(Error::NotFound)?.value;
    let may_view =
        member.visit.is_none() && calendar.needs().is_none_or(|needed| member.role.permissions().allow(needed));
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
}
