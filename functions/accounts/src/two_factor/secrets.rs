//! What the vault does for a second factor. A seed opens for its own user only, and the hash of a recovery code is that
//! of one user: a copy of the table is not worth guessing at.

use cloud::Vault;
use kernel::{Result, Sealed, id::UserId};
use secrecy::ExposeSecret;

use super::{RecoveryCode, SecondFactor, Seed};

pub async fn seal_seed(vault: &Vault, user: UserId, seed: &Seed) -> Result<Sealed> {
    vault.seal(&seed_purpose(user), seed.as_bytes()).await
}

pub async fn open_seed(vault: &Vault, factor: &SecondFactor) -> Result<Seed> {
    Seed::from_bytes(vault.open(&seed_purpose(factor.user), &factor.seed).await?.expose_secret())
}

/// As a recovery code is kept and found again.
pub async fn recovery_hash(vault: &Vault, user: UserId, code: &RecoveryCode) -> Result<String> {
    vault.mac(&format!("recovery-code/{user}"), code.as_bytes()).await
}

pub async fn recovery_hashes(vault: &Vault, user: UserId, codes: &[RecoveryCode]) -> Result<Vec<String>> {
    let mut hashes = Vec::with_capacity(codes.len());
    for code in codes {
        hashes.push(recovery_hash(vault, user, code).await?);
    }
    Ok(hashes)
}

fn seed_purpose(user: UserId) -> String {
    format!("totp/{user}")
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};
    use ulid::Ulid;

    use super::*;

    const USER: UserId = UserId::from_ulid(Ulid(1));
    const OTHER: UserId = UserId::from_ulid(Ulid(2));

    #[tokio::test]
    async fn a_seed_opens_for_its_own_user() {
        let vault = Vault::in_memory();
        let seed = Seed::draw(&mut StdRng::seed_from_u64(1));
        let sealed = seal_seed(&vault, USER, &seed).await.unwrap();
        let factor = SecondFactor::started(USER, sealed, jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(open_seed(&vault, &factor).await.unwrap(), seed);
        assert!(open_seed(&vault, &SecondFactor { user: OTHER, ..factor }).await.is_err());
    }

    #[tokio::test]
    async fn the_hash_of_a_code_is_its_users() {
        let vault = Vault::in_memory();
        let codes = RecoveryCode::draw_all(&mut StdRng::seed_from_u64(1));
        let hashes = recovery_hashes(&vault, USER, &codes).await.unwrap();
        let typed = RecoveryCode::parse(&codes[4].shown().to_uppercase()).unwrap();
        assert_eq!(recovery_hash(&vault, USER, &typed).await.unwrap(), hashes[4]);
        assert_ne!(recovery_hash(&vault, OTHER, &typed).await.unwrap(), hashes[4]);
    }
}
