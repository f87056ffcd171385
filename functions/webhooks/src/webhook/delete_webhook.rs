//! Removing one: nothing is sent there any more. What was is forgotten after its thirty days.

use kernel::{Result, id::WebhookId};
use web::Asker;

use super::store;

pub async fn delete_webhook(asker: &Asker, id: WebhookId) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = store::read(scope, id).await?;
            let mut transaction = scope.begin("delete_webhook", id);
            transaction.delete(&read);
            Ok((transaction, ()))
        })
        .await
}
