//! What the organization's clients may do on the portal, and its account with the provider of payments by card.

use cloud::{Deps, ExposeSecret, SecretString};
use jiff::Timestamp;
use kernel::{Error, Result, Rule, Sealed, Violations, error::Conflict, id::OrganizationId};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored};

use crate::content::flag;

const KEY_MAX: usize = 255;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalSettings {
    /// From one document to all of a client's.
    pub lists_documents: bool,
    /// Of an organization with an account: whether its invoices can be paid by card just now.
    pub offers_cards: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cards: Option<CardAccount>,
}

impl Default for PortalSettings {
    fn default() -> Self {
        Self { lists_documents: true, offers_cards: true, cards: None }
    }
}

impl PortalSettings {
    pub fn takes_cards(&self) -> bool {
        self.offers_cards && self.cards.is_some()
    }

    /// The account, whether or not it is offered just now: what was begun is still to be seen to its end.
    pub fn account(&self) -> Result<&CardAccount> {
        self.cards.as_ref().ok_or(Error::Conflict(Conflict::CardNotOffered))
    }
}

/// The organization's own account with the provider. Its keys are read by the vault alone and shown to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardAccount {
    pub secret_key: Sealed,
    pub webhook_secret: Sealed,
    /// The last characters of the key, by which its owner knows it.
    pub key_ending: String,
    /// Whether money moves, or it is a key for trying.
    pub is_live: bool,
    pub connected_at: Timestamp,
}

impl CardAccount {
    pub async fn key(&self, deps: &Deps, organization: OrganizationId) -> Result<SecretString> {
        opened(deps, &key_purpose(organization), &self.secret_key).await
    }

    pub async fn webhook_secret(&self, deps: &Deps, organization: OrganizationId) -> Result<SecretString> {
        opened(deps, &webhook_purpose(organization), &self.webhook_secret).await
    }
}

async fn opened(deps: &Deps, purpose: &str, sealed: &Sealed) -> Result<SecretString> {
    let opened = deps.vault.open(purpose, sealed).await?;
    let text = std::str::from_utf8(opened.expose_secret()).map_err(|_| Error::internal("a key that is no text"))?;
    Ok(text.into())
}

fn key_purpose(organization: OrganizationId) -> String {
    format!("card-key/{organization}")
}

fn webhook_purpose(organization: OrganizationId) -> String {
    format!("card-webhook/{organization}")
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PortalSettingsInput {
    /// `true` where a client who holds a link to one document may ask for a mail that leads to all of theirs.
    pub lists_documents: String,
    /// `true` where invoices can be paid by card, once an account is connected.
    pub offers_cards: String,
}

/// The same for the form and the API. It is kept sealed, and never shown again.
#[derive(Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CardsInput {
    /// `sk_live_…` or `sk_test_…`, or a restricted key `rk_…` that may write Checkout Sessions and refunds.
    pub secret_key: String,
    /// `whsec_…`, of the webhook that is sent to `/webhooks/stripe/{organization}`.
    pub webhook_secret: String,
}

impl CardsInput {
    fn parse(&self) -> std::result::Result<(&str, &str), Violations> {
        let mut wrong = Violations::default();
        let key =
            wrong.take("/secret_key", secret(&self.secret_key, &["sk_live_", "sk_test_", "rk_live_", "rk_test_"]));
        let webhook = wrong.take("/webhook_secret", secret(&self.webhook_secret, &["whsec_"]));
        key.zip(webhook).ok_or(wrong)
    }
}

fn secret<'a>(text: &'a str, prefixes: &[&str]) -> std::result::Result<&'a str, Rule> {
    let text = text.trim();
    let is_plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let rest = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
    match rest {
        _ if text.is_empty() => Err(Rule::Required),
        _ if text.len() > KEY_MAX => Err(Rule::TooLong { max: KEY_MAX }),
        Some(rest) if is_plain && rest.len() >= 8 => Ok(text),
        _ => Err(Rule::NotACardKey {
            expected: prefixes.iter().map(|prefix| format!("{prefix}…")).collect::<Vec<_>>().join(", "),
        }),
    }
}

/// With version 0 where they were never changed.
pub async fn read_portal_settings(scope: &Scope) -> Result<Stored<PortalSettings>> {
    let found = scope.get::<PortalSettings>(&scope.keys().portal_settings()).await?;
    Ok(found.unwrap_or_else(|| Stored { value: PortalSettings::default(), version: 0 }))
}

pub async fn edit_portal_settings(
    scope: &Scope,
    input: &PortalSettingsInput,
    seen: Option<u64>,
) -> Result<Stored<PortalSettings>> {
    let mut wrong = Violations::default();
    let lists_documents = wrong.take("/lists_documents", flag(&input.lists_documents));
    let offers_cards = wrong.take("/offers_cards", flag(&input.offers_cards));
    let (Some(lists_documents), Some(offers_cards)) = (lists_documents, offers_cards) else { return Err(wrong.into()) };
    scope
        .write(|| async {
            let read = read_portal_settings(scope).await?.expect_version(seen)?;
            let settings = PortalSettings { lists_documents, offers_cards, ..read.value.clone() };
            let mut transaction = scope.begin("edit_portal_settings", scope.tenant().organization());
            transaction.save((read.version > 0).then_some(&read), &settings);
            Ok((transaction, Stored { value: settings, version: read.version + 1 }))
        })
        .await
}

/// Takes payments by card from now on, with an account whose key the provider takes.
pub async fn connect_cards(deps: &Deps, scope: &Scope, input: &CardsInput) -> Result<Stored<PortalSettings>> {
    let (key, webhook) = input.parse()?;
    let organization = scope.tenant().organization();
    if scope.outcome::<Stored<PortalSettings>>()?.is_none() {
        deps.cards.check(&key.into()).await.map_err(|error| match error {
            Error::Conflict(Conflict::CardKeyRefused) => Error::field("/secret_key", Rule::CardKeyRefused),
            other => other,
        })?;
    }
    let cards = CardAccount {
        secret_key: deps.vault.seal(&key_purpose(organization), key.as_bytes()).await?,
        webhook_secret: deps.vault.seal(&webhook_purpose(organization), webhook.as_bytes()).await?,
        key_ending: key.get(key.len().saturating_sub(4)..).unwrap_or_default().into(),
        is_live: key.contains("_live_"),
        connected_at: scope.now(),
    };
    scope
        .write(|| async {
            let read = read_portal_settings(scope).await?;
            let settings = PortalSettings { cards: Some(cards.clone()), offers_cards: true, ..read.value.clone() };
            let mut transaction = scope.begin("connect_cards", organization);
            transaction.save((read.version > 0).then_some(&read), &settings);
            Ok((transaction, Stored { value: settings, version: read.version + 1 }))
        })
        .await
}

/// Forgets the keys. What is paid after that on a page that was opened before is not seen.
pub async fn disconnect_cards(scope: &Scope) -> Result<Stored<PortalSettings>> {
    scope
        .write(|| async {
            let read = read_portal_settings(scope).await?;
            let mut transaction = scope.begin("disconnect_cards", scope.tenant().organization());
            let settings = PortalSettings { cards: None, ..read.value.clone() };
            if read.cards.is_none() {
                return Ok((transaction.nothing(), read));
            }
            transaction.update(&read, &settings);
            Ok((transaction, Stored { value: settings, version: read.version + 1 }))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(key: &str, webhook: &str) -> Vec<String> {
        let input = CardsInput { secret_key: key.into(), webhook_secret: webhook.into() };
        input.parse().err().map(|wrong| wrong.iter().map(|wrong| wrong.pointer.clone()).collect()).unwrap_or_default()
    }

    #[test]
    fn keys_are_those_of_the_provider() {
        assert!(wrong("sk_test_4eC39HqLyjWDarjtT1zdp7dc", " whsec_0123456789abcdef ").is_empty());
        assert!(wrong("rk_live_4eC39HqLyjWDarjtT1zdp7dc", "whsec_0123456789abcdef").is_empty());
        assert_eq!(wrong("", ""), ["/secret_key", "/webhook_secret"]);
        assert_eq!(wrong("pk_live_4eC39HqLyjWDarjtT1zdp7dc", "whsec_0123456789abcdef"), ["/secret_key"]);
        assert_eq!(wrong("sk_test_4eC39HqLy\njWDarjtT1zdp7dc", "whsec_0123456789abcdef"), ["/secret_key"]);
        assert_eq!(wrong("sk_test_4eC39HqLyjWDarjtT1zdp7dc", "sk_test_4eC39HqLyjWDarjtT1zdp7dc"), ["/webhook_secret"]);
    }
}
