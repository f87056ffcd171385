//! The entry's item: in one list with all of them, those of a state and of a client together, by day.

use kernel::{
    Error, Result,
    id::{TimeEntryId, UserId},
};
use table::{Index, Item, Key, Scope, Stored, TenantKeys};
use web::Asker;

use super::TimeEntry;

impl Item for TimeEntry {
    const TYPE: &'static str = "time_entry";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.time_entry(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_time_entries(self.state(), self.client, self.worked_on, self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }
}

/// One that is not for these eyes is not there.
pub async fn read(asker: &Asker, id: TimeEntryId) -> Result<Stored<TimeEntry>> {
    let scope = &asker.scope;
    let found = scope.get::<TimeEntry>(&scope.keys().time_entry(id)).await?.ok_or(Error::NotFound)?;
    asker.must_see(found.assigned_to)?;
    Ok(found)
}

/// Of those that are named, all that there are.
pub async fn read_all(scope: &Scope, ids: &[TimeEntryId]) -> Result<Vec<Stored<TimeEntry>>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = ids.iter().map(|id| scope.keys().time_entry(*id)).collect();
    scope.get_many(&keys).await?.all::<TimeEntry>()
}
