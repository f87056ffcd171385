//! The daily summary: what is still unread of what was kept for it, by category; nothing where there is none. The inbox is
//! emptied of it in the transaction of the mail, so that it leaves once however often the clock asks.

use cloud::Deps;
use kernel::{Result, event::Event, id::UserId, reference::OrganizationReference};
use table::{Scope, Stored};
use web::Membership;

use super::letters;
use crate::{
    inbox::Inbox,
    notification::Notification,
    preferences::{Delivery, Preferences},
};

pub async fn send_digest(deps: &Deps, scope: &Scope, user: UserId) -> Result<()> {
    scope
        .write(|| async {
            let transaction = scope.begin("send_digest", user);
            let keys = scope.keys();
            let wanted =
                [keys.inbox(user), keys.organization(), keys.member(user), keys.notification_preferences(user)];
            let found = scope.get_many(&wanted).await?;
            // Another tick has sent it, or its hour has not come: the clock asks again.
            let due = found.first::<Inbox>()?.filter(|inbox| inbox.is_digest_due(scope.now()));
            let Some(inbox) = due else { return Ok((transaction.nothing(), ())) };
            let mut transaction = transaction.unlogged();
            transaction.update(&inbox, &inbox.digested());
            let organization = found.first::<OrganizationReference>()?;
            let organization = organization.filter(|one| one.deletion.is_none() && one.suspended_at.is_none());
            let member = found.first::<Membership>()?.filter(|member| member.visit.is_none());
            let (Some(organization), Some(member)) = (organization, member) else { return Ok((transaction, ())) };
            let preferences = found.first::<Preferences>()?.map(|stored| stored.value);
            let preferences = preferences.unwrap_or_else(|| Preferences::of(user));
            let told = unread(scope, &inbox, &member, &preferences).await?;
            // What is counted beyond those is unread only as far as anything is.
            let more = if inbox.unread.is_empty() { 0 } else { inbox.digest_more };
            if !told.is_empty() {
                let mail = letters::digest(deps, scope, &organization, &member, &told, more)?;
                transaction.create(&mail).emit(Event::MailRequested { owner: mail.owner, mail: mail.mail.id });
            }
            Ok((transaction, ()))
        })
        .await
}

/// What of it is unread, still wanted that way, and still for their eyes.
async fn unread(
    scope: &Scope,
    inbox: &Stored<Inbox>,
    member: &Membership,
    preferences: &Preferences,
) -> Result<Vec<Notification>> {
    let wanted: Vec<_> = inbox.digest.iter().map(|id| scope.keys().notification(inbox.user, *id)).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let permissions = member.role.permissions();
    let is_told = |one: &Notification| {
        one.is_unread(inbox.all_read_at)
            && one.needs.is_none_or(|needs| permissions.allow(needs))
            && preferences.delivery(one.category) == Delivery::Digest
    };
    let found = scope.get_many(&wanted).await?.all::<Notification>()?;
    let mut told: Vec<_> = found.into_iter().map(|one| one.value).filter(is_told).collect();
    told.sort_by_key(|one| one.id);
    Ok(told)
}
