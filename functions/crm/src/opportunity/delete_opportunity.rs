//! Deleting an opportunity, with all that repeats it.

use kernel::{Result, event::Event, id::OpportunityId};
use web::Asker;

use super::store;

/// `seen` is the version that who deletes it saw.
pub async fn delete_opportunity(asker: &Asker, id: OpportunityId, seen: Option<u64>) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let current = store::read(scope, id).await?;
            asker.must_see(current.assigned_to)?;
            let current = current.expect_version(seen)?;
            let mut transaction = scope.begin("delete_opportunity", id);
            if let Some(contact) = &current.contact {
                // Of somebody who was erased meanwhile, the log would tell the name again: it goes first.
                transaction.check_present(&scope.keys().contact(contact.id));
            }
            store::remove(&mut transaction, &current)?;
            transaction.emit(Event::RecordDeleted { record: id.to_string() });
            Ok((transaction, ()))
        })
        .await
}
