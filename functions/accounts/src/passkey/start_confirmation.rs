//! Asking somebody who is signed in for one of their passkeys, instead of their password.

use kernel::{Error, Result};
use table::Stored;
use web::Asker;

use super::{Begun, RelyingParty, ceremony, list_passkeys};

pub async fn start_passkey_confirmation(asker: &Asker) -> Result<Begun> {
    asker.session.as_ref().ok_or(Error::Forbidden)?;
    let passkeys: Vec<_> = list_passkeys(asker).await?.into_iter().map(|Stored { value, .. }| value).collect();
    let site = RelyingParty::new(&asker.deps().config.public_url)?;
    let id = asker.scope.new_id(kernel::id::CeremonyId::new);
    let (options, ceremony) = ceremony::start_confirmation(&site, asker.user, &passkeys, id, asker.scope.now())?;
    asker.deps().table.put_mark(None, &ceremony).await?;
    Ok(Begun { ceremony: id, options })
}
