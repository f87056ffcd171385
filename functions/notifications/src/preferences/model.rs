//! What somebody chose, and what follows for one rule. Pure.

use std::collections::BTreeMap;

use kernel::{Error, Result, Rule as Wrong, Violations, id::UserId};
use serde::{Deserialize, Serialize};

use crate::notification::{Category, rule::Rule};

/// How one category is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// In the application; by mail at once what waits for them or was given to them.
    #[default]
    Recommended,
    InApp,
    /// There too, and each by mail at once.
    AtOnce,
    /// There too, and all of a day in one mail.
    Digest,
    Nothing,
}

impl Delivery {
    pub const ALL: [Self; 5] = [Self::Recommended, Self::InApp, Self::AtOnce, Self::Digest, Self::Nothing];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::InApp => "in_app",
            Self::AtOnce => "at_once",
            Self::Digest => "digest",
            Self::Nothing => "nothing",
        }
    }

    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delivery| delivery.code() == code)
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Recommended => "Recommandé\u{a0}: dans l’application, et par e-mail ce qui vous attend",
            Self::InApp => "Dans l’application seulement",
            Self::AtOnce => "Dans l’application, et par e-mail aussitôt",
            Self::Digest => "Dans l’application, et dans un résumé quotidien par e-mail",
            Self::Nothing => "Ne pas me prévenir",
        }
    }
}

/// What becomes of one notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    pub at_once: bool,
    pub digest: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preferences {
    pub user: UserId,
    /// What differs from what is recommended.
    pub chosen: BTreeMap<Category, Delivery>,
}

impl Preferences {
    pub const fn of(user: UserId) -> Self {
        Self { user, chosen: BTreeMap::new() }
    }

    pub fn delivery(&self, category: Category) -> Delivery {
        self.chosen.get(&category).copied().unwrap_or_default()
    }

    /// None where they want to hear nothing of it.
    pub fn ways(&self, rule: &Rule) -> Option<Ways> {
        Some(match self.delivery(rule.category) {
            Delivery::Recommended => Ways { at_once: rule.at_once, digest: false },
            Delivery::InApp => Ways { at_once: false, digest: false },
            Delivery::AtOnce => Ways { at_once: true, digest: false },
            Delivery::Digest => Ways { at_once: false, digest: true },
            Delivery::Nothing => return None,
        })
    }
}

/// Per category `recommended`, `in_app`, `at_once`, `digest` or `nothing`; `recommended` where it is left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PreferencesInput {
    pub crm: String,
    pub invoicing: String,
    pub sales: String,
    pub hr: String,
    pub system: String,
}

impl PreferencesInput {
    pub fn of(preferences: &Preferences) -> Self {
        let code = |category| preferences.delivery(category).code().to_owned();
        Self {
            crm: code(Category::Crm),
            invoicing: code(Category::Invoicing),
            sales: code(Category::Sales),
            hr: code(Category::Hr),
            system: code(Category::System),
        }
    }

    pub fn get(&self, category: Category) -> &str {
        match category {
            Category::Crm => &self.crm,
            Category::Invoicing => &self.invoicing,
            Category::Sales => &self.sales,
            Category::Hr => &self.hr,
            Category::System => &self.system,
        }
    }

    pub fn parse(&self, user: UserId) -> Result<Preferences> {
        let mut wrong = Violations::default();
        let mut chosen = BTreeMap::new();
        for category in Category::ALL {
            match self.get(category).trim() {
                "" => {}
                typed => match Delivery::named(typed) {
                    Some(Delivery::Recommended) => {}
                    Some(delivery) => drop(chosen.insert(category, delivery)),
                    None => wrong.add(format!("/{}", category.code()), Wrong::NotAChoice),
                },
            }
        }
        if wrong.is_empty() { Ok(Preferences { user, chosen }) } else { Err(Error::Invalid(wrong)) }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;
    use crate::notification::rule;

    const USER: UserId = UserId::from_ulid(Ulid(1));

    #[test]
    fn what_waits_for_somebody_is_mailed_unless_they_chose_otherwise() {
        let (approval, paid) = (rule::named("reminder_proposed").unwrap(), rule::named("invoice_paid").unwrap());
        let ways = |delivery: &str, rule| {
            let input = PreferencesInput { invoicing: delivery.into(), ..PreferencesInput::default() };
            input.parse(USER).unwrap().ways(rule).map(|Ways { at_once, digest }| (at_once, digest))
        };
        assert_eq!(ways("", approval), Some((true, false)));
        assert_eq!(ways("", paid), Some((false, false)));
        assert_eq!(ways("in_app", approval), Some((false, false)));
        assert_eq!(ways("at_once", paid), Some((true, false)));
        assert_eq!(ways("digest", approval), Some((false, true)));
        assert_eq!(ways("nothing", approval), None);
    }

    #[test]
    fn an_input_reads_back_and_what_is_no_choice_is_told() {
        let input = PreferencesInput { crm: "digest".into(), hr: "nothing".into(), ..PreferencesInput::default() };
        let preferences = input.parse(USER).unwrap();
        assert_eq!(PreferencesInput::of(&preferences).parse(USER).unwrap(), preferences);
        let wrong = PreferencesInput { crm: "sms".into(), sales: "x".into(), ..PreferencesInput::default() };
        let Err(Error::Invalid(wrong)) = wrong.parse(USER) else { panic!("it was taken") };
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/crm", "/sales"]);
    }
}
