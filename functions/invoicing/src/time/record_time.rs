//! Recording time that was worked for a client.

use kernel::{Error, Permission, Result, Rule, id::TimeEntryId, id::UserId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{TimeEntry, TimeInput};
use crate::client;

/// What a member needs to be named as the one who worked.
pub(super) const WORKER: Permission = Permission::InvoicingView;

pub async fn record_time(asker: &Asker, input: &TimeInput) -> Result<Stored<TimeEntry>> {
    let scope = &asker.scope;
    let id = scope.new_id(TimeEntryId::new);
    scope
        .write(|| async {
            let nominee = asker.nominee(worker(&input.assigned_to)?, WORKER);
            let (nominee, client) = side_by_side(nominee, client::find(asker, &input.client_id)).await;
            let content = input.parse(&asker.organization, asker.today())?;
            let (assigned_to, client) = (asker.assigned(nominee?)?, client?);
            let entry = TimeEntry::new(id, scope.now(), &client, assigned_to, asker.organization.currency, content);
            let mut transaction = scope.begin("record_time", id);
            transaction.create(&entry);
            client::note(&mut transaction, entry.client);
            Ok((transaction, Stored { value: entry, version: 1 }))
        })
        .await
}

pub(super) fn worker(id: &str) -> Result<Option<UserId>> {
    match id.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Error::field("/assigned_to", Rule::NotFound)),
    }
}
