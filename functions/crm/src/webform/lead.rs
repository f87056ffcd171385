//! What a visitor types into a form, and what becomes of it. Pure.

use kernel::{Rule, Violations, legal, text};
use serde::{Deserialize, Serialize};

use super::{
    WebForm,
    model::{Asked, one_line},
};
use crate::opportunity::{LeadSaid, NAME_MAX};

/// As a browser sends it. What the form does not ask for is not read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LeadInput {
    pub last_name: String,
    pub first_name: String,
    pub email: String,
    pub phone: String,
    pub company: String,
    pub message: String,
    /// `true` where the box is ticked.
    pub consent: String,
    /// Nobody sees this field; what fills it in is no person.
    pub website: String,
    /// When the page was made, proven.
    pub ticket: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    pub last_name: String,
    pub first_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub message: Option<String>,
    pub consents: bool,
}

impl LeadInput {
    /// Whether a program filled it in.
    pub fn is_from_a_program(&self) -> bool {
        !self.website.is_empty()
    }

    pub fn parse(&self, form: &WebForm) -> Result<Lead, Violations> {
        let mut wrong = Violations::default();
        let fields = &form.fields;
        let last_name = wrong.take("/last_name", legal::required(&self.last_name, 100).and_then(one_line));
        let mut field = |pointer: &str, asked: Asked, text: &str, parse: &dyn Fn(&str) -> Result<String, Rule>| {
            let parsed = match asked {
                Asked::No => Ok(None),
                Asked::Optional => legal::optional(text, parse),
                Asked::Required if text.trim().is_empty() => Err(Rule::Required),
                Asked::Required => parse(text).map(Some),
            };
            wrong.take(pointer, parsed).flatten()
        };
        let line = |max| move |text: &str| legal::required(text, max).and_then(one_line);
        let first_name = field("/first_name", fields.first_name, &self.first_name, &line(100));
        let email = field("/email", fields.email, &self.email, &legal::email);
        let phone = field("/phone", fields.phone, &self.phone, &line(30));
        let company = field("/company", fields.company, &self.company, &line(200));
        let message = field("/message", fields.message, &self.message, &|text| legal::required(text, 5_000));
        let consents = form.consent.is_some() && self.consent == "true";
        let (Some(last_name), true) = (last_name, wrong.is_empty()) else { return Err(wrong) };
        Ok(Lead { last_name, first_name, email, phone, company, message, consents })
    }
}

impl Lead {
    pub fn name(&self) -> String {
        match &self.first_name {
            Some(first) => format!("{first} {}", self.last_name),
            None => self.last_name.clone(),
        }
    }

    /// What the opportunity is called: without the person's name, which stands beside it; no longer than one may be.
    pub fn subject(&self, form: &WebForm, on: jiff::civil::Date) -> String {
        let subject = match &self.company {
            Some(company) => format!("{} – {company}", form.name),
            None => format!("{} – {}", form.name, text::short_date(on)),
        };
        subject.chars().take(NAME_MAX).collect::<String>().trim_end().to_owned()
    }

    /// What they wrote, for whoever takes care of it. Of somebody who is known already, what they say of themselves stands
    /// in it and changes nothing of what is known.
    pub fn said(&self, form: &WebForm, is_known: bool) -> Option<LeadSaid> {
        let said = LeadSaid {
            name: is_known.then(|| self.name()),
            phone: self.phone.clone().filter(|_| is_known),
            company: self.company.clone(),
            message: self.message.clone(),
            consent: form.consent.clone().filter(|_| is_known && self.consents),
        };
        (said != LeadSaid::default()).then_some(said)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::WebFormId;
    use ulid::Ulid;

    use super::*;
    use crate::{settings::Settings, webform::WebFormInput};

    fn form(change: impl FnOnce(&mut WebFormInput)) -> WebForm {
        let mut input = WebFormInput { name: "Contact".into(), consent: "Offres ?".into(), ..WebFormInput::usual() };
        change(&mut input);
        input.parse(WebFormId::from_ulid(Ulid(1)), Timestamp::UNIX_EPOCH, &Settings::default()).unwrap()
    }

    fn input() -> LeadInput {
        LeadInput {
            last_name: "Martin".into(),
            first_name: "Claire".into(),
            email: "claire@client.example".into(),
            company: "Boulangerie Dupré".into(),
            message: "Bonjour,\r\nun devis ?".into(),
            consent: "true".into(),
            ..LeadInput::default()
        }
    }

    #[test]
    fn what_is_required_is_asked_for_and_what_is_not_asked_for_is_not_read() {
        let form = form(|input| input.phone = "no".into());
        let lead = LeadInput { phone: "06".into(), ..input() }.parse(&form).unwrap();
        assert_eq!((lead.phone, lead.message.as_deref()), (None, Some("Bonjour,\nun devis ?")));
        let Err(wrong) = LeadInput::default().parse(&form) else { panic!("accepted") };
        let pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/last_name", "/email", "/message"]);
    }

    #[test]
    fn nothing_is_longer_or_has_more_lines_than_a_record_takes() {
        let form = form(|_| {});
        let wrong = LeadInput {
            last_name: "a\nb".into(),
            first_name: "x".repeat(101),
            email: "claire@client".into(),
            phone: "0".repeat(31),
            company: "a\tb".into(),
            message: "x".repeat(5_001),
            ..input()
        };
        let Err(wrong) = wrong.parse(&form) else { panic!("accepted") };
        assert_eq!(wrong.iter().count(), 6);
    }

    #[test]
    fn of_somebody_who_is_known_what_they_say_of_themselves_is_said_beside() {
        let form = form(|_| {});
        let lead = LeadInput { phone: "06 00 00 00 00".into(), ..input() }.parse(&form).unwrap();
        let said = LeadSaid {
            company: Some("Boulangerie Dupré".into()),
            message: Some("Bonjour,\nun devis ?".into()),
            ..LeadSaid::default()
        };
        assert_eq!(lead.said(&form, false), Some(said.clone()));
        let known = LeadSaid {
            name: Some("Claire Martin".into()),
            phone: Some("06 00 00 00 00".into()),
            consent: Some("Offres ?".into()),
            ..said
        };
        assert_eq!(lead.said(&form, true), Some(known));
        let on = jiff::civil::date(2026, 11, 30);
        assert_eq!(lead.subject(&form, on), "Contact – Boulangerie Dupré");
        let long = Lead { company: Some("é".repeat(200)), ..lead };
        assert_eq!(long.subject(&form, on).chars().count(), NAME_MAX);
    }

    #[test]
    fn without_a_box_nobody_agrees() {
        let form = form(|input| input.consent.clear());
        assert!(!input().parse(&form).unwrap().consents);
    }
}
