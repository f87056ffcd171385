//! One's own passkeys.

use kernel::Result;
use table::{Stored, keys};
use web::Asker;

use super::Passkey;

/// In the order in which they were added.
pub async fn list_passkeys(asker: &Asker) -> Result<Vec<Stored<Passkey>>> {
    let mut passkeys = asker.deps().table.collection(&keys::passkeys(asker.user)).await?.all::<Passkey>()?;
    passkeys.sort_by_key(|passkey| passkey.id);
    Ok(passkeys)
}
