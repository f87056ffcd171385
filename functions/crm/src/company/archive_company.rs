//! A company with which nothing more is done, and one with which something is again. What names it keeps its name.

use kernel::{Error, Result, id::CompanyId, reference::ClientReference};
use table::Stored;
use web::Asker;

use super::{Company, CompanyCard};

/// A company with what others hold of it.
struct Read {
    company: Stored<Company>,
    card: Stored<CompanyCard>,
    reference: Stored<ClientReference>,
}

async fn read(asker: &Asker, id: CompanyId, seen: Option<u64>) -> Result<Read> {
    let keys = asker.scope.keys();
    let found = asker.scope.get_many(&[keys.company(id), keys.company_card(id), keys.client_reference(id)]).await?;
    let company = found.first::<Company>()?.ok_or(Error::NotFound)?;
    asker.must_see(company.assigned_to)?;
    company.must_not_be_erased()?;
    let missing = || Error::internal("a company without its card or its reference");
    Ok(Read {
        company: company.expect_version(seen)?,
        card: found.first::<CompanyCard>()?.ok_or_else(missing)?,
        reference: found.first::<ClientReference>()?.ok_or_else(missing)?,
    })
}

impl Read {
    fn write(&self, transaction: &mut table::Transaction, changed: Company) -> Stored<Company> {
        transaction
            .update(&self.company, &changed)
            .update(&self.card, &self.card.with(&changed))
            .update(&self.reference, &changed.reference(self.reference.contact.clone()));
        Stored { value: changed, version: self.company.version + 1 }
    }
}

/// Archiving again changes nothing.
pub async fn archive_company(asker: &Asker, id: CompanyId, seen: Option<u64>) -> Result<Stored<Company>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = read(asker, id, seen).await?;
            let mut transaction = scope.begin("archive_company", id);
            if read.company.archived_at.is_some() {
                return Ok((transaction.nothing(), read.company));
            }
            let archived = Company { archived_at: Some(scope.now()), ..read.company.value.clone() };
            let archived = read.write(&mut transaction, archived);
            Ok((transaction, archived))
        })
        .await
}

pub async fn restore_company(asker: &Asker, id: CompanyId, seen: Option<u64>) -> Result<Stored<Company>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = read(asker, id, seen).await?;
            let mut transaction = scope.begin("restore_company", id);
            if read.company.archived_at.is_none() {
                return Ok((transaction.nothing(), read.company));
            }
            let restored = Company { archived_at: None, ..read.company.value.clone() };
            let restored = read.write(&mut transaction, restored);
            Ok((transaction, restored))
        })
        .await
}
