//! Deleting a form: its address leads nowhere any more. What came by it stays.

use kernel::{Result, id::WebFormId};
use table::Scope;

use super::show_web_form;

/// `seen` is the version that the client saw.
pub async fn delete_web_form(scope: &Scope, id: WebFormId, seen: Option<u64>) -> Result<()> {
    scope
        .write(|| async {
            let form = show_web_form(scope, id).await?.expect_version(seen)?;
            let mut transaction = scope.begin("delete_web_form", id);
            transaction.delete(&form);
            Ok((transaction, ()))
        })
        .await
}
