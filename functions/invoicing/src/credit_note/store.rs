//! The credit note's items: itself, and its line among what its client was sent.

use kernel::{Error, Result, id::CreditNoteId};
use table::{Index, Item, Key, Scope, Stored, TenantKeys};

use super::CreditNote;

impl Item for CreditNote {
    const TYPE: &'static str = "credit_note";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.credit_note(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_credit_notes(self.id))
    }
}

pub async fn read(scope: &Scope, id: CreditNoteId) -> Result<Stored<CreditNote>> {
    scope.get(&scope.keys().credit_note(id)).await?.ok_or(Error::NotFound)
}
