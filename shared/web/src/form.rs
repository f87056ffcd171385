//! What a form shows again: what is wrong with it, field by field and as a whole.

use kernel::{Error, Violations, error::Conflict};
use serde::{Deserialize, Deserializer};

/// An option of a select, or one of several boxes: value, label, whether it is chosen.
pub type Choice = (String, String, bool);

/// The address of a page narrowed by a form of it: what is empty is left out.
pub fn link(path: &str, fields: &[(&str, &str)]) -> String {
    let given: Vec<_> = fields.iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_html_form::to_string(&given) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.into(),
    }
}

/// The options of a select, one of them chosen.
pub fn choices<V, L>(options: impl IntoIterator<Item = (V, L)>, chosen: &str) -> Vec<Choice>
where
    V: Into<String>,
    L: Into<String>,
{
    options
        .into_iter()
        .map(|(value, label)| {
            let value = value.into();
            let selected = value == chosen;
            (value, label.into(), selected)
        })
        .collect()
}

/// The countries of an address, France first.
pub fn countries(chosen: &str) -> Vec<Choice> {
    choices(kernel::country::listed(), chosen)
}

/// The values of a field that is repeated once a row, in a struct that is flattened into another: there serde_html_form
/// no longer knows that a field which came once is a list of one.
pub fn column<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Column {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Column::deserialize(from)? {
        Column::One(value) => vec![value],
        Column::Many(values) => values,
    })
}

/// Why somebody cannot leave an organization, by its name.
pub(crate) fn last_owner_of(name: &str) -> String {
    format!("Vous êtes le dernier propriétaire de {name}. Nommez-en d’abord un autre, ou demandez-nous sa suppression.")
}

#[derive(Debug, Clone, Default)]
pub struct FieldErrors {
    violations: Violations,
    summary: Option<String>,
}

impl FieldErrors {
    /// The French sentence beside a field; `pointer` as in the API's violations: `/lines/0/quantity`.
    pub fn get(&self, pointer: &str) -> Option<String> {
        self.violations.french(pointer)
    }

    /// Of a part of an input, under whose pointer its fields stand: they are told as if it were all; the others as before.
    pub fn under(self, part: &str) -> Self {
        let own = |pointer: &str| pointer.strip_prefix(part).unwrap_or(pointer).to_owned();
        Self { violations: self.violations.moved(own), ..self }
    }

    /// What concerns no single field.
    pub fn summary(&self) -> Option<&str> {
        self.summary.as_deref()
    }

    pub fn is_empty(&self) -> bool {
        self.violations.is_empty() && self.summary.is_none()
    }

    /// As [`Self::from_error`], in one sentence above the page: for a form that is closed again.
    pub fn summary_of(error: Error) -> Result<Self, Error> {
        match error {
            Error::Invalid(violations) => Ok(Self {
                summary: violations.iter().next().map(|violation| violation.rule.french()),
                violations: Violations::default(),
            }),
            other => Self::from_error(other),
        }
    }

    /// What a person can mend in the form comes back into it; any other error is the page's.
    pub fn from_error(error: Error) -> Result<Self, Error> {
        match error {
            Error::Invalid(violations) => Ok(Self { violations, summary: None }),
            // No form helps who is a member nowhere.
            Error::Conflict(conflict) if conflict != Conflict::NoOrganization => {
                Ok(Self { violations: Violations::default(), summary: Some(conflict.french().into()) })
            }
            Error::LastOwnerOf(name) => {
                Ok(Self { violations: Violations::default(), summary: Some(last_owner_of(&name)) })
            }
            Error::WrongCredentials => Ok(Self {
                violations: Violations::default(),
                summary: Some("L’adresse e-mail ou le mot de passe est incorrect.".into()),
            }),
            Error::Stale => Ok(Self {
                violations: Violations::default(),
                summary: Some(
                    "Quelqu’un a modifié cet élément pendant votre saisie. Rechargez la page, puis reprenez vos changements."
                        .into(),
                ),
            }),
            other => Err(other),
        }
    }
}
