//! Setting up codes of an application: a seed is drawn, its holder proves it with a first code, and gets recovery
//! codes, which are shown this once.

use kernel::{Error, Result, Rule, error::Conflict};
use serde::{Deserialize, Serialize};
use table::{First, Items, Stored, keys, meter};
use web::Asker;

use crate::{
    account::store::Account,
    throttle::{Attempt, SECOND_FACTOR},
    two_factor::{Enrolment, RecoveryCode, SecondFactor, Seed, open_seed, recovery_hashes, seal_seed},
};

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CodeInput {
    /// Six digits of the application.
    pub code: String,
}

pub async fn read_second_factor(asker: &Asker) -> Result<Option<Stored<SecondFactor>>> {
    asker.deps().table.get(&keys::second_factor(asker.user)).await
}

/// Draws a seed. A confirmed one stays until it is disabled.
pub async fn start_totp(asker: &Asker) -> Result<Enrolment> {
    asker.session.as_ref().ok_or(Error::Forbidden)?;
    let seed = Seed::draw(&mut rand::rng());
    let sealed = seal_seed(&asker.deps().vault, asker.user, &seed).await?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let current = read_second_factor(asker).await?;
            if current.as_ref().is_some_and(|current| current.is_confirmed()) {
                return Err(Error::Conflict(Conflict::SecondFactorActive));
            }
            let mut transaction = scope.begin("start_totp", asker.user);
            transaction.save(current.as_ref(), &SecondFactor::started(asker.user, sealed.clone(), scope.now()));
            Ok((transaction, ()))
        })
        .await?;
    Ok(Enrolment::of(seed, &asker.email))
}

/// The seed that waits for its first code, for the page that is loaded again.
pub async fn pending_totp(asker: &Asker) -> Result<Enrolment> {
    let pending = read_second_factor(asker).await?.filter(|factor| !factor.is_confirmed()).ok_or(Error::NotFound)?;
    Ok(Enrolment::of(open_seed(&asker.deps().vault, &pending).await?, &asker.email))
}

/// Proves the seed. From now on signing in asks for codes; this session counts as having shown one.
pub async fn confirm_totp(asker: &Asker, input: &CodeInput) -> Result<Vec<RecoveryCode>> {
    let session = asker.session.as_ref().ok_or(Error::Forbidden)?;
    let deps = asker.deps();
    let wanted = [keys::second_factor(asker.user), keys::email(&asker.email), keys::session(&session.hash)];
    let read = || deps.table.get_many(&wanted);
    let subject = [(SECOND_FACTOR, asker.user.to_string())];
    let (attempt, found) = meter::side_by_side(Attempt::count(deps, &subject), read()).await;
    let (attempt, found) = (attempt?, found?);
    let codes = RecoveryCode::draw_all(&mut rand::rng());
    let hashes = recovery_hashes(&deps.vault, asker.user, &codes).await?;
    let scope = &asker.scope;
    let confirm = async |found: &Items| {
        let pending = found.get::<SecondFactor>(&wanted[0])?.ok_or(Error::NotFound)?;
        let seed = open_seed(&deps.vault, &pending).await?;
        let confirmed = pending
            .confirmed(&seed, &input.code, scope.now(), hashes.clone())
            .map_err(|_| Error::field("/code", Rule::WrongCode))?;
        Ok::<_, Error>((pending, confirmed))
    };
    // A wrong code is not forgiven, so it is known before anything is written.
    confirm(&found).await?;
    let found = First::reading(found);
    let writing = scope.write(|| async {
        let found = found.or(read).await?;
        let (pending, confirmed) = confirm(&found).await?;
        let account = found.get::<Account>(&wanted[1])?.ok_or(Error::NotFound)?;
        let current = found.get::<web::Session>(&wanted[2])?.ok_or(Error::Unauthenticated)?;
        let mut transaction = scope.begin("confirm_totp", asker.user);
        transaction
            .update(&pending, &confirmed)
            .update(&account, &Account { has_second_factor: true, ..account.value.clone() })
            .update(&current, &web::Session { second_factor: true, ..current.value.clone() });
        Ok((transaction, ()))
    });
    let (written, ()) = meter::side_by_side(writing, attempt.forgive(deps)).await;
    written.map(|()| codes)
}
