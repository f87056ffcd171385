//! By what records are recognised, and which two may be one. Pure.

use jiff::Timestamp;
use kernel::{country, id::UserId};
use serde::{Deserialize, Serialize};

use super::name;
use crate::{
    company::Company,
    contact::Contact,
    phone,
    record::{Record, RecordKind},
};

/// What two records may have in common, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// The SIREN, or of a company elsewhere its VAT number.
    Siren,
    Email,
    Phone,
    Name,
}

impl Sign {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Siren => "siren",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Siren => "Même SIREN",
            Self::Email => "Même e-mail",
            Self::Phone => "Même téléphone",
            Self::Name => "Nom proche",
        }
    }

    /// How a list is sorted by it.
    pub const fn strength(self) -> u8 {
        match self {
            Self::Siren => 1,
            Self::Email => 2,
            Self::Phone => 3,
            Self::Name => 4,
        }
    }

    /// As the badge of it is coloured.
    pub const fn badge(self) -> &'static str {
        match self {
            Self::Siren => "danger",
            Self::Email | Self::Phone => "warning",
            Self::Name => "neutral",
        }
    }
}

/// Where a record has it: a contact has two telephones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Siren,
    Email,
    Phone,
    Mobile,
    Name,
}

impl Way {
    pub const ALL: [Self; 5] = [Self::Siren, Self::Email, Self::Phone, Self::Mobile, Self::Name];

    pub const fn sign(self) -> Sign {
        match self {
            Self::Siren => Sign::Siren,
            Self::Email => Sign::Email,
            Self::Phone | Self::Mobile => Sign::Phone,
            Self::Name => Sign::Name,
        }
    }

    /// As a key has it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Siren => "SIREN",
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::Mobile => "MOBILE",
            Self::Name => "NAME",
        }
    }
}

/// One thing by which a record is recognised, beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    pub record: Record,
    pub way: Way,
    /// What another record must have as well: a SIREN, an address in lower case, a number in E.164, a [`name::key`].
    pub value: String,
    #[serde(flatten)]
    pub subject: Subject,
}

/// A record in a few words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    pub name: String,
    /// Where a company is, or where a contact works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub assigned_to: Option<UserId>,
}

/// What of a record, written or only typed, is looked at.
#[derive(Debug, Clone, Default)]
pub struct Traits<'a> {
    pub name: &'a str,
    pub siren: Option<String>,
    pub email: Option<&'a str>,
    pub phones: [Option<&'a str>; 2],
    /// Of numbers without a prefix.
    pub country: &'a str,
}

impl Traits<'_> {
    /// By what it is recognised.
    pub fn ways(&self, kind: RecordKind) -> Vec<(Way, String)> {
        let [phone, mobile] = self.phones.map(|phone| phone.and_then(|phone| phone::e164(phone, self.country)));
        let email = self.email.map(|email| email.trim().to_lowercase()).filter(|email| !email.is_empty());
        let found = [
            (Way::Siren, self.siren.clone()),
            (Way::Email, email),
            (Way::Mobile, mobile.filter(|mobile| Some(mobile) != phone.as_ref())),
            (Way::Phone, phone),
            (Way::Name, name::key(kind, self.name)),
        ];
        found.into_iter().filter_map(|(way, value)| Some((way, value?))).collect()
    }
}

/// The SIREN of a SIRET, or of a French VAT number; of another country the VAT number itself.
pub fn siren(siret: &str, vat_number: &str) -> Option<String> {
    let own = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let (siret, vat_number) = (own(siret), own(vat_number));
    if siret.len() >= 9 {
        return siret.get(..9).map(str::to_owned);
    }
    match vat_number.strip_prefix("FR") {
        Some(rest) => rest.get(2..11).map(str::to_owned),
        None => Some(vat_number).filter(|number| !number.is_empty()),
    }
}

impl Identity {
    /// Of a private person who was erased nothing.
    pub fn of_company(company: &Company) -> Vec<Self> {
        if company.erased_at.is_some() {
            return Vec::new();
        }
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        // What a private person has of them no document shows either.
        let siren = siren(&text(&company.siret), &text(&company.vat_number)).filter(|_| company.is_business);
        let traits = Traits {
            name: &company.name,
            siren,
            email: company.email.as_deref(),
            phones: [company.phone.as_deref(), None],
            country: company.address.as_ref().map_or(country::DEFAULT, |address| &address.country),
        };
        let detail = company.address.as_ref().map(|address| address.city.clone());
        let subject = Subject { name: company.name.clone(), detail, assigned_to: company.assigned_to };
        Self::all(Record::Company(company.id), &traits, &subject)
    }

    pub fn of_contact(contact: &Contact) -> Vec<Self> {
        let person = &contact.person;
        let name = person.name();
        let traits = Traits {
            name: &name,
            siren: None,
            email: person.email.as_deref(),
            phones: [person.phone.as_deref(), person.mobile.as_deref()],
            country: person.address.as_ref().map_or(country::DEFAULT, |address| &address.country),
        };
        let detail = contact.company.as_ref().map(|company| company.name.clone());
        let subject = Subject { name: name.clone(), detail, assigned_to: contact.assigned_to };
        Self::all(Record::Contact(contact.id), &traits, &subject)
    }

    fn all(record: Record, traits: &Traits<'_>, subject: &Subject) -> Vec<Self> {
        let ways = traits.ways(record.kind()).into_iter();
        ways.map(|(way, value)| Self { record, way, value, subject: subject.clone() }).collect()
    }
}

/// What the records with these identities have in common, the surest first.
pub fn in_common(a: &[Identity], b: &[Identity]) -> Vec<Sign> {
    let mut signs = Vec::new();
    for (one, other) in a.iter().flat_map(|one| b.iter().map(move |other| (one, other))) {
        let is_same = one.way.sign() == other.way.sign()
            && one.value == other.value
            && (one.way != Way::Name || name::are_close(one.record.kind(), &one.subject.name, &other.subject.name));
        if is_same && !signs.contains(&one.way.sign()) {
            signs.push(one.way.sign());
        }
    }
    signs.sort_unstable();
    signs
}

/// Two records that may be one, as it stands beside the first. It stands beside the second too, turned round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duplicate {
    pub record: Record,
    pub subject: Subject,
    pub other: Record,
    pub other_subject: Subject,
    /// What they have in common, the surest first; never nothing.
    pub signs: Vec<Sign>,
    pub found_at: Timestamp,
    /// Since when somebody says that they are two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dismissed_at: Option<Timestamp>,
}

impl Duplicate {
    pub fn turned(&self) -> Self {
        Self {
            record: self.other,
            subject: self.other_subject.clone(),
            other: self.record,
            other_subject: self.subject.clone(),
            ..self.clone()
        }
    }

    /// Of the two that are stored, the one that lists have: beside the record that was added first.
    pub fn is_listed(&self) -> bool {
        self.record < self.other
    }
}

/// What a record's pairs are to become: those to write, and those that are none any more.
#[derive(Debug, Default, PartialEq)]
pub struct Duplicates {
    pub changed: Vec<Duplicate>,
    pub gone: Vec<Record>,
}

impl Duplicates {
    /// `own` is by what the record is recognised, `others` the same of every record that shares or shared something with
    /// it, `known` the pairs as they are stored.
    pub fn of(own: &[Identity], others: &[(Record, Vec<Identity>)], known: &[Duplicate], now: Timestamp) -> Self {
        let mut duplicates = Self::default();
        for (other, theirs) in others {
            let known = known.iter().find(|pair| pair.other == *other);
            let signs = in_common(own, theirs);
            let (Some(one), Some(two), false) = (own.first(), theirs.first(), signs.is_empty()) else {
                duplicates.gone.extend(known.map(|pair| pair.other));
                continue;
            };
            let pair = Duplicate {
                record: one.record,
                subject: one.subject.clone(),
                other: *other,
                other_subject: two.subject.clone(),
                signs,
                found_at: known.map_or(now, |pair| pair.found_at),
                dismissed_at: known.and_then(|pair| pair.dismissed_at),
            };
            if known != Some(&pair) {
                duplicates.changed.push(pair);
            }
        }
        duplicates
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::ContactId;
    use ulid::Ulid;

    use super::*;

    fn identities(number: u128, name: &str, email: &str, phones: [Option<&str>; 2]) -> Vec<Identity> {
        let traits = Traits { name, siren: None, email: Some(email), phones, country: "" };
        let subject = Subject { name: name.into(), detail: None, assigned_to: None };
        Identity::all(Record::Contact(ContactId::from_ulid(Ulid(number))), &traits, &subject)
    }

    #[test]
    fn a_siren_is_found_in_either_number() {
        assert_eq!(siren("732 829 320 00074", ""), Some("732829320".into()));
        assert_eq!(siren("", "FR44 732829320"), Some("732829320".into()));
        assert_eq!(siren("", "BE 0403.170.701"), Some("BE0403170701".into()));
        assert_eq!(siren("", ""), None);
        assert_eq!(siren("732", "FR"), None);
    }

    #[test]
    fn the_same_number_may_be_the_telephone_of_one_and_the_mobile_of_another() {
        let one = identities(1, "Zoé Durand", "Zoe@Dupre.example", [Some("06 12 34 56 78"), None]);
        let two = identities(2, "Z. Martin", "zoe@dupre.example ", [None, Some("+33612345678")]);
        assert_eq!(in_common(&one, &two), [Sign::Email, Sign::Phone]);
        assert_eq!(in_common(&two, &one), [Sign::Email, Sign::Phone]);
        let same = identities(1, "Zoé", "", [Some("0612345678"), Some("+33 6 12 34 56 78")]);
        assert_eq!(same.iter().filter(|identity| identity.way.sign() == Sign::Phone).count(), 1);
    }

    #[test]
    fn pairs_come_change_and_go_and_what_was_dismissed_stays_so() {
        let own = identities(1, "Zoé Durand", "zoe@dupre.example", [None, None]);
        let record = |number| Record::Contact(ContactId::from_ulid(Ulid(number)));
        let others = [
            (record(2), identities(2, "Zoe Durand", "zoe@dupre.example", [None, None])),
            (record(3), identities(3, "Noé Petit", "noe@dupre.example", [None, None])),
            (record(4), Vec::new()),
        ];
        let now = Timestamp::UNIX_EPOCH;
        let found = Duplicates::of(&own, &others, &[], now);
        assert_eq!((found.changed.len(), found.gone.len()), (1, 0));
        assert_eq!(found.changed[0].signs, [Sign::Email, Sign::Name]);
        assert!(found.changed[0].is_listed() && !found.changed[0].turned().is_listed());
        assert_eq!(found.changed[0].turned().turned(), found.changed[0]);

        let dismissed = Duplicate { dismissed_at: Some(now), ..found.changed[0].clone() };
        let former = Duplicate { other: record(4), ..dismissed.clone() };
        let known = [dismissed.clone(), former];
        assert_eq!(Duplicates::of(&own, &others, &known, now), Duplicates { changed: vec![], gone: vec![record(4)] });
        let renamed = identities(1, "Z. Durand", "zoe@dupre.example", [None, None]);
        let changed = Duplicates::of(&renamed, &others, &known, now).changed;
        assert_eq!(changed[0].signs, [Sign::Email]);
        assert_eq!(changed[0].dismissed_at, Some(now));
        // A record that is gone has no pairs.
        assert_eq!(Duplicates::of(&[], &others, &known, now).gone, [record(2), record(4)]);
    }
}
