//! Doing without a logo. Its file stays: documents that were frozen name it.

use kernel::{Result, document::Brand, reference::OrganizationReference};
use table::Scope;

use crate::organization;

pub async fn remove_logo(scope: &Scope, seen: Option<u64>) -> Result<(OrganizationReference, u64)> {
    scope
        .write(|| async {
            let current = organization::read(scope).await?.expect_version(seen)?;
            let brand = Brand { logo: None, ..current.brand.clone() };
            let changed = OrganizationReference { brand, ..current.value.clone() };
            let mut transaction = scope.begin("remove_logo", changed.id);
            if current.brand.logo.is_none() {
                return Ok((transaction.nothing(), (changed, current.version)));
            }
            transaction.update(&current, &changed);
            Ok((transaction, (changed, current.version + 1)))
        })
        .await
}
