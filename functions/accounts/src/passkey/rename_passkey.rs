//! Calling a passkey something else.

use kernel::{Error, Result, id::PasskeyId, legal};
use serde::{Deserialize, Serialize};
use web::Asker;

use super::{Described, NAME_MAX, Passkey, list_passkeys};

/// The same for the form and the API.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PasskeyNameInput {
    pub name: String,
}

pub async fn rename_passkey(asker: &Asker, id: PasskeyId, input: &PasskeyNameInput) -> Result<Described> {
    asker.session.as_ref().ok_or(Error::Forbidden)?;
    let name = legal::required(&input.name, NAME_MAX).map_err(|rule| Error::field("/name", rule))?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let passkeys = list_passkeys(asker).await?;
            let read = passkeys.iter().find(|passkey| passkey.id == id).ok_or(Error::NotFound)?;
            let renamed = Passkey { name: name.clone(), ..read.value.clone() };
            let mut transaction = scope.begin("rename_passkey", id);
            transaction.update(read, &renamed);
            Ok((transaction, Described::of(&renamed)))
        })
        .await
}
