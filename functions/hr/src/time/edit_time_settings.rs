//! How the organization counts time: what its agreements say, since when.

use kernel::Result;
use table::{Scope, Stored};

use super::{TimeSettings, TimeSettingsInput};

pub async fn show_time_settings(scope: &Scope) -> Result<Stored<TimeSettings>> {
    let read = scope.get::<TimeSettings>(&scope.keys().time_settings()).await?;
    Ok(read.unwrap_or_else(|| Stored { value: TimeSettings::default(), version: 0 }))
}

/// Replaces them. `seen` is the version that the client filled its form in on.
pub async fn edit_time_settings(
    scope: &Scope,
    input: &TimeSettingsInput,
    seen: Option<u64>,
) -> Result<Stored<TimeSettings>> {
    let changed = input.parse()?;
    scope
        .write(|| async {
            let read = scope.get::<TimeSettings>(&scope.keys().time_settings()).await?;
            let version = read.as_ref().map_or(0, |read| read.version);
            let current = Stored { value: (), version }.expect_version(seen)?;
            let mut transaction = scope.begin("edit_time_settings", scope.tenant().organization());
            transaction.save(read.as_ref(), &changed);
            Ok((transaction, Stored { value: changed.clone(), version: current.version + 1 }))
        })
        .await
}
