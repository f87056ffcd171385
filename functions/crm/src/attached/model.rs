//! What a file of a record is: its name, its versions, who may see it. Pure.

use jiff::Timestamp;
use kernel::{
    Rule,
    id::{AttachedId, UploadId, UserId},
};
use serde::{Deserialize, Serialize};
use web::file::{Version, file_name, with_version};

use crate::record::Record;

/// How many files a record has at most: its page reads all of them.
pub const FILES_MAX: usize = 100;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttachedFile {
    pub id: AttachedId,
    pub record: Record,
    /// Without the ending, which follows from what the last version is: `Plan de l’atelier`.
    pub name: String,
    pub audience: Audience,
    pub author: UserId,
    pub created_at: Timestamp,
    /// The first one first; at least one.
    pub versions: Vec<Version>,
}

/// Who may see a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Whoever sees the record.
    #[default]
    Everyone,
    /// Of those, its author and who owns or administers the organization.
    Author,
}

impl Audience {
    pub const ALL: [Self; 2] = [Self::Everyone, Self::Author];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Author => "author",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Everyone => "Tous ceux qui voient la fiche",
            Self::Author => "Son auteur et les administrateurs",
        }
    }

    pub fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::default()),
            name => Self::ALL.into_iter().find(|audience| audience.name() == name).ok_or(Rule::NotAChoice),
        }
    }
}

/// The file that was sent, and what becomes of it.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FileInput {
    /// `upl_…`
    pub upload_id: String,
    /// As it is called where it comes from: `Plan de l’atelier.pdf`.
    pub name: String,
    /// `everyone` (which an empty text means too): whoever sees the record; `author`: of those, its author and who owns or
    /// administers the organization.
    pub audience: String,
}

/// Another version that was sent.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VersionInput {
    /// `upl_…`
    pub upload_id: String,
    /// As it is called where it comes from; tells a table (`.csv`) from a text. The file keeps its name.
    pub name: String,
}

/// What of a file can be changed without sending another version.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FileChange {
    /// With or without its ending, which stays what it is.
    pub name: String,
    /// `everyone` or `author`; as it was where empty. Its author, an owner or an administrator changes it.
    pub audience: String,
}

impl AttachedFile {
    /// The same for the same upload to the same record, so that what is sent twice is there once; another one for another
    /// record, so that no two share their versions.
    pub fn id_of(record: Record, upload: UploadId) -> AttachedId {
        let own = match record {
            Record::Company(id) => id.ulid(),
            Record::Contact(id) => id.ulid(),
            Record::Opportunity(id) => id.ulid(),
        };
        AttachedId::new(upload.given_at(), upload.ulid().random() ^ own.random())
    }

    /// The same with another record, to whose items its item then belongs; its versions stay where they lie.
    #[must_use]
    pub fn moved(self, record: Record) -> Self {
        Self { record, ..self }
    }

    pub fn is_seen_by(&self, user: UserId, administers: bool) -> bool {
        self.audience == Audience::Everyone || administers || self.author == user
    }

    /// The version with this number, from 1.
    pub fn version(&self, number: usize) -> Option<&Version> {
        self.versions.get(number.checked_sub(1)?)
    }

    pub fn last(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// Under which name the version with this number is downloaded; a former one says which it is.
    pub fn file_name(&self, number: usize) -> String {
        file_name(&self.name, &self.versions, number)
    }

    /// Under which the last one is.
    pub fn current_name(&self) -> String {
        self.file_name(self.versions.len())
    }

    /// With another version behind the others.
    pub fn with(&self, version: Version) -> Result<Self, Rule> {
        Ok(Self { versions: with_version(&self.versions, version)?, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::{CompanyId, ContactId};
    use ulid::Ulid;
    use web::file::FileType;

    use super::*;

    fn version(number: u128) -> Version {
        Version {
            upload: UploadId::from_ulid(Ulid(number)),
            kind: FileType::Pdf,
            bytes: 7,
            sha256: format!("{number:064x}"),
            author: UserId::from_ulid(Ulid(4)),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn file() -> AttachedFile {
        AttachedFile {
            id: AttachedId::from_ulid(Ulid(5)),
            record: Record::Company(CompanyId::from_ulid(Ulid(2))),
            name: "Plan".into(),
            audience: Audience::Author,
            author: UserId::from_ulid(Ulid(4)),
            created_at: Timestamp::UNIX_EPOCH,
            versions: vec![version(1)],
        }
    }

    #[test]
    fn versions_are_kept_up_to_as_many_as_there_may_be() {
        let mut file = file();
        assert_eq!(file.with(version(1)), Err(Rule::SameFile));
        for number in 2..=20 {
            file = file.with(version(number)).unwrap();
        }
        assert_eq!(file.with(version(21)), Err(Rule::TooMany { max: 20 }));
        assert_eq!(file.version(0), None);
        assert_eq!(file.version(1), Some(&version(1)));
        assert_eq!(file.file_name(20), "Plan.pdf");
        assert_eq!(file.file_name(2), "Plan (version 2).pdf");
    }

    #[test]
    fn a_private_file_is_its_author_s_and_who_administers() {
        let file = file();
        let (author, other) = (UserId::from_ulid(Ulid(4)), UserId::from_ulid(Ulid(9)));
        assert!(file.is_seen_by(author, false) && file.is_seen_by(other, true) && !file.is_seen_by(other, false));
        let shared = AttachedFile { audience: Audience::Everyone, ..file };
        assert!(shared.is_seen_by(other, false));
    }

    #[test]
    fn an_upload_makes_one_file_of_a_record_and_another_of_another() {
        let upload = UploadId::from_ulid(Ulid::from_parts(1_000, 77));
        let company = Record::Company(CompanyId::from_ulid(Ulid(2)));
        let contact = Record::Contact(ContactId::from_ulid(Ulid(3)));
        assert_eq!(AttachedFile::id_of(company, upload), AttachedFile::id_of(company, upload));
        assert_ne!(AttachedFile::id_of(company, upload), AttachedFile::id_of(contact, upload));
    }
}
