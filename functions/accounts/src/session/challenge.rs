//! Between the password and the second factor: who showed the first has ten minutes for the second.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result,
    id::{OrganizationId, UserId},
};
use serde::{Deserialize, Serialize};
use table::{Audit, Item, Key, Stored, TenantKeys, keys};
use web::{Visitor, credentials::Secret};

use crate::account::store::Account;

pub const VALID: SignedDuration = SignedDuration::from_mins(10);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    pub hash: String,
    pub user: UserId,
    pub email: String,
    /// Where the session will begin.
    pub organization: OrganizationId,
    pub expires_at: Timestamp,
}

impl Item for Challenge {
    const TYPE: &'static str = "challenge";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, _: TenantKeys) -> Key {
        keys::challenge(&self.hash)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// The challenge that the visitor's cookie stands for; who has none must begin again.
pub async fn of_visitor(visitor: &Visitor) -> Result<Stored<Challenge>> {
    let secret = visitor.challenge.as_deref().ok_or(Error::Unauthenticated)?;
    let found = visitor.deps.table.get::<Challenge>(&keys::challenge(&Secret::hash_of(secret))).await?;
    found.filter(|challenge| challenge.expires_at > visitor.deps.clock.now()).ok_or(Error::Unauthenticated)
}

/// As [`of_visitor`], with the account of who it is: it says what may be shown next.
pub async fn with_account(visitor: &Visitor) -> Result<(Stored<Challenge>, Stored<Account>)> {
    let challenge = of_visitor(visitor).await?;
    let account = visitor.deps.table.get::<Account>(&keys::email(&challenge.email)).await?;
    // The address may have an account anew since that one was deleted.
    let account = account.filter(|account| account.user == challenge.user);
    Ok((challenge, account.ok_or(Error::Unauthenticated)?))
}
