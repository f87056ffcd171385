//! What a record has in the fields that its organization added. Pure.

use std::collections::BTreeMap;

use kernel::{Rule, Violations, id::FieldId};

use super::Settings;
use crate::record::RecordKind;

/// Values as [`super::CustomField::parse`] stores them, by field. A field that was deleted since counts for nothing.
pub type Custom = BTreeMap<FieldId, String>;

/// Values as they are typed, by `fld_…`; an empty text is "none".
pub type CustomInput = BTreeMap<String, String>;

impl Settings {
    /// What a record of this kind will have. What an input does not name stays as it was `before`; a field that was deleted
    /// is passed over where the record has it.
    pub fn parse_custom(
        &self,
        kind: RecordKind,
        typed: &CustomInput,
        before: &Custom,
        wrong: &mut Violations,
    ) -> Custom {
        let mut custom = before.clone();
        for (id, text) in typed {
            let pointer = format!("/custom/{id}");
            let id = id.parse::<FieldId>().ok();
            let field = id.and_then(|id| self.fields_of(kind).find(|field| field.id == id));
            if field.is_none() && id.is_some_and(|id| before.contains_key(&id) && self.field(id).is_none()) {
                continue;
            }
            let Some(field) = wrong.take(pointer.clone(), field.ok_or(Rule::NotFound)) else { continue };
            let before = before.get(&field.id).map(String::as_str);
            match wrong.take(pointer, field.parse(text, before)) {
                Some(Some(value)) => drop(custom.insert(field.id, value)),
                Some(None) => drop(custom.remove(&field.id)),
                None => {}
            }
        }
        custom
    }
}

/// The values of a record as an input has them.
pub fn typed(custom: &Custom) -> CustomInput {
    custom.iter().map(|(id, value)| (id.to_string(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::settings::FieldInput;

    #[test]
    fn what_is_not_named_stays_and_what_is_emptied_goes() {
        let id = |number| FieldId::from_ulid(Ulid(number));
        let input = |of: &str, name: &str| FieldInput { of: of.into(), name: name.into(), ..FieldInput::default() };
        let settings = Settings::default().with_field(id(1), &input("company", "Filière")).unwrap();
        let settings = settings.with_field(id(2), &input("company", "Origine")).unwrap();
        let settings = settings.with_field(id(3), &input("contact", "Anniversaire")).unwrap();
        let before = Custom::from([(id(1), "Bio".into()), (id(2), "Salon".into())]);
        let typed = CustomInput::from([(id(2).to_string(), String::new())]);
        let mut wrong = Violations::default();
        let after = settings.parse_custom(RecordKind::Company, &typed, &before, &mut wrong);
        assert_eq!(after, Custom::from([(id(1), "Bio".into())]));
        assert!(wrong.is_empty());
        let typed = CustomInput::from([(id(3).to_string(), "1er mai".into()), ("fld_x".into(), "?".into())]);
        settings.parse_custom(RecordKind::Company, &typed, &before, &mut wrong);
        assert_eq!(wrong.iter().count(), 2, "a field of other records, and none at all");
        let settings = settings.without_field(id(1)).unwrap();
        let mut wrong = Violations::default();
        settings.parse_custom(RecordKind::Company, &super::typed(&before), &before, &mut wrong);
        assert!(wrong.is_empty(), "what is read can be written again");
    }
}
