//! What is stored, pinned: keys, index keys, attributes.

use kernel::id::{CompanyId, InvoiceId};
use table::{TenantKeys, item::golden};
use ulid::Ulid;

use crate::{app, issued};

#[tokio::test]
async fn an_issued_invoice_is_stored_under_its_tenant_in_its_lists() {
    let app = app().await;
    let id: InvoiceId = issued(&app, &app.program()).await.parse().unwrap();
    let scope = app.scope();
    let stored = scope.get::<invoicing::invoice::Invoice>(&scope.keys().invoice(id)).await.unwrap().unwrap();
    let mut invoice = stored.value;
    let zero = |last: u128| Ulid::from_parts(0, last);
    invoice.id = InvoiceId::from_ulid(zero(1));
    invoice.client.reference.id = CompanyId::from_ulid(zero(2));
    let keys = TenantKeys::of(kernel::id::OrganizationId::from_ulid(zero(3)));
    insta::assert_json_snapshot!(golden(&invoice, keys).unwrap());
    let line = invoicing::panel::ClientDocument::of_invoice(&invoice);
    insta::assert_json_snapshot!(golden(&line, keys).unwrap());
}
