//! The secrets of a second factor, as they lie in the table.

use cloud::Deps;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result, Sealed, id::UserId};
use secrecy::ExposeSecret;
use sha2::Sha256;

use crate::two_factor::Seed;

fn purpose(user: UserId) -> String {
    format!("totp/{user}")
}

pub async fn seal_seed(deps: &Deps, user: UserId, seed: &Seed) -> Result<Sealed> {
    deps.vault.seal(&purpose(user), seed.as_bytes()).await
}

pub async fn open_seed(deps: &Deps, user: UserId, sealed: &Sealed) -> Result<Seed> {
    Seed::from_bytes(deps.vault.open(&purpose(user), sealed).await?.expose_secret())
}

/// What one user's recovery codes are hashed with.
pub struct RecoveryKey(Hmac<Sha256>);

impl RecoveryKey {
    pub async fn of(deps: &Deps, user: UserId) -> Result<Self> {
        let key = deps.vault.mac("recovery codes", user.to_string().as_bytes()).await?;
        Hmac::new_from_slice(key.as_bytes()).map(Self).map_err(Error::internal)
    }

    pub fn hash(&self, code: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(code.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}
