//! What a person types beside their password: codes of an authenticator application (TOTP, RFC 6238), recovery codes.
//!
//! What is decided reads and writes nothing. A use case reads the [`SecondFactor`], opens its seed with the vault, and
//! writes what comes back with `Transaction::update`: of two requests that bring the same code, the one that loses is
//! asked again on the fresh item, where the code is spent.

mod model;
mod recovery;
mod secrets;
mod store;
mod totp;

pub use model::{RecoveryCodes, SecondFactor};
pub use recovery::{RECOVERY_CODES, RecoveryCode};
pub use secrets::{open_seed, recovery_hash, recovery_hashes, seal_seed};
pub use totp::{Enrolment, Seed, Step, verify};

/// Why a code is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not the code of this minute, or no recovery code that is left.
    #[error("wrong code")]
    Wrong,
    /// The right code of a step that was accepted before (RFC 6238 §5.2).
    #[error("code already used")]
    AlreadyUsed,
    /// The seed was not proven yet, so that nothing can be asked of it.
    #[error("second factor not confirmed")]
    NotConfirmed,
    /// It was proven before; its seed does not change.
    #[error("second factor already confirmed")]
    AlreadyConfirmed,
}

impl Refused {
    pub const fn french(self) -> &'static str {
        match self {
            Self::Wrong => "Ce code n’est pas valide.",
            Self::AlreadyUsed => "Ce code a déjà servi. Attendez le suivant.",
            Self::NotConfirmed => "La validation en deux étapes n’est pas activée.",
            Self::AlreadyConfirmed => "La validation en deux étapes est déjà activée.",
        }
    }
}
