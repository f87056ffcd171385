//! The account's items. They stand outside the tenants: they are read before anybody is known.

use jiff::Timestamp;
use kernel::id::{OrganizationId, UploadId, UserId};
use serde::{Deserialize, Serialize};
use table::{Item, Key, TenantKeys, keys};

/// Found by the e-mail that somebody signs in with; there is one per e-mail.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub user: UserId,
    pub email: String,
    pub name: String,
    /// argon2id, PHC string.
    pub password_hash: String,
    /// Where signing in leads.
    pub organization: OrganizationId,
    pub created_at: Timestamp,
    /// Since somebody came by a link that was sent there.
    pub email_verified_at: Option<Timestamp>,
    /// Whether codes of an application are asked for.
    pub has_totp: bool,
    /// How many passkeys there are. Together with `has_totp` it is counted here, so that acts on different factors of
    /// one person follow one another: what is left is known without a reading of all of them at one instant.
    pub passkeys: u8,
    pub job_title: Option<String>,
    pub phone: Option<String>,
    /// The portrait, by the upload that it came by; each membership repeats it.
    pub portrait: Option<UploadId>,
}

impl Account {
    /// Whether signing in wants more than the password.
    pub const fn has_second_factor(&self) -> bool {
        self.has_totp || self.passkeys > 0
    }

    /// Whether its owner administers the platform: configured, and known to read that mailbox.
    pub fn administers(&self, platform_admins: &[String]) -> bool {
        self.email_verified_at.is_some() && platform_admins.contains(&self.email.to_lowercase())
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.user)
    }
}

impl Item for Account {
    const TYPE: &'static str = "account";

    fn key(&self, _: TenantKeys) -> Key {
        keys::email(&self.email)
    }
}
