//! What a contact is, and what is accepted of them. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Rule, Violations,
    id::{CompanyId, ContactId, UserId},
    legal,
};
use serde::{Deserialize, Serialize};

use crate::company::named;

/// All fields as a person types them; an empty text is "none". The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ContactInput {
    /// `com_…`, or empty for somebody who is with no company.
    pub company_id: String,
    /// `mr`, `mrs` or `none`; `none` where empty.
    pub civility: String,
    pub first_name: String,
    pub last_name: String,
    pub job_title: String,
    pub email: String,
    pub phone: String,
    pub mobile: String,
    pub notes: String,
    /// `usr_…`, the member who takes care of them. Where empty: of a new one who creates it, of a changed one as before.
    pub assigned_to: String,
}

/// An input whose fields are right. Whether the company exists, and whether who is named can take care of the contact,
/// the table knows.
#[derive(Debug, Clone, PartialEq)]
pub struct NewContact {
    pub company: Option<CompanyId>,
    pub person: Person,
    pub assigned_to: Option<UserId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    pub id: ContactId,
    pub company: Option<Employer>,
    pub person: Person,
    pub assigned_to: Option<UserId>,
    pub created_at: Timestamp,
    /// Why they are kept although the years after their last activity were over. A change of them is an activity, and
    /// ends it.
    pub kept: Option<Kept>,
}

/// A decision to keep somebody for another few years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Kept {
    pub reason: String,
    #[schema(value_type = String, format = Date)]
    pub kept_on: Date,
}

/// The company of a contact, with its name as it is now: a change of it changes the contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Employer {
    pub id: CompanyId,
    pub name: String,
    /// Whether the company's documents are addressed to this contact; as its card says.
    pub addressee: bool,
}

/// What a person says of themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub civility: Civility,
    pub first_name: Option<String>,
    pub last_name: String,
    pub job_title: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub mobile: Option<String>,
    pub notes: Option<String>,
}

/// The contact's line on the company's page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactLink {
    pub company: CompanyId,
    pub contact: ContactId,
    pub name: String,
    pub job_title: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub assigned_to: Option<UserId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Civility {
    None,
    Mrs,
    Mr,
}

impl Civility {
    pub const ALL: [Self; 3] = [Self::None, Self::Mrs, Self::Mr];

    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Mrs => "mrs",
            Self::Mr => "mr",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::None => "Non précisée",
            Self::Mrs => "Madame",
            Self::Mr => "Monsieur",
        }
    }

    fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::None),
            name => Self::ALL.into_iter().find(|civility| civility.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

impl ContactInput {
    pub fn of(contact: &Contact) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let person = &contact.person;
        Self {
            company_id: contact.company.as_ref().map(|company| company.id.to_string()).unwrap_or_default(),
            civility: person.civility.name().into(),
            first_name: text(&person.first_name),
            last_name: person.last_name.clone(),
            job_title: text(&person.job_title),
            email: text(&person.email),
            phone: text(&person.phone),
            mobile: text(&person.mobile),
            notes: text(&person.notes),
            assigned_to: contact.assigned_to.map(|user| user.to_string()).unwrap_or_default(),
        }
    }

    pub fn parse(&self) -> Result<NewContact, Violations> {
        let mut wrong = Violations::default();
        let company = match self.company_id.trim() {
            "" => None,
            id => wrong.take("/company_id", id.parse::<CompanyId>().map_err(|_| Rule::NotAnId)),
        };
        let assigned_to = wrong.take("/assigned_to", named(&self.assigned_to)).flatten();
        let civility = wrong.take("/civility", Civility::named(&self.civility));
        let last_name = wrong.take("/last_name", legal::required(&self.last_name, 100));
        let email = wrong.take("/email", legal::optional(&self.email, legal::email)).flatten();
        let mut text = |pointer: &str, text: &str, max| {
            wrong.take(pointer, legal::optional(text, |text| legal::text(text, max))).flatten()
        };
        let first_name = text("/first_name", &self.first_name, 100);
        let job_title = text("/job_title", &self.job_title, 100);
        let phone = text("/phone", &self.phone, 30);
        let mobile = text("/mobile", &self.mobile, 30);
        let notes = text("/notes", &self.notes, 5_000);
        let (Some(civility), Some(last_name), true) = (civility, last_name, wrong.is_empty()) else {
            return Err(wrong);
        };
        let person = Person { civility, first_name, last_name, job_title, email, phone, mobile, notes };
        Ok(NewContact { company, person, assigned_to })
    }
}

impl Person {
    /// As one addresses them: first name, then last name.
    pub fn name(&self) -> String {
        match &self.first_name {
            Some(first) => format!("{first} {}", self.last_name),
            None => self.last_name.clone(),
        }
    }

    /// As a list has them: by last name.
    pub fn listed_name(&self) -> String {
        format!("{} {}", self.last_name, self.first_name.as_deref().unwrap_or_default())
    }
}

impl Contact {
    pub fn of_company(self, id: CompanyId, name: &str, addressee: bool) -> Self {
        Self { company: Some(Employer { id, name: name.into(), addressee }), ..self }
    }

    /// None for somebody who is with no company.
    pub fn link(&self) -> Option<ContactLink> {
        let person = &self.person;
        self.company.as_ref().map(|company| ContactLink {
            company: company.id,
            contact: self.id,
            name: person.name(),
            job_title: person.job_title.clone(),
            email: person.email.clone(),
            phone: person.phone.clone().or_else(|| person.mobile.clone()),
            assigned_to: self.assigned_to,
        })
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn input() -> ContactInput {
        ContactInput {
            company_id: CompanyId::from_ulid(Ulid(2)).to_string(),
            civility: "mrs".into(),
            first_name: "Camille".into(),
            last_name: "Durand".into(),
            email: "camille@dupre.example".into(),
            mobile: "06 00 00 00 00".into(),
            assigned_to: UserId::from_ulid(Ulid(4)).to_string(),
            ..ContactInput::default()
        }
    }

    fn contact(input: &ContactInput) -> Contact {
        let new = input.parse().unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let contact = Contact {
            id: ContactId::from_ulid(Ulid(3)),
            company: None,
            person: new.person,
            assigned_to: new.assigned_to,
            created_at: Timestamp::UNIX_EPOCH,
            kept: None,
        };
        match new.company {
            Some(company) => contact.of_company(company, "Boulangerie Dupré", true),
            None => contact,
        }
    }

    #[test]
    fn what_is_shown_is_accepted_again() {
        let contact = contact(&input());
        assert_eq!(ContactInput::of(&contact), input());
        let link = contact.link();
        assert_eq!(link.as_ref().map(|link| link.name.as_str()), Some("Camille Durand"));
        assert_eq!(link.and_then(|link| link.phone).as_deref(), Some("06 00 00 00 00"));
    }

    #[test]
    fn a_last_name_is_enough() {
        let contact = contact(&ContactInput { last_name: "Durand".into(), ..ContactInput::default() });
        assert_eq!(contact.person.name(), "Durand");
        assert_eq!(contact.link(), None);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let long = "x".repeat(5_001);
        let wrong = ContactInput {
            company_id: "inv_1".into(),
            civility: "dr".into(),
            first_name: long.clone(),
            last_name: "\u{200b}".into(),
            job_title: long.clone(),
            email: "camille".into(),
            phone: long.clone(),
            mobile: long.clone(),
            notes: long,
            assigned_to: "moi".into(),
        };
        let Err(wrong) = wrong.parse() else { panic!("accepted") };
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        let expected =
            "/assigned_to /civility /company_id /email /first_name /job_title /last_name /mobile /notes /phone";
        assert_eq!(pointers.join(" "), expected);
    }
}
