//! Changing time that stands on no invoice.

use kernel::{Result, id::TimeEntryId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{
    TimeEntry, TimeInput,
    record_time::{WORKER, worker},
    store,
};
use crate::client;

pub async fn edit_time(
    asker: &Asker,
    id: TimeEntryId,
    input: &TimeInput,
    seen: Option<u64>,
) -> Result<Stored<TimeEntry>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let nominee = asker.nominee(worker(&input.assigned_to)?, WORKER);
            let client = side_by_side(nominee, client::find_known(asker, &input.client_id));
            let (read, (nominee, client)) = side_by_side(store::read(asker, id), client).await;
            let read = read?.expect_version(seen)?;
            read.must_be_open()?;
            let content = input.parse(&asker.organization, asker.today())?;
            let (assigned_to, client) = (asker.reassigned(nominee?, read.assigned_to)?, client?);
            let edited = read.edited(&client, assigned_to, asker.organization.currency, content)?;
            let mut transaction = scope.begin("edit_time", id);
            transaction.update(&read, &edited);
            if edited.client != read.client {
                client::note(&mut transaction, edited.client);
            }
            Ok((transaction, Stored { value: edited, version: read.version + 1 }))
        })
        .await
}
