//! The fields of a record as a merge chooses among them, and as undoing gives them back. They are read from the stored form
//! of the record, so that one rule holds for both kinds. Pure.

use std::collections::BTreeMap;

use kernel::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{record::RecordKind, settings::TAGS_OF_RECORD_MAX};

/// What is chosen together: a value, or some that say nothing without each other.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// As the API and the form name it.
    pub name: &'static str,
    pub french: &'static str,
    /// Where it stands in the stored record.
    paths: &'static [&'static str],
}

const fn field(name: &'static str, french: &'static str, paths: &'static [&'static str]) -> Field {
    Field { name, french, paths }
}

const COMPANY: &[Field] = &[
    field("name", "Nom", &["name"]),
    field("category", "Catégorie", &["category"]),
    // A number is checked against the other, and documents of a private person show none.
    field("numbers", "SIRET et numéro de TVA", &["is_business", "siret", "vat_number"]),
    field("address", "Adresse", &["address"]),
    field("addresses", "Autres adresses", &["addresses"]),
    field("email", "Adresse e-mail", &["email"]),
    field("phone", "Téléphone", &["phone"]),
    field("website", "Site internet", &["website"]),
    field("industry", "Secteur d’activité", &["industry"]),
    field("employees", "Effectif", &["employees"]),
    field("revenue", "Chiffre d’affaires", &["revenue_minor"]),
    field("terms", "Délai de paiement", &["terms"]),
    field("parent", "Maison mère", &["parent"]),
    field("assigned_to", "Attribuée à", &["assigned_to"]),
    field("notes", "Notes", &["notes"]),
];

const CONTACT: &[Field] = &[
    field("civility", "Civilité", &["person.civility"]),
    field("first_name", "Prénom", &["person.first_name"]),
    field("last_name", "Nom", &["person.last_name"]),
    field("company", "Entreprise", &["company"]),
    field("job_title", "Fonction", &["person.job_title"]),
    field("department", "Service", &["person.department"]),
    field("category", "Catégorie", &["category"]),
    field("email", "Adresse e-mail", &["person.email"]),
    field("phone", "Téléphone", &["person.phone"]),
    field("mobile", "Mobile", &["person.mobile"]),
    field("preferred", "Moyen de contact préféré", &["preferred"]),
    field("address", "Adresse", &["person.address"]),
    field("assigned_to", "Attribué à", &["assigned_to"]),
    field("notes", "Notes", &["person.notes"]),
];

const CUSTOM: &str = "custom";
const TAGS: &str = "tags";

impl Field {
    pub const fn all(kind: RecordKind) -> &'static [Self] {
        match kind {
            RecordKind::Company => COMPANY,
            RecordKind::Contact => CONTACT,
            RecordKind::Opportunity => &[],
        }
    }

    /// Its values in a stored record; none where it says nothing there.
    pub fn values(&self, stored: &Value) -> Vec<Value> {
        let values = self.paths.iter().map(|path| at(stored, path));
        values.filter(|value| !is_nothing(value) && value != "none").collect()
    }

    /// Whether both say the same.
    pub fn is_same(&self, one: &Value, other: &Value) -> bool {
        self.paths
            .iter()
            .all(|path| is_nothing(&at(one, path)) && is_nothing(&at(other, path)) || at(one, path) == at(other, path))
    }

    fn says_nothing(&self, stored: &Value) -> bool {
        // Being a business is no news.
        self.values(stored).iter().all(Value::is_boolean)
    }
}

/// Whether the loser's value stays where nobody chose.
pub fn is_chosen_loser(field: &Field, winner: &Value) -> bool {
    field.says_nothing(winner)
}

pub fn stored<T: Serialize>(record: &T) -> Result<Value> {
    serde_json::to_value(record).map_err(Error::internal)
}

fn read<T: DeserializeOwned>(stored: Value) -> Result<T> {
    serde_json::from_value(stored).map_err(Error::internal)
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(rows) => rows.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn at(stored: &Value, path: &str) -> Value {
    path.split('.').try_fold(stored, |value, part| value.get(part)).cloned().unwrap_or_default()
}

fn put(stored: &mut Value, path: &str, value: Value) {
    let (group, name) = match path.split_once('.') {
        Some((group, name)) => (stored.get_mut(group).and_then(Value::as_object_mut), name),
        None => (stored.as_object_mut(), path),
    };
    let Some(group) = group else { return };
    if value.is_null() {
        group.remove(name);
    } else {
        group.insert(name.into(), value);
    }
}

/// The winner with what was chosen of the loser. `from_loser` says of a field, or of one of the organization's own by its id,
/// whether the loser's value stays; none where nobody chose: then it is the winner's, or the loser's where the winner has
/// none. Tags come together.
pub fn merged<T: Serialize + DeserializeOwned>(
    kind: RecordKind,
    winner: &T,
    loser: &T,
    from_loser: impl Fn(&str) -> Option<bool>,
) -> Result<T> {
    let (mut kept, lost) = (stored(winner)?, stored(loser)?);
    for field in Field::all(kind) {
        if from_loser(field.name).unwrap_or_else(|| field.says_nothing(&kept)) {
            for path in field.paths {
                put(&mut kept, path, at(&lost, path));
            }
        }
    }
    let mut custom = at(&kept, CUSTOM).as_object().cloned().unwrap_or_default();
    for (id, value) in at(&lost, CUSTOM).as_object().into_iter().flatten() {
        if from_loser(id).unwrap_or_else(|| !custom.contains_key(id)) {
            custom.insert(id.clone(), value.clone());
        }
    }
    put(&mut kept, CUSTOM, some(Value::Object(custom)));
    let mut tags = at(&kept, TAGS).as_array().cloned().unwrap_or_default();
    for tag in at(&lost, TAGS).as_array().into_iter().flatten() {
        if !tags.contains(tag) && tags.len() < TAGS_OF_RECORD_MAX {
            tags.push(tag.clone());
        }
    }
    put(&mut kept, TAGS, some(Value::Array(tags)));
    read(kept)
}

fn some(value: Value) -> Value {
    if is_nothing(&value) { Value::Null } else { value }
}

/// A record as it is now, with what a merge changed put back as it was `before`; what somebody changed since it was `after`
/// the merge stays.
pub fn restored<T: Serialize + DeserializeOwned>(now: &T, before: &T, after: &T) -> Result<T> {
    let mut restored = stored(now)?;
    let (before, after) = (stored(before)?, stored(after)?);
    give_back(&mut restored, &before, &after);
    read(restored)
}

/// Field by field, and those of a group (a contact's person, own fields) each by itself.
fn give_back(now: &mut Value, before: &Value, after: &Value) {
    let Some(fields) = now.as_object_mut() else { return };
    let names: BTreeMap<String, ()> = [before, after]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(Map::keys)
        .map(|name| (name.clone(), ()))
        .collect();
    for name in names.into_keys() {
        let was = |stored: &Value| stored.get(&name).cloned().unwrap_or_default();
        let (was_before, was_after) = (was(before), was(after));
        let is_group = ["person", CUSTOM].contains(&name.as_str());
        match fields.get_mut(&name) {
            Some(group) if is_group => give_back(group, &was_before, &was_after),
            current => {
                let is_untouched = current.map(|value| value.clone()).unwrap_or_default() == was_after;
                if is_untouched && was_before != was_after {
                    if was_before.is_null() {
                        fields.remove(&name);
                    } else {
                        fields.insert(name, was_before);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merge(winner: &Value, loser: &Value, from_loser: &[&str]) -> Value {
        merged(RecordKind::Company, winner, loser, |name| from_loser.contains(&name).then_some(true)).unwrap()
    }

    #[test]
    fn what_is_chosen_is_the_loser_s_and_gaps_are_filled() {
        let winner =
            json!({ "id": 1, "name": "Dupré", "is_business": true, "email": null, "phone": "1", "tags": ["a"] });
        let loser = json!({
            "id": 2, "name": "Dupré SARL", "is_business": true, "siret": "7", "email": "e", "phone": "2",
            "tags": ["b", "a"], "custom": { "fld_1": "x" },
        });
        let expected = json!({
            "id": 1, "name": "Dupré SARL", "is_business": true, "siret": "7", "email": "e", "phone": "1",
            "tags": ["a", "b"], "custom": { "fld_1": "x" },
        });
        assert_eq!(merge(&winner, &loser, &["name"]), expected);
        // Nothing can be chosen as well.
        assert_eq!(merge(&loser, &winner, &["email"]).get("email"), None);
        let own = merged(RecordKind::Company, &winner, &loser, |_| Some(false)).unwrap();
        assert_eq!(own["name"], "Dupré");
        assert_eq!(own.get("siret"), None);
    }

    #[test]
    fn what_was_changed_since_stays() {
        let before = json!({ "name": "A", "email": null, "person": { "mobile": "1" }, "tags": ["a"] });
        let after = json!({ "name": "B", "email": "e", "person": { "mobile": "2", "phone": "3" }, "tags": ["a", "b"] });
        let now = json!({ "name": "C", "email": "e", "person": { "mobile": "2", "phone": "4" }, "tags": ["a", "b"], "kept": 1 });
        let expected = json!({ "name": "C", "person": { "mobile": "1", "phone": "4" }, "tags": ["a"], "kept": 1 });
        assert_eq!(restored(&now, &before, &after).unwrap(), expected);
        assert_eq!(
            restored(&after, &before, &after).unwrap(),
            json!({ "name": "A", "person": { "mobile": "1" }, "tags": ["a"] })
        );
    }
}
