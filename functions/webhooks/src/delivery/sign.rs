//! The signature of a request, as its receiver checks it: `t=<seconds>,v1=<hex>`, where v1 is HMAC-SHA256, by the secret as
//! it was shown, over `<seconds>.<body>`. While a secret is changed there are two. Pure.

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result};
use sha2::Sha256;

/// The header.
pub const SIGNATURE: &str = "abservice-signature";

pub fn signature<'a>(secrets: impl Iterator<Item = &'a [u8]>, second: i64, body: &str) -> Result<String> {
    let mut parts = vec![format!("t={second}")];
    for secret in secrets {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(Error::internal)?;
        mac.update(format!("{second}.{body}").as_bytes());
        parts.push(format!("v1={}", hex::encode(mac.finalize().into_bytes())));
    }
    Ok(parts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_another_program_computes() {
        // printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test
        let one = signature([b"whsec_test".as_slice()].into_iter(), 1_700_000_000, "{\"id\":\"evt_1\"}").unwrap();
        assert_eq!(one, format!("t=1700000000,v1={}", EXPECTED));
        let two = [b"new".as_slice(), b"whsec_test".as_slice()];
        let both = signature(two.into_iter(), 1_700_000_000, "{\"id\":\"evt_1\"}").unwrap();
        assert!(both.ends_with(&format!(",v1={}", EXPECTED)) && both.matches("v1=").count() == 2);
    }

    const EXPECTED: &str = "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";
}
