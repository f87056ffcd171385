//! One activity.

use kernel::{Error, Result, id::ActivityId};
use table::Stored;
use web::Asker;

use super::Activity;

pub async fn show_activity(asker: &Asker, id: ActivityId) -> Result<Stored<Activity>> {
    seen_of(asker, asker.scope.get::<Activity>(&asker.scope.keys().activity(id)).await?)
}

pub fn seen_of(asker: &Asker, read: Option<Stored<Activity>>) -> Result<Stored<Activity>> {
    let activity = read.ok_or(Error::NotFound)?;
    asker.must_see(activity.assigned_to)?;
    Ok(activity)
}
