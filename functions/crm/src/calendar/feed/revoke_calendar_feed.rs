//! Revoking the link to a calendar: it opens nothing any more, at once.

use kernel::{Error, Result, id::FeedId};
use web::Asker;

use super::CalendarFeed;

pub async fn revoke_calendar_feed(asker: &Asker, id: FeedId) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = scope.get::<CalendarFeed>(&scope.keys().calendar_feed(id)).await?;
            let read = read.filter(|read| read.user == asker.user).ok_or(Error::NotFound)?;
            let mut transaction = scope.begin("revoke_calendar_feed", id);
            transaction.delete(&read);
            Ok((transaction, ()))
        })
        .await
}
