//! The invoice's items: itself, and its line among what its client was sent.

use kernel::{
    Error, Result,
    event::{DueKind, Event, Owner},
    id::InvoiceId,
};
use table::{Index, Item, Key, Scope, Stored, TenantKeys, Transaction};

use super::Invoice;
use crate::{panel::ClientDocument, reminder};

impl Item for Invoice {
    const TYPE: &'static str = "invoice";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.invoice(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_invoices(self.id))
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.issued.as_ref().and_then(|issued| issued.look_on).map(|on| keys.due(on, DueKind::Invoice, self.id.ulid()))
    }
}

pub async fn read(scope: &Scope, id: InvoiceId) -> Result<Stored<Invoice>> {
    scope.get(&scope.keys().invoice(id)).await?.ok_or(Error::NotFound)
}

/// Writes the invoice with its line on the client's page.
pub fn save(transaction: &mut Transaction, read: Option<&Stored<Invoice>>, invoice: &Invoice) {
    transaction.save(read, invoice).replace(&ClientDocument::of_invoice(invoice));
    // Who is paying it by card would pay another amount than is due.
    if let Some(read) = read
        && invoice.issued.as_ref().is_some_and(|issued| issued.in_checkout)
        && read.balance() != invoice.balance()
    {
        transaction.emit(Event::CheckoutDue { invoice: invoice.id });
    }
    reminder::write_proposal(transaction, read, invoice);
    // A draft that changed hands leaves its former client's page.
    if let Some(read) = read
        && read.client.reference.id != invoice.client.reference.id
    {
        transaction.forget::<ClientDocument>(|keys| {
            keys.client_document(read.client.reference.id, Owner::Invoice(invoice.id))
        });
    }
}
