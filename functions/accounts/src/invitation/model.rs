//! An invitation, what becomes of it, and what is accepted as one. Pure.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result, Rule, Violations,
    error::Conflict,
    id::{InvitationId, UserId},
    legal,
    permission::MemberRole,
};
use serde::{Deserialize, Serialize};

use crate::{account::password, member::RoleChoice};

/// How long its link works.
pub const VALID: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    pub id: InvitationId,
    pub email: String,
    /// As it was when the invitation was sent; who accepts gets it as it is by then.
    pub role: MemberRole,
    pub invited_by: UserId,
    /// Who asks, as the mail and the page say it.
    pub invited_by_name: String,
    /// SHA-256 of the link's secret.
    pub hash: String,
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
    pub state: InvitationState,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum InvitationState {
    Pending,
    Accepted { at: Timestamp, user: UserId },
    Cancelled { at: Timestamp },
}

/// What an invitation is worth at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Open,
    Expired,
    Accepted,
    Cancelled,
}

impl Standing {
    /// The error of whoever accepts it.
    pub const fn refusal(self) -> Option<Error> {
        match self {
            Self::Open => None,
            Self::Expired => Some(Error::Conflict(Conflict::InvitationExpired)),
            Self::Accepted => Some(Error::Conflict(Conflict::InvitationAccepted)),
            Self::Cancelled => Some(Error::Conflict(Conflict::InvitationCancelled)),
        }
    }
}

impl Invitation {
    /// One that waits for an answer, by whom it is sent now.
    pub fn pending(
        id: InvitationId,
        email: String,
        role: MemberRole,
        (invited_by, invited_by_name): (UserId, String),
        hash: String,
        now: Timestamp,
    ) -> Result<Self> {
        Ok(Self {
            id,
            email,
            role,
            invited_by,
            invited_by_name,
            hash,
            sent_at: now,
            expires_at: expiry(now)?,
            state: InvitationState::Pending,
        })
    }

    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.state {
            InvitationState::Accepted { .. } => Standing::Accepted,
            InvitationState::Cancelled { .. } => Standing::Cancelled,
            InvitationState::Pending if self.expires_at <= now => Standing::Expired,
            InvitationState::Pending => Standing::Open,
        }
    }

    pub fn is_for(&self, email: &str) -> bool {
        self.email.eq_ignore_ascii_case(email.trim())
    }

    /// With a new link; the old one is dead. An expired one may be sent again.
    pub fn resent(&self, role: MemberRole, hash: String, now: Timestamp) -> Result<Self> {
        match self.standing(now) {
            Standing::Open | Standing::Expired => {
                Ok(Self { role, hash, sent_at: now, expires_at: expiry(now)?, ..self.clone() })
            }
            over => Err(over.refusal().unwrap_or(Error::NotFound)),
        }
    }

    pub fn cancelled(&self, now: Timestamp) -> Result<Self> {
        match self.standing(now) {
            Standing::Open | Standing::Expired => {
                Ok(Self { state: InvitationState::Cancelled { at: now }, ..self.clone() })
            }
            over => Err(over.refusal().unwrap_or(Error::NotFound)),
        }
    }

    pub fn accepted(&self, user: UserId, email: &str, now: Timestamp) -> Result<Self> {
        if let Some(refusal) = self.standing(now).refusal() {
            return Err(refusal);
        }
        if !self.is_for(email) {
            return Err(Error::Conflict(Conflict::InvitationForAnother));
        }
        Ok(Self { state: InvitationState::Accepted { at: now, user }, ..self.clone() })
    }
}

pub fn expiry(now: Timestamp) -> Result<Timestamp> {
    now.checked_add(VALID).map_err(Error::internal)
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InvitationInput {
    pub email: String,
    /// `owner`, `admin`, `manager`, `member`, `sales`, `accountant`, `hr`, `reader`, or `rol_…`.
    pub role: String,
}

impl InvitationInput {
    pub fn parse(&self) -> std::result::Result<(String, RoleChoice), Violations> {
        let mut wrong = Violations::default();
        let email = wrong.take("/email", legal::email(&self.email));
        let role = wrong.take("/role", RoleChoice::parse(&self.role));
        email.zip(role).ok_or(wrong)
    }
}

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AcceptInput {
    /// What the link of the mail says after `jeton=`.
    pub link: String,
    /// The address that the invitation was sent to.
    pub email: String,
    /// First and last name, for a new account.
    pub name: String,
    /// A new one, or the one of the account that the address has.
    pub password: String,
}

impl AcceptInput {
    /// Name and password of a new account.
    pub fn parse(&self) -> std::result::Result<(String, String), Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 200));
        let known = [self.name.as_str(), self.email.as_str()];
        let password = wrong.take("/password", password::strong(&self.password, &known));
        name.zip(password).ok_or(wrong)
    }

    /// The password of an account that there is.
    pub fn parse_known(&self) -> std::result::Result<(), Violations> {
        let mut wrong = Violations::default();
        if self.password.is_empty() {
            wrong.add("/password", Rule::Required);
            return Err(wrong);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kernel::permission::Role;
    use ulid::Ulid;

    use super::*;

    fn invitation() -> Invitation {
        let now = Timestamp::UNIX_EPOCH;
        Invitation {
            id: InvitationId::from_ulid(Ulid(1)),
            email: "claire@client.example".into(),
            role: Role::Accountant.into(),
            invited_by: UserId::from_ulid(Ulid(2)),
            invited_by_name: "Camille".into(),
            hash: "a".into(),
            sent_at: now,
            expires_at: expiry(now).unwrap(),
            state: InvitationState::Pending,
        }
    }

    const USER: UserId = UserId::from_ulid(Ulid(3));

    fn conflict<T>(result: Result<T>) -> Option<Conflict> {
        match result {
            Err(Error::Conflict(conflict)) => Some(conflict),
            _ => None,
        }
    }

    #[test]
    fn it_is_accepted_once_by_whom_it_is_for_within_seven_days() {
        let (invitation, now) = (invitation(), Timestamp::UNIX_EPOCH);
        let late = now.checked_add(VALID).unwrap();
        let other = invitation.accepted(USER, "other@client.example", now);
        assert_eq!(conflict(other), Some(Conflict::InvitationForAnother));
        let expired = invitation.accepted(USER, &invitation.email, late);
        assert_eq!(conflict(expired), Some(Conflict::InvitationExpired));
        let accepted = invitation.accepted(USER, " Claire@Client.example ", now).unwrap();
        assert_eq!(conflict(accepted.accepted(USER, &invitation.email, now)), Some(Conflict::InvitationAccepted));
        assert_eq!(conflict(accepted.cancelled(now)), Some(Conflict::InvitationAccepted));
    }

    #[test]
    fn an_expired_one_is_sent_again_and_a_cancelled_one_is_not() {
        let (invitation, now) = (invitation(), Timestamp::UNIX_EPOCH);
        let late = now.checked_add(VALID).unwrap();
        let again = invitation.resent(invitation.role.clone(), "b".into(), late).unwrap();
        assert_eq!((again.standing(late), again.hash.as_str()), (Standing::Open, "b"));
        let cancelled = invitation.cancelled(now).unwrap();
        let refused = cancelled.resent(invitation.role.clone(), "c".into(), now);
        assert_eq!(conflict(refused), Some(Conflict::InvitationCancelled));
        assert_eq!(conflict(cancelled.accepted(USER, &cancelled.email, now)), Some(Conflict::InvitationCancelled));
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = InvitationInput { email: "claire".into(), role: "root".into() }.parse().unwrap_err();
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/email", "/role"]);
    }
}
