//! Asking for a passkey as the second step of signing in, where the password is known.

use kernel::{Result, id::CeremonyId};
use table::{Stored, keys, meter};
use web::Visitor;

use crate::{
    passkey::{Begun, Passkey, RelyingParty, start_confirmation},
    session::challenge,
    throttle::{self, Attempt, PASSKEY_FROM},
};

pub async fn start_second_step(visitor: &Visitor) -> Result<Begun> {
    let deps = &visitor.deps;
    let subject = [(PASSKEY_FROM, throttle::address(visitor.address))];
    let (attempt, challenge) =
        meter::side_by_side(Attempt::count(deps, &subject), challenge::of_visitor(visitor)).await;
    attempt?;
    let challenge = challenge?;
    let passkeys = deps.table.collection(&keys::passkeys(challenge.user)).await?.all::<Passkey>()?;
    let passkeys: Vec<_> = passkeys.into_iter().map(|Stored { value, .. }| value).collect();
    let site = RelyingParty::new(&deps.config.public_url)?;
    let now = deps.clock.now();
    let id = CeremonyId::new(now, deps.table.random());
    let (options, ceremony) = start_confirmation(&site, challenge.user, &passkeys, id, now)?;
    deps.table.put_mark(None, &ceremony).await?;
    Ok(Begun { ceremony: id, options })
}
