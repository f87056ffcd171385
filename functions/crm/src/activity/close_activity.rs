//! That an activity was done, will not be done, or is to be done after all. Each done twice is done once.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;
use kernel::{
    Result,
    id::{ActivityId, ContactId},
};
use table::{Scope, Transaction};
use web::Asker;

use super::{Activity, show_activity, store};
use crate::{contact::Contact, retention::Retention};

pub async fn complete_activity(asker: &Asker, id: ActivityId) -> Result<(Activity, u64)> {
    let scope = &asker.scope;
    let now = scope.now().to_zoned(asker.organization.zone());
    let is_first = AtomicBool::new(true);
    scope
        .write(|| async {
            let is_first = is_first.swap(false, Ordering::Relaxed);
            let read = show_activity(asker, id).await?;
            let mut transaction = scope.begin("complete_activity", id);
            let Some(completed) = read.completed(&now)? else {
                return Ok((transaction.nothing(), (read.value.clone(), read.version)));
            };
            store::save(&mut transaction, Some(&read), &completed);
            if let Some(contact) = &completed.contact {
                keep_contact(scope, contact.id, now.date(), is_first, &mut transaction).await?;
            }
            Ok((transaction, (completed, read.version + 1)))
        })
        .await
}

/// It is an activity of the contact too: from this day on they are kept as if they had changed. Whether they are still
/// there is only looked at once the first attempt failed, which costs a round trip.
async fn keep_contact(
    scope: &Scope,
    id: ContactId,
    today: Date,
    is_first: bool,
    transaction: &mut Transaction,
) -> Result<()> {
    let key = scope.keys().contact(id);
    if is_first {
        transaction.patch(Retention::touched(scope.keys(), id, today));
    } else if let Some(contact) = scope.get::<Contact>(&key).await? {
        transaction.replace(&Retention::of_contact(&contact, today)).check(&key, contact.version);
    }
    Ok(())
}

pub async fn cancel_activity(asker: &Asker, id: ActivityId) -> Result<(Activity, u64)> {
    let scope = &asker.scope;
    let now = scope.now().to_zoned(asker.organization.zone());
    scope
        .write(|| async {
            let read = show_activity(asker, id).await?;
            let mut transaction = scope.begin("cancel_activity", id);
            let Some(cancelled) = read.cancelled(&now)? else {
                return Ok((transaction.nothing(), (read.value.clone(), read.version)));
            };
            store::save(&mut transaction, Some(&read), &cancelled);
            Ok((transaction, (cancelled, read.version + 1)))
        })
        .await
}

pub async fn reopen_activity(asker: &Asker, id: ActivityId) -> Result<(Activity, u64)> {
    let scope = &asker.scope;
    let now = scope.now().to_zoned(asker.organization.zone());
    scope
        .write(|| async {
            let read = show_activity(asker, id).await?;
            let mut transaction = scope.begin("reopen_activity", id);
            let Some(reopened) = read.reopened(&now) else {
                return Ok((transaction.nothing(), (read.value.clone(), read.version)));
            };
            store::save(&mut transaction, Some(&read), &reopened);
            Ok((transaction, (reopened, read.version + 1)))
        })
        .await
}
