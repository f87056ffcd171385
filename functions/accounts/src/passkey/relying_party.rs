//! Who the browser is told that we are.

use std::{fmt, net::Ipv4Addr};

use kernel::{Error, Result};
use url::{Host, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::ceremony::CEREMONY_VALID;

const NAME: &str = "ABSERVICE";

/// The site that passkeys belong to: they work where it is, and nowhere else.
#[derive(Clone)]
pub struct RelyingParty(pub(super) Webauthn);

impl RelyingParty {
    /// From where people reach the product. A passkey belongs to a name and to HTTPS; on one machine, where the product
    /// is reached by its loopback address, that is `http://localhost` with the same port.
    pub fn new(public_url: &str) -> Result<Self> {
        let refused = || Error::internal(format!("passkeys need HTTPS and a name, not {public_url:?}"));
        let mut origin = Url::parse(public_url).map_err(|_| refused())?;
        if matches!(origin.host(), Some(Host::Ipv4(Ipv4Addr::LOCALHOST))) {
            origin.set_host(Some("localhost")).map_err(|_| refused())?;
        }
        let Some(Host::Domain(id)) = origin.host() else { return Err(refused()) };
        if origin.scheme() != "https" && id != "localhost" {
            return Err(refused());
        }
        let built = WebauthnBuilder::new(id, &origin)
            .and_then(|builder| builder.rp_name(NAME).timeout(CEREMONY_VALID.unsigned_abs()).build());
        built.map(Self).map_err(Error::internal)
    }
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RelyingParty({:?})", self.0.get_allowed_origins())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_belongs_to_a_name_and_to_https() {
        for good in ["https://app.abservice.example", "http://localhost:8787", "http://127.0.0.1:8787"] {
            assert!(RelyingParty::new(good).is_ok(), "{good}");
        }
        for bad in
            ["http://app.abservice.example", "https://192.0.2.7", "http://[::1]:8787", "app.abservice.example", ""]
        {
            assert!(RelyingParty::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn on_one_machine_it_is_localhost_with_the_port() {
        let here = RelyingParty::new("http://127.0.0.1:8787").unwrap();
        assert_eq!(format!("{here:?}"), format!("{:?}", RelyingParty::new("http://localhost:8787").unwrap()));
    }
}
