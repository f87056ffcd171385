//! The quote's items: itself, and its line among what its client was sent.

use kernel::{
    Error, Result,
    event::{DueKind, Event, Owner},
    id::QuoteId,
};
use table::{Audit, Index, Item, Key, Scope, Stored, TenantKeys, Transaction};

use super::{Quote, QuoteDeposit};
use crate::panel::ClientDocument;

impl Item for Quote {
    const TYPE: &'static str = "quote";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.quote(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_quotes(self.id))
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.look_on.map(|on| keys.due(on, DueKind::Quote, self.id.ulid()))
    }
}

impl Item for QuoteDeposit {
    const TYPE: &'static str = "quote_deposit";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.quote_deposit(self.quote, self.invoice)
    }
}

pub async fn read(scope: &Scope, id: QuoteId) -> Result<Stored<Quote>> {
    scope.get(&scope.keys().quote(id)).await?.ok_or(Error::NotFound)
}

/// Writes the quote with its line on the client's page.
pub fn save(transaction: &mut Transaction, read: Option<&Stored<Quote>>, quote: &Quote) {
    transaction.save(read, quote).replace(&ClientDocument::of_quote(quote));
    if let Some(standing) = quote.standing().filter(|new| read.and_then(|read| read.standing()).as_ref() != Some(new)) {
        transaction.emit(Event::QuoteStated { quote: quote.id, standing });
    }
    // A draft that changed hands leaves its former client's page.
    if let Some(read) = read
        && read.client.reference.id != quote.client.reference.id
    {
        transaction
            .forget::<ClientDocument>(|keys| keys.client_document(read.client.reference.id, Owner::Quote(quote.id)));
    }
}
