//! An item of which an organization has one: what it has set up. Until it is written, what counts is its default.

use std::marker::PhantomData;

use kernel::{Result, id::OrganizationId};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Item, Items, Key, Scope, Stored, TenantKeys, Transaction};

/// Where such an item is: a constant beside its type.
pub struct Single<T> {
    key: fn(TenantKeys) -> Key,
    of: PhantomData<fn() -> T>,
}

impl<T: Default> Stored<T> {
    /// What there is before anything was written; no `If-Match` names its version.
    pub fn unwritten() -> Self {
        Self { value: T::default(), version: 0 }
    }
}

impl<T: Item + Default + Clone> Single<T> {
    pub const fn at(key: fn(TenantKeys) -> Key) -> Self {
        Self { key, of: PhantomData }
    }

    pub fn key(&self, keys: TenantKeys) -> Key {
        (self.key)(keys)
    }

    /// None of an organization that has set nothing up yet.
    pub async fn read(&self, scope: &Scope) -> Result<Option<Stored<T>>> {
        scope.get(&self.key(scope.keys())).await
    }

    /// As [`Self::read`], to be looked at.
    pub async fn shown(&self, scope: &Scope) -> Result<Stored<T>> {
        Ok(self.read(scope).await?.unwrap_or_else(Stored::unwritten))
    }

    /// The same among items that were read.
    pub fn among(&self, found: &Items) -> Result<Stored<T>> {
        Ok(found.first::<T>()?.unwrap_or_else(Stored::unwritten))
    }

    /// The act holds only if it is still as it was read: what the act names of it is there.
    pub fn hold(&self, transaction: &mut Transaction, read: Option<&Stored<T>>) {
        let key = self.key(transaction.keys());
        match read {
            Some(read) => transaction.check(&key, read.version),
            None => transaction.check_absent(&key),
        };
    }

    /// An act on it, with the version that it has then: `change` makes another of it, or tells why not. `seen` is the version that
    /// the client knows.
    pub async fn change<O: Serialize + DeserializeOwned>(
        &self,
        scope: &Scope,
        seen: Option<u64>,
        begin: impl Fn(&Scope, OrganizationId) -> Transaction,
        change: impl Fn(&T) -> Result<(T, O)>,
    ) -> Result<(O, u64)> {
        scope
            .write(|| async {
                let read = self.read(scope).await?;
                let current = read.clone().unwrap_or_else(Stored::unwritten).expect_version(seen)?;
                let (changed, outcome) = change(&current)?;
                let mut transaction = begin(scope, scope.tenant().organization());
                transaction.save(read.as_ref(), &changed);
                Ok((transaction, (outcome, current.version + 1)))
            })
            .await
    }
}
