//! The exports of the last days.

use kernel::{Result, export::Exports};
use table::Scope;

pub async fn list_exports(scope: &Scope) -> Result<Exports> {
    let found = scope.get::<Exports>(&scope.keys().exports()).await?;
    Ok(found.map(|found| found.value).unwrap_or_default())
}
