//! What an act changed, item by item, as the audit log keeps it: only the fields that differ, secrets hidden, within
//! a size. Pure.

use std::collections::BTreeMap;

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Item, item::Audit};

/// Fields by their path: `legal.siret`, `priced.lines.0.description`.
pub type Fields = BTreeMap<String, Value>;

/// Stands for a secret.
pub const HIDDEN: &str = "•••";
/// Stands for what was erased (RGPD art. 17).
pub const ERASED: &str = "[erased]";
/// Hidden under whatever item: what a field's name must not contain if its value is to be kept.
const SECRETS: [&str; 6] = ["hash", "secret", "seed", "password", "token", "sealed"];
/// Of a text, so many characters are kept.
const TEXT_MAX: usize = 500;
/// Bytes of JSON for the fields with their values, and for the names of those that found no room.
const VALUES_MAX: usize = 20 * 1024;
const NAMES_MAX: usize = 3 * 1024;
/// Where a name by which people know an item may stand, the best first.
const LABELS: [&str; 5] = ["number", "issued.number", "name", "file_name", "file.file_name"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    Create,
    Update,
    Delete,
}

/// One changed item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Its type, as the table names it.
    #[serde(rename = "type")]
    pub item: String,
    pub operation: Operation,
    /// Of an item that was changed unread, the bare ULID of its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What people called it at that moment: a name, a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What the changed fields held; a field that was empty is absent.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub before: Fields,
    /// What they hold now; null where an unread item lost the field, `+1` where a number was added to.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub after: Fields,
    /// Changed fields whose values found no room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named_only: Vec<String>,
}

impl Change {
    /// None where the item is not audited, or did not change.
    pub(crate) fn of<T: Item>(operation: Operation, before: Option<&T>, after: Option<&T>) -> Result<Option<Self>> {
        let masked = match T::AUDIT {
            Audit::Nothing => return Ok(None),
            Audit::Masked(names) => names,
            Audit::Whole => &[],
        };
        let fields = |item: Option<&T>| -> Result<Fields> {
            let mut fields = Fields::new();
            if let Some(item) = item {
                flatten("", serde_json::to_value(item).map_err(Error::internal)?, masked, &mut fields);
            }
            Ok(fields)
        };
        let (mut before, mut after) = (fields(before)?, fields(after)?);
        let whole = if after.is_empty() { &before } else { &after };
        let text = |name: &&str| whole.get(*name).and_then(Value::as_str).map(shortened);
        let id = ["id", "user"].iter().find_map(text);
        let label = LABELS.iter().find_map(text).or_else(|| person(whole));
        let same: Vec<String> = before
            .iter()
            .filter(|(path, value)| after.get(*path) == Some(value))
            .map(|(path, _)| path.clone())
            .collect();
        for path in same {
            before.remove(&path);
            after.remove(&path);
        }
        if before.is_empty() && after.is_empty() {
            return Ok(None);
        }
        for (path, value) in before.iter_mut().chain(after.iter_mut()) {
            *value = kept(path, std::mem::take(value), masked);
        }
        Ok(Some(Self { item: T::TYPE.into(), operation, id, label, before, after, named_only: Vec::new() }))
    }

    /// The same without what the fields held: of them, only the names.
    pub(crate) fn untold(mut self) -> Self {
        for value in self.before.values_mut().chain(self.after.values_mut()) {
            *value = ERASED.into();
        }
        self
    }

    /// Of an item that is changed or removed unread.
    pub(crate) fn unread(
        item: &str,
        audit: Audit,
        operation: Operation,
        id: Option<String>,
        mut after: Fields,
    ) -> Option<Self> {
        let masked = match audit {
            Audit::Nothing => return None,
            Audit::Masked(names) => names,
            Audit::Whole => &[],
        };
        for (path, value) in &mut after {
            *value = kept(path, std::mem::take(value), masked);
        }
        let (before, named_only) = (Fields::new(), Vec::new());
        Some(Self { item: item.into(), operation, id, label: None, before, after, named_only })
    }
}

/// Somebody's name, where an item keeps it in two fields.
fn person(fields: &Fields) -> Option<String> {
    let part = |name: &str| fields.get(name).and_then(Value::as_str);
    let last = part("person.last_name")?;
    Some(shortened(&part("person.first_name").map_or_else(|| last.to_owned(), |first| format!("{first} {last}"))))
}

/// Whether a field of this name is hidden.
pub(crate) fn is_secret(name: &str, masked: &[&str]) -> bool {
    masked.contains(&name) || SECRETS.iter().any(|secret| name.contains(secret))
}

fn flatten(path: &str, value: Value, masked: &[&str], fields: &mut Fields) {
    let within = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let is_secret = path.rsplit('.').next().is_some_and(|name| is_secret(name, masked));
    match value {
        Value::Null => {}
        Value::Object(parts) if !is_secret => {
            for (name, value) in parts {
                flatten(&within(&name), value, masked, fields);
            }
        }
        Value::Array(values) if !is_secret && values.iter().any(|value| value.is_object() || value.is_array()) => {
            for (index, value) in values.into_iter().enumerate() {
                flatten(&within(&index.to_string()), value, masked, fields);
            }
        }
        value => {
            fields.insert(path.into(), value);
        }
    }
}

/// A value as the log keeps it: hidden, cut, or as it is.
fn kept(path: &str, value: Value, masked: &[&str]) -> Value {
    if path.split('.').any(|name| is_secret(name, masked)) {
        return if value.is_null() { value } else { HIDDEN.into() };
    }
    match value {
        Value::String(text) if text.len() > TEXT_MAX => shortened(&text).into(),
        Value::Array(values) => {
            let text = Value::Array(values).to_string();
            if text.len() > TEXT_MAX {
                shortened(&text).into()
            } else {
                serde_json::from_str(&text).unwrap_or_default()
            }
        }
        value => value,
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(TEXT_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The changes within an entry's size, and how many fields are not even named.
pub(crate) fn fitted(changes: Vec<Change>) -> (Vec<Change>, u64) {
    let size = |value: &Value| serde_json::to_string(value).map_or(0, |text| text.len());
    let (mut values, mut names, mut omitted) = (0, 0, 0);
    let mut fitted = Vec::with_capacity(changes.len());
    for mut change in changes {
        let head = 100 + change.label.as_ref().map_or(0, |label| 2 * label.len());
        let paths: Vec<String> = change
            .before
            .keys()
            .chain(change.after.keys().filter(|path| !change.before.contains_key(*path)))
            .cloned()
            .collect();
        if values + head > VALUES_MAX {
            omitted += paths.len().max(1) as u64;
            continue;
        }
        values += head;
        for path in paths {
            let sides = [change.before.get(&path), change.after.get(&path)];
            let needed: usize = sides.into_iter().flatten().map(|value| path.len() + 6 + size(value)).sum();
            if values + needed <= VALUES_MAX {
                values += needed;
                continue;
            }
            change.before.remove(&path);
            change.after.remove(&path);
            if names + path.len() + 3 <= NAMES_MAX {
                names += path.len() + 3;
                change.named_only.push(path);
            } else {
                omitted += 1;
            }
        }
        fitted.push(change);
    }
    (fitted, omitted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Key, TenantKeys};

    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct Anything(Value);

    impl Item for Anything {
        const TYPE: &'static str = "anything";
        const AUDIT: Audit = Audit::Masked(&["code"]);

        fn key(&self, keys: TenantKeys) -> Key {
            keys.organization()
        }
    }

    fn change(before: Value, after: Value) -> Option<Change> {
        let item = |value: Value| (!value.is_null()).then_some(Anything(value));
        let (before, after) = (item(before), item(after));
        Change::of(Operation::Update, before.as_ref(), after.as_ref()).expect("a change")
    }

    #[test]
    fn only_what_differs_is_kept_by_its_path() {
        let before = json!({ "id": "x_1", "name": "Atelier", "legal": { "siret": "1", "email": null }, "days": 30,
            "lines": [{ "text": "a" }, { "text": "b" }], "scopes": ["a"] });
        let after = json!({ "id": "x_1", "name": "Atelier", "legal": { "siret": "2", "email": "a@b.fr" }, "days": 30,
            "lines": [{ "text": "a" }], "scopes": ["a", "b"] });
        let changed = change(before, after).expect("a change");
        assert_eq!((changed.id.as_deref(), changed.label.as_deref()), (Some("x_1"), Some("Atelier")));
        assert_eq!(json!(changed.before), json!({ "legal.siret": "1", "lines.1.text": "b", "scopes": ["a"] }));
        assert_eq!(json!(changed.after), json!({ "legal.siret": "2", "legal.email": "a@b.fr", "scopes": ["a", "b"] }));
    }

    #[test]
    fn nothing_is_told_of_an_item_that_stays_the_same() {
        assert_eq!(change(json!({ "a": 1, "b": null }), json!({ "a": 1 })), None);
    }

    #[test]
    fn secrets_are_hidden_wherever_they_stand_and_that_they_changed_is_seen() {
        let item = |n: u8| {
            json!({ "password_hash": format!("h{n}"), "totp": { "seed": n, "sealed": { "text": [n] } }, "code": n,
                "codes_hashes": [format!("c{n}")], "token_list": [{ "a": n }], "plain": n })
        };
        let changed = change(item(1), item(2)).expect("a change");
        let hidden = json!({ "password_hash": HIDDEN, "totp.seed": HIDDEN, "totp.sealed": HIDDEN, "code": HIDDEN,
            "codes_hashes": HIDDEN, "token_list": HIDDEN, "plain": 2 });
        assert_eq!(json!(changed.after), hidden);
        assert_eq!(changed.before["totp.sealed"], HIDDEN);
        let unread =
            Change::unread("x", Audit::Whole, Operation::Update, None, Fields::from([("a.secret".into(), "s".into())]));
        assert_eq!(unread.map(|change| change.after["a.secret"].clone()), Some(HIDDEN.into()));
    }

    #[test]
    fn an_entry_stays_within_its_size_whatever_was_written() {
        let lines: Vec<_> = (0..500).map(|n| json!({ "description": "é\"".repeat(2_000), "number": n })).collect();
        let large = change(Value::Null, json!({ "notes": "x".repeat(100_000), "priced": { "lines": lines } }));
        let many = (0..98).map(|_| large.clone().expect("a change")).collect();
        let (kept, omitted) = fitted(many);
        let text = serde_json::to_string(&kept).expect("JSON");
        assert!(text.len() <= 24 * 1024, "{}", text.len());
        assert!(omitted > 0 && !kept[0].named_only.is_empty() && !kept[0].after.is_empty());
    }
}
