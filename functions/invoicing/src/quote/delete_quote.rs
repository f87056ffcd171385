//! Deleting a draft. What was sent stays.

use kernel::{Result, event::Owner, id::QuoteId};
use table::Scope;

use super::store;
use crate::panel::ClientDocument;

pub async fn delete_quote(scope: &Scope, id: QuoteId, seen: Option<u64>) -> Result<()> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            read.must_be_draft()?;
            let client = read.client.reference.id;
            let mut transaction = scope.begin("delete_quote", id);
            transaction.delete(&read).forget::<ClientDocument>(|keys| keys.client_document(client, Owner::Quote(id)));
            Ok((transaction, ()))
        })
        .await
}
