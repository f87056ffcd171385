//! Changing the organization's settings.

use kernel::{Error, Result, reference::OrganizationReference};
use table::{Scope, Stored};

use super::OrganizationInput;

/// Replaces the settings. `seen` is the version that the client filled its form in on.
pub async fn edit_organization(
    scope: &Scope,
    input: &OrganizationInput,
    seen: Option<u64>,
) -> Result<(OrganizationReference, u64)> {
    scope
        .write(|| async {
            let current = read(scope).await?.expect_version(seen)?;
            let today = scope.clock().today(&current.zone());
            let changed = input.parse(&current, today)?;
            let mut transaction = scope.begin("edit_organization", changed.id);
            transaction.update(&current, &changed);
            Ok((transaction, (changed, current.version + 1)))
        })
        .await
}

pub async fn read(scope: &Scope) -> Result<Stored<OrganizationReference>> {
    scope.get(&scope.keys().organization()).await?.ok_or(Error::NotFound)
}
