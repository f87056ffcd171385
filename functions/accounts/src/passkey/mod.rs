//! Passkeys (WebAuthn level 3): registering one, confirming who one is with one, signing in with nothing else.
//!
//! The ceremonies are those of `webauthn-rs`: of the relying-party crates it is the one that is released often, was
//! audited, and since 0.6 it is pure Rust, so that it builds for arm64 like the rest. It verifies ES256, ES384 and
//! RS256, of which every authenticator has one, and no EdDSA.
//!
//! A ceremony begins with options for the browser and a [`Ceremony`] to be stored; it ends with the browser's response
//! and that item, which the transaction of the outcome deletes, so that a response counts once. Between the two
//! nothing is decided from what the browser says of itself.

pub mod api;
mod ceremony;
mod list_passkeys;
mod model;
pub mod pages;
mod register_passkey;
mod relying_party;
mod remove_passkey;
mod rename_passkey;
mod shown;
mod start_confirmation;
mod start_registration;
mod store;
#[cfg(test)]
mod tests;

pub use ceremony::{
    Assertion, Begun, Ceremony, Purpose, finish_authentication, finish_registration, start_confirmation,
    start_registration, start_sign_in,
};
pub use list_passkeys::list_passkeys;
pub use model::{CredentialId, NAME_MAX, PASSKEYS_MAX, Passkey, Person};
pub use register_passkey::{Described, NewPasskeyInput, Registered, register_passkey};
pub use relying_party::RelyingParty;
pub use remove_passkey::remove_passkey;
pub use rename_passkey::{PasskeyNameInput, rename_passkey};
pub use shown::{Response, Shown};
pub use start_confirmation::start_passkey_confirmation;
pub use start_registration::start_passkey_registration;

use kernel::{Error, Rule, error::Conflict};

/// Why a response is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not what a browser sends.
    #[error("unreadable response")]
    Malformed,
    /// The ceremony is over, or was begun for something or somebody else.
    #[error("no such ceremony")]
    NoCeremony,
    /// Another challenge, another site or a signature that is none of this passkey's.
    #[error("response not proven")]
    NotProven,
    /// The authenticator did not ask for a fingerprint, a face or a PIN.
    #[error("user not verified")]
    UserNotVerified,
    /// The passkey is somebody else's.
    #[error("passkey of another user")]
    OfAnotherUser,
    /// The signature counter went back: there may be a second copy of the authenticator.
    #[error("signature counter went back")]
    CounterWentBack,
}

impl Refused {
    /// For somebody who is known, and showed the wrong thing.
    pub fn of_input(self) -> Error {
        match Error::from(self) {
            Error::WrongCredentials => Error::field("/response", Rule::WrongPasskey),
            other => other,
        }
    }
}

/// For who asks, a response that is not accepted is a wrong credential and no more than that; but whose passkey may
/// have been copied must hear of it.
impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Malformed => Self::Malformed { detail: "response: not that of a passkey".into() },
            Refused::CounterWentBack => Self::Conflict(Conflict::PasskeyCopied),
            Refused::NoCeremony | Refused::NotProven | Refused::UserNotVerified | Refused::OfAnotherUser => {
                Self::WrongCredentials
            }
        }
    }
}
