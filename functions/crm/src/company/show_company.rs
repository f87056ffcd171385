//! One company, with the people and the companies around it.

use kernel::{Error, Result, id::CompanyId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{Company, CompanyCard, Subsidiary};
use crate::contact::{ContactLink, FormerContact};

pub struct CompanyWithContacts {
    pub company: Stored<Company>,
    /// In the order in which they were added; only those that who asks may see.
    pub contacts: Vec<ContactLink>,
    /// Those who were there, the last to leave first; the same.
    pub former: Vec<FormerContact>,
    /// The companies that belong to it, by name; the same.
    pub subsidiaries: Vec<Subsidiary>,
}

/// Their lines lie beside the company.
pub async fn show_company(asker: &Asker, id: CompanyId) -> Result<CompanyWithContacts> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let (people, group) = (keys.company_people(id), keys.subsidiaries(id));
    let lines = side_by_side(scope.collection(&people), scope.collection(&group));
    let (company, (people, group)) = side_by_side(read(asker, id), lines).await;
    let (company, people) = (company?, people?);
    let values = |links: Vec<Stored<ContactLink>>| links.into_iter().map(|link| link.value);
    let contacts = values(people.all()?).filter(|link| asker.sees(link.assigned_to)).collect();
    let mut former: Vec<_> = people.all::<FormerContact>()?.into_iter().map(|line| line.value).collect();
    former.retain(|line| asker.sees(line.assigned_to));
    former.sort_by_key(|line| std::cmp::Reverse(line.until));
    let mut subsidiaries: Vec<_> = group?.all::<Subsidiary>()?.into_iter().map(|line| line.value).collect();
    subsidiaries.retain(|line| asker.sees(line.assigned_to));
    subsidiaries.sort_by_cached_key(|line| kernel::text::sorted(&line.name));
    Ok(CompanyWithContacts { company, contacts, former, subsidiaries })
}

/// The company alone.
pub async fn read(asker: &Asker, id: CompanyId) -> Result<Stored<Company>> {
    let company = asker.scope.get::<Company>(&asker.scope.keys().company(id)).await?.ok_or(Error::NotFound)?;
    asker.must_see(company.assigned_to)?;
    Ok(company)
}

/// The card of the company that one belongs to.
pub async fn parent(asker: &Asker, id: CompanyId, parent: CompanyId) -> Result<CompanyCard> {
    let (company, card) = (asker.scope.keys().company(id), asker.scope.keys().company_card(parent));
    let found = asker.scope.get_many(&[company, card]).await?;
    let company = found.first::<Company>()?.ok_or(Error::NotFound)?;
    asker.must_see(company.assigned_to)?;
    if company.parent != Some(parent) {
        return Err(Error::NotFound);
    }
    Ok(found.first::<CompanyCard>()?.ok_or(Error::NotFound)?.value)
}
