//! Between our types and attributes. Empty optional fields are not stored.

use aws_sdk_dynamodb::types::AttributeValue;
use kernel::{Error, Result};
use serde_json::Value;

use crate::{
    item::{Attributes, Item, Stored},
    keys::{Key, TenantKeys},
};

pub(crate) fn encode<T: Item>(item: &T, keys: TenantKeys, version: u64) -> Result<Attributes> {
    let mut attributes: Attributes = serde_dynamo::to_item(item).map_err(Error::internal)?;
    strip_nulls(&mut attributes);
    let key = item.key(keys);
    let mut text = |name: &str, value: String| attributes.insert(name.into(), AttributeValue::S(value));
    text("pk", key.pk);
    text("sk", key.sk);
    text("type", T::TYPE.into());
    if let Some(place) = item.list(keys) {
        if let Some(other) = item.assigned_to().map(|user| place.of(user)).or_else(|| item.other_list(keys)) {
            text("gsi3pk", other.pk);
            text("gsi3sk", other.sk);
        }
        text("gsi1pk", place.pk);
        text("gsi1sk", place.sk);
    }
    if let Some(place) = item.filed(keys) {
        text("gsi3pk", place.pk);
        text("gsi3sk", place.sk);
    }
    if let Some(place) = item.due(keys) {
        text("gsi2pk", place.pk);
        text("gsi2sk", place.sk);
    }
    attributes.insert("v".into(), AttributeValue::N(version.to_string()));
    if let Some(at) = item.expires_at() {
        attributes.insert("ttl".into(), AttributeValue::N(at.as_second().to_string()));
    }
    Ok(attributes)
}

pub(crate) fn decode<T: Item>(attributes: &Attributes) -> Result<Stored<T>> {
    let version = match attributes.get("v") {
        Some(AttributeValue::N(number)) => number.parse().map_err(Error::internal)?,
        _ => return Err(Error::internal(format!("{} without a version", T::TYPE))),
    };
    let value = serde_dynamo::from_item(attributes.clone())
        .map_err(|error| Error::internal(format!("{}: {error}", T::TYPE)))?;
    Ok(Stored { value, version })
}

pub(crate) fn is_type(attributes: &Attributes, name: &str) -> bool {
    matches!(attributes.get("type"), Some(AttributeValue::S(found)) if found == name)
}

pub(crate) fn text<'a>(attributes: &'a Attributes, name: &str) -> &'a str {
    attributes.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

pub(crate) fn has_key(attributes: &Attributes, key: &Key) -> bool {
    text(attributes, "pk") == key.pk && text(attributes, "sk") == key.sk
}

pub(crate) fn key_of(attributes: &Attributes) -> Key {
    Key { pk: text(attributes, "pk").into(), sk: text(attributes, "sk").into() }
}

pub(crate) fn key_attributes(key: &Key) -> Attributes {
    Attributes::from([
        ("pk".into(), AttributeValue::S(key.pk.clone())),
        ("sk".into(), AttributeValue::S(key.sk.clone())),
    ])
}

pub(crate) fn to_json(attributes: &Attributes) -> Result<serde_json::Value> {
    serde_dynamo::from_item(attributes.clone()).map(sorted).map_err(Error::internal)
}

/// The same JSON with the keys of every object in order. serde_json sorts by itself or not, as whoever else is
/// in the build wants it; a hash may not depend on that.
pub(crate) fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.into_iter().collect();
            fields.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(fields.into_iter().map(|(name, value)| (name, sorted(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(sorted).collect()),
        plain => plain,
    }
}

fn strip_nulls(attributes: &mut Attributes) {
    attributes.retain(|_, value| !matches!(value, AttributeValue::Null(_)));
    for value in attributes.values_mut() {
        strip_nested(value);
    }
}

fn strip_nested(value: &mut AttributeValue) {
    match value {
        AttributeValue::M(map) => strip_nulls(map),
        AttributeValue::L(list) => list.iter_mut().for_each(strip_nested),
        _ => {}
    }
}

/// For a field that is stored as JSON text, to the letter: the table drops nulls and re-writes numbers inside
/// maps, which neither a hash nor a consumer outside may depend on.
pub(crate) mod as_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

    pub fn serialize<T: Serialize, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&serde_json::to_string(value).map_err(ser::Error::custom)?)
    }

    pub fn deserialize<'de, T: de::DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        serde_json::from_str(&std::borrow::Cow::<str>::deserialize(from)?).map_err(de::Error::custom)
    }
}
