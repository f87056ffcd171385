//! One item of the organization.

use kernel::Result;
use table::{Item, Items, Key, Scope, Stored, TenantKeys};

use crate::expense::Threshold;

impl Item for Threshold {
    const TYPE: &'static str = "purchase_settings";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.purchase_settings()
    }
}

/// What is said, or what counts where nothing was.
pub async fn read(scope: &Scope) -> Result<Stored<Threshold>> {
    let found = scope.get::<Threshold>(&scope.keys().purchase_settings()).await?;
    Ok(found.unwrap_or_else(|| Stored { value: Threshold::default(), version: 0 }))
}

/// The same among items that were read.
pub fn of(found: &Items) -> Result<Threshold> {
    Ok(found.first::<Threshold>()?.map(|read| read.value).unwrap_or_default())
}
