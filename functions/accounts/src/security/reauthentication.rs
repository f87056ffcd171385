//! Somebody who is signed in shows once more who they are, before what protects their account changes: with their
//! password, or with one of their passkeys.

use std::future::Future;

use kernel::{
    Error, Result, Rule,
    id::{CeremonyId, PasskeyId},
};
use serde::{Deserialize, Serialize};
use table::{First, Stored, Transaction, meter};
use web::Asker;

use super::Factors;
use crate::{
    account::password,
    passkey::{Assertion, Ceremony, Passkey, Purpose, Refused, RelyingParty, Response, Shown, finish_authentication},
    throttle::{Attempt, SECOND_FACTOR, SIGN_IN},
};

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReauthenticationInput {
    /// The password; or else a passkey, in the two other fields.
    pub password: String,
    /// `cer_…`, of `start_passkey_confirmation`.
    pub ceremony: String,
    /// What `navigator.credentials.get()` gave, as its `toJSON()`.
    #[schema(value_type = Object)]
    pub response: Response,
}

/// Somebody who showed it just now, with what was read meanwhile.
pub(crate) struct Proven {
    attempt: Attempt,
    found: First<Factors>,
    by: By,
}

enum By {
    /// The hash that the password was compared with.
    Password(String),
    Passkey(Box<(RelyingParty, Shown)>),
}

impl Proven {
    pub(crate) async fn read(asker: &Asker, input: &ReauthenticationInput) -> Result<Self> {
        asker.session.as_ref().ok_or(Error::Forbidden)?;
        let shown = Shown::read(&input.ceremony, &input.response).map_err(Refused::of_input)?;
        let subject = match &shown {
            None => [(SIGN_IN, asker.email.clone())],
            Some(_) => [(SECOND_FACTOR, asker.user.to_string())],
        };
        let ceremony = shown.as_ref().map(|shown| shown.ceremony);
        let reading = Factors::read(asker, ceremony);
        let (attempt, found) = meter::side_by_side(Attempt::count(asker.deps(), &subject), reading).await;
        let (attempt, found) = (attempt?, found?);
        let by = match shown {
            None => {
                let hash = found.account.password_hash.clone();
                if !password::matches(input.password.clone(), Some(hash.clone())).await? {
                    return Err(Error::field("/password", Rule::WrongPassword));
                }
                By::Password(hash)
            }
            Some(shown) => {
                let site = RelyingParty::new(&asker.deps().config.public_url)?;
                confirmed(asker, &site, &found, &shown.assertion)?;
                By::Passkey(Box::new((site, shown)))
            }
        };
        Ok(Self { attempt, found: First::reading(found), by })
    }

    /// What was read, at the act's first attempt; afresh at each further one.
    pub(crate) async fn again(&self, asker: &Asker) -> Result<Factors> {
        self.found.or(|| Factors::read(asker, self.ceremony())).await
    }

    fn ceremony(&self) -> Option<CeremonyId> {
        match &self.by {
            By::Password(_) => None,
            By::Passkey(shown) => Some(shown.1.ceremony),
        }
    }

    /// Uses the proof up in the transaction of what it was shown for. `gone` are passkeys that the act deletes.
    pub(crate) fn spend(
        &self,
        asker: &Asker,
        factors: &Factors,
        transaction: &mut Transaction,
        gone: &[PasskeyId],
    ) -> Result<()> {
        match &self.by {
            By::Password(hash) if factors.account.password_hash == *hash => Ok(()),
            By::Password(_) => Err(Error::Stale),
            By::Passkey(passkey) => {
                let (site, shown) = &**passkey;
                let (ceremony, read, used) = confirmed(asker, site, factors, &shown.assertion)?;
                transaction.spend(ceremony, || Refused::NoCeremony.of_input());
                if !gone.contains(&read.id) {
                    transaction.update(read, &used);
                }
                Ok(())
            }
        }
    }

    /// Ends the act, and takes the attempt off again beside it.
    pub(crate) async fn forgiven<T>(&self, asker: &Asker, writing: impl Future<Output = Result<T>>) -> Result<T> {
        let (written, ()) = meter::side_by_side(writing, self.attempt.forgive(asker.deps())).await;
        written
    }
}

/// The ceremony, and the passkey that answers it: as it was read, and after this use.
fn confirmed<'a>(
    asker: &Asker,
    site: &RelyingParty,
    factors: &'a Factors,
    assertion: &Assertion,
) -> Result<(&'a Stored<Ceremony>, &'a Stored<Passkey>, Passkey)> {
    let ceremony = factors.ceremony.as_ref().ok_or_else(|| Refused::NoCeremony.of_input())?;
    ceremony.begun_for(Purpose::Confirmation { user: asker.user }).map_err(Refused::of_input)?;
    let hash = assertion.credential_hash();
    let read = factors.passkeys.iter().find(|passkey| passkey.credential_id.hash() == hash);
    let read = read.ok_or_else(|| Refused::NotProven.of_input())?;
    let used = finish_authentication(site, ceremony, assertion, read, asker.scope.now()).map_err(Refused::of_input)?;
    Ok((ceremony, read, used))
}
