//! Signing in with e-mail and password.

use cloud::Deps;
use kernel::{Actor, Error, Result, Tenant, id::SessionId};
use serde::{Deserialize, Serialize};
use table::keys;
use web::{
    Session, Visitor,
    credentials::{SESSION_VALID, Secret},
};

use crate::account::{password, store::Account};

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SignInInput {
    pub email: String,
    pub password: String,
    /// The page to come back to; forms only.
    #[schema(ignore)]
    pub suite: String,
}

/// Opens a session. An unknown e-mail and a wrong password give the same answer in the same time.
pub async fn sign_in(deps: &Deps, visitor: &Visitor, input: &SignInInput) -> Result<Secret> {
    let email = input.email.trim();
    let account = match email.len() {
        1..=254 => deps.table.get::<Account>(&keys::email(email)).await?,
        _ => None,
    };
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    if !password::matches(input.password.clone(), hash).await? {
        return Err(Error::WrongCredentials);
    }
    let account = account.ok_or(Error::WrongCredentials)?.value;
    let now = deps.clock.now();
    let secret = Secret::session(account.user, account.organization);
    let session = Session {
        id: SessionId::new(now, deps.table.random()),
        hash: secret.hash.clone(),
        user: account.user,
        organization: account.organization,
        created_at: now,
        expires_at: now.checked_add(SESSION_VALID).map_err(Error::internal)?,
        seen_at: now,
        second_factor: false,
        platform: false,
        address: visitor.address,
        user_agent: visitor.user_agent.clone(),
    };
    let actor = Actor::User { id: account.user, name: account.name.clone(), address: visitor.address };
    let scope = &deps.table.scope(Tenant::proven(account.organization, actor)).with_origin(visitor.origin());
    scope
        .write(|| async {
            let mut transaction = scope.begin("sign_in", session.id);
            transaction.create(&session);
            Ok((transaction, ()))
        })
        .await?;
    Ok(secret)
}
