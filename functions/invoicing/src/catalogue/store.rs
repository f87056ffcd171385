//! The item.

use kernel::{Result, id::OrganizationId};
use table::{Item, Key, Scope, Stored, TenantKeys, Transaction};

use super::Catalogue;

impl Item for Catalogue {
    const TYPE: &'static str = "catalogue";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.catalogue()
    }
}

/// None of an organization that has not ordered anything yet.
pub async fn read(scope: &Scope) -> Result<Option<Stored<Catalogue>>> {
    scope.get(&scope.keys().catalogue()).await
}

/// As [`read`], to be looked at.
pub async fn shown(scope: &Scope) -> Result<Stored<Catalogue>> {
    Ok(read(scope).await?.unwrap_or_else(none))
}

/// What there is before anything was written; no `If-Match` names its version.
pub fn none() -> Stored<Catalogue> {
    Stored { value: Catalogue::default(), version: 0 }
}

/// An act on the catalogue: `change` makes another of it, or tells why not.
pub async fn change<T: serde::Serialize + serde::de::DeserializeOwned>(
    scope: &Scope,
    seen: Option<u64>,
    begin: impl Fn(&Scope, OrganizationId) -> Transaction,
    change: impl Fn(&Catalogue) -> Result<(Catalogue, T)>,
) -> Result<(T, u64)> {
    scope
        .write(|| async {
            let read = read(scope).await?;
            let current = read.clone().unwrap_or_else(none).expect_version(seen)?;
            let (changed, outcome) = change(&current)?;
            let mut transaction = begin(scope, scope.tenant().organization());
            transaction.save(read.as_ref(), &changed);
            Ok((transaction, (outcome, current.version + 1)))
        })
        .await
}
