//! What is forgotten before its 180 days are over: the names of somebody who was erased, and all of a member who left.

use kernel::{Result, id::UserId, page::PageRequest};
use table::{Item, Order, Scope, Stored, Transaction};

use crate::{
    inbox::Inbox,
    notification::{Notification, store::NotificationFold},
    preferences::Preferences,
    socket::{Socket, Ticket},
};

/// What one transaction changes at most.
const STEP: usize = 90;

/// Takes the names of a person out of everybody's notifications. Several at once, or again, change nothing more.
pub async fn forget_person(scope: &Scope, person: &str) -> Result<()> {
    let mut page = PageRequest { limit: 100, cursor: None };
    loop {
        let inboxes = scope.list::<Inbox>(&scope.keys().inboxes(), &page, Order::Ascending).await?;
        for inbox in &inboxes.items {
            forget_person_in(scope, inbox.user, person).await?;
        }
        match inboxes.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return Ok(()),
        }
    }
}

async fn forget_person_in(scope: &Scope, user: UserId, person: &str) -> Result<()> {
    let mut start: Option<String> = None;
    loop {
        let (found, next) = scope.collection_page(&scope.keys().notifications(user), start.as_deref()).await?;
        for one in found.all::<Notification>()?.iter().filter(|one| one.forgetting(person).is_some()) {
            forget_name(scope, one, person).await?;
        }
        match next {
            Some(next) => start = Some(next),
            None => return Ok(()),
        }
    }
}

/// By itself: it may be read, or count another, at the same time.
async fn forget_name(scope: &Scope, one: &Notification, person: &str) -> Result<()> {
    scope
        .write(|| async {
            let transaction = scope.begin("forget_name", one.id);
            let read = scope.get::<Notification>(&scope.keys().notification(one.user, one.id)).await?;
            let forgotten = read.as_ref().and_then(|read| Some((read, read.forgetting(person)?)));
            let Some((read, forgotten)) = forgotten else { return Ok((transaction.nothing(), ())) };
            let mut transaction = transaction.unlogged();
            transaction.update(read, &forgotten);
            Ok((transaction, ()))
        })
        .await
}

/// Removes all that somebody was told, and how they wanted to be: they are a member no more. Who came back meanwhile begins
/// anew.
pub async fn forget_member(scope: &Scope, user: UserId) -> Result<()> {
    while forget_some(scope, user).await? {}
    scope
        .write(|| async {
            let keys = scope.keys();
            let transaction = scope.begin("forget_member", user);
            let found = scope.get_many(&[keys.inbox(user), keys.notification_preferences(user)]).await?;
            let (inbox, preferences) = (found.first::<Inbox>()?, found.first::<Preferences>()?);
            if inbox.is_none() && preferences.is_none() {
                return Ok((transaction.nothing(), ()));
            }
            let mut transaction = transaction.unlogged();
            if let Some(inbox) = &inbox {
                transaction.delete(inbox);
            }
            if let Some(preferences) = &preferences {
                transaction.delete(preferences);
            }
            Ok((transaction, ()))
        })
        .await
}

/// As much as one transaction takes; whether there was something. The inbox, by which a walk finds all of it, goes last.
async fn forget_some(scope: &Scope, user: UserId) -> Result<bool> {
    scope
        .write(|| async {
            let transaction = scope.begin("forget_some", user);
            let (found, _) = scope.collection_page(&scope.keys().inbox(user).collection(), None).await?;
            let (told, folds) = (found.all::<Notification>()?, found.all::<NotificationFold>()?);
            let (pages, tickets) = (found.all::<Socket>()?, found.all::<Ticket>()?);
            if told.is_empty() && folds.is_empty() && pages.is_empty() && tickets.is_empty() {
                return Ok((transaction.nothing(), false));
            }
            let mut transaction = transaction.unlogged();
            let mut left = STEP;
            forget_all(&mut transaction, &folds, &mut left);
            forget_all(&mut transaction, &told, &mut left);
            forget_all(&mut transaction, &pages, &mut left);
            forget_all(&mut transaction, &tickets, &mut left);
            Ok((transaction, true))
        })
        .await
}

fn forget_all<T: Item>(transaction: &mut Transaction, found: &[Stored<T>], left: &mut usize) {
    for one in found.iter().take(*left) {
        transaction.delete(one);
    }
    *left = left.saturating_sub(found.len());
}
