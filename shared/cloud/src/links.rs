//! The link by which somebody who is no member reaches one document: `<organization>_<document>_<link>_<256 random bits>`.
//! The ids stand in clear so that one reading finds all that the page shows; they count for nothing until the item
//! agrees. Of the secret the item keeps the SHA-256: 256 random bits need no slow hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{
    event::Owner,
    id::{LinkId, OrganizationId},
};
use rand::RngCore;
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use ulid::Ulid;

/// A link that was just drawn: given to its holder once, stored as a hash.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// What the address says after `lien=`; nothing in it needs escaping.
    pub text: SecretString,
    pub hash: String,
}

/// What a link says, before anything is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkClaim {
    pub organization: OrganizationId,
    pub owner: Owner,
    pub link: LinkId,
    pub hash: String,
}

impl NewLink {
    pub fn draw(organization: OrganizationId, owner: Owner, link: LinkId) -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        let secret = URL_SAFE_NO_PAD.encode(bytes);
        let text = format!("{}_{owner}_{}_{secret}", organization.ulid(), link.ulid());
        Self { text: text.into(), hash: hash(&secret) }
    }
}

impl LinkClaim {
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(5, '_');
        let organization = Ulid::from_string(parts.next()?).ok()?;
        let (kind, id) = (parts.next()?, parts.next()?);
        let owner = format!("{kind}_{id}").parse::<Owner>().ok().filter(Owner::has_document)?;
        let link = Ulid::from_string(parts.next()?).ok()?;
        let secret = parts.next().filter(|secret| !secret.is_empty())?;
        Some(Self {
            organization: OrganizationId::from_ulid(organization),
            owner,
            link: LinkId::from_ulid(link),
            hash: hash(secret),
        })
    }
}

fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

#[cfg(test)]
mod tests {
    use kernel::id::{QuoteId, UserId};
    use secrecy::ExposeSecret;

    use super::*;

    const ORGANIZATION: OrganizationId = OrganizationId::from_ulid(Ulid(1));
    const OWNER: Owner = Owner::Quote(QuoteId::from_ulid(Ulid(2)));
    const LINK: LinkId = LinkId::from_ulid(Ulid(3));

    #[test]
    fn a_link_reads_back_and_is_never_the_same() {
        let (one, other) = (NewLink::draw(ORGANIZATION, OWNER, LINK), NewLink::draw(ORGANIZATION, OWNER, LINK));
        assert_ne!(one.hash, other.hash);
        let text = one.text.expose_secret();
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
        let claim = LinkClaim { organization: ORGANIZATION, owner: OWNER, link: LINK, hash: one.hash };
        assert_eq!(LinkClaim::read(&format!(" {text} ")), Some(claim));
        assert!(!format!("{other:?}").contains(other.text.expose_secret()));
    }

    #[test]
    fn what_is_no_link_is_none() {
        let ulid = Ulid(1);
        let user = Owner::User(UserId::from_ulid(ulid));
        let secretless = format!("{ulid}_{OWNER}_{ulid}_");
        let of_a_user = format!("{ulid}_{user}_{ulid}_abc");
        for text in ["", "_____", "é_é_é_é_é", "a_quo_b_c_d", secretless.as_str(), of_a_user.as_str()] {
            assert_eq!(LinkClaim::read(text), None, "{text}");
        }
    }
}
