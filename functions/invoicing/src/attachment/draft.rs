//! The document that files are added to, whichever kind it is.

use cloud::Files;
use kernel::{
    Error, Result,
    document::AttachedFile,
    error::Conflict,
    event::Owner,
    id::{AttachmentId, OrganizationId},
};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored, Transaction, keys};

use super::keep::discard;
use crate::{
    credit_note::{self, CreditNote},
    invoice::{self, Invoice},
    quote::{self, Quote},
};

/// The files of a document, with the version of it that has them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attached {
    pub attachments: Vec<AttachedFile>,
    pub version: u64,
    /// Whether it is a draft, to which more can be added.
    pub is_draft: bool,
}

/// A document that has files, as it is read.
pub(super) enum Document {
    Quote(Box<Stored<Quote>>),
    Invoice(Box<Stored<Invoice>>),
    CreditNote(Box<Stored<CreditNote>>),
}

impl Document {
    pub async fn read(scope: &Scope, owner: Owner) -> Result<Self> {
        Ok(match owner {
            Owner::Quote(id) => Self::Quote(Box::new(quote::store::read(scope, id).await?)),
            Owner::Invoice(id) => Self::Invoice(Box::new(invoice::store::read(scope, id).await?)),
            Owner::CreditNote(id) => Self::CreditNote(Box::new(credit_note::store::read(scope, id).await?)),
            Owner::SelfBilled(_) | Owner::Letter(_) | Owner::User(_) | Owner::Invitation(_) => {
                return Err(Error::NotFound);
            }
        })
    }

    /// Refuses another version than the one that was seen.
    pub fn expect_version(self, seen: Option<u64>) -> Result<Self> {
        Ok(match self {
            Self::Quote(read) => Self::Quote(Box::new(read.expect_version(seen)?)),
            Self::Invoice(read) => Self::Invoice(Box::new(read.expect_version(seen)?)),
            Self::CreditNote(read) => Self::CreditNote(Box::new(read.expect_version(seen)?)),
        })
    }

    pub fn attachments(&self) -> &[AttachedFile] {
        match self {
            Self::Quote(read) => &read.attachments,
            Self::Invoice(read) => &read.attachments,
            Self::CreditNote(read) => &read.attachments,
        }
    }

    pub fn has(&self, id: AttachmentId) -> bool {
        self.attachments().iter().any(|file| file.id == id)
    }

    pub fn must_be_draft(&self) -> Result<()> {
        match self {
            Self::Quote(read) => read.must_be_draft(),
            Self::Invoice(read) => read.must_be_draft(),
            // It is issued as it is made.
            Self::CreditNote(_) => Err(Error::Conflict(Conflict::AlreadyIssued)),
        }
    }

    pub fn attached(&self) -> Attached {
        let version = match self {
            Self::Quote(read) => read.version,
            Self::Invoice(read) => read.version,
            Self::CreditNote(read) => read.version,
        };
        let is_draft = self.must_be_draft().is_ok();
        Attached { attachments: self.attachments().to_vec(), version, is_draft }
    }

    /// Writes the draft with these files; gives it as it is then.
    pub fn save(&self, transaction: &mut Transaction, attachments: Vec<AttachedFile>) -> Attached {
        let Attached { version, is_draft, .. } = self.attached();
        let after = Attached { attachments: attachments.clone(), version: version + 1, is_draft };
        match self {
            Self::Quote(read) => {
                quote::store::save(transaction, Some(read), &Quote { attachments, ..read.value.clone() })
            }
            Self::Invoice(read) => {
                invoice::store::save(transaction, Some(read), &Invoice { attachments, ..read.value.clone() });
            }
            Self::CreditNote(_) => {}
        }
        after
    }
}

pub async fn read_attached(scope: &Scope, owner: Owner) -> Result<Attached> {
    Ok(Document::read(scope, owner).await?.attached())
}

/// A signed link to one of the files of a document, and its name.
pub async fn download(scope: &Scope, files: &Files, owner: Owner, id: AttachmentId) -> Result<(String, String)> {
    let document = Document::read(scope, owner).await?;
    let file = document.attachments().iter().find(|file| file.id == id).ok_or(Error::NotFound)?;
    let link = files.signed_link(&file.s3_key, &file.file_name, &file.media_type).await?;
    Ok((link, file.file_name.clone()))
}

/// Deletes the bytes of files that a draft had, once it has them no more. What it shares with the document that it revises
/// lies in that one's folder, and stays.
pub async fn discard_files(files: &Files, organization: OrganizationId, owner: Owner, attachments: &[AttachedFile]) {
    let own = attachments.iter().filter(|file| keys::attachment_owner(organization, &file.s3_key) == Some(owner));
    for file in own {
        discard(files, &file.s3_key).await;
    }
}
