//! What proves who asks: a session in a cookie, a personal access token in a header. The secret itself is
//! never stored, only its SHA-256; 256 random bits need no slow hash.
//!
//! The user and organization stand beside the secret in clear, as a claim that lets session, membership and
//! organization be read in one round trip; they count for nothing until those items agree.

use std::net::IpAddr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Permission,
    id::{InvitationId, OrganizationId, SessionId, TokenId, UploadId, UserId},
    permission::MemberRole,
};
use rand::RngCore;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use table::{Audit, Index, Item, Key, TenantKeys, keys};
use ulid::Ulid;

use crate::cookies;

/// How long a session lives.
pub const SESSION_VALID: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Marks a leaked token as ours, for secret scanners.
const TOKEN_PREFIX: &str = "abs_";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub hash: String,
    pub user: UserId,
    /// Where it began; an address may name another.
    pub organization: OrganizationId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// As of some minutes.
    pub seen_at: Timestamp,
    /// Whether a second factor, or a passkey that verified its user, was shown.
    pub second_factor: bool,
    /// Whether its user administers the platform.
    pub platform: bool,
    pub address: Option<IpAddr>,
    pub user_agent: Option<String>,
}

impl Item for Session {
    const TYPE: &'static str = "session";

    fn key(&self, _: TenantKeys) -> Key {
        keys::session(&self.hash)
    }

    fn list(&self, _: TenantKeys) -> Option<Index> {
        Some(keys::in_sessions(self.user, self.id))
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// What holds for all sessions of a user; no item, no restriction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionsOfUser {
    pub user: UserId,
    /// Sessions that began earlier are over: signed out everywhere, another password.
    pub valid_from: Timestamp,
    /// The one that asked for it goes on.
    pub except: Option<SessionId>,
}

impl SessionsOfUser {
    pub fn ended(&self, session: &Session) -> bool {
        session.created_at < self.valid_from && self.except != Some(session.id)
    }
}

impl Item for SessionsOfUser {
    const TYPE: &'static str = "sessions_of_user";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, _: TenantKeys) -> Key {
        keys::sessions_of_user(self.user)
    }
}

/// A personal access token: what its holder may do, narrowed by scopes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessToken {
    pub id: TokenId,
    pub hash: String,
    pub organization: OrganizationId,
    pub user: UserId,
    pub name: String,
    pub scopes: Vec<Permission>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// As of some minutes.
    pub seen_at: Option<Timestamp>,
}

/// How long an expired token is still shown to its holder, who may wonder why a program stopped.
const EXPIRED_TOKEN_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl AccessToken {
    pub fn is_expired_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
}

impl Item for AccessToken {
    const TYPE: &'static str = "token";

    fn key(&self, _: TenantKeys) -> Key {
        keys::token(&self.hash)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_tokens(self.user, self.id))
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at.map(|at| at.saturating_add(EXPIRED_TOKEN_KEPT).unwrap_or(at))
    }
}

/// A user's place in one organization. Without it, no session and no token of theirs opens it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    pub user: UserId,
    pub role: MemberRole,
    pub name: String,
    pub email: String,
    pub joined_at: Timestamp,
    /// Their portrait, by the upload that it came by; as their account says.
    pub portrait: Option<UploadId>,
    /// As of some minutes.
    pub seen_at: Option<Timestamp>,
    /// Set for an administrator of the platform who is here for a while.
    pub visit: Option<Visit>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub until: Timestamp,
}

impl Membership {
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.visit.as_ref().is_none_or(|visit| visit.until > now)
    }
}

impl Item for Membership {
    const TYPE: &'static str = "member";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.member(self.user)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_members(self.user))
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.visit.as_ref().map(|visit| visit.until)
    }
}

/// A secret that was just drawn: shown to its holder once, stored as a hash.
#[derive(Clone)]
pub struct Secret {
    /// What the holder keeps.
    pub text: String,
    pub hash: String,
}

impl Secret {
    /// For a session's cookie: `<user>.<organization>.<256 random bits>`.
    pub fn session(user: UserId, organization: OrganizationId) -> Self {
        let random = random();
        Self { text: format!("{}.{}.{random}", user.ulid(), organization.ulid()), hash: hash(&random) }
    }

    /// For one use and a short life: a link in a mail, a sign-in that waits for its second factor.
    pub fn one_use() -> Self {
        let text = random();
        Self { hash: hash(&text), text }
    }

    /// The hash of a secret that somebody shows.
    pub fn hash_of(text: &str) -> String {
        hash(text)
    }

    /// For a token: `abs_<organization>_<user>_<256 random bits>`.
    pub fn token(user: UserId, organization: OrganizationId) -> Self {
        let random = random();
        Self { text: format!("{TOKEN_PREFIX}{}_{}_{random}", organization.ulid(), user.ulid()), hash: hash(&random) }
    }

    /// For the link of an invitation: `<organization>_<invitation>_<256 random bits>`.
    pub fn invitation(organization: OrganizationId, invitation: InvitationId) -> Self {
        let random = random();
        Self { text: format!("{}_{}_{random}", organization.ulid(), invitation.ulid()), hash: hash(&random) }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the link of an invitation says, before anything is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationLink {
    pub organization: OrganizationId,
    pub invitation: InvitationId,
    pub hash: String,
}

impl InvitationLink {
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '_');
        let mut ulid = || Ulid::from_string(parts.next()?).ok();
        let (organization, invitation) = (ulid()?, ulid()?);
        let secret = parts.next().filter(|secret| !secret.is_empty())?;
        Some(Self {
            organization: OrganizationId::from_ulid(organization),
            invitation: InvitationId::from_ulid(invitation),
            hash: hash(secret),
        })
    }
}

fn random() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// Who a request says it comes from, before anything is believed.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    Session(Claimed),
    Token(Claimed),
}

#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    pub user: UserId,
    pub organization: OrganizationId,
    pub hash: String,
}

impl Credential {
    pub(crate) fn of(headers: &HeaderMap, secure: bool) -> Option<Self> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            return value.to_str().ok()?.strip_prefix("Bearer ").and_then(read_token).map(Self::Token);
        }
        cookies::read(headers, cookies::session_name(secure)).and_then(|text| read_session(&text)).map(Self::Session)
    }

    pub(crate) const fn user(&self) -> UserId {
        self.claimed().user
    }

    pub(crate) const fn organization(&self) -> OrganizationId {
        self.claimed().organization
    }

    const fn claimed(&self) -> &Claimed {
        match self {
            Self::Session(claimed) | Self::Token(claimed) => claimed,
        }
    }
}

fn read_session(text: &str) -> Option<Claimed> {
    let mut parts = text.splitn(3, '.');
    claimed(parts.next()?, parts.next()?, parts.next()?)
}

fn read_token(text: &str) -> Option<Claimed> {
    let mut parts = text.trim().strip_prefix(TOKEN_PREFIX)?.splitn(3, '_');
    let (organization, user) = (parts.next()?, parts.next()?);
    claimed(user, organization, parts.next()?)
}

fn claimed(user: &str, organization: &str, secret: &str) -> Option<Claimed> {
    let ulid = |text: &str| Ulid::from_string(text).ok();
    Some(Claimed {
        user: UserId::from_ulid(ulid(user)?),
        organization: OrganizationId::from_ulid(ulid(organization)?),
        hash: hash(secret),
    })
}
