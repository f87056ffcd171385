//! The ceremonies, from the options of the browser to the outcome.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result, Rule,
    id::{CeremonyId, PasskeyId, UserId},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use ulid::Ulid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Uuid,
    WebauthnError,
};
use webauthn_rs_proto::{AllowCredentials, AuthenticatorTransport, RequestChallengeResponse, ResidentKeyRequirement};

use super::{PASSKEYS_MAX, Passkey, Person, Refused, RelyingParty, model};

/// How long somebody has to look for their key and their finger.
pub(super) const CEREMONY_VALID: SignedDuration = SignedDuration::from_mins(5);

/// What a ceremony was begun for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
pub enum Purpose {
    Registration {
        user: UserId,
    },
    /// Somebody who is known already proves it again: the second step of a sign-in, or before something grave.
    Confirmation {
        user: UserId,
    },
    /// Nobody is known before the response.
    SignIn {},
}

/// A ceremony that is under way. Whoever uses it deletes it in the same transaction.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Ceremony {
    pub id: CeremonyId,
    #[serde(flatten)]
    pub purpose: Purpose,
    /// The crate's own: the challenge and what was asked for, as JSON.
    pub(super) state: String,
    pub expires_at: Timestamp,
}

impl Ceremony {
    fn new(id: CeremonyId, purpose: Purpose, state: &impl Serialize, now: Timestamp) -> Result<Self> {
        let state = serde_json::to_string(state).map_err(Error::internal)?;
        let expires_at = now.checked_add(CEREMONY_VALID).map_err(Error::internal)?;
        Ok(Self { id, purpose, state, expires_at })
    }

    /// What was begun for one thing proves nothing for another.
    pub fn begun_for(&self, purpose: Purpose) -> std::result::Result<&Self, Refused> {
        if self.purpose == purpose { Ok(self) } else { Err(Refused::NoCeremony) }
    }

    /// The table forgets it later than that.
    fn state_at<T: DeserializeOwned>(&self, now: Timestamp) -> std::result::Result<T, Refused> {
        if now >= self.expires_at {
            return Err(Refused::NoCeremony);
        }
        serde_json::from_str(&self.state).map_err(|_| Refused::NoCeremony)
    }
}

impl fmt::Debug for Ceremony {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ceremony({}, {:?})", self.id, self.purpose)
    }
}

/// What a browser is asked, and by which name its answer is found.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Begun {
    /// `cer_…`: good for five minutes and one answer.
    #[schema(value_type = String)]
    pub ceremony: CeremonyId,
    /// For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    #[schema(value_type = Object)]
    pub options: Value,
}

/// What a browser answers to [`start_confirmation`] or [`start_sign_in`], read and not yet believed. It says which
/// passkey to read.
#[derive(Debug, Clone)]
pub struct Assertion(PublicKeyCredential);

impl Assertion {
    /// `response` is the `toJSON()` of the browser's credential.
    pub fn parse(response: &Value) -> std::result::Result<Self, Refused> {
        PublicKeyCredential::deserialize(response).map(Self).map_err(|_| Refused::Malformed)
    }

    /// Whose passkey it claims to be. Passkeys that can sign in alone always say it.
    pub fn user(&self) -> Option<UserId> {
        let handle: [u8; 16] = self.0.get_user_unique_id()?.try_into().ok()?;
        Some(UserId::from_ulid(Ulid(u128::from_be_bytes(handle))))
    }

    /// The last part of the passkey's key in the table.
    pub fn credential_hash(&self) -> String {
        model::hash(self.0.get_credential_id())
    }
}

/// Begins a registration. `registered` are the passkeys that the person has: their authenticators say so instead of
/// making another. Gives what `PublicKeyCredential.parseCreationOptionsFromJSON` takes.
pub fn start_registration(
    site: &RelyingParty,
    person: Person<'_>,
    registered: &[Passkey],
    id: CeremonyId,
    now: Timestamp,
) -> Result<(Value, Ceremony)> {
    if registered.len() >= PASSKEYS_MAX {
        return Err(Error::field("", Rule::TooMany { max: PASSKEYS_MAX }));
    }
    let excluded = registered.iter().map(|passkey| passkey.credential_id.0.clone()).collect();
    // The user handle: what a passkey gives back to say whose it is.
    let handle = Uuid::from_u128(person.user.ulid().0);
    let (challenge, state) = site
        .0
        .start_passkey_registration(handle, person.email, person.name, Some(excluded))
        .map_err(Error::internal)?;
    let mut options = challenge.public_key;
    // The crate spares the memory of security keys; ours are to be found without an e-mail address.
    if let Some(selection) = &mut options.authenticator_selection {
        selection.resident_key = Some(ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
    let ceremony = Ceremony::new(id, Purpose::Registration { user: person.user }, &state, now)?;
    Ok((serde_json::to_value(options).map_err(Error::internal)?, ceremony))
}

/// Ends a registration that `person` began. `response` is the `toJSON()` of the browser's credential; `name` is checked
/// by the caller. A credential is found through its owner, so nothing is won by registering somebody else's.
pub fn finish_registration(
    site: &RelyingParty,
    ceremony: &Ceremony,
    person: Person<'_>,
    response: &Value,
    (id, name): (PasskeyId, &str),
    now: Timestamp,
) -> std::result::Result<Passkey, Refused> {
    let begun = ceremony.begun_for(Purpose::Registration { user: person.user })?;
    let state: PasskeyRegistration = begun.state_at(now)?;
    let response = RegisterPublicKeyCredential::deserialize(response).map_err(|_| Refused::Malformed)?;
    let registered = site.0.finish_passkey_registration(&response, &state).map_err(refused)?;
    let mut transports = response.response.transports.unwrap_or_default();
    transports.retain(|transport| *transport != AuthenticatorTransport::Unknown);
    transports.truncate(8);
    Ok(Passkey::registered(id, person, name.into(), registered.into(), transports, now))
}

/// Begins to confirm that somebody is who they are, with one of their passkeys. Gives what
/// `PublicKeyCredential.parseRequestOptionsFromJSON` takes.
pub fn start_confirmation(
    site: &RelyingParty,
    user: UserId,
    passkeys: &[Passkey],
    id: CeremonyId,
    now: Timestamp,
) -> Result<(Value, Ceremony)> {
    let allowed: Vec<_> = passkeys
        .iter()
        .map(|passkey| AllowCredentials {
            type_: "public-key".into(),
            id: passkey.credential_id.0.clone(),
            transports: Some(passkey.transports.clone()).filter(|transports| !transports.is_empty()),
        })
        .collect();
    // An empty list would let the browser offer anybody's.
    if allowed.is_empty() {
        return Err(Error::NotFound);
    }
    start(site, Purpose::Confirmation { user }, allowed, id, now)
}

/// Begins a sign-in with nothing but a passkey: the person chooses one of those that their device has for us.
pub fn start_sign_in(site: &RelyingParty, id: CeremonyId, now: Timestamp) -> Result<(Value, Ceremony)> {
    start(site, Purpose::SignIn {}, Vec::new(), id, now)
}

/// The crate's discoverable flow serves both: it takes the passkey as it is when the response comes, where its other
/// flow would compare counters with the passkey as it was when the ceremony began.
fn start(
    site: &RelyingParty,
    purpose: Purpose,
    allowed: Vec<AllowCredentials>,
    id: CeremonyId,
    now: Timestamp,
) -> Result<(Value, Ceremony)> {
    let (RequestChallengeResponse { public_key: mut options, .. }, state) =
        site.0.start_discoverable_authentication().map_err(Error::internal)?;
    options.allow_credentials = allowed;
    let ceremony = Ceremony::new(id, purpose, &state, now)?;
    Ok((serde_json::to_value(options).map_err(Error::internal)?, ceremony))
}

/// Ends a confirmation or a sign-in. `passkey` is the one that the assertion claims, as it is stored now: under the
/// person who is known, or else under [`Assertion::user`]. Gives it as it is after this use, to be written on the
/// version that was read.
pub fn finish_authentication(
    site: &RelyingParty,
    ceremony: &Ceremony,
    assertion: &Assertion,
    passkey: &Passkey,
    now: Timestamp,
) -> std::result::Result<Passkey, Refused> {
    let is_theirs = match ceremony.purpose {
        Purpose::Registration { .. } => return Err(Refused::NoCeremony),
        // A security key need not say whose it is where the list of credentials says it.
        Purpose::Confirmation { user } => {
            passkey.user == user && (assertion.0.get_user_unique_id().is_none() || assertion.user() == Some(user))
        }
        Purpose::SignIn {} => assertion.user() == Some(passkey.user),
    };
    if !is_theirs {
        return Err(Refused::OfAnotherUser);
    }
    let state: DiscoverableAuthentication = ceremony.state_at(now)?;
    let proven =
        site.0.finish_discoverable_authentication_v2(&assertion.0, state, passkey.credential()).map_err(refused)?;
    if !proven.user_verified() {
        return Err(Refused::UserNotVerified);
    }
    Ok(Passkey {
        sign_count: proven.counter(),
        backed_up: proven.backup_state(),
        last_used_at: Some(now),
        ..passkey.clone()
    })
}

/// The crate's errors tell a developer more than may be said.
fn refused(error: WebauthnError) -> Refused {
    match error {
        WebauthnError::UserNotVerified => Refused::UserNotVerified,
        WebauthnError::CredentialPossibleCompromise => Refused::CounterWentBack,
        WebauthnError::ParseBase64Failure(_)
        | WebauthnError::ParseCBORFailure(_)
        | WebauthnError::ParseJSONFailure(_)
        | WebauthnError::ParseNOMFailure
        | WebauthnError::ParseInsufficientBytesAvailable => Refused::Malformed,
        _ => Refused::NotProven,
    }
}
