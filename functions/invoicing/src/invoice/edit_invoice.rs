//! Rewriting a draft.

use kernel::{Result, id::InvoiceId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{Invoice, InvoiceInput, store};
use crate::{client, product::Named};

/// The draft as it was read and as it is typed, with the products that it names. Nothing is written.
pub async fn retyped_invoice(
    asker: &Asker,
    id: InvoiceId,
    input: &InvoiceInput,
    seen: Option<u64>,
) -> Result<(Stored<Invoice>, Invoice, Named)> {
    let scope = &asker.scope;
    let named = Named::of(scope, &input.client_id, &input.lines);
    let (read, named) = side_by_side(store::read(scope, id), named).await;
    let (read, named) = (read?.expect_version(seen)?, named?);
    read.must_be_draft()?;
    let input = InvoiceInput { lines: named.complete(asker, &input.lines)?, ..input.clone() };
    let content = input.parse(&asker.organization, asker.today(), read.kept())?;
    let client = client::kept_or_found(asker, &read.client, &input.client_id).await?;
    client::must_fit(&asker.organization, &client, &content.priced)?;
    let invoice = read.edited(client, content)?;
    invoice.must_have_lawful_terms(asker.today())?;
    Ok((read, invoice, named))
}

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
            let (read, invoice, named) = retyped_invoice(asker, id, input, seen).await?;
            let mut transaction = scope.begin("edit_invoice", id);
            named.note(scope, &mut transaction).await?;
            client::note_changed(&mut transaction, &read.client, &invoice.client);
            store::save(&mut transaction, Some(&read), &invoice);
            Ok((transaction, Stored { value: invoice, version: read.version + 1 }))
        })
        .await
}
