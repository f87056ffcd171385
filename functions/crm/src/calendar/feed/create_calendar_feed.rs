//! Drawing a link to one's calendar. It is told once and stored as a hash.

use cloud::{ExposeSecret, FeedClaim, NewLink};
use kernel::{Error, Result, error::Conflict, id::FeedId, page::PageRequest};
use table::{Order, Stored};
use web::Asker;

use super::{CalendarFeed, CreatedFeed, FeedInput, PATH, model::FEEDS_MAX};

/// More than anybody has.
const LISTED: PageRequest = PageRequest { limit: 100, cursor: None };

/// One's own, the newest last.
pub async fn list_calendar_feeds(asker: &Asker) -> Result<Vec<Stored<CalendarFeed>>> {
    let list = asker.scope.keys().calendar_feeds(asker.user);
    Ok(asker.scope.list::<CalendarFeed>(&list, &LISTED, Order::Ascending).await?.items)
}

/// Who comes by a token draws none: it would open when the token does no more. Nor does a visitor of the platform.
pub(super) fn must_be_signed_in(asker: &Asker) -> Result<()> {
    if asker.session.is_some() && asker.visit.is_none() { Ok(()) } else { Err(Error::Forbidden) }
}

pub(super) fn url(asker: &Asker, drawn: &NewLink) -> Option<String> {
    Some(format!("{}{PATH}?lien={}", asker.deps().config.public_url, drawn.text.expose_secret()))
}

pub async fn create_calendar_feed(asker: &Asker, input: &FeedInput) -> Result<CreatedFeed> {
    must_be_signed_in(asker)?;
    let scope = &asker.scope;
    let (name, shows) = &input.parse(asker.sees_all())?;
    let id = scope.new_id(FeedId::new);
    let drawn = &FeedClaim::draw(asker.organization.id, asker.user, id);
    scope
        .write(|| async {
            let mut feeds = list_calendar_feeds(asker).await?;
            if feeds.len() >= FEEDS_MAX {
                return Err(Error::Conflict(Conflict::TooManyFeeds));
            }
            let now = scope.now();
            let feed = CalendarFeed {
                id,
                user: asker.user,
                name: name.clone(),
                shows: *shows,
                hash: drawn.hash.clone(),
                created_at: now,
                drawn_at: now,
                last_seen_at: None,
            };
            let mut transaction = scope.begin("create_calendar_feed", id);
            transaction.create(&feed);
            feeds.push(Stored { value: feed.clone(), version: 1 });
            let feeds = feeds.into_iter().map(|feed| feed.value).collect();
            Ok((transaction, CreatedFeed { feed, feeds, url: url(asker, drawn) }))
        })
        .await
}
