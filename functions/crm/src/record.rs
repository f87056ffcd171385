//! What the CRM keeps records of: companies, contacts, opportunities. Activities, files, fields of one's own, imports and
//! segments are about one of them. Pure.

use std::{fmt, str::FromStr};

use kernel::id::{CompanyId, ContactId, NotAnId, OpportunityId};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// One record, by its id; the prefix of the id says of which kind it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Record {
    Company(CompanyId),
    Contact(ContactId),
    Opportunity(OpportunityId),
}

/// A kind of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    Company,
    Contact,
    Opportunity,
}

impl Record {
    pub const fn kind(self) -> RecordKind {
        match self {
            Self::Company(_) => RecordKind::Company,
            Self::Contact(_) => RecordKind::Contact,
            Self::Opportunity(_) => RecordKind::Opportunity,
        }
    }

    pub const fn ulid(self) -> Ulid {
        match self {
            Self::Company(id) => id.ulid(),
            Self::Contact(id) => id.ulid(),
            Self::Opportunity(id) => id.ulid(),
        }
    }

    /// Its page.
    pub fn path(self) -> String {
        format!("{}/{self}", self.kind().path())
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Company(id) => id.fmt(f),
            Self::Contact(id) => id.fmt(f),
            Self::Opportunity(id) => id.fmt(f),
        }
    }
}

impl FromStr for Record {
    type Err = NotAnId;

    fn from_str(id: &str) -> Result<Self, NotAnId> {
        let company = id.parse().map(Self::Company);
        company.or_else(|_| id.parse().map(Self::Contact)).or_else(|_| id.parse().map(Self::Opportunity))
    }
}

impl RecordKind {
    pub const ALL: [Self; 3] = [Self::Company, Self::Contact, Self::Opportunity];

    /// As the API and forms name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Contact => "contact",
            Self::Opportunity => "opportunity",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Several of them: `Entreprises`.
    pub const fn french(self) -> &'static str {
        match self {
            Self::Company => "Entreprises",
            Self::Contact => "Contacts",
            Self::Opportunity => "Opportunités",
        }
    }

    /// Their list.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Company => "/crm/entreprises",
            Self::Contact => "/crm/contacts",
            Self::Opportunity => "/crm/opportunites",
        }
    }
}
