//! Signing up: an account, its organization, its ownership and a first session, in one transaction.

use cloud::Deps;
use kernel::{
    Error, Result,
    error::Conflict,
    event::Event,
    id::{OrganizationId, UserId},
    permission::Role,
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use web::{
    Membership, Visitor,
    credentials::Secret,
    team::{Owners, UserOrganization},
};

use super::{SignUpInput, password, store::Account};
use crate::{
    session::Opening,
    throttle::{self, Attempt, SIGN_UP_FROM},
};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SignedUp {
    pub user: UserId,
    pub organization: OrganizationId,
}

/// Of several sign-ups with one e-mail, one succeeds; the others are told that it is taken.
pub async fn sign_up(deps: &Deps, visitor: &Visitor, input: &SignUpInput) -> Result<SignedUp> {
    register(deps, visitor, input, false).await.map(|(signed_up, _)| signed_up)
}

/// As [`sign_up`], and its owner is signed in: the session's secret.
pub async fn sign_up_and_in(deps: &Deps, visitor: &Visitor, input: &SignUpInput) -> Result<Secret> {
    register(deps, visitor, input, true).await.map(|(_, secret)| secret)
}

async fn register(
    deps: &Deps,
    visitor: &Visitor,
    input: &SignUpInput,
    with_session: bool,
) -> Result<(SignedUp, Secret)> {
    if !deps.config.open_sign_up {
        return Err(Error::Conflict(Conflict::SignUpClosed));
    }
    let new = input.parse()?;
    Attempt::count(deps, &[(SIGN_UP_FROM, throttle::address(visitor.address))]).await?;
    let password_hash = password::hash(new.password.clone()).await?;
    let now = deps.clock.now();
    let user = UserId::new(now, deps.table.random());
    let organization = OrganizationId::new(now, deps.table.random());
    let account = &Account {
        user,
        email: new.email.clone(),
        name: new.name.clone(),
        password_hash,
        organization,
        created_at: now,
        email_verified_at: None,
        has_totp: false,
        passkeys: 0,
        job_title: None,
        phone: None,
        portrait: None,
    };
    let into = &UserOrganization { user, organization, name: new.organization_name.clone() };
    let founded = &OrganizationReference::new(organization, new.organization_name.clone());
    let opening = &Opening::new(deps, visitor, account, organization, false)?;
    let scope = &opening.scope(deps, visitor, account);
    let signed_up = scope
        .write(|| async {
            let mut transaction = scope.begin("sign_up", user);
            let membership = Membership {
                user,
                role: Role::Owner.into(),
                name: new.name.clone(),
                email: new.email.clone(),
                joined_at: now,
                portrait: None,
                seen_at: None,
                visit: None,
            };
            transaction
                .claim(account, || Error::Conflict(Conflict::EmailTaken))
                .create(founded)
                .create(&founded.card())
                .create(&membership)
                .create(into)
                .create(&Owners { users: vec![user] })
                .emit(Event::OrganizationCreated {});
            if with_session {
                opening.write(&mut transaction);
            }
            Ok((transaction, SignedUp { user, organization }))
        })
        .await?;
    Ok((signed_up, opening.secret.clone()))
}
