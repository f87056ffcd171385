//! What stays of an organization that is deleted: its documents, each with a line of its own by which it is found.

use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor, Result,
    document::Kind,
    event::Owner,
    page::{Page, PageRequest},
};
use serde::{Deserialize, Serialize};
use table::{
    Audit, Index, Item, Key, Order, Scope, TenantKeys,
    shared::{DocumentFile, FrozenDocument},
};

/// A document that was issued, once its organization is deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptDocument {
    pub owner: Owner,
    pub kind: Kind,
    pub number: String,
    pub issued_on: Date,
    pub buyer: String,
    pub gross_minor: Minor,
    pub currency: Currency,
}

impl KeptDocument {
    pub fn of(frozen: FrozenDocument) -> Self {
        let FrozenDocument { owner, snapshot } = frozen;
        Self {
            owner,
            kind: snapshot.kind,
            number: snapshot.number,
            issued_on: snapshot.issued_on,
            buyer: snapshot.buyer.name,
            gross_minor: snapshot.totals.gross_minor,
            currency: snapshot.currency,
        }
    }
}

impl Item for KeptDocument {
    const TYPE: &'static str = "kept_document";
    /// It repeats what the frozen document says.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.kept_document(self.owner)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_kept_documents(self.issued_on, self.owner))
    }
}

/// The newest first.
pub async fn list_kept_documents(scope: &Scope, page: &PageRequest) -> Result<Page<KeptDocument>> {
    let found = scope.list::<KeptDocument>(&scope.keys().kept_documents(), page, Order::Descending).await?;
    Ok(found.map(|document| document.value))
}

/// The file of a document that was kept; none where it never was rendered.
pub async fn kept_file(scope: &Scope, owner: Owner) -> Result<DocumentFile> {
    let keys = scope.keys();
    let found = scope.get_many(&[keys.kept_document(owner), keys.file(owner)]).await?;
    found.first::<KeptDocument>()?.ok_or(Error::NotFound)?;
    Ok(found.first::<DocumentFile>()?.ok_or(Error::NotFound)?.value)
}
