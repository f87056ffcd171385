//! The audit log is read by people: what any act leaves in it has a name in French.

use std::collections::BTreeSet;

use organizations::audit::dictionary;
use serde_json::Value;

use crate::everything::kind;

/// Fields in which people write, or in which others are named.
const FREE: [&str; 2] = ["name", "key_ending"];

/// As programs name things: `bank_transfer`.
fn is_raw(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// What of a field has no name: parts of its path, and what it holds.
fn nameless(item: &str, path: &str, value: &Value) -> Vec<String> {
    let parts: Vec<&str> = path.split('.').filter(|part| part.parse::<usize>().is_err()).collect();
    let is_known = |part: &&str| dictionary::field(item, part).is_some() || dictionary::object(part).is_some();
    let mut found: Vec<String> =
        parts.iter().filter(|part| !is_known(part)).map(|part| format!("{part} in {path}")).collect();
    let name = parts.last().copied().unwrap_or_default();
    let texts = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice).iter().filter_map(Value::as_str);
    let raw = texts.filter(|text| is_raw(text) && !FREE.contains(&name) && dictionary::choice(name, text).is_none());
    found.extend(raw.map(|text| format!("{text} as {name}")));
    found
}

/// Holds it of all the entries in a table.
pub fn is_in_french(items: &[Value]) {
    let (mut entries, mut missing) = (0, BTreeSet::new());
    for item in items.iter().filter(|item| kind(item) == "audit") {
        let changed: Vec<Value> =
            item["changed"]["S"].as_str().map_or_else(Vec::new, |text| serde_json::from_str(text).expect("changes"));
        entries += 1;
        for change in &changed {
            let item = change["type"].as_str().unwrap_or_default();
            let fields = ["before", "after"].into_iter().filter_map(|side| change[side].as_object()).flatten();
            for (path, value) in fields {
                missing.extend(nameless(item, path, value).into_iter().map(|what| format!("{item}: {what}")));
            }
        }
    }
    assert!(entries > 300);
    assert!(missing.is_empty(), "no name in dictionary.rs for\n{}", Vec::from_iter(missing).join("\n"));
}
