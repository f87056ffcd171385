//! One client is reminded otherwise than the others, or not at all for a while.

use kernel::{Error, Result, id::CompanyId, reference::ClientReference};
use table::{Scope, Stored};
use web::Asker;

use super::{ClientReminders, ClientRemindersInput};
use crate::client;

/// The client, which must be one for these eyes, and what is different for it.
pub(super) async fn read(
    asker: &Asker,
    scope: &Scope,
    id: CompanyId,
) -> Result<(ClientReference, Option<Stored<ClientReminders>>)> {
    let keys = scope.keys();
    let found = scope.get_many(&[keys.client_reference(id), keys.client_reminders(id)]).await?;
    let client = found.first::<ClientReference>()?.ok_or(Error::NotFound)?.value;
    asker.must_see(client.assigned_to)?;
    Ok((client, found.first::<ClientReminders>()?))
}

pub async fn edit_client_reminders(
    asker: &Asker,
    id: CompanyId,
    input: &ClientRemindersInput,
    seen: Option<u64>,
) -> Result<Stored<ClientReminders>> {
    let reminders = input.parse(id)?;
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (_, read) = read(asker, scope, id).await?;
            let version = read.as_ref().map(|read| read.version).unwrap_or_default();
            if seen.is_some_and(|seen| seen != version) {
                return Err(Error::Stale);
            }
            let mut transaction = scope.begin("edit_client_reminders", id);
            transaction.save(read.as_ref(), &reminders);
            client::note(&mut transaction, id);
            Ok((transaction, Stored { value: reminders.clone(), version: version + 1 }))
        })
        .await
}
