//! Opening a session for somebody who proved who they are.

use cloud::Deps;
use kernel::{
    Actor, Error, Result, Tenant,
    error::Conflict,
    id::{OrganizationId, SessionId},
};
use table::{Items, Scope, Transaction, keys};
use web::{
    Session, Visitor,
    credentials::{SESSION_VALID, Secret},
    team::UserOrganization,
};

use crate::account::store::Account;

/// Where somebody gets in: the organization of their account, or the first of the others.
pub async fn destination(deps: &Deps, account: &Account) -> Result<UserOrganization> {
    destination_among(&deps.table.collection(&keys::memberships_of_user(account.user)).await?, account)
}

/// As [`destination`], where memberships were read already.
pub fn destination_among(memberships: &Items, account: &Account) -> Result<UserOrganization> {
    let mine = memberships.all::<UserOrganization>()?;
    let usual = mine.iter().position(|one| one.organization == account.organization).unwrap_or_default();
    let found = mine.into_iter().nth(usual).map(|one| one.value);
    found.ok_or(Error::Conflict(Conflict::NoOrganization))
}

/// A session that is ready to be written, and its secret.
pub struct Opening {
    pub session: Session,
    pub secret: Secret,
}

impl Opening {
    pub fn new(
        deps: &Deps,
        visitor: &Visitor,
        account: &Account,
        organization: OrganizationId,
        second_factor: bool,
    ) -> Result<Self> {
        let now = deps.clock.now();
        let secret = Secret::session(account.user, organization);
        let session = Session {
            id: SessionId::new(now, deps.table.random()),
            hash: secret.hash.clone(),
            user: account.user,
            organization,
            created_at: now,
            expires_at: now.checked_add(SESSION_VALID).map_err(Error::internal)?,
            seen_at: now,
            second_factor,
            platform: second_factor && account.administers(&deps.config.platform_admins),
            address: visitor.address,
            user_agent: visitor.user_agent.clone(),
        };
        Ok(Self { session, secret })
    }

    /// The scope in which it is written.
    pub fn scope(&self, deps: &Deps, visitor: &Visitor, account: &Account) -> Scope {
        let actor = Actor::User { id: account.user, name: account.name.clone(), address: visitor.address };
        deps.table.scope(Tenant::proven(self.session.organization, actor)).with_origin(visitor.origin())
    }

    pub fn write(&self, transaction: &mut Transaction) {
        transaction.create(&self.session);
    }
}
