//! Accepting an invitation: somebody becomes a member with exactly the role that was chosen, as it is now.

use cloud::Deps;
use kernel::{
    Actor, Error, Result, Tenant,
    error::Conflict,
    id::{OrganizationId, UploadId, UserId},
    legal,
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Scope, keys, meter::side_by_side};
use web::{
    Asker, Membership, Session, Visitor,
    credentials::{InvitationLink, Secret},
    team::{MEMBERS_MAX, UserOrganization},
};

use super::{AcceptInput, Invitation, Invited};
use crate::{
    account::{password, store::Account},
    member::{RoleChoice, list_members, owners, owners_after, take_role},
    role::list_roles,
    session::Opening,
    throttle::{self, Attempt, LINK_FROM, SIGN_IN},
};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    pub user: UserId,
    pub organization: OrganizationId,
}

/// Who becomes a member.
struct Person {
    user: UserId,
    name: String,
    email: String,
    portrait: Option<UploadId>,
    /// What is written with them where they are new.
    new: Option<(Account, Session)>,
}

/// For somebody signed in: it must name their e-mail.
pub async fn accept_as_member(asker: &Asker, link: &InvitationLink) -> Result<Accepted> {
    // A token stays in its organization.
    if asker.session.is_none() {
        return Err(Error::Forbidden);
    }
    let tenant = Tenant::proven(link.organization, asker.scope.tenant().actor().clone());
    let person = Person {
        user: asker.user,
        name: asker.name.clone(),
        email: asker.email.clone(),
        portrait: asker.portrait,
        new: None,
    };
    join(&asker.scope.entering(tenant), link, &person).await
}

/// For somebody who has an account and its password, or gets one now. The link proves that they read the mail. Gives
/// the session that a new account begins with.
pub async fn accept_invitation(
    deps: &Deps,
    visitor: &Visitor,
    link: &InvitationLink,
    input: &AcceptInput,
) -> Result<(Accepted, Option<Secret>)> {
    let email = input.email.trim().to_lowercase();
    let subjects = [(SIGN_IN, email.clone()), (LINK_FROM, throttle::address(visitor.address))];
    let reading = async {
        match email.len() {
            1..=254 => deps.table.get::<Account>(&keys::email(&email)).await,
            _ => Ok(None),
        }
    };
    let (attempt, account) = side_by_side(Attempt::count(deps, &subjects), reading).await;
    let (attempt, account) = (attempt?, account?.map(|account| account.value));
    let (person, secret) = match account {
        Some(account) => (known(account, input).await?, None),
        None => {
            let (person, secret) = new(deps, visitor, link, input).await?;
            (person, Some(secret))
        }
    };
    let actor = Actor::User { id: person.user, name: person.name.clone(), address: visitor.address };
    let scope = deps.table.scope(Tenant::proven(link.organization, actor));
    let (accepted, ()) = side_by_side(join(&scope, link, &person), attempt.forgive(deps)).await;
    Ok((accepted?, secret))
}

async fn known(account: Account, input: &AcceptInput) -> Result<Person> {
    input.parse_known()?;
    if !password::matches(input.password.clone(), Some(account.password_hash)).await? {
        return Err(Error::WrongCredentials);
    }
    Ok(Person { user: account.user, name: account.name, email: account.email, portrait: account.portrait, new: None })
}

async fn new(deps: &Deps, visitor: &Visitor, link: &InvitationLink, input: &AcceptInput) -> Result<(Person, Secret)> {
    let (name, password) = input.parse()?;
    let now = deps.clock.now();
    let user = UserId::new(now, deps.table.random());
    let email = legal::email(&input.email).map_err(|rule| Error::field("/email", rule))?;
    let account = Account {
        user,
        email: email.clone(),
        name: name.clone(),
        password_hash: password::hash(password).await?,
        organization: link.organization,
        created_at: now,
        email_verified_at: Some(now),
        has_totp: false,
        passkeys: 0,
        job_title: None,
        phone: None,
        portrait: None,
    };
    let Opening { session, secret } = Opening::new(deps, visitor, &account, link.organization, false)?;
    Ok((Person { user, name, email, portrait: None, new: Some((account, session)) }, secret))
}

async fn join(scope: &Scope, link: &InvitationLink, person: &Person) -> Result<Accepted> {
    let keys = scope.keys();
    let Person { user, name, email, portrait, new } = person;
    scope
        .write(|| async {
            let wanted = [keys.invitation(link.invitation), keys.organization(), keys.owners(), keys.member(*user)];
            let (found, (members, roles)) =
                side_by_side(scope.get_many(&wanted), side_by_side(list_members(scope), list_roles(scope))).await;
            let found = found?;
            let current = found.get::<Invitation>(&wanted[0])?.filter(|invitation| invitation.hash == link.hash);
            let current = current.ok_or(Error::NotFound)?;
            let organization = found.get::<OrganizationReference>(&wanted[1])?.ok_or(Error::NotFound)?;
            if organization.deletion.is_some() {
                return Err(Error::NotFound);
            }
            if organization.suspended_at.is_some() {
                return Err(Error::Suspended);
            }
            let now = scope.now();
            let accepted = current.accepted(*user, email, now)?;
            let visit = found.get::<Membership>(&wanted[3])?;
            if visit.as_ref().is_some_and(|member| member.visit.is_none()) {
                return Err(Error::Conflict(Conflict::AlreadyMember));
            }
            if members?.iter().filter(|member| member.visit.is_none()).count() >= MEMBERS_MAX {
                return Err(Error::Conflict(Conflict::TeamFull));
            }
            let role = RoleChoice::of(&current.role).resolve(roles?).ok_or(Error::Conflict(Conflict::RoleGone))?;
            let mut transaction = scope.begin("accept_invitation", current.id);
            transaction
                .update(&current, &accepted)
                .forget::<Invited>(|keys| keys.invited(&current.email))
                .save(
                    visit.as_ref(),
                    &Membership {
                        user: *user,
                        role: role.role.clone(),
                        name: name.clone(),
                        email: email.clone(),
                        joined_at: now,
                        portrait: *portrait,
                        seen_at: None,
                        visit: None,
                    },
                )
                .create(&UserOrganization {
                    user: *user,
                    organization: organization.id,
                    name: organization.name.clone(),
                })
                // Its name, which a rename meanwhile would change.
                .check(&keys.organization(), organization.version);
            take_role(&mut transaction, *user, &role);
            let former = owners(&found, keys)?;
            let after = owners_after(&former, *user, None, Some(&role.role))?;
            if after != former.value {
                transaction.update(&former, &after);
            }
            if let Some((account, session)) = new {
                transaction.claim(account, || Error::Conflict(Conflict::EmailTaken)).create(session);
            }
            Ok((transaction, Accepted { user: *user, organization: organization.id }))
        })
        .await
}
