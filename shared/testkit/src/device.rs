//! A device with a passkey, for what a browser would do with it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use passkey::{
    authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod},
    client::{Client, DefaultClientData},
    crypto::rust_crypto::RustCryptoBackend,
    types::{
        Passkey as Credential,
        ctap2::{Aaguid, Ctap2Error},
    },
};
use serde_json::{Value, json};
use url::Url;

/// Somebody with a finger, who is asked for it where the site wants it.
struct Finger;

#[async_trait::async_trait]
impl UserValidationMethod for Finger {
    type PasskeyItem = Credential;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Credential>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// A browser with its authenticator, which holds one passkey (1Password's, in software).
pub struct Device {
    authenticator: Authenticator<Option<Credential>, Finger, RustCryptoBackend>,
    counts: bool,
}

impl Device {
    #[allow(clippy::new_without_default, reason = "a device is nobody's usual value")]
    pub fn new() -> Self {
        Self::holding(None)
    }

    fn holding(credential: Option<Credential>) -> Self {
        let authenticator = Authenticator::new(Aaguid::new_empty(), credential, Finger, RustCryptoBackend);
        Self { authenticator, counts: false }
    }

    /// As a security key: with a signature counter.
    pub fn counting() -> Self {
        let mut device = Self::new();
        device.authenticator.set_make_credentials_with_signature_counter(true);
        Self { counts: true, ..device }
    }

    /// Another device with the same secret, as it is now.
    pub fn copy(&self) -> Self {
        Self { counts: self.counts, ..Self::holding(self.authenticator.store().clone()) }
    }

    /// `navigator.credentials.create()` on a page of `origin`, then `toJSON()`.
    pub async fn create(&mut self, origin: &str, options: &Value) -> Value {
        let mut client = Client::new(self.take()).allows_insecure_localhost(true);
        let request = serde_json::from_value(json!({ "publicKey": options })).expect("what a site sends");
        let created = client
            .register(Url::parse(origin).expect("what a site sends"), request, DefaultClientData)
            .await
            .expect("the device answers");
        self.put_back(client.authenticator().store().clone());
        as_browsers_write(serde_json::to_value(created).expect("what a site sends"))
    }

    /// `navigator.credentials.get()`.
    pub async fn get(&mut self, origin: &str, options: &Value) -> Value {
        let mut client = Client::new(self.take()).allows_insecure_localhost(true);
        let request = serde_json::from_value(json!({ "publicKey": options })).expect("what a site sends");
        let given = client
            .authenticate(Url::parse(origin).expect("what a site sends"), request, DefaultClientData)
            .await
            .expect("the device answers");
        self.put_back(client.authenticator().store().clone());
        as_browsers_write(serde_json::to_value(given).expect("what a site sends"))
    }

    /// The same, that does not say whose it is.
    pub fn silent(&self) -> Self {
        let mut credential = self.authenticator.store().clone().expect("a passkey");
        credential.user_handle = None;
        Self { counts: self.counts, ..Self::holding(Some(credential)) }
    }

    /// As a copy that has lost its counter.
    pub fn forget_counter(&mut self) {
        self.authenticator.store_mut().as_mut().expect("a passkey").counter = None;
    }

    pub const fn counts(&self) -> bool {
        self.counts
    }

    fn take(&mut self) -> Authenticator<Option<Credential>, Finger, RustCryptoBackend> {
        let mut copy = self.copy();
        copy.authenticator.set_make_credentials_with_signature_counter(self.counts);
        copy.authenticator
    }

    fn put_back(&mut self, credential: Option<Credential>) {
        *self.authenticator.store_mut() = credential;
    }
}

/// Bytes as base64url, where the software browser writes lists of numbers.
fn as_browsers_write(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, as_browsers_write(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(list) => match list.iter().map(|one| u8::try_from(one.as_u64()?).ok()).collect::<Option<Vec<_>>>()
        {
            Some(bytes) => URL_SAFE_NO_PAD.encode(bytes).into(),
            None => list.into(),
        },
        other => other,
    }
}
