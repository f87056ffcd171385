//! The records that an activity is about: read beside it, named as they are called now, and there for who may see them.

use jiff::civil::Date;
use kernel::{Error, Result, Rule, Violations, id::UserId};
use table::{Items, Key, Stored, TenantKeys, Transaction};
use web::Asker;

use super::{
    Activity,
    model::{About, NamedRecords},
};
use crate::{
    company::{Company, group},
    contact::Contact,
    opportunity::{Named, Opportunity},
    record::Record,
    retention::Retention,
};

/// What was read of them.
#[derive(Debug, Default)]
pub struct Records {
    company: Option<Stored<Company>>,
    contact: Option<Stored<Contact>>,
    opportunity: Option<Stored<Opportunity>>,
}

/// What must be read.
pub fn keys(keys: TenantKeys, about: About) -> Vec<Key> {
    about.records().map(|record| key(keys, record)).collect()
}

fn key(keys: TenantKeys, record: Record) -> Key {
    match record {
        Record::Company(id) => keys.company(id),
        Record::Contact(id) => keys.contact(id),
        Record::Opportunity(id) => keys.opportunity(id),
    }
}

impl Records {
    pub fn of(found: &Items) -> Result<Self> {
        Ok(Self { company: found.first()?, contact: found.first()?, opportunity: found.first()? })
    }

    /// By their names; refused where one of them is not there for who asks. What an activity is about already, it stays
    /// about, whoever may see that.
    pub fn named(&self, asker: &Asker, about: About, before: Option<&Activity>) -> Result<NamedRecords> {
        let mut wrong = Violations::default();
        let read = |assigned_to: Option<UserId>, name: String| (asker.sees(assigned_to), name);
        let company = self.company.as_deref().filter(|company| company.erased_at.is_none());
        let company = company.map(|company| read(company.assigned_to, company.name.clone()));
        let contact = self.contact.as_deref().map(|contact| read(contact.assigned_to, contact.person.name()));
        let opportunity = self.opportunity.as_deref();
        let opportunity = opportunity.map(|deal| read(deal.assigned_to, deal.name.clone()));
        let known = before.map(|before| (before.company.clone(), before.contact.clone(), before.opportunity.clone()));
        let (was_company, was_contact, was_opportunity) = known.unwrap_or_default();
        let named = NamedRecords {
            company: wrong.take("/company_id", named(about.company, company, was_company)).flatten(),
            contact: wrong.take("/contact_id", named(about.contact, contact, was_contact)).flatten(),
            opportunity: wrong
                .take("/opportunity_id", named(about.opportunity, opportunity, was_opportunity))
                .flatten(),
        };
        if wrong.is_empty() { Ok(named) } else { Err(wrong.into()) }
    }

    /// The act holds only if they are still as they were read: nobody was erased meanwhile, or is called otherwise. Who deletes
    /// the company that it newly is about at the same time finds it.
    pub fn check(&self, before: Option<&Activity>, transaction: &mut Transaction) {
        let was = before.and_then(|before| before.company.as_ref()).map(|company| company.id);
        if let Some(company) = self.company.as_ref().filter(|company| Some(company.id) != was) {
            group::hold(transaction, company.id);
        }
        let keys = transaction.keys();
        let company = self.company.as_ref().map(|company| (keys.company(company.id), company.version));
        let contact = self.contact.as_ref().map(|contact| (keys.contact(contact.id), contact.version));
        let opportunity = self.opportunity.as_ref().map(|deal| (keys.opportunity(deal.id), deal.version));
        for (key, version) in company.into_iter().chain(contact).chain(opportunity) {
            transaction.check(&key, version);
        }
    }

    /// What was done with a contact is an activity of theirs: from this day on they are kept as if they had changed.
    pub fn keep_contact(&self, today: Date, transaction: &mut Transaction) {
        if let Some(contact) = &self.contact {
            transaction.replace(&Retention::of_contact(contact, today));
        }
    }
}

fn named<T: PartialEq + Copy>(
    wanted: Option<T>,
    read: Option<(bool, String)>,
    before: Option<Named<T>>,
) -> std::result::Result<Option<Named<T>>, Rule> {
    let Some(id) = wanted else { return Ok(None) };
    let before = before.filter(|before| before.id == id);
    match (read, before) {
        (Some((is_seen, name)), before) if is_seen || before.is_some() => Ok(Some(Named { id, name })),
        (None, Some(before)) => Ok(Some(before)),
        _ => Err(Rule::NotFound),
    }
}

/// A record that is not for these eyes is not there.
pub async fn must_see_record(asker: &Asker, record: Record) -> Result<()> {
    let key = key(asker.scope.keys(), record);
    let found = asker.scope.get_many(&[key]).await?;
    let read = Records::of(&found)?;
    let company = read.company.map(|company| company.assigned_to);
    let contact = read.contact.map(|contact| contact.assigned_to);
    let opportunity = read.opportunity.map(|deal| deal.assigned_to);
    asker.must_see(company.or(contact).or(opportunity).ok_or(Error::NotFound)?)
}
