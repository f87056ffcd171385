//! What a company keeps of its contacts, as far as an act on one of them changes it: their number, and to whom
//! documents are addressed. Each such act writes the company's card, so that they are decided one after the
//! other, and after a change of the company's name.

use kernel::{
    Error, Result, Rule,
    error::Conflict,
    id::{CompanyId, ContactId},
    reference::ClientReference,
};
use table::{Items, Key, Patch, Stored, TenantKeys, Transaction};
use web::Asker;

use super::{Contact, Employer};
use crate::company::{Company, CompanyCard};

#[derive(Clone)]
pub struct Staff {
    card: Stored<CompanyCard>,
    reference: Stored<ClientReference>,
    changed: CompanyCard,
    /// The name of the addressee.
    contact: Option<String>,
    /// Whether it was a private person who was erased.
    is_erased: bool,
}

impl Staff {
    /// What must be read.
    pub fn keys(keys: TenantKeys, company: CompanyId) -> [Key; 3] {
        [keys.company_card(company), keys.client_reference(company), keys.company(company)]
    }

    /// None where the organization has no such company.
    pub fn of(found: &Items, keys: TenantKeys, company: CompanyId) -> Result<Option<Self>> {
        let [card, reference, company] = Self::keys(keys, company);
        let (Some(card), Some(reference)) =
            (found.get::<CompanyCard>(&card)?, found.get::<ClientReference>(&reference)?)
        else {
            return Ok(None);
        };
        let is_erased = found.get::<Company>(&company)?.is_some_and(|company| company.erased_at.is_some());
        let (changed, contact) = (card.value.clone(), reference.contact.clone());
        Ok(Some(Self { changed, contact, card, reference, is_erased }))
    }

    /// As [`Self::of`], for the company that an input names.
    pub fn wanted(found: &Items, keys: TenantKeys, company: CompanyId) -> Result<Self> {
        Self::of(found, keys, company)?.ok_or_else(unknown)
    }

    /// Takes in somebody new, who from now on carries the company's name. Who asks must see the company.
    pub fn welcome(&mut self, asker: &Asker, contact: Contact) -> Result<Contact> {
        if !asker.sees(self.card.assigned_to) {
            return Err(unknown());
        }
        if self.is_erased {
            return Err(Error::Conflict(Conflict::ClientErased));
        }
        self.changed.admit().map_err(|rule| Error::field("/company_id", rule))?;
        Ok(self.keep(contact))
    }

    /// Takes note of somebody as they are now.
    pub fn keep(&mut self, contact: Contact) -> Contact {
        let was_addressee = self.changed.addressee == Some(contact.id);
        let addressee = self.changed.addresses(contact.id, contact.person.email.is_some());
        if addressee {
            self.contact = Some(contact.person.name());
        } else if was_addressee {
            self.contact = None;
        }
        contact.of_company(self.card.id, &self.card.name, addressee)
    }

    /// Lets somebody go from where they were. What the company keeps need not be read: the contact says whether
    /// they were its addressee, and only an act on this contact could change that.
    pub fn part_with(former: &Employer, keys: TenantKeys, transaction: &mut Transaction) {
        let card = Patch::of::<CompanyCard>(keys.company_card(former.id)).add("contacts", -1);
        if former.addressee {
            transaction.patch(card.remove("addressee"));
            transaction.patch(Patch::of::<ClientReference>(keys.client_reference(former.id)).remove("contact"));
        } else {
            transaction.patch(card);
        }
    }

    pub fn company(&self) -> CompanyId {
        self.card.id
    }

    /// Lets somebody go, as [`Self::part_with`], in an act that changes others of this company too.
    pub fn release(&mut self, contact: ContactId) {
        self.changed.contacts = self.changed.contacts.saturating_sub(1);
        if self.changed.addressee == Some(contact) {
            (self.changed.addressee, self.contact) = (None, None);
        }
    }

    /// Takes in somebody whom an act let go of before, here or elsewhere.
    pub fn readmit(&mut self, contact: Contact) -> Result<Contact> {
        if self.is_erased {
            return Err(Error::Conflict(Conflict::ClientErased));
        }
        self.changed.admit().map_err(|_| Error::Conflict(Conflict::TooManyContacts))?;
        Ok(self.keep(contact))
    }

    pub fn write(self, transaction: &mut Transaction) {
        transaction.update(&self.card, &self.changed);
        if self.contact != self.reference.contact {
            let published = ClientReference { contact: self.contact, ..self.reference.value.clone() };
            transaction.update(&self.reference, &published);
        }
    }
}

fn unknown() -> Error {
    Error::field("/company_id", Rule::NotFound)
}
