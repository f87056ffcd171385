//! What an export of records is. Pure.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Rule, Violations,
    id::{ExportId, UserId},
};
use serde::{Deserialize, Serialize};

use crate::{import, record::RecordKind, segment};

/// How long its file is kept: the bucket forgets it a day later.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// One that is not ready by then was given up.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(2);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordExport {
    pub id: ExportId,
    pub of: RecordKind,
    pub format: Format,
    /// What of the list, as the list's own address says it; empty for all of it.
    pub query: String,
    /// In whose name: what they may see is in it.
    pub by: UserId,
    pub by_name: String,
    pub requested_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<ExportFile>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFile {
    pub rows: u32,
    pub bytes: u64,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordFormat)]
pub enum Format {
    Csv,
    Vcard,
}

impl Format {
    pub const ALL: [Self; 2] = [Self::Csv, Self::Vcard];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Vcard => "vcard",
        }
    }

    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Vcard => "text/vcard; charset=utf-8",
        }
    }

    /// How its files end.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Vcard => "vcf",
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Preparing,
    Ready,
    Expired,
    Interrupted,
}

impl Standing {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Expired => "expired",
            Self::Interrupted => "interrupted",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Preparing => "En préparation",
            Self::Ready => "Prêt",
            Self::Expired => "Expiré",
            Self::Interrupted => "Interrompu",
        }
    }
}

impl RecordExport {
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.file {
            Some(_) if self.kept_until() <= now => Standing::Expired,
            Some(_) => Standing::Ready,
            None if now.duration_since(self.requested_at) > GIVEN_UP => Standing::Interrupted,
            None => Standing::Preparing,
        }
    }

    pub fn kept_until(&self) -> Timestamp {
        self.requested_at.saturating_add(KEPT).unwrap_or(Timestamp::MAX)
    }
}

/// What is wanted as a file. The same for the form and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RecordExportInput {
    /// `company`, `contact` or `opportunity`.
    pub of: String,
    /// `csv`, which an empty text means too, or `vcard`, of contacts only.
    pub format: String,
    /// What of the list, as its page has it in its address: `q=dupr&assigned_to=me`; all of it where empty.
    pub query: String,
}

impl RecordExportInput {
    pub fn parse(&self) -> Result<(RecordKind, Format, String), Violations> {
        let mut wrong = Violations::default();
        let of = wrong.take("/of", import::kind(&self.of));
        let format = match self.format.as_str() {
            "" => Ok(Format::Csv),
            name => Format::ALL.into_iter().find(|format| format.name() == name).ok_or(Rule::NotAChoice),
        };
        let format = wrong.take("/format", format);
        if format == Some(Format::Vcard) && of.is_some_and(|of| of != RecordKind::Contact) {
            wrong.add("/format", Rule::NotAChoice);
        }
        let query = of.and_then(|of| wrong.take("/query", segment::query(of, &self.query)));
        match (of, format, query) {
            (Some(of), Some(format), Some(query)) if wrong.is_empty() => Ok((of, format, query)),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use ulid::Ulid;

    use super::*;

    pub fn export() -> RecordExport {
        RecordExport {
            id: ExportId::from_ulid(Ulid(2)),
            of: RecordKind::Contact,
            format: Format::Csv,
            query: "q=dup".into(),
            by: UserId::from_ulid(Ulid(4)),
            by_name: "Camille".into(),
            requested_at: Timestamp::UNIX_EPOCH,
            file: None,
        }
    }

    #[test]
    fn it_is_ready_for_a_week_or_given_up() {
        let at = |hours: i64| Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_hours(hours)).unwrap();
        assert_eq!(export().standing(at(1)), Standing::Preparing);
        assert_eq!(export().standing(at(3)), Standing::Interrupted);
        let ready = RecordExport { file: Some(ExportFile { rows: 1, bytes: 2, at: at(1) }), ..export() };
        assert_eq!((ready.standing(at(3)), ready.standing(at(7 * 24))), (Standing::Ready, Standing::Expired));
    }

    #[test]
    fn companies_are_no_cards() {
        let input = |of: &str, format: &str, query: &str| RecordExportInput {
            of: of.into(),
            format: format.into(),
            query: query.into(),
        };
        assert!(input("contact", "vcard", "").parse().is_ok());
        assert!(input("company", "vcard", "").parse().is_err());
        assert!(input("company", "", "q=a&nobody=1").parse().is_err());
        assert!(input("invoice", "", "").parse().is_err());
    }
}
