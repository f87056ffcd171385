//! The organization's own fields in forms, and what a record has in them on its page.

use kernel::money::french_decimal;
use rust_decimal::Decimal;
use web::{
    Asker,
    form::{Choice, choices},
};

use super::{Custom, CustomField, CustomInput, FieldKind, Settings};
use crate::record::RecordKind;

/// A field that a form offers.
pub struct OwnField {
    /// In the form: `custom.fld_…`.
    pub name: String,
    /// Among the errors: `/custom/fld_…`.
    pub pointer: String,
    pub label: String,
    /// As the API names it.
    pub kind: &'static str,
    pub value: String,
    /// Of a choice, and of yes and no.
    pub choices: Vec<Choice>,
}

/// What a record has in a field.
pub struct OwnValue {
    pub label: String,
    pub text: String,
}

impl OwnField {
    /// Those of records of a kind, with what was typed or is there.
    pub fn all(settings: &Settings, kind: RecordKind, typed: &CustomInput) -> Vec<Self> {
        settings.fields_of(kind).map(|field| Self::of(field, typed)).collect()
    }

    fn of(field: &CustomField, typed: &CustomInput) -> Self {
        let id = field.id.to_string();
        let value = typed.get(&id).cloned().unwrap_or_default();
        let mut choices = match field.kind {
            FieldKind::Choice => choices(field.choices.iter().map(|choice| (choice.clone(), choice.clone())), &value),
            FieldKind::YesNo => choices([("true", "Oui"), ("false", "Non")], &value),
            FieldKind::Text | FieldKind::Number | FieldKind::Date => Vec::new(),
        };
        // One that was taken away stays with who has it.
        if field.kind == FieldKind::Choice && !value.is_empty() && choices.iter().all(|(.., chosen)| !chosen) {
            choices.push((value.clone(), value.clone(), true));
        }
        let value = if field.kind == FieldKind::Number { value.replace('.', ",") } else { value };
        Self {
            name: format!("custom.{id}"),
            pointer: format!("/custom/{id}"),
            label: field.name.clone(),
            kind: field.kind.name(),
            value,
            choices,
        }
    }
}

impl OwnValue {
    /// In the order of the fields; of those in which there is something.
    pub fn all(asker: &Asker, settings: &Settings, kind: RecordKind, custom: &Custom) -> Vec<Self> {
        let value = |field: &CustomField| {
            let stored = custom.get(&field.id)?;
            Some(Self { label: field.name.clone(), text: shown(asker, field.kind, stored) })
        };
        settings.fields_of(kind).filter_map(value).collect()
    }
}

/// A value as a page shows it, of one as it is stored.
fn shown(asker: &Asker, kind: FieldKind, stored: &str) -> String {
    let otherwise = || stored.to_owned();
    match kind {
        FieldKind::Text | FieldKind::Choice => otherwise(),
        FieldKind::Number => stored.parse::<Decimal>().map_or_else(|_| otherwise(), french_decimal),
        FieldKind::Date => stored.parse().map_or_else(|_| otherwise(), |date| asker.organization.date(date)),
        FieldKind::YesNo => if stored == "true" { "Oui" } else { "Non" }.into(),
    }
}
