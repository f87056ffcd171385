//! Since when somebody is kept without an activity, and what is chosen among those who are due. Pure.

use jiff::civil::Date;
use kernel::{
    Rule, Violations,
    id::{CompanyId, ContactId, UserId},
    legal,
};
use serde::{Deserialize, Serialize};

use crate::{
    company::{Category, Company},
    contact::Contact,
};

/// As many as a page shows.
pub const SELECTED_MAX: u16 = 25;

/// An activity is that the record was created or changed. Documents and mails are none: they say that the company is a
/// client, not that this person is still the one to talk to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Retention {
    pub subject: Subject,
    pub name: String,
    pub assigned_to: Option<UserId>,
    /// The day of the last activity, or of the decision to keep them all the same. The day on which they are due is
    /// not stored: the law may change it.
    pub since: Date,
    /// Why they were kept then.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Subject {
    Contact(ContactId),
    Prospect(CompanyId),
}

impl Retention {
    pub fn of_contact(contact: &Contact, since: Date) -> Self {
        Self {
            subject: Subject::Contact(contact.id),
            name: contact.person.name(),
            assigned_to: contact.assigned_to,
            since,
            reason: contact.kept.as_ref().map(|kept| kept.reason.clone()),
        }
    }

    /// None for a company that is no prospect: business relations have no such term.
    pub fn of_prospect(company: &Company, since: Date) -> Option<Self> {
        (company.category == Category::Prospect).then(|| Self {
            subject: Subject::Prospect(company.id),
            name: company.name.clone(),
            assigned_to: company.assigned_to,
            since,
            reason: None,
        })
    }

    pub fn due_on(&self, today: Date) -> Date {
        legal::contact_kept_until(self.since, today)
    }

    pub fn is_due(&self, today: Date) -> bool {
        self.due_on(today) <= today
    }
}

/// The boxes that were checked, and why they are kept if they are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Selection {
    pub contacts: Vec<String>,
    pub reason: String,
}

impl Selection {
    pub fn parse(&self) -> Result<Vec<ContactId>, Violations> {
        let mut wrong = Violations::default();
        wrong.take("/contacts", chosen(&self.contacts)).ok_or(wrong)
    }
}

fn chosen(ids: &[String]) -> Result<Vec<ContactId>, Rule> {
    if ids.is_empty() {
        return Err(Rule::Required);
    }
    if ids.len() > usize::from(SELECTED_MAX) {
        return Err(Rule::TooMany { max: SELECTED_MAX.into() });
    }
    let mut chosen = ids.iter().map(|id| id.parse().map_err(|_| Rule::NotAnId)).collect::<Result<Vec<_>, _>>()?;
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(contacts: Vec<String>) -> Selection {
        Selection { contacts, reason: String::new() }
    }

    #[test]
    fn one_contact_is_chosen_once_and_too_many_or_none_are_refused() {
        let id = "con_00000000000000000000000003".to_owned();
        assert_eq!(selection(vec![id.clone(), id.clone()]).parse().map(|ids| ids.len()), Ok(1));
        for wrong in [vec![], vec!["moi".into()], vec![id; 26]] {
            assert!(selection(wrong).parse().is_err());
        }
    }
}
