//! One's own links: drawing one, drawing it anew, revoking it. A link is told once and stored as a hash.

use std::future::Future;

use cloud::{ExposeSecret, FeedClaim, NewLink};
use kernel::{Error, Result, error::Conflict, id::FeedId, page::PageRequest};
use table::{Order, Stored, meter::side_by_side};

use super::{CalendarFeed, CreatedFeed, FeedInput, Which, model::FEEDS_MAX};
use crate::Asker;

/// More than anybody has, of all calendars.
const LISTED: PageRequest = PageRequest { limit: 100, cursor: None };

/// One's own to a calendar, the newest last.
pub async fn list_calendar_feeds(asker: &Asker, calendar: Which) -> Result<Vec<Stored<CalendarFeed>>> {
    let list = asker.scope.keys().calendar_feeds(asker.user);
    let mut feeds = asker.scope.list::<CalendarFeed>(&list, &LISTED, Order::Ascending).await?.items;
    feeds.retain(|feed| feed.calendar == calendar);
    Ok(feeds)
}

/// Who comes by a token draws none: it would open when the token does no more. Nor does a visitor of the platform.
fn must_be_signed_in(asker: &Asker) -> Result<()> {
    if asker.session.is_some() && asker.visit.is_none() { Ok(()) } else { Err(Error::Forbidden) }
}

fn url(asker: &Asker, calendar: Which, drawn: &NewLink) -> Option<String> {
    let site = &asker.deps().config.public_url;
    Some(format!("{site}{}?lien={}", calendar.path(), drawn.text.expose_secret()))
}

/// `offered` reads what can be shown beside one's own, as it is named and as people call it.
pub async fn create_calendar_feed<F, R>(
    asker: &Asker,
    calendar: Which,
    input: &FeedInput,
    offered: F,
) -> Result<CreatedFeed>
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = Result<Vec<(String, String)>>> + Send,
{
    must_be_signed_in(asker)?;
    let scope = &asker.scope;
    let id = scope.new_id(FeedId::new);
    let drawn = &FeedClaim::draw(asker.organization.id, asker.user, id);
    scope
        .write(|| async {
            let (feeds, offered) = side_by_side(list_calendar_feeds(asker, calendar), offered()).await;
            let (mut feeds, (name, shows)) = (feeds?, input.parse(&offered?)?);
            if feeds.len() >= FEEDS_MAX {
                return Err(Error::Conflict(Conflict::TooManyFeeds));
            }
            let now = scope.now();
            let feed = CalendarFeed {
                id,
                user: asker.user,
                calendar,
                name,
                shows,
                hash: drawn.hash.clone(),
                created_at: now,
                drawn_at: now,
                last_seen_at: None,
            };
            let [create, _, _] = calendar.acts();
            let mut transaction = scope.begin(create, id);
            transaction.create(&feed);
            feeds.push(Stored { value: feed.clone(), version: 1 });
            let feeds = feeds.into_iter().map(|feed| feed.value).collect();
            Ok((transaction, CreatedFeed { feed, feeds, url: url(asker, calendar, drawn) }))
        })
        .await
}

/// Another link: the former one opens nothing any more.
pub async fn rotate_calendar_feed(asker: &Asker, calendar: Which, id: FeedId) -> Result<CreatedFeed> {
    must_be_signed_in(asker)?;
    let scope = &asker.scope;
    let drawn = &FeedClaim::draw(asker.organization.id, asker.user, id);
    scope
        .write(|| async {
            let mut feeds = list_calendar_feeds(asker, calendar).await?;
            let read = feeds.iter_mut().find(|feed| feed.id == id).ok_or(Error::NotFound)?;
            let feed = CalendarFeed {
                hash: drawn.hash.clone(),
                drawn_at: scope.now(),
                last_seen_at: None,
                ..read.value.clone()
            };
            let [_, rotate, _] = calendar.acts();
            let mut transaction = scope.begin(rotate, id);
            transaction.update(read, &feed);
            read.value = feed.clone();
            let feeds = feeds.into_iter().map(|feed| feed.value).collect();
            Ok((transaction, CreatedFeed { feed, feeds, url: url(asker, calendar, drawn) }))
        })
        .await
}

/// The link opens nothing any more, at once.
pub async fn revoke_calendar_feed(asker: &Asker, calendar: Which, id: FeedId) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = scope.get::<CalendarFeed>(&scope.keys().calendar_feed(id)).await?;
            let read = read.filter(|read| read.user == asker.user && read.calendar == calendar);
            let read = read.ok_or(Error::NotFound)?;
            let [_, _, revoke] = calendar.acts();
            let mut transaction = scope.begin(revoke, id);
            transaction.delete(&read);
            Ok((transaction, ()))
        })
        .await
}
