//! What changes an active second factor: the password is shown once more.

use kernel::{Error, Result, Rule};
use serde::{Deserialize, Serialize};
use table::{First, keys, meter};
use web::Asker;

use crate::{
    account::{password, store::Account},
    throttle::{Attempt, SIGN_IN},
    two_factor::{RecoveryCode, SecondFactor, recovery_hashes},
};

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReauthenticationInput {
    pub password: String,
}

/// No codes are asked for any more. Passkeys stay, and with one of them the second factor.
pub async fn disable_totp(asker: &Asker, input: &ReauthenticationInput) -> Result<()> {
    let proven = Proven::read(asker, input).await?;
    let scope = &asker.scope;
    let writing = scope.write(|| async {
        let (factor, account, has_passkey) = proven.again(asker).await?;
        let factor = factor.ok_or(Error::NotFound)?;
        let mut transaction = scope.begin("disable_totp", asker.user);
        transaction
            .delete(&factor)
            .update(&account, &Account { has_second_factor: has_passkey, ..account.value.clone() });
        Ok((transaction, ()))
    });
    let (written, ()) = meter::side_by_side(writing, proven.attempt.forgive(asker.deps())).await;
    written
}

/// New recovery codes, shown this once; the old ones are worth nothing.
pub async fn renew_recovery_codes(asker: &Asker, input: &ReauthenticationInput) -> Result<Vec<RecoveryCode>> {
    let proven = Proven::read(asker, input).await?;
    let codes = RecoveryCode::draw_all(&mut rand::rng());
    let hashes = recovery_hashes(&asker.deps().vault, asker.user, &codes).await?;
    let scope = &asker.scope;
    let writing = scope.write(|| async {
        let (factor, _, _) = proven.again(asker).await?;
        let factor = factor.ok_or(Error::NotFound)?;
        let renewed = factor.recovery_renewed(hashes.clone()).map_err(|_| Error::NotFound)?;
        let mut transaction = scope.begin("renew_recovery_codes", asker.user);
        transaction.update(&factor, &renewed);
        Ok((transaction, ()))
    });
    let (written, ()) = meter::side_by_side(writing, proven.attempt.forgive(asker.deps())).await;
    written.map(|()| codes)
}

type Read = (Option<table::Stored<SecondFactor>>, table::Stored<Account>, bool);

/// Somebody who showed their password just now, with what was read meanwhile.
struct Proven {
    attempt: Attempt,
    found: First<Read>,
    password_hash: String,
}

impl Proven {
    async fn read(asker: &Asker, input: &ReauthenticationInput) -> Result<Self> {
        asker.session.as_ref().ok_or(Error::Forbidden)?;
        let subject = [(SIGN_IN, asker.email.clone())];
        let (attempt, found) = meter::side_by_side(Attempt::count(asker.deps(), &subject), read(asker)).await;
        let (attempt, found) = (attempt?, found?);
        let password_hash = found.1.password_hash.clone();
        if !password::matches(input.password.clone(), Some(password_hash.clone())).await? {
            return Err(Error::field("/password", Rule::WrongPassword));
        }
        Ok(Self { attempt, found: First::reading(found), password_hash })
    }

    async fn again(&self, asker: &Asker) -> Result<Read> {
        let read = self.found.or(|| read(asker)).await?;
        if read.1.password_hash == self.password_hash { Ok(read) } else { Err(Error::Stale) }
    }
}

async fn read(asker: &Asker) -> Result<Read> {
    let wanted = [keys::second_factor(asker.user), keys::email(&asker.email)];
    let table = &asker.deps().table;
    let passkeys = keys::passkeys(asker.user);
    let (found, passkeys) = meter::side_by_side(table.get_many(&wanted), table.collection(&passkeys)).await;
    let found = found?;
    let account = found.get::<Account>(&wanted[1])?.ok_or(Error::NotFound)?;
    Ok((found.get::<SecondFactor>(&wanted[0])?, account, !passkeys?.is_empty()))
}
