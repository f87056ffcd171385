//! Signing in with nothing but a passkey. It is something that one has, and it asks for a finger, a face or a PIN: two
//! factors, so no other is wanted.

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use table::{First, Items, keys, meter};
use web::{Visitor, credentials::Secret};

use super::open_session::{Opening, destination_among};
use crate::{
    account::store::Account,
    passkey::{Ceremony, Passkey, Purpose, Refused, RelyingParty, Response, Shown, finish_authentication},
    throttle::{self, Attempt, SIGN_IN_FROM},
};

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PasskeyInput {
    /// `cer_…`, of the beginning.
    pub ceremony: String,
    /// What `navigator.credentials.get()` gave, as its `toJSON()`.
    #[schema(value_type = Object)]
    pub response: Response,
    /// The page to come back to; forms only.
    #[schema(ignore)]
    pub suite: String,
}

/// An unknown passkey, a removed one and a wrong answer of a known one are the same to who asks. Attempts are counted
/// by where they come from only: a signature is not guessed, and nobody is to lock somebody else out.
pub async fn sign_in_with_passkey(visitor: &Visitor, input: &PasskeyInput) -> Result<Secret> {
    let deps = &visitor.deps;
    let Shown { ceremony, assertion } = Shown::read(&input.ceremony, &input.response)?.ok_or(Refused::Malformed)?;
    let user = assertion.user().ok_or(Refused::OfAnotherUser)?;
    let site = RelyingParty::new(&deps.config.public_url)?;
    let wanted = [keys::ceremony(ceremony), keys::passkey(user, &assertion.credential_hash())];
    let read = || deps.table.get_many(&wanted);
    let subject = [(SIGN_IN_FROM, throttle::address(visitor.address))];
    let (attempt, found) = meter::side_by_side(Attempt::count(deps, &subject), read()).await;
    let (attempt, found) = (attempt?, found?);
    let finish = |found: &Items| {
        let ceremony = found.get::<Ceremony>(&wanted[0])?.ok_or(Refused::NoCeremony)?;
        ceremony.begun_for(Purpose::SignIn {})?;
        let read = found.get::<Passkey>(&wanted[1])?.ok_or(Refused::NotProven)?;
        let used = finish_authentication(&site, &ceremony, &assertion, &read, deps.clock.now())?;
        Ok::<_, Error>((ceremony, read, used))
    };
    // A wrong answer is not forgiven, so it is known before anything is written.
    let (_, passkey, _) = finish(&found)?;
    let (account, memberships) = (keys::email(&passkey.email), keys::memberships_of_user(user));
    let reading = deps.table.collection(&memberships);
    let (account, memberships) = meter::side_by_side(deps.table.get::<Account>(&account), reading).await;
    let account = account?.filter(|account| account.user == user).ok_or(Error::WrongCredentials)?;
    let into = destination_among(&memberships?, &account)?;
    let opening = Opening::new(deps, visitor, &account, into.organization, true)?;
    let scope = &opening.scope(deps, visitor, &account);
    let found = First::reading(found);
    let writing = scope.write(|| async {
        let (ceremony, read, used) = finish(&found.or(read).await?)?;
        let mut transaction = scope.begin("sign_in", opening.session.id);
        transaction.spend(&ceremony, || Refused::NoCeremony.into()).update(&read, &used);
        opening.write(&mut transaction);
        Ok((transaction, ()))
    });
    let (written, ()) = meter::side_by_side(writing, attempt.forgive(deps)).await;
    written?;
    Ok(opening.secret)
}
