//! One company, with the contacts that it has.

use kernel::{Error, Result, id::CompanyId};
use table::{Scope, Stored};

use super::Company;
use crate::contact::ContactLink;

pub struct CompanyWithContacts {
    pub company: Stored<Company>,
    /// In the order in which they were added.
    pub contacts: Vec<ContactLink>,
}

/// One query: the contacts' lines lie beside the company.
pub async fn show_company(scope: &Scope, id: CompanyId) -> Result<CompanyWithContacts> {
    let found = scope.collection(&scope.keys().company(id).collection()).await?;
    let company = found.first::<Company>()?.ok_or(Error::NotFound)?;
    let contacts = found.all::<ContactLink>()?.into_iter().map(|link| link.value).collect();
    Ok(CompanyWithContacts { company, contacts })
}

/// The company alone.
pub async fn read(scope: &Scope, id: CompanyId) -> Result<Stored<Company>> {
    scope.get(&scope.keys().company(id)).await?.ok_or(Error::NotFound)
}
