//! An issued invoice that is wrong is replaced in full by a corrective one (type 384): a draft with its content, which names
//! it and takes its place once it is issued.

use kernel::{Result, id::InvoiceId};
use table::{Scope, Stored};

use super::{Invoice, store};
use crate::client::Freshness;

/// Gives the draft. Nothing happens to the invoice before that is issued.
pub async fn correct_invoice(scope: &Scope, id: InvoiceId, seen: Option<u64>) -> Result<Stored<Invoice>> {
    let draft_id = scope.new_id(InvoiceId::new);
    let freshness = Freshness::default();
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let client = freshness.of(scope, &read.client).await?;
            let draft = read.correction(draft_id, scope.now(), client)?;
            let mut transaction = scope.begin("correct_invoice", id);
            Freshness::hold(&mut transaction, scope, &draft.client);
            transaction.check(&scope.keys().invoice(id), read.version);
            store::save(&mut transaction, None, &draft);
            Ok((transaction, Stored { value: draft, version: 1 }))
        })
        .await
}
