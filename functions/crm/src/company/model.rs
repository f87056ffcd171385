//! What a company is, and what is accepted of it. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor, Rule, Violations,
    document::Address,
    error::Conflict,
    id::{CompanyId, ContactId, TagId, UserId},
    legal::{self, TypedAddress},
    reference::ClientReference,
    terms::Terms,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    phone,
    record::RecordKind,
    settings::{self, Custom, CustomInput, Settings, Tags},
};

/// How many contacts a company may have: those that a change of its name changes with it, in one transaction
/// of 100 writes.
pub const CONTACTS_MAX: u16 = 90;

/// How many addresses a company has at most beside its own.
pub const ADDRESSES_MAX: usize = 10;

/// All fields as a person types them; an empty text is "none". The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CompanyInput {
    pub name: String,
    /// `client`, `prospect`, `partner`, `supplier` or `other`; `client` where empty.
    pub category: String,
    /// `true`, or `false` for a private person; `true` where empty.
    pub is_business: String,
    pub siret: String,
    pub vat_number: String,
    pub street: String,
    pub complement: String,
    pub postal_code: String,
    pub city: String,
    /// ISO 3166-1 alpha-2; `FR` where empty.
    pub country: String,
    /// A number without a prefix is of `country`; one that is right is kept in its international form, `+33 4 78 00 00 00`.
    pub phone: String,
    /// Where documents and reminders go.
    pub email: String,
    pub website: String,
    pub notes: String,
    /// Days until its invoices are due; empty for the organization's own terms.
    pub payment_days: String,
    /// `from_issue` (which an empty text means too), `then_end_of_month` or `from_end_of_month`.
    pub day_count: String,
    /// `usr_…`, the member who takes care of it. Where empty: of a new one who creates it, of a changed one as before.
    pub assigned_to: String,
    /// What it does: `Boulangerie`.
    pub industry: String,
    /// How many people work there.
    pub employees: String,
    /// Of a year, in units of the organization's currency.
    pub revenue: String,
    /// `com_…`, the company that it belongs to.
    pub parent_id: String,
    /// Further addresses, 10 at most: where else invoices or deliveries go.
    pub addresses: Vec<AddressInput>,
    /// `tag_…`, 20 at most.
    #[serde(deserialize_with = "web::form::column")]
    pub tags: Vec<String>,
    /// What it has in the fields that the organization added, by `fld_…`. What is not named stays as it was.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub custom: CustomInput,
}

/// A further address as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AddressInput {
    /// `billing`, `delivery` (which an empty text means too) or `other`.
    pub usage: String,
    /// What it is called: `Entrepôt`.
    pub label: String,
    pub street: String,
    pub complement: String,
    pub postal_code: String,
    pub city: String,
    /// ISO 3166-1 alpha-2; `FR` where empty.
    pub country: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Company {
    pub id: CompanyId,
    pub name: String,
    pub category: Category,
    pub is_business: bool,
    pub siret: Option<String>,
    pub vat_number: Option<String>,
    pub address: Option<Address>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub website: Option<String>,
    pub notes: Option<String>,
    /// Where they are not those of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
    pub assigned_to: Option<UserId>,
    pub created_at: Timestamp,
    /// Since when nothing of a private person is left of it (RGPD art. 17): a client without a name, whom the documents
    /// have that the law keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employees: Option<u32>,
    /// Of a year, in the organization's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revenue_minor: Option<Minor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CompanyId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<OtherAddress>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Tags,
    #[serde(default, skip_serializing_if = "Custom::is_empty")]
    pub custom: Custom,
    /// Since when nothing more is done with it; it stands in the list of those no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
}

/// An address beside the one that documents are addressed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OtherAddress {
    pub usage: Usage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(flatten)]
    pub address: Address,
}

/// What a further address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Usage {
    Billing,
    #[default]
    Delivery,
    Other,
}

/// What a private person is called who was erased.
pub const ERASED: &str = "Particulier effacé";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Client,
    Prospect,
    Partner,
    Supplier,
    Other,
}

/// A company in a few words: for the list of recent ones, and for the acts on its contacts, which are decided
/// one after the other upon it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompanyCard {
    pub id: CompanyId,
    pub name: String,
    pub category: Category,
    pub city: Option<String>,
    pub assigned_to: Option<UserId>,
    pub created_at: Timestamp,
    /// How many contacts it has.
    pub contacts: u16,
    /// The contact to whom documents are addressed.
    pub addressee: Option<ContactId>,
    /// How many companies belong to it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub subsidiaries: u16,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

/// A company's line on the page of the one that it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subsidiary {
    pub parent: CompanyId,
    pub company: CompanyId,
    pub name: String,
    pub category: Category,
    pub city: Option<String>,
    pub assigned_to: Option<UserId>,
}

/// How many companies may belong to one: what its page shows.
pub const SUBSIDIARIES_MAX: u16 = 200;

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_zero(number: &u16) -> bool {
    *number == 0
}

impl Category {
    pub const ALL: [Self; 5] = [Self::Client, Self::Prospect, Self::Partner, Self::Supplier, Self::Other];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Prospect => "prospect",
            Self::Partner => "partner",
            Self::Supplier => "supplier",
            Self::Other => "other",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::Prospect => "Prospect",
            Self::Partner => "Partenaire",
            Self::Supplier => "Fournisseur",
            Self::Other => "Autre",
        }
    }

    pub fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::Client),
            name => Self::ALL.into_iter().find(|category| category.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

impl Usage {
    pub const ALL: [Self; 3] = [Self::Billing, Self::Delivery, Self::Other];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Billing => "billing",
            Self::Delivery => "delivery",
            Self::Other => "other",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Billing => "Facturation",
            Self::Delivery => "Livraison",
            Self::Other => "Autre",
        }
    }

    fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::default()),
            name => Self::ALL.into_iter().find(|usage| usage.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

impl AddressInput {
    fn of(other: &OtherAddress) -> Self {
        let address = other.address.clone();
        Self {
            usage: other.usage.name().into(),
            label: other.label.clone().unwrap_or_default(),
            street: address.street,
            complement: address.complement.unwrap_or_default(),
            postal_code: address.postal_code,
            city: address.city,
            country: address.country,
        }
    }

    /// None for a row in which nothing was typed.
    fn parse(&self, wrong: &mut Violations) -> Option<OtherAddress> {
        let typed = TypedAddress {
            street: &self.street,
            complement: &self.complement,
            postal_code: &self.postal_code,
            city: &self.city,
            country: &self.country,
        };
        let usage = wrong.take("/usage", Usage::named(&self.usage));
        let label = wrong.take("/label", legal::optional(&self.label, |text| legal::text(text, 60))).flatten();
        let address = typed.parse(wrong);
        if address.is_none() && wrong.is_empty() && label.is_some() {
            wrong.add("/street", Rule::Required);
        }
        let address = address?;
        Some(OtherAddress { usage: usage?, label, address })
    }
}

/// What an input needs beside itself to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    pub settings: &'a Settings,
    /// The organization's.
    pub currency: Currency,
}

impl CompanyInput {
    /// `currency` is the organization's.
    pub fn of(company: &Company, currency: Currency) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let address = company.address.clone().unwrap_or_default();
        let revenue = |minor: Minor| minor.to_decimal(currency).normalize().to_string();
        Self {
            name: company.name.clone(),
            category: company.category.name().into(),
            is_business: company.is_business.to_string(),
            siret: text(&company.siret),
            vat_number: text(&company.vat_number),
            street: address.street,
            complement: address.complement.unwrap_or_default(),
            postal_code: address.postal_code,
            city: address.city,
            country: address.country,
            phone: text(&company.phone),
            email: text(&company.email),
            website: text(&company.website),
            notes: text(&company.notes),
            payment_days: company.terms.map(|terms| terms.payment_days.to_string()).unwrap_or_default(),
            day_count: company.terms.map(|terms| terms.day_count.name().into()).unwrap_or_default(),
            assigned_to: company.assigned_to.map(|user| user.to_string()).unwrap_or_default(),
            industry: text(&company.industry),
            employees: company.employees.map(|count| count.to_string()).unwrap_or_default(),
            revenue: company.revenue_minor.map(revenue).unwrap_or_default(),
            parent_id: company.parent.map(|parent| parent.to_string()).unwrap_or_default(),
            addresses: company.addresses.iter().map(AddressInput::of).collect(),
            tags: company.tags.iter().map(ToString::to_string).collect(),
            custom: settings::typed(&company.custom),
        }
    }

    /// The company that it names as the one that it belongs to, as far as that can be read.
    pub fn named_parent(&self, id: CompanyId) -> Option<CompanyId> {
        parent(&self.parent_id, id).unwrap_or_default()
    }

    /// A new company, or all that is wrong. Whether who is named can take care of it, and whether its parent is there, the
    /// table knows.
    pub fn parse(&self, id: CompanyId, created_at: Timestamp, reading: Reading) -> Result<Company, Violations> {
        self.parse_upon(id, created_at, (&[], &Custom::new()), reading)
    }

    /// The company as it will be; the same otherwise.
    pub fn parse_change(&self, current: &Company, reading: Reading) -> Result<Company, Violations> {
        let changed = self.parse_upon(current.id, current.created_at, (&current.tags, &current.custom), reading)?;
        Ok(Company { archived_at: current.archived_at, ..changed })
    }

    fn parse_upon(
        &self,
        id: CompanyId,
        created_at: Timestamp,
        (tags, custom): (&[TagId], &Custom),
        reading: Reading,
    ) -> Result<Company, Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 200));
        let category = wrong.take("/category", Category::named(&self.category));
        let is_business = wrong.take("/is_business", is_business(&self.is_business));
        let siret = wrong.take("/siret", legal::optional(&self.siret, legal::siret)).flatten();
        let siren = siret.as_ref().map(|siret| siret.chars().take(9).collect::<String>());
        let vat_number = legal::optional(&self.vat_number, |text| legal::vat_number(text, siren.as_deref()));
        let vat_number = wrong.take("/vat_number", vat_number).flatten();
        let address = self.typed_address().parse(&mut wrong);
        let assigned_to = wrong.take("/assigned_to", named(&self.assigned_to)).flatten();
        let mut text = |pointer: &str, text: &str, max| {
            wrong.take(pointer, legal::optional(text, |text| legal::text(text, max))).flatten()
        };
        let phone = text("/phone", &self.phone, 30).map(|phone| phone::normalized(&phone, &self.country));
        let website = text("/website", &self.website, 200);
        let notes = text("/notes", &self.notes, 5_000);
        let industry = text("/industry", &self.industry, 100);
        let employees = wrong.take("/employees", optional_number(&self.employees, 0, Decimal::from(9_999_999)));
        let employees = employees.flatten().and_then(|count| u32::try_from(count.mantissa()).ok());
        let revenue = optional_number(&self.revenue, reading.currency.scale(), Decimal::from(1_000_000_000_000_i64))
            .and_then(|amount| amount.map(|amount| rounded(amount, reading.currency)).transpose());
        let revenue_minor = wrong.take("/revenue", revenue).flatten();
        let parent = wrong.take("/parent_id", parent(&self.parent_id, id)).flatten();
        let addresses = self.other_addresses(&mut wrong);
        let tags = reading.settings.parse_tags(&self.tags, tags, &mut wrong);
        let custom = reading.settings.parse_custom(RecordKind::Company, &self.custom, custom, &mut wrong);
        let terms = Terms::parse(&self.payment_days, &self.day_count, &mut wrong);
        let email = wrong.take("/email", legal::optional(&self.email, legal::email)).flatten();
        let (Some(name), Some(category), Some(is_business), true) = (name, category, is_business, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(Company {
            id,
            name,
            category,
            is_business,
            siret,
            vat_number,
            address,
            phone,
            email,
            website,
            notes,
            terms,
            assigned_to,
            created_at,
            erased_at: None,
            industry,
            employees,
            revenue_minor,
            parent,
            addresses,
            tags,
            custom,
            archived_at: None,
        })
    }

    fn other_addresses(&self, wrong: &mut Violations) -> Vec<OtherAddress> {
        if self.addresses.len() > ADDRESSES_MAX {
            wrong.add("/addresses", Rule::TooMany { max: ADDRESSES_MAX });
        }
        let mut addresses = Vec::new();
        for (at, typed) in self.addresses.iter().enumerate().take(ADDRESSES_MAX) {
            let mut of_row = Violations::default();
            addresses.extend(typed.parse(&mut of_row));
            for violation in of_row.moved(|pointer| format!("/addresses/{at}{pointer}")).iter() {
                wrong.add(violation.pointer.clone(), violation.rule.clone());
            }
        }
        addresses
    }

    fn typed_address(&self) -> TypedAddress<'_> {
        TypedAddress {
            street: &self.street,
            complement: &self.complement,
            postal_code: &self.postal_code,
            city: &self.city,
            country: &self.country,
        }
    }
}

/// The member whom an input names.
pub fn named(text: &str) -> Result<Option<UserId>, Rule> {
    match text.trim() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Rule::NotAnId),
    }
}

fn parent(text: &str, id: CompanyId) -> Result<Option<CompanyId>, Rule> {
    match text.trim() {
        "" => Ok(None),
        text => match text.parse() {
            Ok(parent) if parent == id => Err(Rule::ParentCircle),
            Ok(parent) => Ok(Some(parent)),
            Err(_) => Err(Rule::NotAnId),
        },
    }
}

/// A number that is not negative, or none.
fn optional_number(text: &str, decimals: u32, max: Decimal) -> Result<Option<Decimal>, Rule> {
    if text.trim().is_empty() { Ok(None) } else { legal::decimal(text, decimals, Decimal::ZERO, max).map(Some) }
}

fn rounded(amount: Decimal, currency: Currency) -> Result<Minor, Rule> {
    Minor::round(amount, currency).map_err(|_| Rule::OutOfRange { min: "0".into(), max: "1 000 000 000 000".into() })
}

fn is_business(text: &str) -> Result<bool, Rule> {
    match text {
        "" | "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Rule::NotAChoice),
    }
}

impl Company {
    /// Without anything of the private person. Somebody else may still take care of what is left.
    pub fn erased(&self, at: Timestamp) -> Self {
        Self {
            id: self.id,
            name: ERASED.into(),
            category: Category::Other,
            is_business: false,
            siret: None,
            vat_number: None,
            address: None,
            phone: None,
            email: None,
            website: None,
            notes: None,
            terms: None,
            assigned_to: self.assigned_to,
            created_at: self.created_at,
            erased_at: Some(at),
            industry: None,
            employees: None,
            revenue_minor: None,
            parent: None,
            addresses: Vec::new(),
            tags: Tags::new(),
            custom: Custom::new(),
            archived_at: self.archived_at,
        }
    }

    pub const fn must_not_be_erased(&self) -> Result<(), Error> {
        if self.erased_at.is_some() { Err(Error::Conflict(Conflict::ClientErased)) } else { Ok(()) }
    }

    /// What the other contexts know of it; `contact` is the name of its addressee.
    pub fn reference(&self, contact: Option<String>) -> ClientReference {
        // A private person has no number that a document could show.
        let of_business = |number: &Option<String>| number.clone().filter(|_| self.is_business);
        ClientReference {
            id: self.id,
            name: self.name.clone(),
            is_business: self.is_business,
            address: self.address.clone(),
            siret: of_business(&self.siret),
            vat_number: of_business(&self.vat_number),
            email: self.email.clone(),
            contact,
            assigned_to: self.assigned_to,
            terms: self.terms,
            archived: self.archived_at.is_some(),
        }
    }

    /// Without the tags and own fields that are gone.
    pub fn known_to(&self, settings: &Settings) -> Self {
        let tags = settings.tags_of(&self.tags).map(|tag| tag.id).collect();
        let mut custom = self.custom.clone();
        custom.retain(|field, _| settings.field(*field).is_some());
        Self { tags, custom, ..self.clone() }
    }

    /// Its line on the page of the company that it belongs to.
    pub fn subsidiary(&self) -> Option<Subsidiary> {
        self.parent.map(|parent| Subsidiary {
            parent,
            company: self.id,
            name: self.name.clone(),
            category: self.category,
            city: self.address.as_ref().map(|address| address.city.clone()),
            assigned_to: self.assigned_to,
        })
    }

    /// Terms longer than C. com. L441-10 lets a business be given are refused.
    pub fn must_have_lawful_terms(&self, today: Date) -> Result<(), Error> {
        let Some(terms) = self.terms else { return Ok(()) };
        let lawful = terms.are_lawful_with(&self.reference(None), today);
        lawful.map_err(|rule| Error::field("/payment_days", rule))
    }

    pub fn card(&self) -> CompanyCard {
        CompanyCard {
            id: self.id,
            name: self.name.clone(),
            category: self.category,
            city: self.address.as_ref().map(|address| address.city.clone()),
            assigned_to: self.assigned_to,
            created_at: self.created_at,
            contacts: 0,
            addressee: None,
            subsidiaries: 0,
            archived: self.archived_at.is_some(),
        }
    }
}

impl CompanyCard {
    /// The same contacts and subsidiaries around the company as it is now.
    pub fn with(&self, company: &Company) -> Self {
        let Self { contacts, addressee, subsidiaries, .. } = *self;
        Self { contacts, addressee, subsidiaries, ..company.card() }
    }

    /// One more company that belongs to it.
    pub fn with_subsidiary(&self) -> Result<Self, Rule> {
        if self.subsidiaries >= SUBSIDIARIES_MAX {
            return Err(Rule::TooMany { max: SUBSIDIARIES_MAX.into() });
        }
        Ok(Self { subsidiaries: self.subsidiaries + 1, ..self.clone() })
    }

    /// One contact more.
    pub fn admit(&mut self) -> Result<(), Rule> {
        if self.contacts >= CONTACTS_MAX {
            return Err(Rule::TooMany { max: CONTACTS_MAX.into() });
        }
        self.contacts += 1;
        Ok(())
    }

    /// The first contact with an e-mail address is the addressee, for as long as it has one. Whether this
    /// contact is.
    pub fn addresses(&mut self, contact: ContactId, has_email: bool) -> bool {
        match self.addressee {
            Some(addressee) if addressee != contact => false,
            _ => {
                self.addressee = has_email.then_some(contact);
                has_email
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    const ID: CompanyId = CompanyId::from_ulid(Ulid(7));

    static SETTINGS: std::sync::LazyLock<Settings> = std::sync::LazyLock::new(Settings::default);

    fn reading() -> Reading<'static> {
        Reading { settings: &SETTINGS, currency: Currency::Eur }
    }

    fn input() -> CompanyInput {
        CompanyInput {
            name: "Boulangerie Dupré".into(),
            siret: "732 829 320 00074".into(),
            vat_number: "FR44 732829320".into(),
            street: "3 rue du Four".into(),
            postal_code: "69003".into(),
            city: "Lyon".into(),
            email: "compta@dupre.example".into(),
            ..CompanyInput::default()
        }
    }

    fn parsed(input: &CompanyInput) -> Company {
        input.parse(ID, Timestamp::UNIX_EPOCH, reading()).unwrap_or_else(|wrong| panic!("{wrong:?}"))
    }

    #[test]
    fn what_is_shown_is_accepted_again() {
        let company = parsed(&input());
        assert_eq!(company.siret.as_deref(), Some("73282932000074"));
        assert_eq!(company.category, Category::Client);
        assert!(company.is_business);
        assert_eq!(parsed(&CompanyInput::of(&company, Currency::Eur)), company);
    }

    #[test]
    fn a_name_is_enough() {
        let company = parsed(&CompanyInput { name: "Dupré".into(), country: "FR".into(), ..CompanyInput::default() });
        assert_eq!(company.address, None);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = CompanyInput {
            name: " ".into(),
            category: "friend".into(),
            is_business: "maybe".into(),
            siret: "73282932000075".into(),
            vat_number: "FR00".into(),
            complement: "Bâtiment B".into(),
            country: "ZZ".into(),
            phone: "0".repeat(31),
            email: "nobody".into(),
            website: "w".repeat(201),
            notes: "n".repeat(5_001),
            ..CompanyInput::default()
        };
        let Err(wrong) = wrong.parse(ID, Timestamp::UNIX_EPOCH, reading()) else { panic!("accepted") };
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        let expected = "/category /city /country /email /is_business /name /notes /phone /postal_code /siret /street \
             /vat_number /website";
        assert_eq!(pointers.join(" "), expected);
    }

    #[test]
    fn a_vat_number_of_another_company_is_refused() {
        let input = CompanyInput { vat_number: "FR40303265045".into(), ..input() };
        let Err(wrong) = input.parse(ID, Timestamp::UNIX_EPOCH, reading()) else { panic!("accepted") };
        assert!(wrong.iter().any(|violation| violation.rule == Rule::VatNumberOfAnotherSiren));
    }

    #[test]
    fn documents_show_no_numbers_of_a_private_person() {
        let company = parsed(&CompanyInput { is_business: "false".into(), ..input() });
        let reference = company.reference(Some("Camille Durand".into()));
        assert_eq!((reference.siret, reference.vat_number), (None, None));
        assert_eq!(reference.contact.as_deref(), Some("Camille Durand"));
    }

    #[test]
    fn the_first_contact_with_an_address_is_the_addressee() {
        let mut card = parsed(&input()).card();
        let [first, second, third] = [1, 2, 3].map(|n| ContactId::from_ulid(Ulid(n)));
        assert!(!card.addresses(first, false));
        assert!(card.addresses(second, true));
        assert!(!card.addresses(third, true));
        assert!(!card.addresses(second, false));
        assert!(card.addresses(third, true));
    }

    #[test]
    fn what_is_wrong_with_a_further_address_is_told_beside_it() {
        let warehouse = AddressInput {
            label: "Entrepôt".into(),
            street: "1 quai du Port".into(),
            postal_code: "13002".into(),
            city: "Marseille".into(),
            ..AddressInput::default()
        };
        let rows = |second: AddressInput| CompanyInput {
            addresses: vec![warehouse.clone(), AddressInput::default(), second],
            ..input()
        };
        assert_eq!(parsed(&rows(AddressInput::default())).addresses.len(), 1, "what is empty is none");
        let wrong = |second: AddressInput| {
            let Err(wrong) = rows(second).parse(ID, Timestamp::UNIX_EPOCH, reading()) else { panic!("accepted") };
            wrong.iter().map(|violation| violation.pointer.clone()).collect::<Vec<_>>()
        };
        assert_eq!(wrong(AddressInput { city: String::new(), ..warehouse.clone() }), ["/addresses/2/city"]);
        let named = AddressInput { label: "Quai".into(), ..AddressInput::default() };
        assert_eq!(wrong(named), ["/addresses/2/street"]);
        let many = CompanyInput { addresses: vec![warehouse.clone(); 11], ..input() };
        assert!(many.parse(ID, Timestamp::UNIX_EPOCH, reading()).is_err());
    }

    #[test]
    fn a_company_does_not_belong_to_itself() {
        let input = CompanyInput { parent_id: ID.to_string(), ..input() };
        let Err(wrong) = input.parse(ID, Timestamp::UNIX_EPOCH, reading()) else { panic!("accepted") };
        assert!(wrong.iter().any(|violation| violation.rule == Rule::ParentCircle));
        assert_eq!(input.named_parent(ID), None);
        let mut card = parsed(&self::input()).card();
        for _ in 0..SUBSIDIARIES_MAX {
            card = card.with_subsidiary().unwrap();
        }
        assert_eq!(card.with_subsidiary(), Err(Rule::TooMany { max: 200 }));
    }

    #[test]
    fn a_company_has_a_limited_number_of_contacts() {
        let mut card = parsed(&input()).card();
        for _ in 0..CONTACTS_MAX {
            assert_eq!(card.admit(), Ok(()));
        }
        assert_eq!(card.admit(), Err(Rule::TooMany { max: 90 }));
    }
}
