//! The link by which somebody who is no member reaches one document: `<organization>_<document>_<link>_<256 random bits>`.
//! The ids stand in clear so that one reading finds all that the page shows; they count for nothing until the item
//! agrees. Of the secret the item keeps the SHA-256: 256 random bits need no slow hash.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{
    event::Owner,
    id::{FeedId, LinkId, OrganizationId, UserId},
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

/// What the address of a calendar says, before anything is believed: `<organization>_<user>_<feed>_<256 random bits>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedClaim {
    pub organization: OrganizationId,
    pub user: UserId,
    pub feed: FeedId,
    pub hash: String,
}

impl FeedClaim {
    /// A new link for this feed; what it was before opens nothing any more.
    pub fn draw(organization: OrganizationId, user: UserId, feed: FeedId) -> NewLink {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        let secret = URL_SAFE_NO_PAD.encode(bytes);
        let text = format!("{}_{}_{}_{secret}", organization.ulid(), user.ulid(), feed.ulid());
        NewLink { text: text.into(), hash: hash(&secret) }
    }

    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(4, '_');
        let mut ulid = || parts.next().and_then(|part| Ulid::from_string(part).ok());
        let (organization, user, feed) = (ulid()?, ulid()?, ulid()?);
        let secret = parts.next().filter(|secret| !secret.is_empty())?;
        Some(Self {
            organization: OrganizationId::from_ulid(organization),
            user: UserId::from_ulid(user),
            feed: FeedId::from_ulid(feed),
            hash: hash(secret),
        })
    }
}

fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// The mail address to which an organization's invoices are sent: `factures-<organization>-<128 random bits>`. The organization
/// stands in clear, so that one reading finds whether the address is its own; it counts for nothing until the item agrees.
/// Case does not matter, as it does not on the way of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundClaim {
    pub organization: OrganizationId,
    pub secret: String,
}

impl InboundClaim {
    const BEGINNING: &str = "factures-";

    pub fn draw(organization: OrganizationId) -> Self {
        let mut bytes = [0; 16];
        rand::rng().fill_bytes(&mut bytes);
        Self { organization, secret: Ulid(u128::from_be_bytes(bytes)).to_string().to_lowercase() }
    }

    /// None of an address of another domain, or of another form.
    pub fn read(address: &str, domain: &str) -> Option<Self> {
        let address = address.trim().to_ascii_lowercase();
        let (local, of) = address.rsplit_once('@')?;
        let (organization, secret) = local.strip_prefix(Self::BEGINNING)?.split_once('-')?;
        let organization = OrganizationId::from_ulid(Ulid::from_string(&organization.to_ascii_uppercase()).ok()?);
        let is_ours = of == domain && secret.len() == 26 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_ours.then(|| Self { organization, secret: secret.to_owned() })
    }

    pub fn address(&self, domain: &str) -> String {
        let organization = self.organization.ulid().to_string().to_lowercase();
        format!("{}{organization}-{}@{domain}", Self::BEGINNING, self.secret)
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::QuoteId;
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
    fn the_link_of_a_calendar_reads_back() {
        let (user, feed) = (UserId::from_ulid(Ulid(2)), FeedId::from_ulid(Ulid(3)));
        let drawn = FeedClaim::draw(ORGANIZATION, user, feed);
        let text = drawn.text.expose_secret();
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
        let claim = FeedClaim { organization: ORGANIZATION, user, feed, hash: drawn.hash };
        assert_eq!(FeedClaim::read(text), Some(claim));
        // Its secret may have such marks too.
        let secretless: Vec<_> = text.splitn(4, '_').take(3).collect();
        for text in ["", "____", "a_b_c_d", &secretless.join("_")] {
            assert_eq!(FeedClaim::read(text), None, "{text}");
        }
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

    #[test]
    fn an_inbound_address_says_whose_it_is_in_whatever_case() {
        let claim = InboundClaim::draw(OrganizationId::from_ulid(Ulid(7)));
        let address = claim.address("recu.example");
        // RFC 5321, 4.5.3.1.1
        assert!(address.find('@').is_some_and(|local| local <= 64), "{address}");
        assert_eq!(InboundClaim::read(&address, "recu.example"), Some(claim.clone()));
        assert_eq!(InboundClaim::read(&format!(" {} ", address.to_uppercase()), "recu.example"), Some(claim.clone()));
        assert_ne!(InboundClaim::draw(claim.organization).secret, claim.secret);
        for other in
            ["", "@recu.example", "factures-@recu.example", "factures-1-2@recu.example", "contact@recu.example"]
        {
            assert_eq!(InboundClaim::read(other, "recu.example"), None, "{other}");
        }
        assert_eq!(InboundClaim::read(&address, "example"), None);
        assert_eq!(InboundClaim::read(&address.replace('@', "é@"), "recu.example"), None);
    }
}
