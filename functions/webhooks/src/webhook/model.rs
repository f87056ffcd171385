//! A webhook, and what becomes of one that nobody answers at. Pure.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result, Rule, Sealed, Violations,
    id::{OrganizationId, WebhookId},
    legal,
    network::is_public,
};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::public_event::KINDS;

/// How many an organization has.
pub const WEBHOOKS_MAX: usize = 20;
const URL_MAX: usize = 1_000;
const DESCRIPTION_MAX: usize = 200;
/// How long nobody may answer before nothing is sent there any more.
pub const DISABLED_AFTER: SignedDuration = SignedDuration::from_hours(5 * 24);
/// How long the former secret signs beside a new one.
pub const BOTH_SIGN_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Names of machines that are nobody's on the Internet (RFC 6761, RFC 6762, RFC 8375).
const LOCAL_NAMES: [&str; 6] = ["localhost", "local", "internal", "home.arpa", "test", "invalid"];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    pub id: WebhookId,
    pub url: String,
    pub description: Option<String>,
    /// Names of public events.
    pub events: BTreeSet<String>,
    /// Somebody wants nothing sent for a while.
    pub paused: bool,
    /// What signs; only [`Self::purpose`] opens it.
    pub secret: Sealed,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_secret: Option<FormerSecret>,
    pub created_at: Timestamp,
    /// Since when nobody took anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// When it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormerSecret {
    pub secret: Sealed,
    pub until: Timestamp,
}

/// A secret that is shown once.
#[derive(Clone)]
pub struct NewSecret(pub String);

/// What a result makes of a webhook.
#[derive(Debug, Clone, PartialEq)]
pub struct Noted {
    /// None where nothing changes.
    pub webhook: Option<Webhook>,
    /// Whether it is given up by this.
    pub is_disabled: bool,
}

impl Webhook {
    pub fn purpose(organization: OrganizationId, webhook: WebhookId) -> String {
        format!("webhook/{organization}/{webhook}")
    }

    pub fn is_active(&self) -> bool {
        !self.paused && self.disabled_at.is_none()
    }

    pub fn wants(&self, kind: &str) -> bool {
        self.is_active() && self.events.contains(kind)
    }

    /// The secrets that sign now: a new one, and for a while the one before it.
    pub fn signing(&self, now: Timestamp) -> Vec<&Sealed> {
        let former = self.former_secret.as_ref().filter(|former| former.until > now);
        std::iter::once(&self.secret).chain(former.map(|former| &former.secret)).collect()
    }

    #[must_use]
    pub fn rotated(&self, secret: Sealed, now: Timestamp) -> Self {
        let until = now.saturating_add(BOTH_SIGN_FOR).unwrap_or(Timestamp::MAX);
        let former_secret = Some(FormerSecret { secret: self.secret.clone(), until });
        Self { secret, former_secret, ..self.clone() }
    }

    /// After somebody answered there as wanted, or nobody did. `is_gone`: whoever is there wants nothing any more.
    pub fn noting(&self, is_taken: bool, is_gone: bool, now: Timestamp) -> Noted {
        if is_taken {
            let webhook = self.failing_since.map(|_| Self { failing_since: None, ..self.clone() });
            return Noted { webhook, is_disabled: false };
        }
        let since = self.failing_since.unwrap_or(now);
        let is_disabled = self.disabled_at.is_none() && (is_gone || now.duration_since(since) >= DISABLED_AFTER);
        let after = Self {
            failing_since: Some(since),
            disabled_at: if is_disabled { Some(now) } else { self.disabled_at },
            ..self.clone()
        };
        Noted { webhook: (after != *self).then_some(after), is_disabled }
    }

    /// What people call it.
    pub fn label(&self) -> String {
        self.description.clone().unwrap_or_else(|| host(&self.url))
    }
}

/// The machine that an address names.
pub fn host(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| url.to_owned())
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookInput {
    /// `https://…`, of the public network. It is asked by POST, and no redirection is followed.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// Names of events: `invoice.paid.v1`.
    pub events: Vec<String>,
    /// `true` to send nothing there for the time being. What happens meanwhile is not sent later.
    pub paused: String,
}

/// What is right of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub url: String,
    pub description: Option<String>,
    pub events: BTreeSet<String>,
    pub paused: bool,
}

impl WebhookInput {
    pub fn of(webhook: &Webhook) -> Self {
        Self {
            url: webhook.url.clone(),
            description: webhook.description.clone().unwrap_or_default(),
            events: webhook.events.iter().cloned().collect(),
            paused: webhook.paused.to_string(),
        }
    }

    /// `reaches_this_machine`: in tests of the local process.
    pub fn parse(&self, reaches_this_machine: bool) -> Result<Wanted> {
        let mut wrong = Violations::default();
        let url = wrong.take("/url", address(&self.url, reaches_this_machine));
        let description = legal::optional(&self.description, |text| legal::required(text, DESCRIPTION_MAX));
        let description = wrong.take("/description", description);
        let events = wrong.take("/events", events(&self.events));
        let paused = wrong.take(
            "/paused",
            match self.paused.as_str() {
                "" | "false" => Ok(false),
                "true" => Ok(true),
                _ => Err(Rule::NotAChoice),
            },
        );
        match (url, description, events, paused) {
            (Some(url), Some(description), Some(events), Some(paused)) => {
                Ok(Wanted { url, description, events, paused })
            }
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

fn events(names: &[String]) -> std::result::Result<BTreeSet<String>, Rule> {
    if names.len() > KINDS.len() {
        return Err(Rule::TooMany { max: KINDS.len() });
    }
    let known = |name: &String| KINDS.iter().any(|kind| kind.name == name);
    match names {
        [] => Err(Rule::NothingChosen),
        names if names.iter().all(known) => Ok(names.iter().cloned().collect()),
        _ => Err(Rule::NotAChoice),
    }
}

/// As we shall ask it. Where a name leads is judged again each time it is resolved (`cloud::Outbound`).
fn address(text: &str, reaches_this_machine: bool) -> std::result::Result<String, Rule> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Rule::Required);
    }
    if text.len() > URL_MAX {
        return Err(Rule::TooLong { max: URL_MAX });
    }
    let mut url = Url::parse(text).map_err(|_| Rule::NotASecureAddress)?;
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if is_here && reaches_this_machine {
        return Ok(url.into());
    }
    if url.scheme() != "https" {
        return Err(Rule::NotASecureAddress);
    }
    let is_reached_by_all = match url.host() {
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let is_local = |local: &str| name == local || name.ends_with(&format!(".{local}"));
            name.contains('.') && !LOCAL_NAMES.into_iter().any(is_local)
        }
        None => false,
    };
    // Neither a password that everybody reads nor a part that no server sees.
    if !is_reached_by_all || !url.username().is_empty() || url.password().is_some() {
        return Err(Rule::NotAPublicAddress);
    }
    url.set_fragment(None);
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn webhook() -> Webhook {
        Webhook {
            id: WebhookId::from_ulid(Ulid(1)),
            url: "https://example.fr/in".into(),
            description: None,
            events: BTreeSet::from(["invoice.paid.v1".into()]),
            paused: false,
            secret: Sealed::from_bytes(vec![1]),
            former_secret: None,
            created_at: Timestamp::UNIX_EPOCH,
            failing_since: None,
            disabled_at: None,
        }
    }

    fn hour(n: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(n)
    }

    #[test]
    fn an_address_is_one_of_the_public_network_over_tls() {
        for (typed, asked) in [
            ("https://example.fr/hooks?key=1#part", "https://example.fr/hooks?key=1"),
            (" https://EXAMPLE.fr:8443 ", "https://example.fr:8443/"),
            ("https://1.1.1.1/", "https://1.1.1.1/"),
            ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
        ] {
            assert_eq!(address(typed, false).as_deref(), Ok(asked), "{typed}");
        }
        for (typed, rule) in [
            ("", Rule::Required),
            ("example.fr", Rule::NotASecureAddress),
            ("http://example.fr/", Rule::NotASecureAddress),
            ("ftp://example.fr/", Rule::NotASecureAddress),
            ("https://localhost/", Rule::NotAPublicAddress),
            ("https://printer/", Rule::NotAPublicAddress),
            ("https://db.internal./", Rule::NotAPublicAddress),
            ("https://box.local/", Rule::NotAPublicAddress),
            ("https://127.0.0.1/", Rule::NotAPublicAddress),
            // As browsers read them too: 127.0.0.1.
            ("https://2130706433/", Rule::NotAPublicAddress),
            ("https://0x7f.1/", Rule::NotAPublicAddress),
            ("https://0177.0.0.1/", Rule::NotAPublicAddress),
            ("https://10.0.0.1/", Rule::NotAPublicAddress),
            ("https://169.254.169.254/latest/meta-data", Rule::NotAPublicAddress),
            ("https://[::1]/", Rule::NotAPublicAddress),
            ("https://[::ffff:127.0.0.1]/", Rule::NotAPublicAddress),
            ("https://[fd00:ec2::254]/", Rule::NotAPublicAddress),
            ("https://[64:ff9b::7f00:1]/", Rule::NotAPublicAddress),
            ("https://user:word@example.fr/", Rule::NotAPublicAddress),
        ] {
            assert_eq!(address(typed, false), Err(rule), "{typed}");
        }
        assert!(address(&format!("https://example.fr/{}", "a".repeat(URL_MAX)), false).is_err());
        assert_eq!(address("http://127.0.0.1:8080/", true).as_deref(), Ok("http://127.0.0.1:8080/"));
        assert_eq!(address("http://10.0.0.1/", true), Err(Rule::NotASecureAddress));
    }

    #[test]
    fn nobody_who_answers_for_five_days_is_given_up() {
        let taken = webhook().noting(true, false, hour(0));
        assert_eq!(taken, Noted { webhook: None, is_disabled: false });
        let failing = webhook().noting(false, false, hour(0)).webhook.unwrap();
        assert_eq!(failing.failing_since, Some(hour(0)));
        // Within the time, nothing to write.
        assert_eq!(failing.noting(false, false, hour(119)), Noted { webhook: None, is_disabled: false });
        let given_up = failing.noting(false, false, hour(120));
        assert!(given_up.is_disabled && !given_up.webhook.as_ref().unwrap().is_active());
        // Once.
        assert!(!given_up.webhook.unwrap().noting(false, false, hour(121)).is_disabled);
        let back = failing.noting(true, false, hour(119)).webhook.unwrap();
        assert_eq!(back.failing_since, None);
        // Whoever says 410 wants nothing any more.
        assert!(webhook().noting(false, true, hour(0)).is_disabled);
    }

    #[test]
    fn a_former_secret_signs_for_a_day() {
        let rotated = webhook().rotated(Sealed::from_bytes(vec![2]), hour(0));
        assert_eq!(rotated.signing(hour(23)).len(), 2);
        assert_eq!(rotated.signing(hour(24)), [&Sealed::from_bytes(vec![2])]);
    }

    #[test]
    fn what_is_wanted_is_named_by_the_table() {
        let of = |events: &[&str]| {
            let events = events.iter().map(|name| (*name).to_owned()).collect();
            let input = WebhookInput { url: "https://example.fr/".into(), events, ..WebhookInput::default() };
            input.parse(false).map(|wanted| wanted.events.len()).map_err(|error| match error {
                Error::Invalid(wrong) => wrong.iter().next().map(|violation| violation.rule.clone()),
                _ => None,
            })
        };
        assert_eq!(of(&["invoice.paid.v1", "invoice.paid.v1"]), Ok(1));
        assert_eq!(of(&[]), Err(Some(Rule::NothingChosen)));
        assert_eq!(of(&["ledger.due.v1"]), Err(Some(Rule::NotAChoice)));
    }
}
