//! Entries in French: what changed, of which kind of thing, in which field, from what to what.

use std::{collections::HashMap, fmt};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{Currency, Minor, Permission, money::french_decimal, reference::OrganizationReference, text};
use serde_json::Value;
use table::{
    AuditEntry,
    audit::{Change, ERASED, Operation},
};
use web::Membership;

use super::dictionary;

/// A type of items; its own name where it has none in French.
pub fn item(name: &str) -> &str {
    dictionary::item(name).unwrap_or(name)
}

/// Of an item, `priced.lines.0.unit_price` → `Ligne 1 › Prix unitaire`. What has no name in French keeps its own.
pub fn field(item: &str, path: &str) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        let position = parts.peek().and_then(|next| next.parse::<usize>().ok());
        if let Some(position) = position {
            parts.next();
            let name = if part == "lines" { "Ligne" } else { dictionary::field(item, part).unwrap_or(part) };
            names.push(format!("{name} {}", position.saturating_add(1)));
            continue;
        }
        // What a document has of its client stands in a `reference`; elsewhere that is a text.
        let is_box = part == "reference" && parts.peek().is_some();
        let french = || dictionary::field(item, part).or_else(|| dictionary::object(part).map(|(kind, _)| kind));
        let name = if is_box { "" } else { french().unwrap_or(part) };
        if !name.is_empty() {
            names.push(name.into());
        }
    }
    names.join(" › ")
}

/// How values are written for one organization.
pub struct Words<'a> {
    organization: &'a OrganizationReference,
    zone: TimeZone,
    /// The names of members, by the ids that entries keep of them.
    members: HashMap<String, String>,
}

/// By which name an object is known, by its id.
pub type Labels<'a> = HashMap<&'a str, &'a str>;

/// The names that entries give to what they are about: the newest of each.
pub fn labels(entries: &[AuditEntry]) -> Labels<'_> {
    entries.iter().rev().filter_map(|entry| Some((entry.object.as_str(), label(entry)?))).collect()
}

fn label(entry: &AuditEntry) -> Option<&str> {
    let own = entry.changed.iter().find(|change| change.id.as_deref() == Some(&entry.object));
    own.and_then(|change| change.label.as_deref())
}

/// To what something was done.
pub struct ObjectWords {
    /// `Facture`; nothing where the name says it all.
    pub kind: &'static str,
    /// `FAC-2026-0042`; nothing of what has none.
    pub name: String,
    pub href: Option<String>,
}

impl fmt::Display for ObjectWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, .. } = self;
        f.write_str(kind)?;
        f.write_str(if kind.is_empty() || name.is_empty() { "" } else { " " })?;
        f.write_str(name)
    }
}

/// A field, as it was and as it is; an empty text where there was or is nothing.
pub struct FieldWords {
    pub name: String,
    pub before: String,
    pub after: String,
}

pub struct ChangeWords {
    /// `Entreprise « La Poste »`
    pub title: String,
    pub operation: &'static str,
    pub fields: Vec<FieldWords>,
    /// Fields of which no more than the name is kept.
    pub named_only: String,
}

impl<'a> Words<'a> {
    pub fn new(organization: &'a OrganizationReference) -> Self {
        Self { zone: organization.zone(), organization, members: HashMap::new() }
    }

    /// With the names of members in the place of their ids.
    pub fn knowing(self, members: &[Membership]) -> Self {
        let members = members.iter().map(|member| (member.user.to_string(), member.name.clone())).collect();
        Self { members, ..self }
    }

    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// `10:04:05`
    pub fn time(&self, at: Timestamp) -> String {
        let time = at.to_zoned(self.zone.clone()).time();
        format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
    }

    /// `22/11/2026 10:04:05`
    pub fn instant(&self, at: Timestamp) -> String {
        format!("{} {}", text::short_date(self.day(at)), self.time(at))
    }

    /// `labels` are those of other entries beside it.
    pub fn object(&self, entry: &AuditEntry, labels: &Labels) -> ObjectWords {
        let id = entry.object.as_str();
        let Some((kind, href)) = dictionary::object(id) else {
            return ObjectWords { kind: "", name: id.into(), href: None };
        };
        let name = match label(entry).or_else(|| labels.get(id).copied()) {
            Some(ERASED) => "effacé".into(),
            None if id == self.organization.id.to_string() => {
                return ObjectWords { kind: "", name: self.organization.name.clone(), href };
            }
            label => label.unwrap_or_default().into(),
        };
        ObjectWords { kind, name, href }
    }

    pub fn changes(&self, entry: &AuditEntry) -> Vec<ChangeWords> {
        entry.changed.iter().map(|change| self.change(change)).collect()
    }

    fn change(&self, change: &Change) -> ChangeWords {
        let currency = self.currency(change);
        let value = |path: &str, value: Option<&Value>| {
            value.map(|value| self.value(path, value, currency)).unwrap_or_default()
        };
        let paths = change.before.keys().chain(change.after.keys().filter(|path| !change.before.contains_key(*path)));
        // The id is told with the entry.
        let mut paths: Vec<&String> = paths.filter(|path| *path != "id").collect();
        paths.sort_by_key(|path| in_order(path));
        ChangeWords {
            title: match change.label.as_deref() {
                Some(ERASED) => format!("{} effacé", item(&change.item)),
                Some(label) => format!("{} «\u{a0}{label}\u{a0}»", item(&change.item)),
                None => item(&change.item).into(),
            },
            operation: match change.operation {
                Operation::Create => "Ajout",
                Operation::Update => "Modification",
                Operation::Delete => "Suppression",
            },
            fields: paths
                .into_iter()
                .map(|path| FieldWords {
                    name: field(&change.item, path),
                    before: value(path, change.before.get(path)),
                    after: value(path, change.after.get(path)),
                })
                .collect(),
            named_only: change.named_only.iter().map(|path| field(&change.item, path)).collect::<Vec<_>>().join(", "),
        }
    }

    /// In which the amounts of a change are.
    fn currency(&self, change: &Change) -> Currency {
        let fields = change.after.iter().chain(&change.before);
        let mut named = fields.filter(|(path, _)| path.rsplit('.').next() == Some("currency"));
        named.find_map(|(_, value)| value.as_str()?.parse().ok()).unwrap_or(self.organization.currency)
    }

    fn value(&self, path: &str, value: &Value, currency: Currency) -> String {
        let name = path.rsplit('.').next().unwrap_or(path);
        match value {
            Value::Null => String::new(),
            Value::Bool(is) => if *is { "Oui" } else { "Non" }.into(),
            Value::Number(number) => match number.as_i64() {
                // Of a discount that is no percentage, which is a text.
                Some(amount) if name.ends_with("_minor") || path.ends_with("discount.value") => {
                    Minor(amount).french(currency)
                }
                _ => number.to_string(),
            },
            Value::String(text) => self.text(name, text),
            Value::Array(values) => {
                values.iter().map(|one| self.value(path, one, currency)).collect::<Vec<_>>().join(", ")
            }
            Value::Object(_) => value.to_string(),
        }
    }

    fn text(&self, name: &str, text: &str) -> String {
        if text == ERASED {
            return "(effacé)".into();
        }
        if let Some(french) = dictionary::choice(name, text) {
            return french.into();
        }
        let french = match name {
            "scopes" | "permissions" => text.parse::<Permission>().ok().map(Permission::french),
            "siret" => Some(text::siren(text)),
            "iban" => Some(text::iban(text)),
            "quantity" | "unit_price" | "hourly_price" | "percent" | "value" => text.parse().ok().map(french_decimal),
            _ if name.ends_with("_percent") => text.parse().ok().map(french_decimal),
            _ if text.contains('T') => text.parse::<Timestamp>().ok().map(|at| self.instant(at)),
            // Not of figures alone, which are a number.
            _ if text.len() == 10 && text.contains('-') => text.parse::<Date>().ok().map(text::short_date),
            _ => None,
        };
        let own = || (text == self.organization.id.to_string()).then(|| self.organization.name.clone());
        french.or_else(|| self.members.get(text).cloned()).or_else(own).unwrap_or_else(|| text.into())
    }
}

/// Positions as numbers, so that line 10 follows line 9.
fn in_order(path: &str) -> Vec<(usize, String)> {
    path.split('.')
        .map(|part| part.parse().map_or_else(|_| (usize::MAX, part.into()), |position| (position, String::new())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_reads_french_and_an_unknown_one_keeps_its_name() {
        for (path, french) in [
            ("legal.siret", "SIRET"),
            ("legal.bank.iban", "Banque › IBAN"),
            ("priced.lines.0.unit_price", "Ligne 1 › Prix unitaire"),
            ("priced.vat.1.rate.percent", "TVA 2 › Taux (%)"),
            ("client.reference.name", "Client › Nom"),
            ("reference", "Référence"),
            ("prices.pri_00000000000000000000000001", "Prix dans les tarifs › Tarif"),
            ("brand_new.thing", "brand_new › thing"),
        ] {
            assert_eq!(field("quote", path), french);
        }
        assert_eq!(["invoice", "expense"].map(|item| field(item, "note")), ["Avoir", "Note"]);
    }

    #[test]
    fn lines_are_in_their_order() {
        let mut paths = ["a.10.x", "a.9.x", "a.9.b", "b"];
        paths.sort_by_key(|path| in_order(path));
        assert_eq!(paths, ["a.9.b", "a.9.x", "a.10.x", "b"]);
    }
}
