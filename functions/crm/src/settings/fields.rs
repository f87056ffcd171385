//! Fields that an organization adds to its records. Pure.

use kernel::{Error, Result, Rule, Violations, id::FieldId, legal, tag::parse_name, text};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use web::sheet;

use super::Settings;
use crate::record::RecordKind;

/// How many fields a kind of records has at most.
const FIELDS_MAX: usize = 30;
const CHOICES_MAX: usize = 50;
const TEXT_MAX: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomField {
    pub id: FieldId,
    /// Of which records.
    pub of: RecordKind,
    pub name: String,
    pub kind: FieldKind,
    /// Of a choice only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Text,
    Number,
    Date,
    Choice,
    YesNo,
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FieldInput {
    /// `company`, `contact` or `opportunity`; that of an existing field stays.
    pub of: String,
    /// No two fields of the same records have the same name.
    pub name: String,
    /// `text` (which an empty text means too), `number`, `date`, `choice` or `yes_no`; that of an existing field stays.
    pub kind: String,
    /// One a line, of a choice only, 50 at most. One that is taken away stays with the records that have it.
    pub choices: String,
}

impl FieldKind {
    pub const ALL: [Self; 5] = [Self::Text, Self::Number, Self::Date, Self::Choice, Self::YesNo];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Choice => "choice",
            Self::YesNo => "yes_no",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Text => "Texte",
            Self::Number => "Nombre",
            Self::Date => "Date",
            Self::Choice => "Choix dans une liste",
            Self::YesNo => "Oui ou non",
        }
    }

    fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::Text),
            name => Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

impl FieldInput {
    pub fn of(field: &CustomField) -> Self {
        Self {
            of: field.of.name().into(),
            name: field.name.clone(),
            kind: field.kind.name().into(),
            choices: field.choices.join("\n"),
        }
    }
}

impl CustomField {
    /// A value as it is stored, of one that is typed: a number as `12.5`, a date as `2026-11-30`, yes and no as `true` and
    /// `false`. `before` is what the record has, which stays acceptable although the choice may be gone.
    pub fn parse(&self, typed: &str, before: Option<&str>) -> Result<Option<String>, Rule> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        match self.kind {
            FieldKind::Text => legal::text(typed, TEXT_MAX),
            FieldKind::Number => {
                let limit = Decimal::from(1_000_000_000_000_i64);
                legal::decimal(typed, 6, -limit, limit).map(|number| number.normalize().to_string())
            }
            FieldKind::Date => legal::date(typed).map(|date| date.to_string()),
            FieldKind::Choice => {
                let folded = text::folded(typed);
                let known = self.choices.iter().map(String::as_str).find(|choice| text::folded(choice) == folded);
                known.or(before.filter(|before| *before == typed)).map(str::to_owned).ok_or(Rule::NotAChoice)
            }
            FieldKind::YesNo => match text::folded(typed).as_str() {
                "true" | "oui" | "yes" | "1" | "on" | "vrai" => Ok("true".into()),
                "false" | "non" | "no" | "0" | "faux" => Ok("false".into()),
                _ => Err(Rule::NotAChoice),
            },
        }
        .map(Some)
    }
}

impl CustomField {
    /// Whether what a record has in it, as it is stored, is what somebody types: for a text, somewhere in it.
    pub fn answers(&self, stored: &str, wanted: &str) -> bool {
        match self.kind {
            FieldKind::Text => text::folded(stored).contains(&text::folded(wanted)),
            FieldKind::Date => sheet::date(wanted.trim()).is_some_and(|date| date.to_string() == stored),
            _ => self.parse(wanted, Some(stored)).is_ok_and(|parsed| parsed.as_deref() == Some(stored)),
        }
    }
}

impl Settings {
    /// With a new field, or another name or other choices of one.
    pub fn with_field(&self, id: FieldId, input: &FieldInput) -> Result<Self, Violations> {
        let mut wrong = Violations::default();
        let known = self.field(id);
        let of = match known {
            Some(known) => Some(known.of),
            None => wrong.take("/of", RecordKind::named(&input.of).ok_or(Rule::NotAChoice)),
        };
        let kind = match known {
            Some(known) => Some(known.kind),
            None => wrong.take("/kind", FieldKind::named(&input.kind)),
        };
        let name = parse_name("/name", &input.name, &mut wrong);
        let choices = match kind {
            Some(FieldKind::Choice) => wrong.take("/choices", choices(&input.choices)),
            _ => Some(Vec::new()),
        };
        let (Some(of), Some(kind), Some(name), Some(choices)) = (of, kind, name, choices) else { return Err(wrong) };
        let is_same =
            |other: &CustomField| other.id != id && other.of == of && text::folded(&other.name) == text::folded(&name);
        if self.fields.iter().any(is_same) {
            wrong.add("/name", Rule::AlreadyTaken);
        }
        let mut changed = self.clone();
        let field = CustomField { id, of, name, kind, choices };
        match changed.fields.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = field,
            None if self.fields_of(of).count() >= FIELDS_MAX => wrong.add("/name", Rule::TooMany { max: FIELDS_MAX }),
            None => changed.fields.push(field),
        }
        if wrong.is_empty() { Ok(changed) } else { Err(wrong) }
    }

    /// Without a field: what records have in it is shown no more.
    pub fn without_field(&self, id: FieldId) -> Result<Self> {
        self.field(id).ok_or(Error::NotFound)?;
        Ok(Self { fields: self.fields.iter().filter(|field| field.id != id).cloned().collect(), ..self.clone() })
    }
}

fn choices(typed: &str) -> Result<Vec<String>, Rule> {
    let mut choices: Vec<String> = Vec::new();
    for line in typed.lines().filter(|line| !line.trim().is_empty()) {
        let choice = legal::text(line, 60)?;
        if choices.iter().any(|other| text::folded(other) == text::folded(&choice)) {
            return Err(Rule::Repeated);
        }
        choices.push(choice);
    }
    match choices.len() {
        0 => Err(Rule::Required),
        count if count > CHOICES_MAX => Err(Rule::TooMany { max: CHOICES_MAX }),
        _ => Ok(choices),
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn id(number: u128) -> FieldId {
        FieldId::from_ulid(Ulid(number))
    }

    fn input(name: &str, kind: &str, choices: &str) -> FieldInput {
        FieldInput { of: "company".into(), name: name.into(), kind: kind.into(), choices: choices.into() }
    }

    fn with(kind: &str, choices: &str) -> CustomField {
        let settings = Settings::default().with_field(id(1), &input("Champ", kind, choices)).unwrap();
        settings.field(id(1)).unwrap().clone()
    }

    #[test]
    fn values_are_stored_in_one_way() {
        let stored = |kind: &str, typed: &str| with(kind, "Bio\nLocal").parse(typed, None).unwrap();
        assert_eq!(stored("text", "  deux mots "), Some("deux mots".into()));
        assert_eq!(stored("number", "1 234,50"), Some("1234.5".into()));
        assert_eq!(stored("date", "2026-11-30"), Some("2026-11-30".into()));
        assert_eq!(stored("choice", "BIO"), Some("Bio".into()));
        assert_eq!(stored("yes_no", "Oui"), Some("true".into()));
        for kind in FieldKind::ALL {
            assert_eq!(stored(kind.name(), " "), None);
        }
        for (kind, typed) in [("number", "beaucoup"), ("date", "hier"), ("choice", "Rapide"), ("yes_no", "peut-être")]
        {
            assert!(with(kind, "Bio").parse(typed, None).is_err(), "{kind}");
        }
    }

    #[test]
    fn what_is_looked_for_in_a_field_is_typed_as_in_a_form() {
        assert!(with("text", "").answers("Pains spéciaux", "SPECIAUX"));
        assert!(with("number", "").answers("1234.5", "1 234,50"));
        assert!(with("yes_no", "").answers("true", "oui") && !with("yes_no", "").answers("true", "non"));
        assert!(with("choice", "Bio").answers("Local", "Local"), "one that is gone");
        for (typed, is_found) in [("2026-11-30", true), ("30/11/2026", true), ("11/30/2026", false), ("hier", false)] {
            assert_eq!(with("date", "").answers("2026-11-30", typed), is_found, "{typed}");
        }
    }

    #[test]
    fn a_choice_that_is_gone_stays_with_who_has_it() {
        let field = with("choice", "Bio");
        assert_eq!(field.parse("Local", Some("Local")), Ok(Some("Local".into())));
        assert_eq!(field.parse("Local", Some("Bio")), Err(Rule::NotAChoice));
    }

    #[test]
    fn a_field_keeps_what_it_is_of_and_its_kind() {
        let settings = Settings::default().with_field(id(1), &input("Filière", "choice", "Bio")).unwrap();
        assert!(settings.with_field(id(2), &input("FILIERE", "text", "")).is_err());
        let other = FieldInput { of: "contact".into(), ..input("Filière", "text", "") };
        assert!(settings.with_field(id(2), &other).is_ok(), "of other records the name is free");
        let changed = settings.with_field(id(1), &FieldInput { choices: "Bio\nLocal".into(), ..other }).unwrap();
        let field = changed.field(id(1)).unwrap();
        assert_eq!((field.of, field.kind, field.choices.len()), (RecordKind::Company, FieldKind::Choice, 2));
        assert!(Settings::default().with_field(id(1), &input("X", "choice", " \n")).is_err());
    }
}
