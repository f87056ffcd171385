//! Drafting an invoice.

use kernel::{Result, id::InvoiceId, reference::OrganizationReference};
use table::{Scope, Stored};

use super::{Invoice, InvoiceInput, store};
use crate::client;

pub async fn create_invoice(
    scope: &Scope,
    organization: &OrganizationReference,
    input: &InvoiceInput,
) -> Result<Stored<Invoice>> {
    let today = scope.clock().today(&organization.zone());
    let id = scope.new_id(InvoiceId::new);
    scope
        .write(|| async {
            let content = input.parse(organization, today)?;
            let client = client::find(scope, &input.client_id).await?;
            let invoice = Invoice::draft(id, scope.now(), client, content);
            let mut transaction = scope.begin("create_invoice", id);
            store::save(&mut transaction, None, &invoice);
            Ok((transaction, Stored { value: invoice, version: 1 }))
        })
        .await
}
