//! An accepted quote becomes the draft of an invoice, once.

use kernel::{
    Result,
    id::{InvoiceId, QuoteId},
    reference::OrganizationReference,
};
use table::{Scope, Stored};

use super::store;
use crate::{
    client::Freshness,
    invoice::{self, Invoice},
};

pub async fn invoice_quote(
    scope: &Scope,
    organization: &OrganizationReference,
    id: QuoteId,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let invoice_id = scope.new_id(InvoiceId::new);
    let freshness = Freshness::default();
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let quote = read.invoiced(invoice_id)?;
            // Not as the quote was sent: whoever it was addressed to may be gone since.
            let client = freshness.of(scope, &quote.client).await?;
            let mut transaction = scope.begin("invoice_quote", id);
            Freshness::hold(&mut transaction, scope, &client);
            let invoice = Invoice::from_quote(invoice_id, scope.now(), &quote, client, organization.payment_days);
            store::save(&mut transaction, Some(&read), &quote);
            invoice::store::save(&mut transaction, None, &invoice);
            Ok((transaction, Stored { value: invoice, version: 1 }))
        })
        .await
}
