//! Signing in with e-mail and password.

use cloud::Deps;
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use table::{keys, meter};
use web::{Visitor, credentials::Secret};

use super::{
    challenge::{Challenge, VALID},
    open_session::{Opening, destination},
};
use crate::{
    account::{password, store::Account},
    throttle::{self, Attempt, SIGN_IN, SIGN_IN_FROM},
};

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

/// How far the password led.
pub enum SignedIn {
    /// All the way: the session's secret.
    Session(Secret),
    /// A second factor is wanted: the secret of the challenge.
    Challenge(Secret),
}

/// An unknown e-mail and a wrong password give the same answer in the same time.
pub async fn sign_in(deps: &Deps, visitor: &Visitor, input: &SignInInput) -> Result<SignedIn> {
    let email = input.email.trim().to_lowercase();
    let subjects = [(SIGN_IN, email.clone()), (SIGN_IN_FROM, throttle::address(visitor.address))];
    let reading = async {
        match email.len() {
            1..=254 => deps.table.get::<Account>(&keys::email(&email)).await,
            _ => Ok(None),
        }
    };
    let (attempt, account) = meter::side_by_side(Attempt::count(deps, &subjects), reading).await;
    let (attempt, account) = (attempt?, account?);
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    if !password::matches(input.password.clone(), hash).await? {
        return Err(Error::WrongCredentials);
    }
    let account = account.ok_or(Error::WrongCredentials)?;
    let into = destination(deps, &account).await?;
    let opening = Opening::new(deps, visitor, &account, into.organization, false)?;
    let rehashed = match password::is_outdated(&account.password_hash) {
        true => Some(password::hash(input.password.clone()).await?),
        false => None,
    };
    let challenged = account.has_second_factor().then(Secret::one_use);
    let scope = &opening.scope(deps, visitor, &account);
    let writing = scope.write(|| async {
        let mut transaction = scope.begin("sign_in", opening.session.id);
        match &challenged {
            Some(secret) => {
                transaction.create(&Challenge {
                    hash: secret.hash.clone(),
                    user: account.user,
                    email: account.email.clone(),
                    organization: into.organization,
                    expires_at: scope.now().checked_add(VALID).map_err(Error::internal)?,
                });
            }
            None => opening.write(&mut transaction),
        }
        if let Some(hash) = &rehashed {
            transaction.update(&account, &Account { password_hash: hash.clone(), ..account.value.clone() });
        }
        Ok((transaction, ()))
    });
    let (written, ()) = meter::side_by_side(writing, attempt.forgive(deps)).await;
    written?;
    Ok(match challenged {
        Some(secret) => SignedIn::Challenge(secret),
        None => SignedIn::Session(opening.secret),
    })
}
