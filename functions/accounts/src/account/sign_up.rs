//! Signing up: an account, its organization and its ownership, in one transaction.

use cloud::Deps;
use kernel::{
    Actor, Error, Result, Tenant,
    error::Conflict,
    event::Event,
    id::{OrganizationId, UserId},
    permission::Role,
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use web::{Membership, Visitor};

use super::{
    SignUpInput, password,
    store::{Account, UserOrganization},
};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SignedUp {
    pub user: UserId,
    pub organization: OrganizationId,
}

/// Of several sign-ups with one e-mail, one succeeds; the others are told that it is taken.
pub async fn sign_up(deps: &Deps, visitor: &Visitor, input: &SignUpInput) -> Result<SignedUp> {
    let new = input.parse()?;
    let password_hash = password::hash(new.password.clone()).await?;
    let now = deps.clock.now();
    let user = UserId::new(now, deps.table.random());
    let organization = OrganizationId::new(now, deps.table.random());
    let actor = Actor::User { id: user, name: new.name.clone(), address: visitor.address };
    let scope = &deps.table.scope(Tenant::proven(organization, actor)).with_origin(visitor.origin());
    scope
        .write(|| async {
            let mut transaction = scope.begin("sign_up", user);
            let account = Account {
                user,
                email: new.email.clone(),
                name: new.name.clone(),
                password_hash: password_hash.clone(),
                organization,
                created_at: now,
            };
            let membership = Membership {
                user,
                role: Role::Owner.into(),
                name: new.name.clone(),
                email: new.email.clone(),
                joined_at: now,
                seen_at: None,
                visit: None,
            };
            transaction
                .claim(&account, || Error::Conflict(Conflict::EmailTaken))
                .create(&OrganizationReference::new(organization, new.organization_name.clone()))
                .create(&membership)
                .create(&UserOrganization { user, organization })
                .emit(Event::OrganizationCreated {});
            Ok((transaction, SignedUp { user, organization }))
        })
        .await
}
