//! A secret as it is kept: readable again only by the vault that sealed it, for the purpose that it was sealed for.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Stored as one base64 text.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// What a vault made; whether it can be opened shows when it is.
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        // Not base64's words: they quote what they did not expect.
        BASE64_STANDARD.decode(text.as_bytes()).map(Self).map_err(|_| de::Error::custom("not a sealed secret"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_text_and_shows_nothing() {
        let sealed = Sealed::from_bytes(b"\x01sealed bytes".to_vec());
        let text = serde_json::to_string(&sealed).unwrap();
        assert_eq!(text, "\"AXNlYWxlZCBieXRlcw==\"");
        assert_eq!(serde_json::from_str::<Sealed>(&text).unwrap(), sealed);
        assert_eq!(format!("{sealed:?}"), "Sealed(…)");
        let error = serde_json::from_str::<Sealed>("\"hunter2!\"").unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
