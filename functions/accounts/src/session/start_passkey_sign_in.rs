//! Asking for any passkey of ours that a device has: nobody is known yet.

use kernel::{Result, id::CeremonyId};
use table::meter;
use web::Visitor;

use crate::{
    passkey::{Begun, RelyingParty, start_sign_in},
    throttle::{self, Attempt, PASSKEY_FROM},
};

pub async fn start_passkey_sign_in(visitor: &Visitor) -> Result<Begun> {
    let deps = &visitor.deps;
    let site = RelyingParty::new(&deps.config.public_url)?;
    let now = deps.clock.now();
    let id = CeremonyId::new(now, deps.table.random());
    let (options, ceremony) = start_sign_in(&site, id, now)?;
    let subject = [(PASSKEY_FROM, throttle::address(visitor.address))];
    let writing = deps.table.put_mark(None, &ceremony);
    let (attempt, written) = meter::side_by_side(Attempt::count(deps, &subject), writing).await;
    attempt?;
    written?;
    Ok(Begun { ceremony: id, options })
}
