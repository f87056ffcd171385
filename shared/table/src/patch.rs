//! A change of single attributes of an item that the act does not read. For what holds whatever the rest of the item
//! says: a sum, a copy of a name, when somebody was seen. Reading first would cost a round trip.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{AttributeValue, Update},
};

use kernel::Error;
use serde::Serialize;
use serde_json::Value;

use crate::{
    Audit, Item, Table,
    changes::{Change, Fields, Operation},
    client::failure,
    codec,
    keys::{Index, Key},
    meter,
};

const IS_THERE: &str = "attribute_exists(pk)";

#[derive(Debug, Clone)]
pub struct Patch {
    key: Key,
    /// The type of the item; none where nobody is told.
    item: Option<(&'static str, Audit)>,
    /// Whether the item may be missing.
    begins: bool,
    /// What the audit log keeps.
    changed: Fields,
    set: Vec<String>,
    add: Vec<String>,
    remove: Vec<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Patch {
    /// The item, a `T`, must be there.
    pub fn of<T: Item>(key: Key) -> Self {
        let mut patch = Self { item: Some((T::TYPE, T::AUDIT)), ..Self::touching(key) };
        patch.push_add("v", 1);
        patch
    }

    /// As [`Self::of`], for what no decision rests on: the version stays, so that nobody who decides has to read again,
    /// and the audit log is not told.
    pub fn touching(key: Key) -> Self {
        Self {
            key,
            item: None,
            begins: false,
            changed: Fields::new(),
            set: Vec::new(),
            add: Vec::new(),
            remove: Vec::new(),
            names: HashMap::new(),
            values: HashMap::new(),
        }
    }

    /// As [`Self::touching`], of sums, a `T`, which begin at zero where there are none yet.
    pub fn tally<T: Item>(key: Key) -> Self {
        let mut patch = Self { begins: true, ..Self::touching(key) }.set("type", T::TYPE);
        patch.push_add("v", 1);
        patch
    }

    /// `path` is an attribute, or a field inside one: `company.name`.
    pub fn set(mut self, path: &str, text: &str) -> Self {
        self.changed.insert(path.into(), text.into());
        let (path, value) = (self.path(path), self.value(AttributeValue::S(text.into())));
        self.set.push(format!("{path} = {value}"));
        self
    }

    /// As [`Self::set`], a value of any kind as an item stores it.
    pub fn set_value<T: Serialize>(mut self, path: &str, value: &T) -> kernel::Result<Self> {
        let stored = serde_dynamo::to_attribute_value(value).map_err(Error::internal)?;
        self.changed.insert(path.into(), serde_json::to_value(value).map_err(Error::internal)?);
        let (path, value) = (self.path(path), self.value(stored));
        self.set.push(format!("{path} = {value}"));
        Ok(self)
    }

    /// Moves it to another place of its list, everybody's and its member's: where what is changed is what the list is
    /// sorted by. Whoever it is assigned to stays.
    pub fn at(mut self, place: &Index) -> Self {
        for attribute in ["gsi1sk", "gsi3sk"] {
            let (path, value) = (self.path(attribute), self.value(AttributeValue::S(place.sk.clone())));
            self.set.push(format!("{path} = {value}"));
        }
        self
    }

    pub fn add(mut self, attribute: &str, number: i64) -> Self {
        self.changed.insert(attribute.into(), format!("{number:+}").into());
        self.push_add(attribute, number);
        self
    }

    pub fn remove(mut self, path: &str) -> Self {
        self.changed.insert(path.into(), Value::Null);
        let path = self.path(path);
        self.remove.push(path);
        self
    }

    fn push_add(&mut self, attribute: &str, number: i64) {
        let (path, value) = (self.path(attribute), self.value(AttributeValue::N(number.to_string())));
        self.add.push(format!("{path} {value}"));
    }

    /// Names go by placeholders: many words are reserved.
    fn path(&mut self, path: &str) -> String {
        let placed = path.split('.').map(|name| {
            let placeholder = format!("#{name}");
            self.names.insert(placeholder.clone(), name.into());
            placeholder
        });
        placed.collect::<Vec<_>>().join(".")
    }

    fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    fn expression(&self) -> String {
        let clauses = [("SET", &self.set), ("ADD", &self.add), ("REMOVE", &self.remove)];
        let clauses = clauses.into_iter().filter(|(_, parts)| !parts.is_empty());
        let expression = clauses.map(|(verb, parts)| format!("{verb} {}", parts.join(", "))).collect::<Vec<_>>();
        expression.join(" ")
    }

    /// What the audit log keeps of it.
    pub(crate) fn change(&self) -> Option<Change> {
        let (item, audit) = self.item?;
        let id = self.key.ulid().map(|ulid| ulid.to_string());
        Change::unread(item, audit, Operation::Update, id, self.changed.clone())
    }

    pub(crate) fn build(self, table: &str) -> Result<Update, BuildError> {
        Update::builder()
            .table_name(table)
            .set_key(Some(codec::key_attributes(&self.key)))
            .update_expression(self.expression())
            .set_condition_expression((!self.begins).then(|| IS_THERE.into()))
            .set_expression_attribute_names(Some(self.names))
            .set_expression_attribute_values(Some(self.values))
            .build()
    }

    /// Writes it by itself, outside any act; nothing happens where the item is gone.
    #[allow(clippy::disallowed_methods, reason = "no act of anybody: when somebody was seen")]
    pub(crate) async fn write(self, table: &Table) -> kernel::Result<()> {
        meter::count();
        let sent = table
            .client
            .update_item()
            .table_name(&*table.name)
            .set_key(Some(codec::key_attributes(&self.key)))
            .update_expression(self.expression())
            .condition_expression(IS_THERE)
            .set_expression_attribute_names(Some(self.names))
            .set_expression_attribute_values(Some(self.values))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(failure(error)),
        }
    }
}
