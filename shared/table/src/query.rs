//! Reading lists and collections in pages.

use aws_sdk_dynamodb::types::AttributeValue;
use kernel::{
    Error, Result,
    page::{Page, PageRequest},
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{
    Item, Items, Scope, Stored, Table,
    client::failure,
    codec,
    item::Attributes,
    keys::{Collection, List},
    meter,
    schema::{LIST_INDEX, OWN_KEYS},
};

/// How many items one collection may have; an aggregate that exceeds it is read in pages.
const COLLECTION_MAX: usize = 2_000;
/// How many entries of a long collection one page has.
const COLLECTION_PAGE: i32 = 500;
/// How many items of a list are read at once to take some of them.
const SIFTED_MAX: i32 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

/// Where a page ended: the key of its last item, opaque to clients.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cursor {
    pub(crate) pk: String,
    pub(crate) sk: String,
    pub(crate) list: String,
}

impl Cursor {
    /// After an item of a list; `sort_key` names the index's.
    pub(crate) fn of(last: &Attributes, sort_key: &str) -> Self {
        let text = |name| codec::text(last, name).to_owned();
        Self { pk: text("pk"), sk: text("sk"), list: text(sort_key) }
    }

    fn read(text: &str) -> Result<Self> {
        let bytes = hex::decode(text).map_err(|_| Error::Malformed { detail: "unknown cursor".into() })?;
        serde_json::from_slice(&bytes).map_err(|_| Error::Malformed { detail: "unknown cursor".into() })
    }

    fn write(&self) -> Result<String> {
        serde_json::to_vec(self).map(hex::encode).map_err(Error::internal)
    }
}

/// A part of a partition, of the table or of the tenant's lists, between two ULIDs that its sort keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    is_list: bool,
    pub(crate) pk: String,
    from: Ulid,
    to: Ulid,
}

impl Span {
    /// None where nothing can be in it; `before` is not in it.
    pub(crate) fn of_collection(collection: &Collection, from: Ulid, before: Option<Ulid>) -> Option<Self> {
        Self::new(false, &collection.pk, from, before)
    }

    pub(crate) fn of_list(list: &List, from: Ulid, before: Option<Ulid>) -> Option<Self> {
        Self::new(true, &list.pk, from, before)
    }

    fn new(is_list: bool, pk: &str, from: Ulid, before: Option<Ulid>) -> Option<Self> {
        let to = match before {
            Some(before) => Ulid(before.0.checked_sub(1)?),
            None => Ulid(u128::MAX),
        };
        (from <= to).then(|| Self { is_list, pk: pk.into(), from, to })
    }
}

impl Scope {
    /// A page of one of the tenant's lists.
    pub async fn list<T: Item>(&self, list: &List, page: &PageRequest, order: Order) -> Result<Page<Stored<T>>> {
        self.table().page(list, page, order, |cursor| self.keys().owns(&cursor_key(cursor))).await
    }

    /// The keys of a page of a list, of items of whatever types.
    pub async fn listed_keys(&self, list: &List, page: &PageRequest, order: Order) -> Result<Page<crate::Key>> {
        let table = self.table();
        let start = table.start(list, page, |cursor| self.keys().owns(&cursor_key(cursor)))?;
        let (read, last) = table.query_list(list, start.as_ref(), i32::from(page.limit), order).await?;
        let next_cursor = last.map(|last| Cursor::of(&last, &format!("{}sk", list.index)).write()).transpose()?;
        Ok(Page { items: read.iter().map(codec::key_of).collect(), next_cursor })
    }

    /// Reads of a list what some of it is then taken from, beside what decides which: [`SIFTED_MAX`] items, or the
    /// megabyte that an answer holds.
    pub async fn sieve(&self, list: &List, page: &PageRequest, order: Order) -> Result<Sieve> {
        let table = self.table();
        let start = table.start(list, page, |cursor| self.keys().owns(&cursor_key(cursor)))?;
        let (read, last) = table.query_list(list, start.as_ref(), SIFTED_MAX, order).await?;
        Ok(Sieve { read, last, sort_key: format!("{}sk", list.index) })
    }

    /// All items of an aggregate, in the order of their sort keys.
    pub async fn collection(&self, collection: &Collection) -> Result<Items> {
        let mut items = Items::default();
        let mut start = None;
        loop {
            let (found, last) = self.table().query_collection(collection, start.as_deref(), None).await?;
            items.0.extend(found);
            if items.0.len() > COLLECTION_MAX {
                return Err(Error::internal("a collection is too large to be read at once"));
            }
            match last {
                Some(sk) => start = Some(sk),
                None => return Ok(items),
            }
        }
    }

    /// A page of a long collection, after the item whose sort key is `start`; and where the next begins.
    pub async fn collection_page(
        &self,
        collection: &Collection,
        start: Option<&str>,
    ) -> Result<(Items, Option<String>)> {
        let (found, last) = self.table().query_collection(collection, start, Some(COLLECTION_PAGE)).await?;
        Ok((Items(found), last))
    }

    /// The last items of a long collection, the last first; of those before `before`, which is not among them.
    pub async fn newest_of(&self, collection: &Collection, before: Option<&crate::Key>, limit: i32) -> Result<Items> {
        let start = before.map(|key| key.sk.as_str());
        let (found, _) = self.table().query_collection_in(collection, start, Some(limit), Order::Descending).await?;
        Ok(Items(found))
    }
}

/// A part of a list, read to take some of it.
#[derive(Debug)]
pub struct Sieve {
    read: Vec<Attributes>,
    last: Option<Attributes>,
    sort_key: String,
}

impl Sieve {
    /// How many items were read to take some of them.
    pub fn examined(&self) -> usize {
        self.read.len()
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.read.is_empty()
    }

    /// The first `limit` items that `keep` takes. Where few are taken of many, a page has less than its limit and still
    /// another follows.
    pub fn take<T: Item>(&self, limit: u16, keep: impl Fn(&T) -> bool) -> Result<Page<Stored<T>>> {
        let mut items = Vec::new();
        for (at, attributes) in self.read.iter().enumerate() {
            let item = codec::decode::<T>(attributes)?;
            if !keep(&item) {
                continue;
            }
            items.push(item);
            if items.len() == usize::from(limit) && (at + 1 < self.read.len() || self.last.is_some()) {
                return Ok(Page { items, next_cursor: Some(Cursor::of(attributes, &self.sort_key).write()?) });
            }
        }
        let next_cursor = self.last.as_ref().map(|last| Cursor::of(last, &self.sort_key).write()).transpose()?;
        Ok(Page { items, next_cursor })
    }
}

fn cursor_key(cursor: &Cursor) -> crate::Key {
    crate::Key { pk: cursor.pk.clone(), sk: cursor.sk.clone() }
}

impl Table {
    /// The items outside the tenants (signing in) of one partition.
    pub async fn collection(&self, collection: &Collection) -> Result<Items> {
        let (found, last) = self.query_collection(collection, None, None).await?;
        match last {
            None => Ok(Items(found)),
            Some(_) => Err(Error::internal("a collection is too large to be read at once")),
        }
    }

    /// A page of a list outside the tenants.
    pub async fn list<T: Item>(&self, list: &List, page: &PageRequest, order: Order) -> Result<Page<Stored<T>>> {
        self.page(list, page, order, |_| true).await
    }

    async fn page<T: Item>(
        &self,
        list: &List,
        page: &PageRequest,
        order: Order,
        owns: impl Fn(&Cursor) -> bool,
    ) -> Result<Page<Stored<T>>> {
        let start = self.start(list, page, owns)?;
        let (items, last) = self.query_list(list, start.as_ref(), i32::from(page.limit), order).await?;
        let items = items.iter().map(codec::decode).collect::<Result<_>>()?;
        let next_cursor = last.map(|last| Cursor::of(&last, &format!("{}sk", list.index)).write()).transpose()?;
        Ok(Page { items, next_cursor })
    }

    fn start(&self, list: &List, page: &PageRequest, owns: impl Fn(&Cursor) -> bool) -> Result<Option<Cursor>> {
        let start = page.cursor.as_deref().map(Cursor::read).transpose()?;
        // A cursor outside the list is refused by DynamoDB as our fault, where it is the client's.
        if start.as_ref().is_some_and(|cursor| !owns(cursor) || !cursor.list.starts_with(&list.prefix)) {
            return Err(Error::Malformed { detail: "unknown cursor".into() });
        }
        Ok(start)
    }

    /// The first items of a list outside the tenants, the newest first.
    pub async fn newest<T: Item>(&self, list: &List, limit: u16) -> Result<Vec<Stored<T>>> {
        let (items, _) = self.query_list(list, None, i32::from(limit), Order::Descending).await?;
        items.iter().map(codec::decode).collect()
    }
}

/// An item that the clock found due, with the tenant that its key names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub organization: kernel::id::OrganizationId,
    pub kind: String,
    pub id: ulid::Ulid,
}

impl Table {
    /// One page of one partition of the due index. Only the clock calls this.
    pub async fn due(&self, list: &List, start: Option<String>) -> Result<(Vec<Due>, Option<String>)> {
        let start = start.as_deref().map(Cursor::read).transpose()?;
        let (items, last) = self.query_list(list, start.as_ref(), COLLECTION_PAGE, Order::Ascending).await?;
        let due = items.iter().filter_map(|item| due(codec::text(item, "gsi2sk"))).collect();
        let next = last.map(|last| Cursor::of(&last, "gsi2sk").write()).transpose()?;
        Ok((due, next))
    }

    pub(crate) async fn query_list(
        &self,
        list: &List,
        start: Option<&Cursor>,
        limit: i32,
        order: Order,
    ) -> Result<(Vec<Attributes>, Option<Attributes>)> {
        // From one place to an earlier one there is nothing, which DynamoDB calls an error.
        if list.span.as_ref().is_some_and(|(from, to)| from > to) {
            return Ok((Vec::new(), None));
        }
        let text = |value: &str| AttributeValue::S(value.into());
        let index = list.index;
        let condition = match (&list.span, list.prefix.is_empty()) {
            (Some(_), _) => "#pk = :pk AND #sk BETWEEN :from AND :to",
            (None, true) => "#pk = :pk",
            (None, false) => "#pk = :pk AND begins_with(#sk, :prefix)",
        };
        let mut query = self
            .client
            .query()
            .table_name(&*self.name)
            .set_index_name((index != OWN_KEYS).then(|| index.into()))
            .key_condition_expression(condition)
            .expression_attribute_names("#pk", format!("{index}pk"))
            .expression_attribute_values(":pk", text(&list.pk))
            .set_return_consumed_capacity(meter::asked())
            .scan_index_forward(order == Order::Ascending)
            .limit(limit);
        if let Some((from, to)) = &list.span {
            query = query
                .expression_attribute_names("#sk", format!("{index}sk"))
                .expression_attribute_values(":from", text(from))
                .expression_attribute_values(":to", text(to));
        } else if !list.prefix.is_empty() {
            query = query
                .expression_attribute_names("#sk", format!("{index}sk"))
                .expression_attribute_values(":prefix", text(&list.prefix));
        }
        if let Some(cursor) = start {
            query = query.set_exclusive_start_key(Some(Attributes::from([
                ("pk".into(), text(&cursor.pk)),
                ("sk".into(), text(&cursor.sk)),
                (format!("{index}pk"), text(&list.pk)),
                (format!("{index}sk"), text(&cursor.list)),
            ])));
        }
        meter::count();
        let answer = query.send().await.map_err(failure)?;
        meter::charge(&answer.consumed_capacity);
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    /// The last items of a span, the last first, and whether there are others before them.
    pub(crate) async fn query_span(&self, span: &Span, limit: i32) -> Result<(Vec<Attributes>, bool)> {
        let (pk, sk) = if span.is_list { ("gsi1pk", "gsi1sk") } else { ("pk", "sk") };
        meter::count();
        let answer = self
            .client
            .query()
            .table_name(&*self.name)
            .set_index_name(span.is_list.then(|| LIST_INDEX.into()))
            // An index cannot be read consistently.
            .consistent_read(!span.is_list)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
            .expression_attribute_names("#pk", pk)
            .expression_attribute_names("#sk", sk)
            .expression_attribute_values(":pk", AttributeValue::S(span.pk.clone()))
            .expression_attribute_values(":from", AttributeValue::S(span.from.to_string()))
            .expression_attribute_values(":to", AttributeValue::S(span.to.to_string()))
            .set_return_consumed_capacity(meter::asked())
            .scan_index_forward(false)
            .limit(limit)
            .send()
            .await
            .map_err(failure)?;
        meter::charge(&answer.consumed_capacity);
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key.is_some()))
    }

    async fn query_collection(
        &self,
        collection: &Collection,
        start: Option<&str>,
        limit: Option<i32>,
    ) -> Result<(Vec<Attributes>, Option<String>)> {
        self.query_collection_in(collection, start, limit, Order::Ascending).await
    }

    async fn query_collection_in(
        &self,
        collection: &Collection,
        start: Option<&str>,
        limit: Option<i32>,
        order: Order,
    ) -> Result<(Vec<Attributes>, Option<String>)> {
        let text = |value: &str| AttributeValue::S(value.into());
        let condition = if collection.prefix.is_empty() { "pk = :pk" } else { "pk = :pk AND begins_with(sk, :prefix)" };
        let mut query = self
            .client
            .query()
            .table_name(&*self.name)
            .consistent_read(true)
            .key_condition_expression(condition)
            .expression_attribute_values(":pk", text(&collection.pk))
            .set_return_consumed_capacity(meter::asked())
            .scan_index_forward(order == Order::Ascending)
            .set_limit(limit);
        if !collection.prefix.is_empty() {
            query = query.expression_attribute_values(":prefix", text(&collection.prefix));
        }
        if let Some(sk) = start {
            query = query.set_exclusive_start_key(Some(Attributes::from([
                ("pk".into(), text(&collection.pk)),
                ("sk".into(), text(sk)),
            ])));
        }
        meter::count();
        let answer = query.send().await.map_err(failure)?;
        meter::charge(&answer.consumed_capacity);
        let next = answer.last_evaluated_key.map(|last| codec::text(&last, "sk").to_owned());
        Ok((answer.items.unwrap_or_default(), next))
    }
}

/// `ORG#<ulid>#INVOICE#<ulid>` as [`TenantKeys::due`](crate::TenantKeys::due) wrote it, behind its instant
/// (`T#10:30#`) where it has one.
fn due(sort_key: &str) -> Option<Due> {
    let timeless = sort_key.strip_prefix("T#").and_then(|rest| rest.split_once('#')).map_or(sort_key, |(_, rest)| rest);
    let mut parts = timeless.split('#');
    let (Some("ORG"), Some(organization), Some(kind), Some(id), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    Some(Due {
        organization: kernel::id::OrganizationId::from_ulid(ulid::Ulid::from_string(organization).ok()?),
        kind: kind.into(),
        id: ulid::Ulid::from_string(id).ok()?,
    })
}
