//! The schedule of the organization changes: what is open is looked at by it from its next look on.

use kernel::Result;
use table::{Scope, Stored};

use super::{ReminderSettings, ReminderSettingsInput};

/// Where none was written yet, it is the house's, of version 0.
pub(super) async fn read(scope: &Scope) -> Result<Stored<ReminderSettings>> {
    let read = scope.get::<ReminderSettings>(&scope.keys().reminder_settings()).await?;
    Ok(read.unwrap_or_else(|| Stored { value: ReminderSettings::default(), version: 0 }))
}

pub async fn edit_reminder_settings(
    scope: &Scope,
    input: &ReminderSettingsInput,
    seen: Option<u64>,
) -> Result<Stored<ReminderSettings>> {
    let settings = input.parse()?;
    scope
        .write(|| async {
            let read = read(scope).await?.expect_version(seen)?;
            let mut transaction = scope.begin("edit_reminder_settings", scope.tenant().organization());
            transaction.save(Some(&read).filter(|read| read.version > 0), &settings);
            Ok((transaction, Stored { value: settings.clone(), version: read.version + 1 }))
        })
        .await
}
