//! Drafting an invoice: as it is typed, and kept.

use kernel::{Result, id::InvoiceId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{Invoice, InvoiceInput, store};
use crate::{client, product::Named};

/// As it is typed, with the products that it names. Nothing is written.
pub async fn typed_invoice(asker: &Asker, id: InvoiceId, input: &InvoiceInput) -> Result<(Invoice, Named)> {
    let scope = &asker.scope;
    let named = Named::of(scope, &input.client_id, &input.lines);
    let (named, client) = side_by_side(named, client::find(asker, &input.client_id)).await;
    let named = named?;
    let input = InvoiceInput { lines: named.complete(asker, &input.lines)?, ..input.clone() };
    let content = input.parse(&asker.organization, asker.today(), None)?;
    let client = client?;
    client::must_fit(&asker.organization, &client, &content.priced)?;
    let invoice = Invoice::draft(id, scope.now(), client, content);
    invoice.must_have_lawful_terms(asker.today())?;
    Ok((invoice, named))
}

pub async fn create_invoice(asker: &Asker, input: &InvoiceInput) -> Result<Stored<Invoice>> {
    let scope = &asker.scope;
    let id = scope.new_id(InvoiceId::new);
    scope
        .write(|| async {
            let (invoice, named) = typed_invoice(asker, id, input).await?;
            let mut transaction = scope.begin("create_invoice", id);
            named.note(scope, &mut transaction).await?;
            client::note(&mut transaction, invoice.client.reference.id);
            store::save(&mut transaction, None, &invoice);
            Ok((transaction, Stored { value: invoice, version: 1 }))
        })
        .await
}
