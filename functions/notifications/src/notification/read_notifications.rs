//! Reading one, and reading all: of one's own, and of nobody else's. Done twice, it changes nothing more.

use kernel::{Error, Result, id::NotificationId};
use table::{Scope, Stored};
use web::Asker;

use super::Notification;
use crate::inbox::{self, Inbox};

/// What was read, as it is then. Another's is not there.
pub async fn read_notification(asker: &Asker, id: NotificationId) -> Result<Notification> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let transaction = scope.begin("read_notification", id);
            let (one, inbox) = find(asker, scope, id).await?;
            if !one.is_unread(inbox.as_ref().and_then(|inbox| inbox.all_read_at)) {
                return Ok((transaction.nothing(), one.value));
            }
            let read = Notification { read_at: Some(scope.now()), ..one.value.clone() };
            let mut transaction = transaction.unlogged();
            transaction.update(&one, &read);
            if let Some(inbox) = &inbox {
                transaction.update(inbox, &inbox.reading(&one));
            }
            Ok((transaction, read))
        })
        .await
}

async fn find(
    asker: &Asker,
    scope: &Scope,
    id: NotificationId,
) -> Result<(Stored<Notification>, Option<Stored<Inbox>>)> {
    let keys = scope.keys();
    let found = scope.get_many(&[keys.notification(asker.user, id), keys.inbox(asker.user)]).await?;
    let one = found
        .first::<Notification>()?
        .filter(|one| one.needs.is_none_or(|needs| asker.may(needs)))
        .ok_or(Error::NotFound)?;
    Ok((one, found.first::<Inbox>()?))
}

/// How many were unread.
pub async fn read_all(asker: &Asker) -> Result<u32> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let transaction = scope.begin("read_all", asker.user);
            let inbox = inbox::store::read(scope, asker.user).await?;
            let Some((read, inbox)) = inbox.and_then(|read| read.reading_all(scope.now()).map(|all| (read, all)))
            else {
                return Ok((transaction.nothing(), 0));
            };
            let mut transaction = transaction.unlogged();
            transaction.update(&read, &inbox);
            Ok((transaction, read.unread_on(super::model::day(scope.now()))))
        })
        .await
}
