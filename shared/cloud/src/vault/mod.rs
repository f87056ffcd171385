//! Secrets that must be read again (TOTP seeds, the links in mails) sealed at rest, and keyed hashes of what is too
//! easily guessed for a plain one (e-mail addresses, recovery codes).
//!
//! A sealed secret is `version | nonce | AES-256-GCM(secret)`; version and purpose are authenticated with it. The
//! version names the data key, so that a new one can be added: the newest seals, all open. What a hash was made of
//! is not kept, so hashes stay with the oldest.

mod kms;
mod sign;

use std::{fmt, sync::Arc};

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use kernel::{Error, Result, Sealed};
use rand::RngCore;
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox, SecretSlice};
use sha2::Sha256;
use tokio::sync::OnceCell;

pub(crate) use self::kms::Kms;
pub use self::sign::{PublicKey, Signer};

const NONCE_BYTES: usize = 12;
pub(crate) const KEY_BYTES: usize = 32;
/// The version of a key that is alone.
const FIRST: u8 = 1;

/// What is cheap to clone opens the same secrets. The keys are fetched at the first use in a process.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    keys: OnceCell<Keys>,
    /// Who unwraps the keys where they are not given.
    kms: Option<Kms>,
}

/// The oldest first; never empty.
struct Keys(Vec<DataKey>);

struct DataKey {
    version: u8,
    bytes: SecretBox<[u8; KEY_BYTES]>,
}

impl Vault {
    /// With the key of this machine.
    pub fn with_key(key: SecretBox<[u8; KEY_BYTES]>) -> Self {
        let keys = Keys(vec![DataKey { version: FIRST, bytes: key }]);
        Self(Arc::new(Inner { keys: OnceCell::new_with(Some(keys)), kms: None }))
    }

    /// For whoever keeps nothing: the key goes with the process.
    pub fn in_memory() -> Self {
        Self::with_key(Self::new_key())
    }

    pub fn new_key() -> SecretBox<[u8; KEY_BYTES]> {
        SecretBox::init_with_mut(|key: &mut [u8; KEY_BYTES]| rand::rng().fill_bytes(key))
    }

    /// With keys that KMS unwraps; without it, in a function that may not use them, nothing is sealed or opened.
    pub(crate) fn in_cloud(kms: Option<Kms>) -> Self {
        Self(Arc::new(Inner { keys: OnceCell::new(), kms }))
    }

    /// Seals a secret for one purpose. The purpose names what the secret is and whose: only the same text opens it,
    /// so a sealed secret that is moved to another tenant, person or field stays shut.
    pub async fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Sealed> {
        let key = self.keys().await?.newest()?;
        let mut sealed = vec![0; 1 + NONCE_BYTES];
        let (version, nonce) = sealed.split_at_mut(1);
        version[0] = key.version;
        rand::rng().fill_bytes(nonce);
        let aad = associated(key.version, purpose);
        let encrypted = key
            .cipher()?
            .encrypt(nonce_of(nonce)?, Payload { msg: plain, aad: &aad })
            .map_err(|_| Error::internal("a secret could not be sealed"))?;
        sealed.extend(encrypted);
        Ok(Sealed::from_bytes(sealed))
    }

    pub async fn open(&self, purpose: &str, sealed: &Sealed) -> Result<SecretSlice<u8>> {
        let keys = self.keys().await?;
        let opened = || {
            let (version, rest) = sealed.as_bytes().split_first()?;
            let (nonce, encrypted) = rest.split_at_checked(NONCE_BYTES)?;
            let key = keys.0.iter().find(|key| key.version == *version)?;
            let aad = associated(*version, purpose);
            key.cipher().ok()?.decrypt(nonce_of(nonce).ok()?, Payload { msg: encrypted, aad: &aad }).ok()
        };
        // Which of all these it was is nobody's affair.
        opened().map(SecretSlice::from).ok_or_else(|| Error::internal("a sealed secret could not be opened"))
    }

    /// HMAC-SHA256 in hexadecimal: equal for equal data of one purpose, and told to nobody without the key.
    pub async fn mac(&self, purpose: &str, data: &[u8]) -> Result<String> {
        let key = self.keys().await?.oldest()?.derived(&[b"mac ", purpose.as_bytes()])?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret()).map_err(Error::internal)?;
        mac.update(data);
        Ok(hex::encode(mac.finalize().into_bytes()))
    }

    /// Who signs for one purpose (Ed25519). Like hashes, signatures stay with the oldest key, so that the public key of a
    /// purpose is always the same.
    pub async fn signer(&self, purpose: &str) -> Result<Signer> {
        Ok(Signer::of(&self.keys().await?.oldest()?.derived(&[b"sign ", purpose.as_bytes()])?))
    }

    async fn keys(&self) -> Result<&Keys> {
        self.0
            .keys
            .get_or_try_init(|| async {
                match &self.0.kms {
                    Some(kms) => kms.keys().await,
                    None => Err(Error::internal("this function has no key of the vault")),
                }
            })
            .await
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Keys {
    fn newest(&self) -> Result<&DataKey> {
        self.0.last().ok_or_else(|| Error::internal("the vault has no key"))
    }

    fn oldest(&self) -> Result<&DataKey> {
        self.0.first().ok_or_else(|| Error::internal("the vault has no key"))
    }
}

impl DataKey {
    /// A key of its own for each use, so that none says anything of another.
    fn derived(&self, info: &[&[u8]]) -> Result<SecretBox<[u8; KEY_BYTES]>> {
        let mut derived = SecretBox::<[u8; KEY_BYTES]>::default();
        Hkdf::<Sha256>::new(None, self.bytes.expose_secret())
            .expand_multi_info(info, derived.expose_secret_mut())
            .map_err(Error::internal)?;
        Ok(derived)
    }

    fn cipher(&self) -> Result<Aes256Gcm> {
        Ok(Aes256Gcm::new(self.derived(&[b"seal"])?.expose_secret().into()))
    }
}

fn associated(version: u8, purpose: &str) -> Vec<u8> {
    [&[version], purpose.as_bytes()].concat()
}

fn nonce_of(bytes: &[u8]) -> Result<&aes_gcm::aead::Nonce<Aes256Gcm>> {
    bytes.try_into().map_err(|_| Error::internal("not a nonce"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PURPOSE: &str = "totp/org_1/usr_1";

    fn vault(keys: &[(u8, u8)]) -> Vault {
        let keys = keys.iter().map(|&(version, byte)| DataKey { version, bytes: Box::new([byte; KEY_BYTES]).into() });
        Vault(Arc::new(Inner { keys: OnceCell::new_with(Some(Keys(keys.collect()))), kms: None }))
    }

    async fn opened(vault: &Vault, purpose: &str, sealed: &Sealed) -> Option<Vec<u8>> {
        vault.open(purpose, sealed).await.ok().map(|plain| plain.expose_secret().to_vec())
    }

    #[tokio::test]
    async fn what_was_sealed_opens_for_its_purpose_only() {
        let vault = Vault::in_memory();
        for plain in [b"".as_slice(), b"JBSWY3DPEHPK3PXP", &[0; 4096]] {
            let sealed = vault.seal(PURPOSE, plain).await.unwrap();
            assert_eq!(opened(&vault.clone(), PURPOSE, &sealed).await.as_deref(), Some(plain));
            for other in ["", "totp/org_1/usr_2", "totp/org_2/usr_1", "mail/org_1/usr_1", "totp/org_1/usr_1 "] {
                assert_eq!(opened(&vault, other, &sealed).await, None, "{other}");
            }
            assert_eq!(opened(&Vault::in_memory(), PURPOSE, &sealed).await, None, "another key");
        }
    }

    #[tokio::test]
    async fn one_changed_bit_and_it_stays_shut() {
        let vault = Vault::in_memory();
        let sealed = vault.seal(PURPOSE, b"secret").await.unwrap();
        let bytes = sealed.as_bytes();
        for at in 0..bytes.len() {
            let mut changed = bytes.to_vec();
            changed[at] ^= 1;
            assert_eq!(opened(&vault, PURPOSE, &Sealed::from_bytes(changed)).await, None, "byte {at}");
            let cut = Sealed::from_bytes(bytes[..at].to_vec());
            assert_eq!(opened(&vault, PURPOSE, &cut).await, None, "{at} bytes");
        }
    }

    #[tokio::test]
    async fn the_same_secret_is_never_sealed_the_same() {
        let vault = Vault::in_memory();
        assert_ne!(vault.seal(PURPOSE, b"secret").await.unwrap(), vault.seal(PURPOSE, b"secret").await.unwrap());
    }

    #[tokio::test]
    async fn a_new_key_seals_and_the_old_one_still_opens_and_hashes() {
        let (old, both) = (vault(&[(1, 7)]), vault(&[(1, 7), (2, 8)]));
        let before = old.seal(PURPOSE, b"secret").await.unwrap();
        assert_eq!(opened(&both, PURPOSE, &before).await.as_deref(), Some(b"secret".as_slice()));
        let after = both.seal(PURPOSE, b"secret").await.unwrap();
        assert_eq!(after.as_bytes()[0], 2);
        assert_eq!(opened(&both, PURPOSE, &after).await.as_deref(), Some(b"secret".as_slice()));
        assert_eq!(opened(&old, PURPOSE, &after).await, None);
        assert_eq!(both.mac("email", b"a@b.example").await.unwrap(), old.mac("email", b"a@b.example").await.unwrap());
    }

    /// Made by another implementation (OpenSSL) from what the head of this file says; every later version must read it.
    #[tokio::test]
    async fn what_is_stored_stays_readable() {
        let vault = vault(&[(1, 7)]);
        let sealed: Sealed =
            serde_json::from_str("\"AQABAgMEBQYHCAkKC7T5NiIJ0yAoT9Wt0mG2N/zj74z8f+GgoAAuPGHiZ/2y\"").unwrap();
        assert_eq!(opened(&vault, PURPOSE, &sealed).await.as_deref(), Some(b"JBSWY3DPEHPK3PXP".as_slice()));
        assert_eq!(
            vault.mac("email", b"a@b.example").await.unwrap(),
            "0b78af56e59fb12791c928772b164b2b5024bef7546502ddcbe491bdef5e52ae"
        );
    }

    #[tokio::test]
    async fn a_hash_depends_on_data_purpose_and_key() {
        let vault = vault(&[(1, 7)]);
        let hash = vault.mac("throttle", b"a@b.example").await.unwrap();
        assert_eq!((hash.len(), &hash), (64, &vault.mac("throttle", b"a@b.example").await.unwrap()));
        let other = super::tests::vault(&[(1, 8)]);
        for different in [
            vault.mac("throttle", b"a@c.example").await.unwrap(),
            vault.mac("recovery", b"a@b.example").await.unwrap(),
            other.mac("throttle", b"a@b.example").await.unwrap(),
        ] {
            assert_ne!(different, hash);
        }
    }

    #[tokio::test]
    async fn nothing_shows_and_without_a_key_nothing_opens() {
        let vault = vault(&[(1, b'x')]);
        let sealed = vault.seal(PURPOSE, b"hunter2").await.unwrap();
        let opened = vault.open(PURPOSE, &sealed).await.unwrap();
        let shown = format!("{vault:?} {sealed:?} {opened:?} {:?}", Vault::new_key());
        assert!(!shown.contains("120") && !shown.contains("104") && !shown.contains("hunter2"), "{shown}");

        let closed = Vault::in_cloud(None);
        assert!(matches!(closed.seal(PURPOSE, b"").await, Err(Error::Internal { .. })));
        assert!(matches!(closed.open(PURPOSE, &sealed).await, Err(Error::Internal { .. })));
        assert!(matches!(closed.mac(PURPOSE, b"").await, Err(Error::Internal { .. })));
    }
}
