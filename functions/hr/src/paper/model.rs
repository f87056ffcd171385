//! What a document of an employee's file is, who may see it, and when its end is told. Pure.

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Rule, Violations,
    id::{EmployeeId, PaperId, UploadId, UserId},
    legal, text,
};
use serde::{Deserialize, Serialize};
use web::file::{Version, file_name, titled, with_version};

use crate::leave::model::flag;

/// How many documents one file has at most: its page reads all of them.
pub const PAPERS_MAX: usize = 300;
/// How many days before its end a document is told of: each once.
pub const ALERT_DAYS: [i16; 3] = [60, 30, 7];
const TITLE_MAX: usize = 120;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Paper {
    pub id: PaperId,
    pub employee: EmployeeId,
    pub kind: PaperKind,
    pub title: String,
    /// Only for who may read secrets, and the employee where it is shared with them.
    pub is_confidential: bool,
    /// Whether the employee sees it.
    pub is_shared: bool,
    pub valid_from: Option<Date>,
    /// Its last day.
    pub valid_until: Option<Date>,
    /// The next day on which its end is told.
    pub alert_on: Option<Date>,
    /// Whether it is a letter that was made out here: its file is beside it, and there may be no version yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_letter: bool,
    pub author: UserId,
    pub created_at: Timestamp,
    /// What was sent, the first one first.
    pub versions: Vec<Version>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    Contract,
    Amendment,
    Attestation,
    Certificate,
    Payslip,
    IdDocument,
    Diploma,
    #[default]
    Other,
}

impl PaperKind {
    pub const ALL: [Self; 8] = [
        Self::Contract,
        Self::Amendment,
        Self::Attestation,
        Self::Certificate,
        Self::Payslip,
        Self::IdDocument,
        Self::Diploma,
        Self::Other,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Amendment => "amendment",
            Self::Attestation => "attestation",
            Self::Certificate => "certificate",
            Self::Payslip => "payslip",
            Self::IdDocument => "id_document",
            Self::Diploma => "diploma",
            Self::Other => "other",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Contract => "Contrat",
            Self::Amendment => "Avenant",
            Self::Attestation => "Attestation",
            Self::Certificate => "Certificat",
            Self::Payslip => "Bulletin de paie",
            Self::IdDocument => "Pièce d’identité",
            Self::Diploma => "Diplôme",
            Self::Other => "Autre document",
        }
    }

    pub fn named(name: &str) -> Result<Self, Rule> {
        match name.trim() {
            "" => Ok(Self::default()),
            name => Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(Rule::NotAChoice),
        }
    }

    /// Whether it tells a salary or who somebody is, so that it is confidential where nobody says otherwise.
    pub const fn is_confidential(self) -> bool {
        matches!(self, Self::Contract | Self::Amendment | Self::Payslip | Self::IdDocument)
    }
}

/// A document that was sent. The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PaperInput {
    /// `upl_…`
    pub upload_id: String,
    /// As the file is called where it comes from; the document's title where none is given.
    pub name: String,
    /// `contract`, `amendment`, `attestation`, `certificate`, `payslip`, `id_document`, `diploma` or `other` (which an empty
    /// text means too).
    pub kind: String,
    pub title: String,
    /// `true` or `false`; contracts, amendments, payslips and identity documents are confidential where empty.
    pub is_confidential: String,
    /// `true` where the employee is to see it.
    pub is_shared: String,
    pub valid_from: String,
    /// Its last day: who keeps the files is told 60, 30 and 7 days before.
    pub valid_until: String,
}

/// What of a document can be changed without sending another version.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PaperChange {
    pub kind: String,
    pub title: String,
    /// As when it was sent.
    pub is_confidential: String,
    pub is_shared: String,
    pub valid_from: String,
    pub valid_until: String,
}

/// Another version that was sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PaperVersionInput {
    /// `upl_…`
    pub upload_id: String,
    /// As it is called where it comes from.
    pub name: String,
}

/// What is said of a document, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub kind: PaperKind,
    pub title: String,
    pub is_confidential: bool,
    pub is_shared: bool,
    pub valid_from: Option<Date>,
    pub valid_until: Option<Date>,
}

impl PaperInput {
    pub fn said(&self) -> Result<Said, Violations> {
        let title = if self.title.trim().is_empty() { &self.name } else { &self.title };
        said(&self.kind, title, &self.is_confidential, &self.is_shared, &self.valid_from, &self.valid_until)
    }
}

impl PaperChange {
    pub fn of(paper: &Paper) -> Self {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            kind: paper.kind.name().into(),
            title: paper.title.clone(),
            is_confidential: paper.is_confidential.to_string(),
            is_shared: paper.is_shared.to_string(),
            valid_from: day(paper.valid_from),
            valid_until: day(paper.valid_until),
        }
    }

    pub fn said(&self) -> Result<Said, Violations> {
        said(&self.kind, &self.title, &self.is_confidential, &self.is_shared, &self.valid_from, &self.valid_until)
    }
}

fn said(
    kind: &str,
    title: &str,
    confidential: &str,
    shared: &str,
    from: &str,
    until: &str,
) -> Result<Said, Violations> {
    let mut wrong = Violations::default();
    let kind = wrong.take("/kind", PaperKind::named(kind));
    let title = wrong.take("/title", legal::required(title, TITLE_MAX));
    let is_confidential = match confidential.trim() {
        "" => kind.map(PaperKind::is_confidential),
        typed => wrong.take("/is_confidential", flag(typed)),
    };
    let is_shared = wrong.take("/is_shared", flag(shared));
    let valid_from = wrong.take("/valid_from", day(from));
    let valid_until = wrong.take("/valid_until", day(until));
    if let (Some(Some(from)), Some(Some(until))) = (valid_from, valid_until)
        && until < from
    {
        wrong.add("/valid_until", Rule::Before { date: text::short_date(from) });
    }
    let (Some(kind), Some(title), Some(is_confidential), Some(is_shared), true) =
        (kind, title, is_confidential, is_shared, wrong.is_empty())
    else {
        return Err(wrong);
    };
    let (valid_from, valid_until) = (valid_from.flatten(), valid_until.flatten());
    Ok(Said { kind, title, is_confidential, is_shared, valid_from, valid_until })
}

fn day(text: &str) -> Result<Option<Date>, Rule> {
    if text.trim().is_empty() { Ok(None) } else { legal::date(text.trim()).map(Some) }
}

/// The first day after `today` on which the end of something is told.
pub fn next_alert(until: Date, today: Date) -> Option<Date> {
    ALERT_DAYS.into_iter().map(|days| until.saturating_sub(days.days())).find(|on| *on > today)
}

impl Paper {
    /// The same for the same upload to the same file, so that what is sent twice is there once.
    pub fn id_of(employee: EmployeeId, upload: UploadId) -> PaperId {
        PaperId::new(upload.given_at(), upload.ulid().random() ^ employee.ulid().random())
    }

    /// As it is said to be. What is told of its end begins anew where that is another day.
    #[must_use]
    pub fn with(self, said: Said, today: Date) -> Self {
        let Said { kind, title, is_confidential, is_shared, valid_from, valid_until } = said;
        let alert_on = match valid_until {
            Some(until) if self.valid_until == Some(until) => self.alert_on,
            until => until.and_then(|until| next_alert(until, today)),
        };
        Self { kind, title, is_confidential, is_shared, valid_from, valid_until, alert_on, ..self }
    }

    /// Whether its end is to be told on this day, and the same once it was: at the next of its days, or not any more. However
    /// many of its days passed meanwhile, it is told once.
    pub fn alerted(&self, today: Date) -> Option<Self> {
        let until = self.valid_until?;
        self.alert_on.filter(|on| *on <= today)?;
        Some(Self { alert_on: next_alert(until, today), ..self.clone() })
    }

    pub fn version(&self, number: usize) -> Option<&Version> {
        self.versions.get(number.checked_sub(1)?)
    }

    pub fn last(&self) -> Option<&Version> {
        self.versions.last()
    }

    pub fn file_name(&self, number: usize) -> String {
        let title = self
            .version(number)
            .map_or_else(|| self.title.clone(), |version| titled(&self.title, version.kind.endings()));
        file_name(&title, &self.versions, number)
    }

    pub fn with_version(&self, version: Version) -> Result<Self, Rule> {
        Ok(Self { versions: with_version(&self.versions, version)?, ..self.clone() })
    }
}

/// Who looks at a document, as far as that decides whether they see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eyes {
    /// Whether it is of their own file.
    pub is_own: bool,
    pub views: bool,
    pub keeps: bool,
    pub reads_secrets: bool,
}

impl Eyes {
    /// Whose file it is sees what is shared with them; of the rest nobody sees their own but who keeps the files.
    pub fn see(self, paper: &Paper) -> bool {
        let by_permission = self.views && (!paper.is_confidential || self.reads_secrets);
        (self.is_own && paper.is_shared) || (by_permission && (!self.is_own || self.keeps))
    }
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;
    use ulid::Ulid;
    use web::file::FileType;

    use super::*;

    const TODAY: Date = date(2026, 11, 30);

    pub fn paper() -> Paper {
        Paper {
            id: PaperId::from_ulid(Ulid(6)),
            employee: EmployeeId::from_ulid(Ulid(5)),
            kind: PaperKind::IdDocument,
            title: "Titre de séjour".into(),
            is_confidential: true,
            is_shared: false,
            valid_from: None,
            valid_until: Some(date(2027, 3, 1)),
            alert_on: Some(date(2026, 12, 31)),
            is_letter: false,
            author: UserId::from_ulid(Ulid(4)),
            created_at: Timestamp::UNIX_EPOCH,
            versions: vec![Version {
                upload: UploadId::from_ulid(Ulid(7)),
                kind: FileType::Pdf,
                bytes: 7,
                sha256: "ab".into(),
                author: UserId::from_ulid(Ulid(4)),
                at: Timestamp::UNIX_EPOCH,
            }],
        }
    }

    fn input() -> PaperInput {
        PaperInput { name: "bulletin.pdf".into(), kind: "payslip".into(), ..PaperInput::default() }
    }

    #[test]
    fn what_tells_a_salary_is_confidential_unless_somebody_says_otherwise() {
        for kind in PaperKind::ALL {
            let said = PaperInput { kind: kind.name().into(), ..input() }.said().unwrap();
            assert_eq!((said.kind, said.is_confidential), (kind, kind.is_confidential()));
        }
        let open = PaperInput { is_confidential: "false".into(), ..input() }.said().unwrap();
        assert!(!open.is_confidential && open.title == "bulletin.pdf");
        let closed = PaperInput { kind: "diploma".into(), is_confidential: "true".into(), ..input() }.said().unwrap();
        assert!(closed.is_confidential);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = PaperInput {
            kind: "facture".into(),
            name: String::new(),
            is_confidential: "oui".into(),
            is_shared: "peut-être".into(),
            valid_from: "2026-02-30".into(),
            valid_until: "demain".into(),
            ..PaperInput::default()
        };
        let wrong = wrong.said().unwrap_err();
        let mut pointers: Vec<_> = wrong.iter().map(|violation| violation.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers.join(" "), "/is_confidential /is_shared /kind /title /valid_from /valid_until");
        let turned = PaperInput { valid_from: "2026-02-01".into(), valid_until: "2026-01-31".into(), ..input() };
        assert_eq!(
            turned.said().unwrap_err().iter().map(|one| one.pointer.clone()).collect::<Vec<_>>(),
            ["/valid_until"]
        );
    }

    #[test]
    fn what_is_shown_is_accepted_again() {
        let paper = paper();
        let said = PaperChange::of(&paper).said().unwrap();
        assert_eq!(paper.clone().with(said, TODAY), paper);
    }

    #[test]
    fn an_end_is_told_sixty_thirty_and_seven_days_before_and_each_once() {
        // The day of looking, then whether it is told, and the next day on which it is.
        let mut paper = paper();
        for (today, told, next) in [
            (date(2026, 12, 30), false, Some(date(2026, 12, 31))),
            (date(2026, 12, 31), true, Some(date(2027, 1, 30))),
            (date(2026, 12, 31), false, Some(date(2027, 1, 30))),
            (date(2027, 1, 30), true, Some(date(2027, 2, 22))),
            (date(2027, 2, 25), true, None),
            (date(2027, 3, 2), false, None),
        ] {
            let after = paper.alerted(today);
            assert_eq!(after.is_some(), told, "{today}");
            paper = after.unwrap_or(paper);
            assert_eq!(paper.alert_on, next, "{today}");
        }
        // A clock that was away for all of it tells the last alone.
        let late = super::tests::paper().alerted(date(2027, 2, 28)).unwrap();
        assert_eq!(late.alert_on, None);
    }

    #[test]
    fn a_document_that_ends_soon_is_told_of_at_the_next_day_and_another_end_begins_anew() {
        for (until, next) in [
            (date(2027, 6, 1), Some(date(2027, 4, 2))),
            (date(2026, 12, 30), Some(date(2026, 12, 23))),
            (date(2026, 12, 5), None),
            (date(2020, 1, 1), None),
        ] {
            assert_eq!(next_alert(until, TODAY), next, "{until}");
        }
        let told = Paper { alert_on: None, ..paper() };
        let same = PaperChange { title: "Autre".into(), ..PaperChange::of(&told) }.said().unwrap();
        assert_eq!(told.clone().with(same, TODAY).alert_on, None, "what was told stays told");
        let renewed = PaperChange { valid_until: "2028-03-01".into(), ..PaperChange::of(&told) }.said().unwrap();
        assert_eq!(told.with(renewed, TODAY).alert_on, Some(date(2028, 1, 1)));
    }

    #[test]
    fn who_sees_what() {
        let eyes = |is_own, views, keeps, reads_secrets| Eyes { is_own, views, keeps, reads_secrets };
        // The eyes, then a document that is open, confidential, shared and confidential.
        for (eyes, open, secret, shared) in [
            (eyes(false, false, false, false), false, false, false),
            (eyes(true, false, false, false), false, false, true),
            (eyes(false, true, false, false), true, false, false),
            (eyes(true, true, false, true), false, false, true),
            (eyes(false, true, true, false), true, false, false),
            (eyes(true, true, true, false), true, false, true),
            (eyes(false, true, false, true), true, true, true),
            (eyes(true, true, true, true), true, true, true),
        ] {
            let paper = |is_confidential, is_shared| Paper { is_confidential, is_shared, ..paper() };
            let seen = (eyes.see(&paper(false, false)), eyes.see(&paper(true, false)), eyes.see(&paper(true, true)));
            assert_eq!(seen, (open, secret, shared), "{eyes:?}");
        }
    }

    #[test]
    fn an_upload_makes_one_document_of_a_file_and_another_of_another() {
        let upload = UploadId::from_ulid(Ulid::from_parts(1_000, 77));
        let (one, other) = (EmployeeId::from_ulid(Ulid(2)), EmployeeId::from_ulid(Ulid(3)));
        assert_eq!(Paper::id_of(one, upload), Paper::id_of(one, upload));
        assert_ne!(Paper::id_of(one, upload), Paper::id_of(other, upload));
    }
}
