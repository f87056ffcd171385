//! Drafting an invoice.

use kernel::{Result, id::InvoiceId};
use table::Stored;
use web::Asker;

use super::{Invoice, InvoiceInput, store};
use crate::client;

pub async fn create_invoice(asker: &Asker, input: &InvoiceInput) -> Result<Stored<Invoice>> {
    let scope = &asker.scope;
    let id = scope.new_id(InvoiceId::new);
    scope
        .write(|| async {
            let content = input.parse(&asker.organization, asker.today(), None)?;
            let client = client::find(asker, &input.client_id).await?;
            client::must_fit(&asker.organization, &client, &content.priced)?;
            let invoice = Invoice::draft(id, scope.now(), client, content);
            invoice.must_have_lawful_terms(asker.today())?;
            let mut transaction = scope.begin("create_invoice", id);
            store::save(&mut transaction, None, &invoice);
            Ok((transaction, Stored { value: invoice, version: 1 }))
        })
        .await
}
