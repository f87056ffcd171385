//! One event is told to each of those whom it concerns, each in a transaction of their own: a repetition finds it told.

use cloud::Deps;
use kernel::{
    Error, Result,
    event::Event,
    id::{EventId, NotificationId, UserId},
};
use table::{Scope, Stored};
use web::Membership;

use super::{
    facts::{Facts, candidate},
    letters,
};
use crate::{
    inbox::Inbox,
    notification::{
        Notification,
        model::{day, notification_id, recipients},
        rule::{self, Rule, Told},
        store::NotificationFold,
    },
    preferences::Preferences,
    socket,
};

pub async fn tell(deps: &Deps, scope: &Scope, event: EventId, told: Told) -> Result<()> {
    let rule = rule::named(told.rule).ok_or_else(|| Error::internal(format!("no rule {}", told.rule)))?;
    let Some(facts) = Facts::of(scope, told).await? else { return Ok(()) };
    let telling = Telling { deps, scope, rule, facts: &facts };
    for user in recipients(rule, &facts.told, &facts.candidates()) {
        if let Some(unread) = telling.tell_member(user, notification_id(event, user)).await? {
            socket::post_unread(deps, scope, user, unread).await;
        }
    }
    Ok(())
}

struct Telling<'a> {
    deps: &'a Deps,
    scope: &'a Scope,
    rule: &'static Rule,
    facts: &'a Facts,
}

/// What the table has of a member, read at once.
struct Known {
    is_told: bool,
    inbox: Option<Stored<Inbox>>,
    preferences: Preferences,
    member: Option<Stored<Membership>>,
}

impl Telling<'_> {
    async fn known(&self, user: UserId, id: NotificationId) -> Result<Known> {
        let keys = self.scope.keys();
        let (own, fold) = (keys.notification(user, id), keys.notification_fold(user, id));
        let wanted =
            [own.clone(), fold.clone(), keys.inbox(user), keys.notification_preferences(user), keys.member(user)];
        let found = self.scope.get_many(&wanted).await?;
        let is_told = found.get::<Notification>(&own)?.is_some() || found.get::<NotificationFold>(&fold)?.is_some();
        let preferences = found.first::<Preferences>()?.map(|stored| stored.value);
        Ok(Known {
            is_told,
            inbox: found.first::<Inbox>()?,
            preferences: preferences.unwrap_or_else(|| Preferences::of(user)),
            member: found.first::<Membership>()?,
        })
    }

    /// How many are unread where that has changed: what is only counted rings no bell.
    async fn tell_member(&self, user: UserId, id: NotificationId) -> Result<Option<u32>> {
        let Self { deps, scope, rule, facts } = *self;
        scope
            .write(|| async {
                let transaction = scope.begin("tell_member", user);
                let known = self.known(user, id).await?;
                // Who left at this moment, or may not see it any more, is told nothing.
                let member = known.member.filter(|member| candidate(member).may_see(rule, &facts.told));
                let (Some(member), Some(ways), false) = (member, known.preferences.ways(rule), known.is_told) else {
                    return Ok((transaction.nothing(), None));
                };
                let now = scope.now();
                let inbox = known.inbox.as_ref().map_or_else(|| Inbox::of(user), |inbox| inbox.value.clone());
                let group = match inbox.group(rule.name, now) {
                    Some(group) => scope.get::<Notification>(&scope.keys().notification(user, group)).await?,
                    None => None,
                };
                let mut transaction = transaction.unlogged();
                transaction.check(&scope.keys().member(user), member.version);
                let (one, inbox, is_new) = match group.filter(|group| group.is_unread(inbox.all_read_at)) {
                    Some(group) => {
                        let one = group.folding(rule, now);
                        let expires_at = one.forgotten_at();
                        transaction.update(&group, &one).create(&NotificationFold {
                            id,
                            user,
                            into: one.id,
                            expires_at,
                        });
                        let inbox = inbox.folded(&one);
                        (one, inbox, false)
                    }
                    None => {
                        let one = Notification::new(id, user, rule, &facts.told, inbox.telling_at(now));
                        transaction.create(&one);
                        if ways.at_once {
                            let mail = letters::at_once(deps, scope, &facts.organization, &member, &one)?;
                            transaction
                                .create(&mail)
                                .emit(Event::MailRequested { owner: mail.owner, mail: mail.mail.id });
                        }
                        let inbox = inbox.told(&one);
                        (one, inbox, true)
                    }
                };
                let zone = facts.organization.zone();
                let inbox = if ways.digest { inbox.digesting(one.id, is_new, now, &zone) } else { inbox };
                transaction.save(known.inbox.as_ref(), &inbox);
                let permissions = member.role.permissions();
                let unread = || inbox.unread_on(day(now), |permission| permissions.allow(permission));
                Ok((transaction, is_new.then(unread)))
            })
            .await
    }
}
