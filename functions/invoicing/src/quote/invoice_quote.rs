//! An accepted quote becomes the draft of an invoice, once.

use kernel::{
    Result,
    id::{InvoiceId, QuoteId},
    reference::OrganizationReference,
};
use table::{Scope, Stored};

use super::store;
use crate::invoice::{self, Invoice};

pub async fn invoice_quote(
    scope: &Scope,
    organization: &OrganizationReference,
    id: QuoteId,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let invoice_id = scope.new_id(InvoiceId::new);
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let quote = read.invoiced(invoice_id)?;
            let invoice = Invoice::from_quote(invoice_id, scope.now(), &quote, organization.payment_days);
            let mut transaction = scope.begin("invoice_quote", id);
            store::save(&mut transaction, Some(&read), &quote);
            invoice::store::save(&mut transaction, None, &invoice);
            Ok((transaction, Stored { value: invoice, version: 1 }))
        })
        .await
}
