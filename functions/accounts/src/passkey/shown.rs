//! What a browser gives back, as it comes in a form or in a request of the API.

use kernel::{Result, id::CeremonyId};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{Assertion, Refused};

/// The `toJSON()` of the browser's credential: an object in JSON, its text in a form; nothing where none is shown.
#[derive(Clone, Default, Serialize)]
pub struct Response(pub(crate) Value);

impl<'de> Deserialize<'de> for Response {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(from)? {
            Value::String(text) if text.is_empty() => Value::Null,
            Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            object => object,
        }))
    }
}

/// An answer to a ceremony, read and not yet believed.
pub struct Shown {
    pub ceremony: CeremonyId,
    pub assertion: Assertion,
}

impl Shown {
    /// None where no passkey is shown.
    pub fn read(ceremony: &str, response: &Response) -> Result<Option<Self>, Refused> {
        if response.0.is_null() {
            return Ok(None);
        }
        let ceremony = ceremony.parse().map_err(|_| Refused::NoCeremony)?;
        Ok(Some(Self { ceremony, assertion: Assertion::parse(&response.0)? }))
    }
}
