//! Everything that one tenant has, part by part: for its export and its deletion. DynamoDB lists what is in a
//! partition, not which partitions there are: these are found through the tenant's lists, by [`TenantKeys::ways`].
//!
//! What is written while a walk goes on may be told or not. Lists follow what is written within a second or so, so a
//! walk that must miss nothing is repeated once nobody writes any more.

use std::collections::VecDeque;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::tz::TimeZone;
use kernel::{Error, Result};
use serde_json::Value;
use ulid::Ulid;

use crate::{
    Item, Key, Order, Scope, Stored, TenantKeys,
    changes::{HIDDEN, is_secret},
    codec,
    item::Attributes,
    keys::{Collection, List, Way},
    ledger::{LedgerEntry, LedgerHead},
    meter,
    query::Cursor,
};

/// How many aggregates are read at the same time, and held in memory.
const AT_ONCE: i32 = 16;

/// An item of any type, as it was found.
#[derive(Debug, Clone)]
pub struct Found(Attributes);

impl Found {
    /// Its type, as the table names it.
    pub fn kind(&self) -> &str {
        codec::text(&self.0, "type")
    }

    pub fn key(&self) -> Key {
        codec::key_of(&self.0)
    }

    /// Its version: what [`Transaction::check`](crate::Transaction::check) holds to.
    pub fn seen(&self) -> u64 {
        self.0.get("v").and_then(|v| v.as_n().ok()).and_then(|v| v.parse().ok()).unwrap_or_default()
    }

    /// None where it is of another type.
    pub fn get<T: Item>(&self) -> Result<Option<Stored<T>>> {
        if self.kind() == T::TYPE { codec::decode(&self.0).map(Some) } else { Ok(None) }
    }

    /// What it says, as people may read it: without what the table adds, and with secrets hidden: fields that are
    /// `masked` by name, and whatever has a name that speaks of a secret.
    pub fn told(&self, masked: &[&str]) -> Result<Value> {
        let mut told = codec::to_json(&self.0)?;
        if let Some(fields) = told.as_object_mut() {
            fields.retain(|name, _| !ADDED.contains(&name.as_str()));
        }
        // Its hashes are what makes a ledger one.
        if ![LedgerEntry::TYPE, LedgerHead::TYPE].contains(&self.kind()) {
            hide(&mut told, masked);
        }
        Ok(told)
    }

    pub(crate) fn version(&self) -> Option<AttributeValue> {
        self.0.get("v").cloned()
    }
}

/// The attributes that are the table's own.
const ADDED: [&str; 11] = ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "gsi3pk", "gsi3sk", "type", "v", "ttl"];

fn hide(value: &mut Value, masked: &[&str]) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                if !value.is_null() && is_secret(name, masked) {
                    *value = HIDDEN.into();
                } else {
                    hide(value, masked);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| hide(value, masked)),
        _ => {}
    }
}

/// An aggregate whole, or a piece of a partition that is too long for that.
pub type Part = Vec<Found>;

/// A walk that is under way.
#[derive(Debug)]
pub struct Walk {
    scope: Scope,
    left: VecDeque<Way>,
    /// Lists that were walked: what also stands in one of them was told already.
    walked: Vec<String>,
    now: Option<(Way, Option<Cursor>)>,
    ready: VecDeque<Part>,
}

impl Scope {
    /// One item of whatever type, read consistently: for who deals with items of contexts that it does not know.
    pub async fn find(&self, key: &Key) -> Result<Option<Found>> {
        Ok(self.get_many(std::slice::from_ref(key)).await?.0.into_iter().next().map(Found))
    }

    /// Begins a walk over everything that the tenant has.
    pub fn walk(&self) -> Walk {
        let today = self.now().to_zoned(TimeZone::UTC).date();
        Walk {
            scope: self.clone(),
            left: self.keys().ways(today).into(),
            walked: Vec::new(),
            now: None,
            ready: VecDeque::new(),
        }
    }
}

impl Scope {
    /// All that stands in a partition, of whatever type.
    pub async fn found(&self, collection: &Collection) -> Result<Vec<Found>> {
        Ok(whole(self, collection).await?.into_iter().map(Found).collect())
    }
}

impl Walk {
    /// What comes next; none at the end.
    pub async fn next(&mut self) -> Result<Option<Part>> {
        loop {
            if let Some(part) = self.ready.pop_front() {
                return Ok(Some(part));
            }
            let Some((way, start)) = self.now.take().or_else(|| self.left.pop_front().map(|way| (way, None))) else {
                return Ok(None);
            };
            let next = match &way {
                Way::Partition(collection) => self.read_partition(collection, start).await?,
                Way::List { list, beside } => self.read_list(list, *beside, start).await?,
            };
            match (next, way) {
                (Some(next), way) => self.now = Some((way, Some(next))),
                (None, Way::List { list, .. }) => self.walked.push(list.pk),
                (None, Way::Partition(_)) => {}
            }
        }
    }

    async fn read_partition(&mut self, collection: &Collection, start: Option<Cursor>) -> Result<Option<Cursor>> {
        let start = start.map(|cursor| cursor.sk);
        let (items, last) = self.scope.collection_page(collection, start.as_deref()).await?;
        self.give(items.0);
        Ok(last.map(|sk| Cursor { pk: collection.pk.clone(), sk, list: String::new() }))
    }

    async fn read_list(
        &mut self,
        list: &List,
        beside: Option<fn(TenantKeys, Ulid) -> Collection>,
        start: Option<Cursor>,
    ) -> Result<Option<Cursor>> {
        let table = self.scope.table();
        let (listed, last) = table.query_list(list, start.as_ref(), AT_ONCE, Order::Ascending).await?;
        let keys = self.scope.keys();
        let (scope, walked) = (&self.scope, &self.walked);
        let read = meter::all_at_once(listed.into_iter().map(|item| async move {
            let place = codec::text(&item, "gsi1sk").to_owned();
            let key = Found(item).key();
            let aggregate = whole(scope, &key.collection()).await?;
            // An aggregate of which several items are listed is told at the first of them.
            let was_walked = |other: &Attributes| walked.iter().any(|list| codec::text(other, "gsi1pk") == list);
            let is_told = aggregate.iter().any(|other| {
                let (of, at) = (codec::text(other, "gsi1pk"), codec::text(other, "gsi1sk"));
                (of == list.pk && at < place.as_str()) || was_walked(other)
            });
            if is_told {
                return Ok((Vec::new(), Vec::new()));
            }
            let beside = match beside {
                Some(beside) => {
                    let ulid = key.ulid().ok_or_else(|| Error::internal("an aggregate that no ULID names"))?;
                    let beside = whole(scope, &beside(keys, ulid)).await?;
                    if beside.iter().any(was_walked) { Vec::new() } else { beside }
                }
                None => Vec::new(),
            };
            Ok::<_, Error>((aggregate, beside))
        }))
        .await;
        for read in read {
            let (aggregate, beside) = read?;
            self.give(aggregate);
            self.give(beside);
        }
        Ok(last.map(|last| Cursor::of(&last, "gsi1sk")))
    }

    fn give(&mut self, items: Vec<Attributes>) {
        if !items.is_empty() {
            self.ready.push_back(items.into_iter().map(Found).collect());
        }
    }
}

/// However long it is: a client may have been sent thousands of documents.
async fn whole(scope: &Scope, collection: &Collection) -> Result<Vec<Attributes>> {
    let (mut whole, mut start) = (Vec::new(), None);
    loop {
        let (items, last) = scope.collection_page(collection, start.as_deref()).await?;
        whole.extend(items.0);
        start = last;
        if start.is_none() {
            return Ok(whole);
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Anything {
        name: String,
        link_hash: String,
        pin: Option<String>,
        nested: Vec<Value>,
    }

    impl Item for Anything {
        const TYPE: &'static str = "anything";

        fn key(&self, keys: TenantKeys) -> Key {
            keys.owners()
        }
    }

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn what_is_told_hides_secrets_however_deep_and_leaves_out_what_the_table_adds() {
        let item = Anything {
            name: "Atelier".into(),
            link_hash: "abc".into(),
            pin: Some("1234".into()),
            nested: vec![json!({ "secret": "s", "amount": 3, "pin": null })],
        };
        let found = Found(codec::encode(&item, KEYS, 1).unwrap());
        assert_eq!(found.kind(), "anything");
        assert_eq!(
            found.told(&["pin"]).unwrap(),
            json!({
                "name": "Atelier", "link_hash": HIDDEN, "pin": HIDDEN, "nested": [{ "secret": HIDDEN, "amount": 3 }],
            })
        );
    }

    #[test]
    fn the_hashes_of_the_ledger_are_told() {
        let head = LedgerHead { position: 1, hash: "abc".into(), ..LedgerHead::default() };
        let found = Found(codec::encode(&head, KEYS, 1).unwrap());
        assert_eq!(found.told(&[]).unwrap(), json!({ "position": 1, "hash": "abc" }));
        assert!(found.get::<LedgerEntry>().unwrap().is_none());
        assert_eq!(found.get::<LedgerHead>().unwrap().unwrap().value, head);
    }
}
