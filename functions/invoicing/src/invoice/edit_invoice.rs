//! Rewriting a draft.

use kernel::{Result, id::InvoiceId};
use table::Stored;
use web::Asker;

use super::{Invoice, InvoiceInput, store};
use crate::client;

/// `seen` is the version that the form was filled in on.
pub async fn edit_invoice(
    asker: &Asker,
    id: InvoiceId,
    input: &InvoiceInput,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            read.must_be_draft()?;
            let content = input.parse(&asker.organization, asker.today(), read.kept())?;
            let client = client::kept_or_found(asker, &read.client, &input.client_id).await?;
            client::must_fit(&asker.organization, &client, &content.priced)?;
            let invoice = read.edited(client, content)?;
            invoice.must_have_lawful_terms(asker.today())?;
            let mut transaction = scope.begin("edit_invoice", id);
            store::save(&mut transaction, Some(&read), &invoice);
            Ok((transaction, Stored { value: invoice, version: read.version + 1 }))
        })
        .await
}
