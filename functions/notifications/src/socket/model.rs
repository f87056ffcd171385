//! A page that listens, and the ticket by which it begins to. Pure.

use jiff::{SignedDuration, Timestamp};
use kernel::id::{OrganizationId, UserId};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// How long a ticket is good: it is used at once.
pub const TICKET_VALID: SignedDuration = SignedDuration::from_secs(60);
/// API Gateway ends every connection after two hours.
pub const SOCKET_LIVES: SignedDuration = SignedDuration::from_hours(2);

/// How long the gateway takes to open a connection at most.
const OPENS_WITHIN: SignedDuration = SignedDuration::from_secs(30);

/// Used once. Its secret is kept by nobody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    pub user: UserId,
    /// SHA-256 of the secret.
    pub hash: String,
    pub expires_at: Timestamp,
}

/// One page of a member's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Socket {
    pub user: UserId,
    /// What the gateway calls it.
    pub connection: String,
    pub expires_at: Timestamp,
}

impl Socket {
    /// Whether it may still be opening: who posts at this moment finds nobody there yet.
    pub fn may_be_opening(&self, now: Timestamp) -> bool {
        self.expires_at.duration_since(now) > SOCKET_LIVES - OPENS_WITHIN
    }
}

/// Where a page or a program listens, and by what.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TicketView {
    /// Connect there (RFC 6455) within a minute, once. What is heard is `{"unread":3}`, or `{"changed":["invoicing"]}`: the
    /// modules whose figures are others now, of those that one may see.
    pub url: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// What a ticket says, before anything is believed: `<user>.<organization>.<secret>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<'a> {
    pub user: UserId,
    pub organization: OrganizationId,
    pub secret: &'a str,
}

impl<'a> Claim<'a> {
    pub fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let mut ulid = || Ulid::from_string(parts.next()?).ok();
        let (user, organization) = (ulid()?, ulid()?);
        let secret = parts.next().filter(|secret| !secret.is_empty() && secret.len() <= 64)?;
        Some(Self { user: UserId::from_ulid(user), organization: OrganizationId::from_ulid(organization), secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_read_whole_or_not_at_all() {
        let (user, organization) = (Ulid(1), Ulid(2));
        let text = format!("{user}.{organization}.abc");
        let claim = Claim::read(&text).unwrap();
        assert_eq!((claim.user.ulid(), claim.organization.ulid(), claim.secret), (user, organization, "abc"));
        for wrong in ["", "..", "a.b.c", &format!("{user}.{organization}."), &format!("{user}.{organization}")] {
            assert_eq!(Claim::read(wrong), None, "{wrong}");
        }
        assert_eq!(Claim::read(&format!("{user}.{organization}.{}", "a".repeat(65))), None);
    }
}
