//! Opportunities carry the names of their company and contact: a new name follows into them, and the name of somebody who
//! was erased goes (RGPD art. 17).

use kernel::{Result, id::OpportunityId};
use table::{Scope, keys::Collection};

use super::{
    Opportunity, OpportunityLink,
    store::{self, Told},
};
use crate::{company::Company, contact::Contact, record::Record};

/// How many opportunities one act changes: each is up to five writes.
const AT_ONCE: usize = 15;

/// What a record is called now.
enum Name {
    Is(String),
    /// A company of which nothing else than that is left.
    Erased(String),
    Gone,
}

impl Name {
    async fn of(scope: &Scope, record: Record) -> Result<Self> {
        Ok(match record {
            Record::Company(id) => match scope.get::<Company>(&scope.keys().company(id)).await? {
                Some(company) if company.erased_at.is_some() => Self::Erased(company.value.name),
                Some(company) => Self::Is(company.value.name),
                None => Self::Gone,
            },
            Record::Contact(id) => match scope.get::<Contact>(&scope.keys().contact(id)).await? {
                Some(contact) => Self::Is(contact.person.name()),
                None => Self::Gone,
            },
            Record::Opportunity(_) => Self::Gone,
        })
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Is(name) | Self::Erased(name) => Some(name),
            Self::Gone => None,
        }
    }

    const fn told(&self) -> Told {
        match self {
            Self::Is(_) => Told::Whole,
            Self::Erased(_) | Self::Gone => Told::Untold,
        }
    }
}

/// Walks through the opportunities of a company or a contact, in chunks that are each an act. Begun again, or twice at
/// once, it changes nothing more.
pub async fn renamed(scope: &Scope, record: Record) -> Result<()> {
    let Some(collection) = lines_of(scope, record) else { return Ok(()) };
    let mut start = None;
    loop {
        let (found, next) = scope.collection_page(&collection, start.as_deref()).await?;
        let ids: Vec<_> = found.all::<OpportunityLink>()?.iter().map(|link| link.opportunity).collect();
        for chunk in ids.chunks(AT_ONCE) {
            carry_name(scope, record, chunk).await?;
        }
        start = next;
        if start.is_none() {
            return Ok(());
        }
    }
}

fn lines_of(scope: &Scope, record: Record) -> Option<Collection> {
    match record {
        Record::Company(id) => Some(scope.keys().company_opportunities(id)),
        Record::Contact(id) => Some(scope.keys().contact_opportunities(id)),
        Record::Opportunity(_) => None,
    }
}

/// The name is read with each chunk: it may have changed again.
async fn carry_name(scope: &Scope, record: Record, ids: &[OpportunityId]) -> Result<()> {
    let keys: Vec<_> = ids.iter().map(|id| scope.keys().opportunity(*id)).collect();
    scope
        .write(|| async {
            let (name, found) = (Name::of(scope, record).await?, scope.get_many(&keys).await?);
            let mut transaction = scope.begin("carry_name", record);
            let mut is_changed = false;
            for read in found.all::<Opportunity>()? {
                let changed = read.naming(record, name.text());
                if changed != read.value {
                    store::change(&mut transaction, &read, &changed, name.told())?;
                    is_changed = true;
                }
            }
            Ok((if is_changed { transaction } else { transaction.nothing() }, ()))
        })
        .await
}
