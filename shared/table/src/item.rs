//! What an item is: a type of ours, its key, and the attributes that the table adds to it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use kernel::{Error, Result, id::UserId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    codec,
    keys::{Index, Key, TenantKeys},
};

pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// What the audit log keeps of an item's changes. Whatever this says, a field is hidden whose name speaks of a secret
/// (`password_hash`, `totp_seed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audit {
    Whole,
    /// All but the values of the fields so named, wherever in the item they stand.
    Masked(&'static [&'static str]),
    /// The item is the system's own, or repeats what another says.
    Nothing,
}

/// A type that is stored as one item. Its fields become attributes as serde writes them; a golden test
/// beside each implementation pins keys, index keys and attributes.
pub trait Item: Serialize + DeserializeOwned {
    /// The attribute `type`, by which items of one collection are told apart.
    const TYPE: &'static str;

    /// What the audit log keeps of its changes.
    const AUDIT: Audit = Audit::Whole;

    fn key(&self, keys: TenantKeys) -> Key;

    /// Its place in the tenant's lists.
    fn list(&self, _keys: TenantKeys) -> Option<Index> {
        None
    }

    /// Its place in the same list by another order.
    fn other_list(&self, _keys: TenantKeys) -> Option<Index> {
        None
    }

    /// To which member it is assigned: it then stands in that member's part of its list too ([`List::of`]).
    ///
    /// [`List::of`]: crate::keys::List::of
    fn assigned_to(&self) -> Option<UserId> {
        None
    }

    /// Its place in a further list, of one that nobody is assigned to: what stands in a list by its state.
    fn filed(&self, _keys: TenantKeys) -> Option<Index> {
        None
    }

    /// When the clock is to find it.
    fn due(&self, _keys: TenantKeys) -> Option<Index> {
        None
    }

    /// When the table may forget it.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }
}

/// An item as it was read, with the version that a later write must still find.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored<T> {
    pub value: T,
    pub version: u64,
}

impl<T> Stored<T> {
    /// The version that a client says it saw must be the one that was read.
    pub fn expect_version(self, expected: Option<u64>) -> Result<Self> {
        match expected {
            Some(version) if version != self.version => Err(Error::Stale),
            _ => Ok(self),
        }
    }
}

impl<T> std::ops::Deref for Stored<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// Items of several types that came in one answer.
#[derive(Debug, Clone, Default)]
pub struct Items(pub(crate) Vec<Attributes>);

impl Items {
    pub fn get<T: Item>(&self, key: &Key) -> Result<Option<Stored<T>>> {
        self.0.iter().find(|attributes| codec::has_key(attributes, key)).map(codec::decode).transpose()
    }

    /// All items of one type, in the order of their sort keys.
    pub fn all<T: Item>(&self) -> Result<Vec<Stored<T>>> {
        self.0.iter().filter(|attributes| codec::is_type(attributes, T::TYPE)).map(codec::decode).collect()
    }

    pub fn first<T: Item>(&self) -> Result<Option<Stored<T>>> {
        self.0.iter().find(|attributes| codec::is_type(attributes, T::TYPE)).map(codec::decode).transpose()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys of all of them, in the order of their sort keys.
    pub fn keys(&self) -> Vec<Key> {
        self.0.iter().map(codec::key_of).collect()
    }

    /// The types of all of them, in the order of their sort keys.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|attributes| codec::text(attributes, "type"))
    }
}

/// What the table would store for an item, as JSON with sorted keys: for golden tests.
pub fn golden<T: Item>(item: &T, keys: TenantKeys) -> Result<serde_json::Value> {
    codec::to_json(&codec::encode(item, keys, 1)?)
}
