//! Another link for a calendar: the former one opens nothing any more.

use cloud::FeedClaim;
use kernel::{Error, Result, id::FeedId};
use web::Asker;

use super::{
    CalendarFeed, CreatedFeed,
    create_calendar_feed::{list_calendar_feeds, must_be_signed_in, url},
};

pub async fn rotate_calendar_feed(asker: &Asker, id: FeedId) -> Result<CreatedFeed> {
    must_be_signed_in(asker)?;
    let scope = &asker.scope;
    let drawn = &FeedClaim::draw(asker.organization.id, asker.user, id);
    scope
        .write(|| async {
            let mut feeds = list_calendar_feeds(asker).await?;
            let read = feeds.iter_mut().find(|feed| feed.id == id).ok_or(Error::NotFound)?;
            let feed = CalendarFeed {
                hash: drawn.hash.clone(),
                drawn_at: scope.now(),
                last_seen_at: None,
                ..read.value.clone()
            };
            let mut transaction = scope.begin("rotate_calendar_feed", id);
            transaction.update(read, &feed);
            read.value = feed.clone();
            let feeds = feeds.into_iter().map(|feed| feed.value).collect();
            Ok((transaction, CreatedFeed { feed, feeds, url: url(asker, drawn) }))
        })
        .await
}
