//! What an import needs of a kind of records: how they are found, read, held against an input, and written.

use std::future::Future;

use kernel::{
    Currency, Error, Result, Violations,
    event::Person,
    id::{CompanyId, ContactId, OpportunityId, UserId},
    text,
};
use serde::{Serialize, de::DeserializeOwned};
use table::{Item, Key, List, TenantKeys};
use ulid::Ulid;
use web::Asker;

use super::{
    model::KnownBy,
    rows::{Companies, digits},
};
use crate::{
    company::{self, Company, CompanyInput, Reading},
    contact::{self, Contact, ContactInput, Employer},
    opportunity::{self, Hand, Named, Opportunity, OpportunityInput},
    record::RecordKind,
    settings::{Custom, Settings},
};

/// What records are held against.
#[derive(Debug)]
pub struct Given {
    pub settings: Settings,
    pub currency: Currency,
    pub today: jiff::civil::Date,
}

/// Records that a file may have.
pub trait Importable: Item + Clone + PartialEq + Send + Sync + 'static {
    const KIND: RecordKind;

    /// How many are written at the same time.
    const AT_ONCE: usize = 16;

    type Input: Serialize + DeserializeOwned + Default + Send + Sync;

    fn record_key(keys: TenantKeys, id: Ulid) -> Key;

    /// What is left of one who was erased and had this id, where that is something else.
    fn erased_key(keys: TenantKeys, id: Ulid) -> Option<Key>;

    /// The lists that all of them stand in.
    fn lists(keys: TenantKeys) -> Vec<List>;

    fn ulid(&self) -> Ulid;

    /// The ULID of an id as the API writes it.
    fn parse_id(id: &str) -> Option<Ulid>;

    fn input(&self, given: &Given) -> Self::Input;

    /// By what it is recognised, as [`super::rows::Told::key`] says it.
    fn key_of(&self, known_by: KnownBy) -> Option<String>;

    /// Notes it among the companies that rows may name.
    fn note_company(&self, _companies: &mut Companies) {}

    /// What the company is called that it is at.
    fn company_name(&self) -> Option<&str> {
        None
    }

    /// Whether nothing more may be changed of it.
    fn is_erased(&self) -> bool;

    /// The company that it names, as a row finds it.
    fn set_company(input: &mut Self::Input, company: CompanyId);

    /// The contact that it names.
    fn set_contact(_: &mut Self::Input, _: ContactId) {}

    /// All that is wrong with a new one.
    fn check(input: &Self::Input, id: Ulid, given: &Given) -> Result<(), Error>;

    /// What an input makes of it.
    fn changed(&self, input: &Self::Input, given: &Given) -> Result<Self, Error>;

    fn create(asker: &Asker, id: Ulid, input: &Self::Input) -> impl Future<Output = Result<()>> + Send;

    /// `seen` is the version that the input was made of.
    fn edit(asker: &Asker, id: Ulid, input: &Self::Input, seen: u64) -> impl Future<Output = Result<()>> + Send;
}

fn custom_key(custom: &Custom, known_by: KnownBy) -> Option<String> {
    match known_by {
        KnownBy::Custom(id) => custom.get(&id).map(|value| text::folded(value)),
        _ => None,
    }
}

impl Importable for Company {
    const KIND: RecordKind = RecordKind::Company;

    type Input = CompanyInput;

    fn record_key(keys: TenantKeys, id: Ulid) -> Key {
        keys.company(CompanyId::from_ulid(id))
    }

    /// The company itself stays.
    fn erased_key(_: TenantKeys, _: Ulid) -> Option<Key> {
        None
    }

    fn lists(keys: TenantKeys) -> Vec<List> {
        vec![keys.companies(""), keys.archived_companies("")]
    }

    fn ulid(&self) -> Ulid {
        self.id.ulid()
    }

    fn parse_id(id: &str) -> Option<Ulid> {
        id.parse::<CompanyId>().ok().map(CompanyId::ulid)
    }

    fn input(&self, given: &Given) -> CompanyInput {
        CompanyInput::of(self, given.currency)
    }

    fn key_of(&self, known_by: KnownBy) -> Option<String> {
        match known_by {
            KnownBy::Nothing => None,
            KnownBy::Name => Some(text::folded(&self.name)),
            KnownBy::Email => self.email.as_ref().map(|email| email.to_lowercase()),
            KnownBy::Siret => self.siret.clone(),
            KnownBy::Siren => self.siret.as_ref().map(|siret| digits(siret, 9)),
            KnownBy::Custom(_) => custom_key(&self.custom, known_by),
        }
    }

    fn note_company(&self, companies: &mut Companies) {
        if self.erased_at.is_none() {
            companies.add(self.id, &self.name, self.siret.as_deref());
        }
    }

    fn is_erased(&self) -> bool {
        self.erased_at.is_some()
    }

    fn set_company(input: &mut CompanyInput, company: CompanyId) {
        input.parent_id = company.to_string();
    }

    fn check(input: &CompanyInput, id: Ulid, given: &Given) -> Result<(), Error> {
        let reading = Reading { settings: &given.settings, currency: given.currency };
        let new = input.parse(CompanyId::from_ulid(id), jiff::Timestamp::UNIX_EPOCH, reading)?;
        new.must_have_lawful_terms(given.today)
    }

    fn changed(&self, input: &CompanyInput, given: &Given) -> Result<Self, Error> {
        let reading = Reading { settings: &given.settings, currency: given.currency };
        let changed = input.parse_change(self, reading)?;
        changed.must_have_lawful_terms(given.today)?;
        let assigned_to = changed.assigned_to.or(self.assigned_to);
        // Of what was deleted of the settings nothing is lost before somebody changes the record.
        let is_same_tags = given.settings.tags_of(&self.tags).map(|tag| tag.id).eq(changed.tags.iter().copied());
        let tags = if is_same_tags { self.tags.clone() } else { changed.tags.clone() };
        Ok(Self { assigned_to, tags, ..changed })
    }

    async fn create(asker: &Asker, id: Ulid, input: &CompanyInput) -> Result<()> {
        company::create_company_as(asker, CompanyId::from_ulid(id), input).await.map(drop)
    }

    async fn edit(asker: &Asker, id: Ulid, input: &CompanyInput, seen: u64) -> Result<()> {
        company::edit_company(asker, CompanyId::from_ulid(id), input, Some(seen)).await.map(drop)
    }
}

impl Importable for Contact {
    const KIND: RecordKind = RecordKind::Contact;

    type Input = ContactInput;

    fn record_key(keys: TenantKeys, id: Ulid) -> Key {
        keys.contact(ContactId::from_ulid(id))
    }

    fn erased_key(keys: TenantKeys, id: Ulid) -> Option<Key> {
        Some(keys.erasure(Person::Contact(ContactId::from_ulid(id))))
    }

    fn lists(keys: TenantKeys) -> Vec<List> {
        vec![keys.contacts("")]
    }

    fn ulid(&self) -> Ulid {
        self.id.ulid()
    }

    fn parse_id(id: &str) -> Option<Ulid> {
        id.parse::<ContactId>().ok().map(ContactId::ulid)
    }

    fn input(&self, _: &Given) -> ContactInput {
        ContactInput::of(self)
    }

    fn key_of(&self, known_by: KnownBy) -> Option<String> {
        match known_by {
            KnownBy::Nothing | KnownBy::Siret | KnownBy::Siren => None,
            KnownBy::Name => Some(text::folded(&self.person.listed_name())),
            KnownBy::Email => self.person.email.as_ref().map(|email| email.to_lowercase()),
            KnownBy::Custom(_) => custom_key(&self.filing.custom, known_by),
        }
    }

    fn company_name(&self) -> Option<&str> {
        self.company.as_ref().map(|company| company.name.as_str())
    }

    fn is_erased(&self) -> bool {
        false
    }

    fn set_company(input: &mut ContactInput, company: CompanyId) {
        input.company_id = company.to_string();
    }

    fn check(input: &ContactInput, _: Ulid, given: &Given) -> Result<(), Error> {
        input.parse(&given.settings, given.today, &contact::Filing::default()).map(drop).map_err(Violations::into)
    }

    fn changed(&self, input: &ContactInput, given: &Given) -> Result<Self, Error> {
        let new = input.parse(&given.settings, given.today, &self.filing)?;
        let company = match (new.company, &self.company) {
            (Some(id), Some(known)) if known.id == id => Some(known.clone()),
            (Some(id), _) => Some(Employer { id, name: String::new(), addressee: false }),
            (None, _) => None,
        };
        let assigned_to: Option<UserId> = new.assigned_to.or(self.assigned_to);
        let is_same_tags =
            given.settings.tags_of(&self.filing.tags).map(|tag| tag.id).eq(new.filing.tags.iter().copied());
        let mut filing = new.filing;
        if is_same_tags {
            filing.tags.clone_from(&self.filing.tags);
        }
        Ok(Self { company, person: new.person, filing, assigned_to, ..self.clone() })
    }

    async fn create(asker: &Asker, id: Ulid, input: &ContactInput) -> Result<()> {
        contact::create_contact_as(asker, ContactId::from_ulid(id), input).await.map(drop)
    }

    async fn edit(asker: &Asker, id: Ulid, input: &ContactInput, seen: u64) -> Result<()> {
        contact::edit_contact(asker, ContactId::from_ulid(id), input, Some(seen)).await.map(drop)
    }
}

impl Importable for Opportunity {
    const KIND: RecordKind = RecordKind::Opportunity;

    /// All of them add to the same sums.
    const AT_ONCE: usize = 4;

    type Input = OpportunityInput;

    fn record_key(keys: TenantKeys, id: Ulid) -> Key {
        keys.opportunity(OpportunityId::from_ulid(id))
    }

    fn erased_key(_: TenantKeys, _: Ulid) -> Option<Key> {
        None
    }

    fn lists(keys: TenantKeys) -> Vec<List> {
        vec![keys.opportunities("")]
    }

    fn ulid(&self) -> Ulid {
        self.id.ulid()
    }

    fn parse_id(id: &str) -> Option<Ulid> {
        id.parse::<OpportunityId>().ok().map(OpportunityId::ulid)
    }

    fn input(&self, _: &Given) -> OpportunityInput {
        OpportunityInput::of(self)
    }

    fn key_of(&self, known_by: KnownBy) -> Option<String> {
        match known_by {
            KnownBy::Nothing | KnownBy::Siret | KnownBy::Siren | KnownBy::Email => None,
            KnownBy::Name => Some(text::folded(&self.name)),
            KnownBy::Custom(_) => custom_key(&self.custom, known_by),
        }
    }

    fn company_name(&self) -> Option<&str> {
        self.company.as_ref().map(|company| company.name.as_str())
    }

    fn is_erased(&self) -> bool {
        false
    }

    fn set_company(input: &mut OpportunityInput, company: CompanyId) {
        input.company_id = company.to_string();
    }

    fn set_contact(input: &mut OpportunityInput, contact: ContactId) {
        input.contact_id = contact.to_string();
    }

    fn check(input: &OpportunityInput, _: Ulid, given: &Given) -> Result<(), Error> {
        input.parse(&given.settings, given.currency, None).map(drop).map_err(Violations::into)
    }

    fn changed(&self, input: &OpportunityInput, given: &Given) -> Result<Self, Error> {
        let new = input.parse(&given.settings, given.currency, Some(self))?;
        let company = new.company.map(|id| match &self.company {
            Some(known) if known.id == id => known.clone(),
            _ => Named { id, name: String::new() },
        });
        let contact = new.contact.map(|id| match &self.contact {
            Some(known) if known.id == id => known.clone(),
            _ => Named { id, name: String::new() },
        });
        let assigned_to = new.assigned_to.or(self.assigned_to);
        let is_same_tags = given.settings.tags_of(&self.tags).map(|tag| tag.id).eq(new.tags.iter().copied());
        let hand = Hand { at: self.moved_at, today: given.today, by: None };
        let mut changed = new.upon(self, company, contact, assigned_to, hand);
        if is_same_tags {
            changed.tags.clone_from(&self.tags);
        }
        Ok(changed)
    }

    async fn create(asker: &Asker, id: Ulid, input: &OpportunityInput) -> Result<()> {
        opportunity::create_opportunity_as(asker, OpportunityId::from_ulid(id), input).await.map(drop)
    }

    async fn edit(asker: &Asker, id: Ulid, input: &OpportunityInput, seen: u64) -> Result<()> {
        opportunity::edit_opportunity(asker, OpportunityId::from_ulid(id), input, Some(seen)).await.map(drop)
    }
}
