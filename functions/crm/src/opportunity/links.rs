//! With whom an opportunity is: the company and the contact that an input names, looked up beside the rest.

use kernel::{
    Permission, Result,
    id::{CompanyId, ContactId},
};
use table::{Items, Key, Stored, Transaction, meter::side_by_side};
use web::{Asker, Nominee};

use super::{
    Named, Opportunity, OpportunityInput,
    model::{id_of, unknown},
};
use crate::{
    company::{Company, group, named},
    contact::Contact,
    settings::{self, Settings},
};

/// What an act reads beside the opportunity.
pub struct Beside {
    pub settings: Option<Stored<Settings>>,
    pub nominee: Option<Nominee>,
    found: Items,
    company: Option<CompanyId>,
    contact: Option<ContactId>,
}

/// Both, as an opportunity carries them.
pub type Both = (Option<Named<CompanyId>>, Option<Named<ContactId>>);

impl Beside {
    /// `also` is read in the same trip.
    pub async fn of(asker: &Asker, input: &OpportunityInput, also: Option<Key>) -> Result<Self> {
        let (scope, keys) = (&asker.scope, asker.scope.keys());
        let company = id_of::<CompanyId>(&input.company_id).unwrap_or_default();
        let contact = id_of::<ContactId>(&input.contact_id).unwrap_or_default();
        let mut wanted: Vec<_> = also.into_iter().collect();
        wanted.extend(company.map(|id| keys.company(id)));
        wanted.extend(contact.map(|id| keys.contact(id)));
        let user = named(&input.assigned_to).unwrap_or_default();
        let others = side_by_side(settings::SETTINGS.read(scope), asker.nominee(user, Permission::CrmView));
        let (found, (settings, nominee)) = side_by_side(scope.get_many(&wanted), others).await;
        Ok(Self { settings: settings?, nominee: nominee?, found: found?, company, contact })
    }

    pub fn opportunity(&self, key: &Key) -> Result<Option<Stored<Opportunity>>> {
        self.found.get::<Opportunity>(key)
    }

    pub fn settings(&self) -> Settings {
        self.settings.as_ref().map_or_else(Settings::default, |settings| settings.value.clone())
    }

    /// Whom it names, as they are called now. Somebody new must be for these eyes; who was there already stays, whosever
    /// they are. The act then holds only if nobody has renamed or erased them.
    pub fn both(&self, asker: &Asker, before: Option<&Opportunity>, transaction: &mut Transaction) -> Result<Both> {
        let keys = asker.scope.keys();
        let company = match self.company {
            None => None,
            Some(id) => {
                let key = keys.company(id);
                let company = self.found.get::<Company>(&key)?.ok_or_else(|| unknown("/company_id"))?;
                let was = before.and_then(|before| before.company.as_ref()).is_some_and(|was| was.id == id);
                if !was && (!asker.sees(company.assigned_to) || company.erased_at.is_some()) {
                    return Err(unknown("/company_id"));
                }
                transaction.check(&key, company.version);
                if !was {
                    group::hold(transaction, id);
                }
                Some(Named { id, name: company.value.name })
            }
        };
        let contact = match self.contact {
            None => None,
            Some(id) => {
                let key = keys.contact(id);
                let contact = self.found.get::<Contact>(&key)?.ok_or_else(|| unknown("/contact_id"))?;
                let was = before.and_then(|before| before.contact.as_ref()).is_some_and(|was| was.id == id);
                if !was && !asker.sees(contact.assigned_to) {
                    return Err(unknown("/contact_id"));
                }
                transaction.check(&key, contact.version);
                Some(Named { id, name: contact.person.name() })
            }
        };
        Ok((company, contact))
    }
}
