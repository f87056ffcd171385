//! What a contact is, and what is accepted of them. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Rule, Violations,
    document::Address,
    id::{CompanyId, ContactId, UserId},
    legal::{self, TypedAddress},
};
use serde::{Deserialize, Serialize};

use crate::{
    company::{Category, named},
    merge::FormerPlace,
    phone,
    record::RecordKind,
    settings::{self, Custom, CustomInput, Settings, Tags},
};

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
    /// A number without a prefix is of `country`; one that is right is kept in its international form, `+33 4 78 00 00 00`.
    pub phone: String,
    /// As `phone`.
    pub mobile: String,
    pub notes: String,
    /// `usr_…`, the member who takes care of them. Where empty: of a new one who creates it, of a changed one as before.
    pub assigned_to: String,
    /// `client`, `prospect`, `partner`, `supplier` or `other`; none where empty.
    pub category: String,
    pub department: String,
    /// Their own address, not that of a company.
    pub street: String,
    pub complement: String,
    pub postal_code: String,
    pub city: String,
    /// ISO 3166-1 alpha-2; `FR` where empty.
    pub country: String,
    /// `email`, `phone` or `mobile`; none where empty.
    pub preferred: String,
    /// Whether they agreed to advertising (RGPD art. 6-1-a, CPCE L34-5): `true`, `false`, or empty where nobody asked.
    pub consent: String,
    /// How they agreed or refused: `Formulaire du site`. Required where `consent` is not empty.
    pub consent_source: String,
    /// The day on which they did, `2026-11-30`; today where empty.
    pub consent_on: String,
    /// `tag_…`, 20 at most.
    #[serde(deserialize_with = "web::form::column")]
    pub tags: Vec<String>,
    /// What they have in the fields that the organization added, by `fld_…`. What is not named stays as it was.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub custom: CustomInput,
}

/// An input whose fields are right. Whether the company exists, and whether who is named can take care of the contact,
/// the table knows.
#[derive(Debug, Clone, PartialEq)]
pub struct NewContact {
    pub company: Option<CompanyId>,
    pub person: Person,
    pub assigned_to: Option<UserId>,
    pub filing: Filing,
}

/// What an organization notes of somebody beside what they say of themselves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Filing {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<Means>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Tags,
    #[serde(default, skip_serializing_if = "Custom::is_empty")]
    pub custom: Custom,
}

/// How somebody prefers to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    Email,
    Phone,
    Mobile,
}

/// Whether somebody agreed to advertising, with the proof of it (RGPD art. 7-1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub given: bool,
    pub source: String,
    pub on: Date,
}

/// A company where somebody was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormerEmployer {
    pub id: CompanyId,
    /// As it was called then.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// The day on which they left it, as far as we know.
    pub until: Date,
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
    #[serde(flatten)]
    pub filing: Filing,
    /// Where they were before, the last one first; 20 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<FormerEmployer>,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Their own, not that of a company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
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

/// The line of somebody on the page of a company where they were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormerContact {
    pub company: CompanyId,
    pub contact: ContactId,
    pub name: String,
    /// What they did there.
    pub job_title: Option<String>,
    /// The day on which they left, as far as we know.
    pub until: Date,
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

impl Means {
    pub const ALL: [Self; 3] = [Self::Email, Self::Phone, Self::Mobile];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Mobile => "mobile",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Email => "E-mail",
            Self::Phone => "Téléphone",
            Self::Mobile => "Mobile",
        }
    }

    fn named(name: &str) -> Result<Option<Self>, Rule> {
        match name {
            "" => Ok(None),
            name => Self::ALL.into_iter().find(|means| means.name() == name).map(Some).ok_or(Rule::NotAChoice),
        }
    }
}

/// How many former companies of a contact are remembered.
pub(crate) const FORMER_MAX: usize = 20;

impl ContactInput {
    pub fn of(contact: &Contact) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let person = &contact.person;
        let filing = &contact.filing;
        let address = person.address.clone().unwrap_or_default();
        let consent = filing.consent.as_ref();
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
            category: filing.category.map(|category| category.name().into()).unwrap_or_default(),
            department: text(&person.department),
            street: address.street,
            complement: address.complement.unwrap_or_default(),
            postal_code: address.postal_code,
            city: address.city,
            country: address.country,
            preferred: filing.preferred.map(|means| means.name().into()).unwrap_or_default(),
            consent: consent.map(|consent| consent.given.to_string()).unwrap_or_default(),
            consent_source: consent.map(|consent| consent.source.clone()).unwrap_or_default(),
            consent_on: consent.map(|consent| consent.on.to_string()).unwrap_or_default(),
            tags: filing.tags.iter().map(ToString::to_string).collect(),
            custom: settings::typed(&filing.custom),
        }
    }

    /// `before` is what is noted of a contact that is changed.
    pub fn parse(&self, settings: &Settings, today: Date, before: &Filing) -> Result<NewContact, Violations> {
        let mut wrong = Violations::default();
        let company = wrong.take("/company_id", company(&self.company_id)).flatten();
        let assigned_to = wrong.take("/assigned_to", named(&self.assigned_to)).flatten();
        let civility = wrong.take("/civility", Civility::named(&self.civility));
        let last_name = wrong.take("/last_name", legal::required(&self.last_name, 100));
        let email = wrong.take("/email", legal::optional(&self.email, legal::email)).flatten();
        let mut text = |pointer: &str, text: &str, max| {
            wrong.take(pointer, legal::optional(text, |text| legal::text(text, max))).flatten()
        };
        let first_name = text("/first_name", &self.first_name, 100);
        let job_title = text("/job_title", &self.job_title, 100);
        let phone = text("/phone", &self.phone, 30).map(|phone| phone::normalized(&phone, &self.country));
        let mobile = text("/mobile", &self.mobile, 30).map(|phone| phone::normalized(&phone, &self.country));
        let notes = text("/notes", &self.notes, 5_000);
        let department = text("/department", &self.department, 100);
        let typed_address = TypedAddress {
            street: &self.street,
            complement: &self.complement,
            postal_code: &self.postal_code,
            city: &self.city,
            country: &self.country,
        };
        let address = typed_address.parse(&mut wrong);
        let category = match self.category.as_str() {
            "" => None,
            name => wrong.take("/category", Category::named(name)),
        };
        let preferred = wrong.take("/preferred", Means::named(&self.preferred)).flatten();
        let consent = self.consent(today, &mut wrong);
        let tags = settings.parse_tags(&self.tags, &before.tags, &mut wrong);
        let custom = settings.parse_custom(RecordKind::Contact, &self.custom, &before.custom, &mut wrong);
        let (Some(civility), Some(last_name), true) = (civility, last_name, wrong.is_empty()) else {
            return Err(wrong);
        };
        let person =
            Person { civility, first_name, last_name, job_title, email, phone, mobile, notes, department, address };
        let filing = Filing { category, preferred, consent, tags, custom };
        Ok(NewContact { company, person, assigned_to, filing })
    }

    fn consent(&self, today: Date, wrong: &mut Violations) -> Option<Consent> {
        let given = match self.consent.as_str() {
            "" => return None,
            "true" => true,
            "false" => false,
            _ => {
                wrong.add("/consent", Rule::NotAChoice);
                return None;
            }
        };
        let source = wrong.take("/consent_source", legal::required(&self.consent_source, 200));
        let on = match self.consent_on.trim() {
            "" => Some(today),
            text => wrong.take("/consent_on", legal::date(text).and_then(|on| not_after(on, today))),
        };
        Some(Consent { given, source: source?, on: on? })
    }
}

/// The company that an input names.
pub fn company(text: &str) -> Result<Option<CompanyId>, Rule> {
    match text.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Rule::NotAnId),
    }
}

fn not_after(on: Date, today: Date) -> Result<Date, Rule> {
    if on > today { Err(Rule::After { date: kernel::text::short_date(today) }) } else { Ok(on) }
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
    /// With the company that they leave on this day remembered.
    pub fn remembering(mut self, left: &Employer, until: Date) -> Self {
        let job_title = self.person.job_title.clone();
        self.former.insert(0, FormerEmployer { id: left.id, name: left.name.clone(), job_title, until });
        self.former.truncate(FORMER_MAX);
        self
    }

    /// As if they had been with another company wherever they were with `from`; and at which places that is.
    pub fn with_former(mut self, from: CompanyId, to: CompanyId) -> (Self, Vec<FormerPlace>) {
        let mut places = Vec::new();
        for (behind, former) in self.former.iter_mut().rev().enumerate() {
            if former.id == from {
                former.id = to;
                places.push(FormerPlace { behind, until: former.until });
            }
        }
        (self, places)
    }

    /// The same taken back, where they still are with `from`.
    pub fn with_former_back(mut self, places: &[FormerPlace], from: CompanyId, to: CompanyId) -> Self {
        for (behind, former) in self.former.iter_mut().rev().enumerate() {
            if former.id == from && places.contains(&FormerPlace { behind, until: former.until }) {
                former.id = to;
            }
        }
        self
    }

    /// Their lines on the pages of the companies where they were: one each, as they left it last; none where they are again.
    pub fn former_lines(&self) -> Vec<FormerContact> {
        let mut lines: Vec<FormerContact> = Vec::new();
        for former in &self.former {
            let is_there = self.company.as_ref().is_some_and(|company| company.id == former.id);
            if is_there || lines.iter().any(|line| line.company == former.id) {
                continue;
            }
            lines.push(FormerContact {
                company: former.id,
                contact: self.id,
                name: self.person.name(),
                job_title: former.job_title.clone(),
                until: former.until,
                assigned_to: self.assigned_to,
            });
        }
        lines
    }

    /// Without the tags and own fields that are gone.
    pub fn known_to(&self, settings: &Settings) -> Self {
        let mut known = self.clone();
        known.filing.tags = settings.tags_of(&self.filing.tags).map(|tag| tag.id).collect();
        known.filing.custom.retain(|field, _| settings.field(*field).is_some());
        known
    }

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
            mobile: "+33 6 00 00 00 00".into(),
            assigned_to: UserId::from_ulid(Ulid(4)).to_string(),
            ..ContactInput::default()
        }
    }

    const TODAY: Date = jiff::civil::date(2026, 11, 30);

    fn parsed(input: &ContactInput) -> Result<NewContact, Violations> {
        input.parse(&Settings::default(), TODAY, &Filing::default())
    }

    fn contact(input: &ContactInput) -> Contact {
        let new = parsed(input).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let contact = Contact {
            id: ContactId::from_ulid(Ulid(3)),
            company: None,
            person: new.person,
            assigned_to: new.assigned_to,
            created_at: Timestamp::UNIX_EPOCH,
            kept: None,
            filing: new.filing,
            former: Vec::new(),
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
        assert_eq!(link.and_then(|link| link.phone).as_deref(), Some("+33 6 00 00 00 00"));
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
            notes: long.clone(),
            assigned_to: "moi".into(),
            category: "friend".into(),
            department: long,
            preferred: "pigeon".into(),
            consent: "true".into(),
            consent_on: "2026-12-01".into(),
            tags: vec!["tag_x".into()],
            ..ContactInput::default()
        };
        let Err(wrong) = parsed(&wrong) else { panic!("accepted") };
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        let expected = "/assigned_to /category /civility /company_id /consent_on /consent_source /department /email \
             /first_name /job_title /last_name /mobile /notes /phone /preferred /tags/0";
        assert_eq!(pointers.join(" "), expected);
    }

    #[test]
    fn consent_is_kept_with_its_proof() {
        let input = ContactInput { consent: "false".into(), consent_source: "Par téléphone".into(), ..input() };
        let consent = contact(&input).filing.consent;
        assert_eq!(consent, Some(Consent { given: false, source: "Par téléphone".into(), on: TODAY }));
    }

    #[test]
    fn the_companies_where_somebody_was_are_remembered_the_last_first() {
        let mut contact = contact(&input());
        for number in 0..25 {
            let left =
                Employer { id: CompanyId::from_ulid(Ulid(number)), name: format!("N{number}"), addressee: false };
            contact = contact.remembering(&left, TODAY);
        }
        assert_eq!(contact.former.len(), FORMER_MAX);
        assert_eq!(contact.former[0].name, "N24");
    }

    #[test]
    fn former_companies_that_became_others_are_found_again() {
        let at = |number| CompanyId::from_ulid(Ulid(number));
        let left = |number| Employer { id: at(number), name: "N".into(), addressee: false };
        let contact = contact(&input()).remembering(&left(7), TODAY).remembering(&left(8), TODAY);
        let contact = contact.remembering(&left(7), TODAY);
        let ids = |contact: &Contact| contact.former.iter().map(|former| former.id.ulid().0).collect::<Vec<_>>();
        let (merged, places) = contact.clone().with_former(at(7), at(8));
        assert_eq!((ids(&merged), places.len()), (vec![8, 8, 8], 2));
        // Another one since, and it stays.
        let since = merged.remembering(&left(8), TODAY);
        assert_eq!(ids(&since.clone().with_former_back(&places, at(8), at(7))), [8, 7, 8, 7]);
        assert_eq!(ids(&since.with_former_back(&places, at(9), at(7))), [8, 8, 8, 8]);
    }

    #[test]
    fn who_comes_back_is_no_former_contact_and_stands_once_on_each_page() {
        let employer = |number| Employer { id: CompanyId::from_ulid(Ulid(number)), name: "N".into(), addressee: false };
        let contact = contact(&input()).remembering(&employer(7), TODAY).remembering(&employer(8), TODAY);
        let contact = contact.remembering(&employer(7), TODAY).remembering(&employer(2), TODAY);
        let companies: Vec<_> = contact.former_lines().iter().map(|line| line.company.ulid().0).collect();
        assert_eq!(companies, [7, 8], "they are at the second company again");
    }
}
