//! Setting up codes of an application: a seed is drawn, and its holder proves it with a first code.

use kernel::{Error, Result, Rule, error::Conflict};
use serde::{Deserialize, Serialize};
use table::{First, Stored, keys, meter};
use web::Asker;

use super::{Factors, News, renew_recovery_codes::Given};
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

async fn read_second_factor(asker: &Asker) -> Result<Option<Stored<SecondFactor>>> {
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

/// Proves the seed. From now on signing in asks for codes; this session counts as having shown one. Recovery codes come
/// with somebody's first factor: who has passkeys has them already.
pub async fn confirm_totp(asker: &Asker, input: &CodeInput) -> Result<Vec<RecoveryCode>> {
    asker.session.as_ref().ok_or(Error::Forbidden)?;
    let deps = asker.deps();
    let subject = [(SECOND_FACTOR, asker.user.to_string())];
    let (attempt, factors) = meter::side_by_side(Attempt::count(deps, &subject), Factors::read(asker, None)).await;
    let (attempt, factors) = (attempt?, factors?);
    let codes = RecoveryCode::draw_all(&mut rand::rng());
    let hashes = recovery_hashes(&deps.vault, asker.user, &codes).await?;
    let scope = &asker.scope;
    let confirm = async |factors: &Factors| {
        let pending = factors.totp.clone().ok_or(Error::NotFound)?;
        let seed = open_seed(&deps.vault, &pending).await?;
        let confirmed =
            pending.confirmed(&seed, &input.code, scope.now()).map_err(|_| Error::field("/code", Rule::WrongCode))?;
        Ok::<_, Error>((pending, confirmed))
    };
    // A wrong code is not forgiven, so it is known before anything is written.
    confirm(&factors).await?;
    let found = First::reading(factors);
    let writing = scope.write(|| async {
        let factors = found.or(|| Factors::read(asker, None)).await?;
        let (pending, confirmed) = confirm(&factors).await?;
        let mut transaction = scope.begin("confirm_totp", asker.user);
        transaction.update(&pending, &confirmed);
        let account = Account { has_totp: true, ..factors.account.value.clone() };
        let is_first = factors.added(&mut transaction, &account, &hashes);
        News::TotpConfirmed.tell(asker, &mut transaction)?;
        Ok((transaction, Given { codes: if is_first { codes.clone() } else { Vec::new() } }))
    });
    let (written, ()) = meter::side_by_side(writing, attempt.forgive(deps)).await;
    written.map(|given: Given| given.codes)
}
