//! A client who was a private person was erased: contacts no longer tell that they were there, which would name them.

use kernel::{Result, id::CompanyId};
use table::Scope;

use super::{Contact, FormerContact};

/// Done twice, it finds nothing more.
pub async fn forget_employer(scope: &Scope, client: CompanyId) -> Result<()> {
    let keys = scope.keys();
    let lines = scope.collection(&keys.company_people(client)).await?.all::<FormerContact>()?;
    for line in lines {
        let (contact, key) = (line.contact, keys.contact(line.contact));
        scope
            .write(|| async {
                let mut transaction = scope.begin("forget_employer", contact);
                transaction.forget::<FormerContact>(|keys| keys.former_contact(client, contact));
                if let Some(read) = scope.get::<Contact>(&key).await? {
                    let mut changed = read.value.clone();
                    changed.former.retain(|former| former.id != client);
                    transaction.redact(&read, &changed);
                }
                Ok((transaction, ()))
            })
            .await?;
    }
    Ok(())
}
