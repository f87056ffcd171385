//! Creating a token. Its secret is shown once and stored as a hash.

use jiff::{SignedDuration, Timestamp};
use kernel::{Error, Permission, Result, Rule, Violations, id::TokenId, legal, permission::Permissions};
use serde::{Deserialize, Serialize};
use web::{AccessToken, Asker, credentials::Secret};

const SCOPES_MAX: usize = 50;
const DAYS_MAX: i64 = 366;

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TokenInput {
    pub name: String,
    /// Permissions such as `invoicing:create`, none of them beyond what its holder may do. What its holder may do no
    /// more one day, the token may not either.
    pub scopes: Vec<String>,
    /// Days until it expires, 1 to 366; empty for never.
    pub expires_in_days: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct NewToken {
    pub token: AccessToken,
    /// Never stored, so absent when an Idempotency-Key gives the first answer again.
    #[serde(skip)]
    pub secret: Option<String>,
}

struct Wanted {
    name: String,
    scopes: Vec<Permission>,
    expires_at: Option<Timestamp>,
}

pub async fn create_token(asker: &Asker, input: &TokenInput) -> Result<NewToken> {
    // A token does not beget tokens: who holds one could outlive its expiry.
    if asker.session.is_none() {
        return Err(Error::Forbidden);
    }
    let scope = &asker.scope;
    let wanted = input.parse(&asker.permissions, scope.now())?;
    let secret = Secret::token(asker.user, asker.organization.id);
    let token = AccessToken {
        id: scope.new_id(TokenId::new),
        hash: secret.hash,
        organization: asker.organization.id,
        user: asker.user,
        name: wanted.name,
        scopes: wanted.scopes,
        created_at: scope.now(),
        expires_at: wanted.expires_at,
        seen_at: None,
    };
    scope
        .write(|| async {
            let mut transaction = scope.begin("create_token", token.id);
            transaction.create(&token);
            Ok((transaction, NewToken { token: token.clone(), secret: Some(secret.text.clone()) }))
        })
        .await
}

impl TokenInput {
    fn parse(&self, own: &Permissions, now: Timestamp) -> std::result::Result<Wanted, Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 100));
        let scopes: Option<Vec<Permission>> = self.scopes.iter().map(|code| code.parse().ok()).collect();
        let scopes = wrong.take(
            "/scopes",
            match scopes {
                _ if self.scopes.len() > SCOPES_MAX => Err(Rule::TooMany { max: SCOPES_MAX }),
                Some(scopes) if scopes.is_empty() => Err(Rule::Required),
                Some(scopes) if !scopes.iter().all(|scope| own.allow(*scope)) => Err(Rule::BeyondOwn),
                Some(scopes) => Ok(scopes),
                None => Err(Rule::NotAChoice),
            },
        );
        let expires_at = wrong.take("/expires_in_days", expiry(&self.expires_in_days, now));
        match (name, scopes, expires_at) {
            (Some(name), Some(scopes), Some(expires_at)) => Ok(Wanted { name, scopes, expires_at }),
            _ => Err(wrong),
        }
    }
}

fn expiry(days: &str, now: Timestamp) -> std::result::Result<Option<Timestamp>, Rule> {
    let days = days.trim();
    if days.is_empty() {
        return Ok(None);
    }
    let days: i64 = days.parse().map_err(|_| Rule::NotAWholeNumber)?;
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(Rule::OutOfRange { min: "1".into(), max: DAYS_MAX.to_string() });
    }
    now.checked_add(SignedDuration::from_hours(24 * days)).map(Some).map_err(|_| Rule::NotANumber)
}
