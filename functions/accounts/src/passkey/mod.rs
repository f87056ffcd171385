//! Passkeys (WebAuthn level 3): registering one, confirming who one is with one, signing in with nothing else.
//!
//! The ceremonies are those of `webauthn-rs`: of the relying-party crates it is the one that is released often, was
//! audited, and since 0.6 it is pure Rust, so that it builds for arm64 like the rest. It verifies ES256, ES384 and
//! RS256, of which every authenticator has one, and no EdDSA.
//!
//! A ceremony begins with options for the browser and a [`Ceremony`] to be stored; it ends with the browser's response
//! and that item, which the transaction of the outcome deletes, so that a response counts once. Between the two
//! nothing is decided from what the browser says of itself.

mod ceremony;
mod model;
mod relying_party;
mod store;
#[cfg(test)]
mod tests;

pub use ceremony::{
    Assertion, Ceremony, Purpose, finish_authentication, finish_registration, start_confirmation, start_registration,
    start_sign_in,
};
pub use model::{CredentialId, NAME_MAX, PASSKEYS_MAX, Passkey, Person};
pub use relying_party::RelyingParty;

use kernel::Error;

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
    pub const fn french(self) -> &'static str {
        match self {
            Self::Malformed => "La réponse de votre navigateur est illisible. Réessayez.",
            Self::NoCeremony => "La demande a expiré. Réessayez.",
            Self::NotProven | Self::OfAnotherUser => "Cette clé d’accès n’est pas reconnue.",
            Self::UserNotVerified => {
                "Votre appareil n’a pas vérifié votre identité : utilisez une empreinte, votre visage ou un code PIN."
            }
            Self::CounterWentBack => {
                "Cette clé d’accès a peut-être été copiée : supprimez-la, puis enregistrez-en une nouvelle."
            }
        }
    }
}

/// For who asks, a response that is not accepted is a wrong credential and no more than that.
impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Malformed => Self::Malformed { detail: "response: not that of a passkey".into() },
            _ => Self::WrongCredentials,
        }
    }
}
