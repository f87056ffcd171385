//! What is kept of a passkey. Pure.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use kernel::id::{PasskeyId, UserId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use webauthn_rs::prelude::{COSEKey, Credential, ParsedAttestation};
use webauthn_rs_proto::{AttestationFormat, AuthenticatorTransport, RegisteredExtensions, UserVerificationPolicy};

/// How many one person may have.
pub const PASSKEYS_MAX: usize = 20;
/// The longest name of a passkey, in characters.
pub const NAME_MAX: usize = 60;

/// Somebody as their authenticator will name them.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    pub user: UserId,
    pub email: &'a str,
    pub name: &'a str,
}

/// What an authenticator calls a credential: up to 1023 bytes, stored as base64url without padding.
#[derive(Clone, PartialEq, Eq)]
pub struct CredentialId(pub(super) Vec<u8>);

impl CredentialId {
    /// Under which the passkey lies in the table: SHA-256 in hexadecimal.
    pub fn hash(&self) -> String {
        hash(&self.0)
    }
}

pub(super) fn hash(credential_id: &[u8]) -> String {
    hex::encode(Sha256::digest(credential_id))
}

impl Serialize for CredentialId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for CredentialId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        URL_SAFE_NO_PAD.decode(text.as_bytes()).map(Self).map_err(de::Error::custom)
    }
}

/// A credential of one person, on one device or synchronised between several.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Passkey {
    pub id: PasskeyId,
    pub user: UserId,
    /// By which the account is found when nobody said it.
    pub email: String,
    /// What its owner calls it.
    pub name: String,
    pub credential_id: CredentialId,
    pub public_key: COSEKey,
    /// 0 for ever where the authenticator does not count.
    pub sign_count: u32,
    /// How a browser reaches the authenticator: a hint.
    pub transports: Vec<AuthenticatorTransport>,
    /// May be synchronised to other devices.
    pub backup_eligible: bool,
    /// Is synchronised, as of the last use.
    pub backed_up: bool,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

impl Passkey {
    pub(super) fn registered(
        id: PasskeyId,
        person: Person<'_>,
        name: String,
        credential: Credential,
        transports: Vec<AuthenticatorTransport>,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            user: person.user,
            email: person.email.into(),
            name,
            credential_id: CredentialId(credential.cred_id),
            public_key: credential.cred,
            sign_count: credential.counter,
            transports,
            backup_eligible: credential.backup_eligible,
            backed_up: credential.backup_state,
            created_at: now,
            last_used_at: None,
        }
    }

    /// As the crate wants it. All of ours were registered with user verification and without attestation.
    pub(super) fn credential(&self) -> Credential {
        Credential {
            cred_id: self.credential_id.0.clone(),
            cred: self.public_key.clone(),
            counter: self.sign_count,
            transports: Some(self.transports.clone()),
            user_verified: true,
            backup_eligible: self.backup_eligible,
            backup_state: self.backed_up,
            registration_policy: UserVerificationPolicy::Required,
            extensions: RegisteredExtensions::none(),
            attestation: ParsedAttestation::default(),
            attestation_format: AttestationFormat::None,
        }
    }
}

impl fmt::Debug for Passkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passkey({})", self.id)
    }
}
