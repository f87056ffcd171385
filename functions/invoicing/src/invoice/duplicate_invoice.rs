//! A draft with the content of another invoice.

use kernel::{Result, id::InvoiceId};
use table::{Scope, Stored};

use super::{Invoice, store};
use crate::client::Freshness;

pub async fn duplicate_invoice(scope: &Scope, id: InvoiceId) -> Result<Stored<Invoice>> {
    let copy_id = scope.new_id(InvoiceId::new);
    let freshness = Freshness::default();
    scope
        .write(|| async {
            let read = store::read(scope, id).await?;
            let client = freshness.of(scope, &read.client).await?;
            let copy = read.copied(copy_id, scope.now(), client)?;
            let mut transaction = scope.begin("duplicate_invoice", id);
            Freshness::hold(&mut transaction, scope, &copy.client);
            store::save(&mut transaction, None, &copy);
            Ok((transaction, Stored { value: copy, version: 1 }))
        })
        .await
}
