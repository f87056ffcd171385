//! One company, with the contacts that it has.

use kernel::{Error, Result, id::CompanyId};
use table::Stored;
use web::Asker;

use super::Company;
use crate::contact::ContactLink;

pub struct CompanyWithContacts {
    pub company: Stored<Company>,
    /// In the order in which they were added; only those that who asks may see.
    pub contacts: Vec<ContactLink>,
}

/// One query: the contacts' lines lie beside the company.
pub async fn show_company(asker: &Asker, id: CompanyId) -> Result<CompanyWithContacts> {
    let scope = &asker.scope;
    let found = scope.collection(&scope.keys().company(id).collection()).await?;
    let company = found.first::<Company>()?.ok_or(Error::NotFound)?;
    asker.must_see(company.assigned_to)?;
    let links = found.all::<ContactLink>()?.into_iter().map(|link| link.value);
    Ok(CompanyWithContacts { company, contacts: links.filter(|link| asker.sees(link.assigned_to)).collect() })
}

/// The company alone.
pub async fn read(asker: &Asker, id: CompanyId) -> Result<Stored<Company>> {
    let company = asker.scope.get::<Company>(&asker.scope.keys().company(id)).await?.ok_or(Error::NotFound)?;
    asker.must_see(company.assigned_to)?;
    Ok(company)
}
