//! What one proven tenant can reach: its own items, and nothing else.

use std::future::Future;

use jiff::Timestamp;
use kernel::{Error, Result, Tenant, error::Conflict};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Item, Items, Key, Origin, Stored, Table, TenantKeys, Transaction,
    idempotency::{Claim, Idempotency},
    transaction::{self, Lost},
};

#[derive(Debug, Clone)]
pub struct Scope {
    table: Table,
    tenant: Tenant,
    idempotency: Idempotency,
    origin: Origin,
}

impl Scope {
    pub(crate) fn new(table: Table, tenant: Tenant, idempotency: Idempotency) -> Self {
        Self { table, tenant, idempotency, origin: Origin::default() }
    }

    /// The same scope for a request that carries an idempotency key.
    pub fn with_idempotency(self, idempotency: Idempotency) -> Self {
        Self { idempotency, ..self }
    }

    /// The same scope for a request, of which the audit log keeps where it came from.
    pub fn with_origin(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// What the same request does in another organization: a repetition is known there as well.
    pub fn entering(&self, tenant: Tenant) -> Self {
        Self { tenant, ..self.clone() }
    }

    pub const fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    pub const fn keys(&self) -> TenantKeys {
        TenantKeys::of(self.tenant.organization())
    }

    pub fn now(&self) -> Timestamp {
        self.table.clock().now()
    }

    pub const fn clock(&self) -> &kernel::Clock {
        self.table.clock()
    }

    pub fn random(&self) -> u128 {
        self.table.random()
    }

    pub(crate) const fn table(&self) -> &Table {
        &self.table
    }

    pub(crate) const fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(crate) const fn idempotency(&self) -> &Idempotency {
        &self.idempotency
    }

    /// A new id of the current instant.
    pub fn new_id<T>(&self, make: impl FnOnce(Timestamp, u128) -> T) -> T {
        make(self.now(), self.random())
    }

    /// One item of this tenant, read consistently.
    pub async fn get<T: Item>(&self, key: &Key) -> Result<Option<Stored<T>>> {
        self.guard(key)?;
        self.table.get(key).await
    }

    /// Several items of this tenant in one round trip.
    pub async fn get_many(&self, keys: &[Key]) -> Result<Items> {
        keys.iter().try_for_each(|key| self.guard(key))?;
        self.table.get_many(keys).await
    }

    fn guard(&self, key: &Key) -> Result<()> {
        if self.keys().owns(key) { Ok(()) } else { Err(Error::internal("a key outside the tenant")) }
    }

    /// What came of this request when it was carried out before: for an act that asks somebody else before it writes.
    pub fn outcome<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        match &self.idempotency {
            Idempotency::Claimed(claim) => claim.known.as_ref().map(|known| claim.replay(known)).transpose(),
            Idempotency::None => Ok(None),
        }
    }

    /// What tells this request from others, for somebody else who is to do once what is asked twice.
    pub fn request_key(&self) -> Option<String> {
        match &self.idempotency {
            Idempotency::Claimed(claim) => Some(format!("{}-{}", claim.user, claim.key)),
            Idempotency::None => None,
        }
    }

    /// Begins an act: `act` is the use case's name, `object` the id of what it is done to.
    pub fn begin(&self, act: &str, object: impl ToString) -> Transaction {
        Transaction::new(self.clone(), act, object.to_string())
    }

    /// Does an act: `decide` reads, decides and fills a transaction; when somebody else was faster it is
    /// asked again on a fresh reading. A request whose idempotency key was seen gets the stored outcome.
    pub async fn write<T, F, D>(&self, decide: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned,
        F: Fn() -> D,
        D: Future<Output = Result<(Transaction, T)>>,
    {
        if let Idempotency::Claimed(claim) = &self.idempotency
            && let Some(known) = &claim.known
        {
            return claim.replay(known);
        }
        let mut attempt = 0;
        loop {
            let (mut transaction, outcome) = decide().await?;
            transaction.remember(&outcome)?;
            match transaction.commit().await? {
                Ok(()) => return Ok(outcome),
                Err(Lost::Taken(error)) => return Err(error),
                Err(Lost::Done) => return self.replay().await,
                Err(Lost::Race) => {}
            }
            if !transaction::wait_before(attempt, self.random()).await {
                return Err(Error::Conflict(Conflict::Contended));
            }
            attempt += 1;
        }
    }

    async fn replay<T: DeserializeOwned>(&self) -> Result<T> {
        let Idempotency::Claimed(claim) = &self.idempotency else {
            return Err(Error::internal("no idempotency claim to replay"));
        };
        let Claim { home, user, key, .. } = claim.as_ref();
        let stored = self.table.get(&home.idempotency(*user, key)).await?;
        claim.replay_stored(stored)
    }
}
