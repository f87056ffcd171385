//! What a company is, and what is accepted of it. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Rule, Violations,
    document::Address,
    error::Conflict,
    id::{CompanyId, ContactId, UserId},
    legal::{self, TypedAddress},
    reference::ClientReference,
    terms::Terms,
};
use serde::{Deserialize, Serialize};

/// How many contacts a company may have: those that a change of its name changes with it, in one transaction
/// of 100 writes.
pub const CONTACTS_MAX: u16 = 90;

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

    fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::Client),
            name => Self::ALL.into_iter().find(|category| category.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

impl CompanyInput {
    pub fn of(company: &Company) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let address = company.address.clone().unwrap_or_default();
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
        }
    }

    /// The company as it will be, or all that is wrong. Whether who is named can take care of it, the table knows.
    pub fn parse(&self, id: CompanyId, created_at: Timestamp) -> Result<Company, Violations> {
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
        let phone = text("/phone", &self.phone, 30);
        let website = text("/website", &self.website, 200);
        let notes = text("/notes", &self.notes, 5_000);
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
        })
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
        }
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
        }
    }
}

impl CompanyCard {
    /// The same contacts around the company as it is now.
    pub fn with(&self, company: &Company) -> Self {
        Self { contacts: self.contacts, addressee: self.addressee, ..company.card() }
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
        input.parse(ID, Timestamp::UNIX_EPOCH).unwrap_or_else(|wrong| panic!("{wrong:?}"))
    }

    #[test]
    fn what_is_shown_is_accepted_again() {
        let company = parsed(&input());
        assert_eq!(company.siret.as_deref(), Some("73282932000074"));
        assert_eq!(company.category, Category::Client);
        assert!(company.is_business);
        assert_eq!(parsed(&CompanyInput::of(&company)), company);
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
        let Err(wrong) = wrong.parse(ID, Timestamp::UNIX_EPOCH) else { panic!("accepted") };
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        let expected = "/category /city /country /email /is_business /name /notes /phone /postal_code /siret /street \
             /vat_number /website";
        assert_eq!(pointers.join(" "), expected);
    }

    #[test]
    fn a_vat_number_of_another_company_is_refused() {
        let input = CompanyInput { vat_number: "FR40303265045".into(), ..input() };
        let Err(wrong) = input.parse(ID, Timestamp::UNIX_EPOCH) else { panic!("accepted") };
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
    fn a_company_has_a_limited_number_of_contacts() {
        let mut card = parsed(&input()).card();
        for _ in 0..CONTACTS_MAX {
            assert_eq!(card.admit(), Ok(()));
        }
        assert_eq!(card.admit(), Err(Rule::TooMany { max: 90 }));
    }
}
