//! Signatures that whoever has the public key can check, without us: Ed25519 (RFC 8032).

use base64::{Engine, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use secrecy::{ExposeSecret, SecretBox};

use super::KEY_BYTES;

/// What a public key of Ed25519 begins with as `SubjectPublicKeyInfo` (RFC 8410).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

pub struct Signer(SigningKey);

impl Signer {
    pub(super) fn of(seed: &SecretBox<[u8; KEY_BYTES]>) -> Self {
        Self(SigningKey::from_bytes(seed.expose_secret()))
    }

    /// In hexadecimal, 128 characters.
    pub fn sign(&self, text: &[u8]) -> String {
        hex::encode(self.0.sign(text).to_bytes())
    }

    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(…)")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// 64 hexadecimal characters; none where they are no key.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; KEY_BYTES] = hex::decode(text).ok()?.try_into().ok()?;
        VerifyingKey::from_bytes(&bytes).ok().map(Self)
    }

    /// As OpenSSL writes and reads it.
    pub fn pem(&self) -> String {
        let der = [SPKI.as_slice(), self.0.as_bytes()].concat();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64_STANDARD.encode(der))
    }

    pub fn of_pem(pem: &str) -> Option<Self> {
        let inside = pem.trim().strip_prefix("-----BEGIN PUBLIC KEY-----")?.strip_suffix("-----END PUBLIC KEY-----")?;
        let text: String = inside.split_whitespace().collect();
        let der = BASE64_STANDARD.decode(text).ok()?;
        Self::parse(&hex::encode(der.strip_prefix(SPKI.as_slice())?))
    }

    /// Whether `signature` (hexadecimal) is of this text and made with this key.
    pub fn verifies(&self, text: &[u8], signature: &str) -> bool {
        let read = || Signature::from_slice(&hex::decode(signature).ok()?).ok();
        read().is_some_and(|signature| self.0.verify_strict(text, &signature).is_ok())
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(byte: u8) -> Signer {
        Signer::of(&Box::new([byte; KEY_BYTES]).into())
    }

    #[test]
    fn a_signature_is_of_one_text_and_one_key() {
        let signer = signer(7);
        let (key, signature) = (signer.public_key(), signer.sign(b"text"));
        assert!(key.verifies(b"text", &signature));
        assert!(!key.verifies(b"Text", &signature) && !key.verifies(b"text", &signature[2..]));
        assert!(!key.verifies(b"text", "") && !key.verifies(b"text", "zz"));
        assert!(!self::signer(8).public_key().verifies(b"text", &signature));
        assert_eq!(signer.sign(b"text"), signature, "always the same");
    }

    #[test]
    fn a_public_key_is_read_as_it_is_written() {
        let key = signer(7).public_key();
        assert_eq!(PublicKey::parse(&key.to_string()), Some(key));
        assert_eq!(PublicKey::of_pem(&key.pem()), Some(key));
        assert!(PublicKey::parse("00").is_none() && PublicKey::of_pem("-----BEGIN").is_none());
    }

    /// RFC 8032, 7.1, test 2.
    #[test]
    fn it_signs_as_the_standard_does() {
        let seed: [u8; KEY_BYTES] = hex::decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
            .unwrap()
            .try_into()
            .unwrap();
        let signer = Signer::of(&Box::new(seed).into());
        let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        assert_eq!(signer.public_key().to_string(), public);
        assert_eq!(
            signer.sign(&[0x72]),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        );
    }
}
