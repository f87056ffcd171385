//! Signing out: the session is gone at once, wherever its cookie is.

use kernel::{Error, Result};
use table::{Stored, keys};
use web::{Asker, Session};

pub async fn sign_out(asker: &Asker) -> Result<()> {
    let session = asker.session.as_ref().ok_or(Error::Forbidden)?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let mut transaction = scope.begin("sign_out", session.id);
            let stored: Option<Stored<Session>> = asker.deps().table.get(&keys::session(&session.hash)).await?;
            if let Some(stored) = stored {
                transaction.delete(&stored);
            }
            Ok((transaction, ()))
        })
        .await
}
