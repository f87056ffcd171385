//! What an import is: a file of records, what its columns are, how far it has come and what came of it. Pure.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Error, Result, Rule, Violations,
    error::Conflict,
    event::About,
    id::{FieldId, ImportId, UserId},
};
use serde::{Deserialize, Serialize};

use crate::{
    exchange::columns::{self, Column, FULL_NAME},
    record::RecordKind,
    settings::Settings,
};

/// How many rows one file may have.
pub const ROWS_MAX: usize = 50_000;
/// Rows that are dealt with in one go: what is done and how far it has come is noted after each.
pub const CHUNK_ROWS: usize = 250;
/// How many rows with something wrong are shown; the report has them all.
pub const SHOWN_MAX: u32 = 1_000;
/// How much of what is wrong with one row is told.
const MESSAGE_MAX: usize = 400;
/// How many rows of the file are shown with its columns.
pub const EXAMPLES: usize = 5;
const EXAMPLE_MAX: usize = 80;

/// How long what became of it can be looked at.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long its rows and its report are kept: the bucket forgets them a day later.
const FILE_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Import {
    pub id: ImportId,
    /// What its rows are.
    pub of: RecordKind,
    /// As the browser or the program called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Of the file that was sent, in hexadecimal.
    pub sha256: String,
    /// When a file with these bytes first came: the records that its rows make have their ids of it, so that the same file
    /// makes the same records.
    pub base_at: Timestamp,
    /// How many rows it has below the names of its columns.
    pub rows: u32,
    /// Where each chunk of rows begins in the file of rows, and where the last one ends.
    pub offsets: Vec<u64>,
    pub header: Vec<String>,
    /// The first rows, to be shown; none once it is over.
    pub examples: Vec<Vec<String>>,
    pub mapping: Mapping,
    pub stage: Stage,
    /// How often it was checked or begun: what is wrong is kept for each time.
    pub attempt: u32,
    /// How many chunks were dealt with in this stage.
    pub chunk: u32,
    /// How many rows with something wrong are kept to be shown.
    pub shown: u32,
    /// Whether there is a report of what is wrong.
    #[serde(default)]
    pub has_report: bool,
    /// What checking found, so far.
    pub checked: Counts,
    /// What importing did, so far.
    pub imported: Counts,
    pub by: By,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
}

/// In whose name it is done: what they may see and do counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    pub user: UserId,
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Its columns can be chosen.
    Draft,
    Checking,
    Checked,
    Importing,
    Done,
    Cancelled,
    /// Who asked for it may not do it any more.
    Refused,
}

impl Stage {
    pub const fn french(self) -> &'static str {
        match self {
            Self::Draft => "À préparer",
            Self::Checking => "Vérification en cours",
            Self::Checked => "Vérifié",
            Self::Importing => "Import en cours",
            Self::Done => "Terminé",
            Self::Cancelled => "Annulé",
            Self::Refused => "Interrompu",
        }
    }

    pub const fn is_running(self) -> bool {
        matches!(self, Self::Checking | Self::Importing)
    }

    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Checked)
    }
}

/// What the columns of the file are, and what becomes of records that are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// Of each column of the file its field; empty where it is left out.
    pub columns: Vec<String>,
    pub known_by: KnownBy,
    pub existing: Existing,
    /// Whether companies that contacts name and that are not there are created.
    pub creates_companies: bool,
}

/// By what a row is recognised as a record that is there. The id of a record always counts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// Only by the row of the same file.
    Nothing,
    Name,
    Email,
    Siret,
    /// The first nine digits of the SIRET: any establishment of the same company.
    Siren,
    Custom(FieldId),
}

/// What becomes of a record that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// It stays as it is.
    #[default]
    Ignore,
    /// What it has not is filled in.
    Fill,
    /// What the row says takes the place of what it has; an empty cell says nothing.
    Replace,
}

impl Existing {
    pub const ALL: [Self; 3] = [Self::Ignore, Self::Fill, Self::Replace];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Fill => "fill",
            Self::Replace => "replace",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Ignore => "Les laisser telles quelles",
            Self::Fill => "Compléter leurs champs vides",
            Self::Replace => "Remplacer par ce que dit le fichier",
        }
    }
}

impl KnownBy {
    /// Those from which one may choose for records of a kind.
    pub fn choices(of: RecordKind, settings: &Settings) -> Vec<(String, String)> {
        let own: &[Self] = match of {
            RecordKind::Company => &[Self::Name, Self::Siret, Self::Siren, Self::Email],
            RecordKind::Contact => &[Self::Email, Self::Name],
            RecordKind::Opportunity => &[Self::Name],
        };
        let own = own.iter().map(|one| (one.to_string(), one.french().to_owned()));
        let added = settings.fields_of(of).map(|field| (Self::Custom(field.id).to_string(), field.name.clone()));
        let nothing = (Self::Nothing.to_string(), "Ne pas les reconnaître : tout ajouter".to_owned());
        own.chain(added).chain([nothing]).collect()
    }

    const fn french(self) -> &'static str {
        match self {
            Self::Nothing | Self::Custom(_) => "",
            Self::Name => "Nom",
            Self::Email => "Adresse e-mail",
            Self::Siret => "SIRET",
            Self::Siren => "SIREN (les neuf premiers chiffres du SIRET)",
        }
    }

    /// In a sentence: `Même nom que …`.
    pub fn same(self, settings: &Settings) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Name => "Même nom".into(),
            Self::Email => "Même adresse e-mail".into(),
            Self::Siret => "Même SIRET".into(),
            Self::Siren => "Même SIREN".into(),
            Self::Custom(id) => {
                let name = settings.field(id).map_or("valeur", |field| field.name.as_str());
                format!("Même valeur de «\u{a0}{name}\u{a0}»")
            }
        }
    }

    /// The columns of the file without which nothing can be recognised so.
    fn needs(self) -> Vec<String> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Name => vec!["name".into(), "last_name".into(), FULL_NAME.into()],
            Self::Email => vec!["email".into()],
            Self::Siret | Self::Siren => vec!["siret".into()],
            Self::Custom(id) => vec![format!("custom.{id}")],
        }
    }

    fn is_possible(self, columns: &[String]) -> bool {
        let needs = self.needs();
        needs.is_empty() || columns.iter().any(|column| needs.contains(column))
    }

    /// The best that these columns allow.
    fn guessed(of: RecordKind, columns: &[String]) -> Self {
        let wanted: &[Self] = match of {
            RecordKind::Company => &[Self::Siret, Self::Name],
            RecordKind::Contact => &[Self::Email, Self::Name],
            RecordKind::Opportunity => &[Self::Name],
        };
        wanted.iter().copied().find(|one| one.is_possible(columns)).unwrap_or(Self::Nothing)
    }
}

/// As the API and forms name it.
impl fmt::Display for KnownBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Name => f.write_str("name"),
            Self::Email => f.write_str("email"),
            Self::Siret => f.write_str("siret"),
            Self::Siren => f.write_str("siren"),
            Self::Custom(id) => write!(f, "custom.{id}"),
        }
    }
}

/// What became of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counts {
    pub created: u32,
    pub updated: u32,
    pub unchanged: u32,
    pub refused: u32,
    /// Companies that contacts name and that were not there.
    pub companies: u32,
}

impl Counts {
    /// How many rows were dealt with.
    pub const fn rows(self) -> u32 {
        self.created + self.updated + self.unchanged + self.refused
    }

    pub const fn and(self, more: Self) -> Self {
        Self {
            created: self.created + more.created,
            updated: self.updated + more.updated,
            unchanged: self.unchanged + more.unchanged,
            refused: self.refused + more.refused,
            companies: self.companies + more.companies,
        }
    }
}

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RowError {
    /// As the spreadsheet counts them, from 1.
    pub row: u32,
    /// In French, the columns named.
    pub message: String,
}

impl RowError {
    pub fn new(row: u32, message: &str) -> Self {
        Self { row, message: message.chars().take(MESSAGE_MAX).collect() }
    }
}

/// What was wrong with the rows of one chunk, beside its import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportErrors {
    pub import: ImportId,
    pub attempt: u32,
    pub chunk: u32,
    pub rows: Vec<RowError>,
    pub expires_at: Timestamp,
}

/// The file that was sent, and what its rows are. The same for the form and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ImportInput {
    /// `company`, `contact` or `opportunity`.
    pub of: String,
    /// `upl_…`
    pub upload_id: String,
    /// To be shown again; may be empty.
    pub file_name: String,
}

impl ImportInput {
    pub fn parse(&self) -> Result<(RecordKind, Option<String>), Violations> {
        let mut wrong = Violations::default();
        let of = wrong.take("/of", kind(&self.of));
        let name = kernel::legal::optional(&self.file_name, |text| kernel::legal::text(text, 200));
        let name = wrong.take("/file_name", name).flatten();
        match of {
            Some(of) if wrong.is_empty() => Ok((of, name)),
            _ => Err(wrong),
        }
    }
}

/// Records of which there are files.
pub fn kind(name: &str) -> Result<RecordKind, Rule> {
    match RecordKind::named(name) {
        Some(kind) => Ok(kind),
        None if name.trim().is_empty() => Err(Rule::Required),
        None => Err(Rule::NotAChoice),
    }
}

/// What the columns are. The same for the form and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MappingInput {
    /// Of each column of the file its field (`name`, `email`, `custom.fld_…`), in their order; an empty text leaves it out.
    /// Guessed where all is empty.
    #[serde(deserialize_with = "web::form::column")]
    pub columns: Vec<String>,
    /// By what records that are there are recognised: `name`, `email`, `siret`, `siren`, `custom.fld_…` or `nothing`; the
    /// best that the columns allow where empty.
    pub known_by: String,
    /// What becomes of them: `ignore` (which an empty text means too), `fill` or `replace`.
    pub existing: String,
    /// `true`, which an empty text means too, or `false`: whether companies that contacts name are created.
    pub creates_companies: String,
}

impl MappingInput {
    pub fn of(mapping: &Mapping) -> Self {
        Self {
            columns: mapping.columns.clone(),
            known_by: mapping.known_by.to_string(),
            existing: mapping.existing.name().into(),
            creates_companies: mapping.creates_companies.to_string(),
        }
    }

    /// `guessed` is what the columns are where nobody says so.
    pub fn parse(&self, import: &Import, settings: &Settings) -> Result<Mapping, Violations> {
        let mut wrong = Violations::default();
        let known = columns::columns(import.of, settings);
        let columns = if self.columns.is_empty() { import.mapping.columns.clone() } else { self.columns.clone() };
        if columns.len() != import.header.len() {
            wrong.add(
                "/columns",
                Rule::OutOfRange { min: import.header.len().to_string(), max: import.header.len().to_string() },
            );
        }
        for (at, name) in columns.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if !known.iter().any(|column| column.name == *name) {
                wrong.add(format!("/columns/{at}"), Rule::NotAChoice);
            } else if columns.iter().take(at).any(|other| other == name) {
                wrong.add(format!("/columns/{at}"), Rule::Repeated);
            }
        }
        let names: &[&str] = match import.of {
            RecordKind::Company | RecordKind::Opportunity => &["name", columns::ID],
            RecordKind::Contact => &["last_name", FULL_NAME, columns::ID],
        };
        if !columns.iter().any(|name| names.contains(&name.as_str())) {
            wrong.add("/columns", Rule::Required);
        }
        let choices = KnownBy::choices(import.of, settings);
        let known_by = match self.known_by.trim() {
            "" => Ok(KnownBy::guessed(import.of, &columns)),
            name if choices.iter().any(|(value, _)| value == name) => match name {
                "nothing" => Ok(KnownBy::Nothing),
                "name" => Ok(KnownBy::Name),
                "email" => Ok(KnownBy::Email),
                "siret" => Ok(KnownBy::Siret),
                "siren" => Ok(KnownBy::Siren),
                custom => {
                    let id = custom.strip_prefix("custom.").and_then(|id| id.parse().ok());
                    id.map(KnownBy::Custom).ok_or(Rule::NotAChoice)
                }
            },
            _ => Err(Rule::NotAChoice),
        };
        let known_by = wrong.take("/known_by", known_by);
        if known_by.is_some_and(|known_by| !known_by.is_possible(&columns)) {
            wrong.add("/known_by", Rule::NotAChoice);
        }
        let existing = match self.existing.as_str() {
            "" => Ok(Existing::Ignore),
            name => Existing::ALL.into_iter().find(|one| one.name() == name).ok_or(Rule::NotAChoice),
        };
        let existing = wrong.take("/existing", existing);
        let creates_companies = match self.creates_companies.as_str() {
            "" | "true" | "on" => Ok(true),
            "false" => Ok(false),
            _ => Err(Rule::NotAChoice),
        };
        let creates_companies = wrong.take("/creates_companies", creates_companies);
        match (known_by, existing, creates_companies) {
            (Some(known_by), Some(existing), Some(creates_companies)) if wrong.is_empty() => {
                Ok(Mapping { columns, known_by, existing, creates_companies })
            }
            _ => Err(wrong),
        }
    }
}

impl Mapping {
    /// As it is guessed when the file comes.
    pub fn guessed(of: RecordKind, columns: Vec<String>) -> Self {
        Self {
            known_by: KnownBy::guessed(of, &columns),
            columns,
            existing: Existing::default(),
            creates_companies: true,
        }
    }

    /// Of each column of the file ours; a field that was deleted since is left out.
    pub fn resolved(&self, known: &[Column]) -> Vec<Option<Column>> {
        self.columns.iter().map(|name| known.iter().find(|column| column.name == *name).cloned()).collect()
    }
}

/// What is shown of a row.
pub fn example(cells: &[String]) -> Vec<String> {
    cells.iter().map(|cell| cell.chars().take(EXAMPLE_MAX).collect()).collect()
}

/// What dealing with a chunk came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dealt {
    pub counts: Counts,
    pub errors: Vec<RowError>,
}

impl Import {
    /// What people are told of it beside its id: who began it is told, though it is they who did.
    pub fn about(&self) -> About {
        About { label: self.file_name.clone(), assigned_to: Some(self.by.user), ..About::default() }
    }

    pub fn chunks(&self) -> u32 {
        u32::try_from(self.offsets.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Where the rows of a chunk lie in the file of rows.
    pub fn range(&self, chunk: u32) -> Option<(usize, usize)> {
        let at = chunk as usize;
        let (from, to) = (self.offsets.get(at)?, self.offsets.get(at + 1)?);
        Some((usize::try_from(*from).ok()?, usize::try_from(*to).ok()?))
    }

    pub fn counts(&self) -> Counts {
        if matches!(self.stage, Stage::Draft | Stage::Checking | Stage::Checked) { self.checked } else { self.imported }
    }

    /// Begins to look at what it would do, anew if it was looked at before.
    pub fn checking(&self, mapping: Mapping, now: Timestamp) -> Result<Self> {
        self.must_be_open(now)?;
        Ok(Self {
            mapping,
            stage: Stage::Checking,
            attempt: self.attempt + 1,
            chunk: 0,
            shown: 0,
            has_report: false,
            checked: Counts::default(),
            ..self.clone()
        })
    }

    /// Begins to do it, as it was checked.
    pub fn importing(&self, now: Timestamp) -> Result<Self> {
        self.must_be_open(now)?;
        if self.stage != Stage::Checked {
            return Err(Error::Conflict(Conflict::ImportNotChecked));
        }
        Ok(Self {
            stage: Stage::Importing,
            attempt: self.attempt + 1,
            chunk: 0,
            shown: 0,
            has_report: false,
            imported: Counts::default(),
            ..self.clone()
        })
    }

    fn must_be_open(&self, now: Timestamp) -> Result<()> {
        let is_open = self.stage.is_open() && self.file_until() > now;
        if is_open { Ok(()) } else { Err(Error::Conflict(Conflict::ImportClosed)) }
    }

    /// None where it is over already.
    pub fn cancelled(&self, now: Timestamp) -> Option<Self> {
        self.ended(Stage::Cancelled, now)
    }

    /// None where it is over already.
    pub fn refused(&self, now: Timestamp) -> Option<Self> {
        self.ended(Stage::Refused, now)
    }

    fn ended(&self, stage: Stage, now: Timestamp) -> Option<Self> {
        let goes_on = self.stage.is_running() || self.stage.is_open();
        goes_on.then(|| Self { stage, finished_at: Some(now), examples: Vec::new(), ..self.clone() })
    }

    /// With one more chunk dealt with. `attempt` and `chunk` are those that it was read for; none where somebody else was
    /// faster. What was done still counts where it was stopped meanwhile.
    pub fn advanced(&self, (attempt, chunk): (u32, u32), writes: bool, dealt: &Dealt, now: Timestamp) -> Option<Self> {
        let is_this = self.attempt == attempt && self.chunk == chunk;
        let runs = self.stage == if writes { Stage::Importing } else { Stage::Checking };
        let was_stopped = writes && matches!(self.stage, Stage::Cancelled | Stage::Refused);
        if !is_this || !(runs || was_stopped) {
            return None;
        }
        let mut next = self.clone();
        next.chunk += 1;
        next.shown += u32::try_from(self.shown_of(&dealt.errors).len()).unwrap_or_default();
        if writes {
            next.imported = self.imported.and(dealt.counts);
        } else {
            next.checked = self.checked.and(dealt.counts);
        }
        if runs && next.chunk >= next.chunks() {
            next.has_report = next.counts().refused > 0;
            next.stage = if writes { Stage::Done } else { Stage::Checked };
            if writes {
                next.finished_at = Some(now);
                next.examples.clear();
            }
        }
        Some(next)
    }

    /// Those of them for which there is room.
    pub fn shown_of<'a>(&self, errors: &'a [RowError]) -> &'a [RowError] {
        let room = SHOWN_MAX.saturating_sub(self.shown) as usize;
        errors.get(..room).unwrap_or(errors)
    }

    /// Until when there is something to be shown of it.
    pub fn kept_until(&self) -> Timestamp {
        self.created_at.saturating_add(KEPT).unwrap_or(Timestamp::MAX)
    }

    /// Until when its rows and its report are there.
    pub fn file_until(&self) -> Timestamp {
        self.created_at.saturating_add(FILE_KEPT).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use ulid::Ulid;

    use super::*;

    pub fn import() -> Import {
        Import {
            id: ImportId::from_ulid(Ulid(2)),
            of: RecordKind::Company,
            file_name: Some("clients.csv".into()),
            sha256: "ab".into(),
            base_at: Timestamp::UNIX_EPOCH,
            rows: 3,
            offsets: vec![0, 20, 30],
            header: vec!["Nom".into(), "SIRET".into()],
            examples: vec![vec!["Dupré".into(), String::new()]],
            mapping: Mapping::guessed(RecordKind::Company, vec!["name".into(), "siret".into()]),
            stage: Stage::Draft,
            attempt: 0,
            chunk: 0,
            shown: 0,
            has_report: false,
            checked: Counts::default(),
            imported: Counts::default(),
            by: By { user: UserId::from_ulid(Ulid(4)), name: "Camille".into() },
            created_at: Timestamp::UNIX_EPOCH,
            finished_at: None,
        }
    }

    fn pointers(input: &MappingInput) -> Vec<String> {
        match input.parse(&import(), &Settings::default()) {
            Ok(_) => Vec::new(),
            Err(wrong) => wrong.iter().map(|violation| violation.pointer.clone()).collect(),
        }
    }

    #[test]
    fn columns_are_ours_each_once_and_what_recognises_is_among_them() {
        let columns = |names: &[&str]| MappingInput {
            columns: names.iter().map(|name| (*name).into()).collect(),
            ..MappingInput::default()
        };
        let guessed = MappingInput::default().parse(&import(), &Settings::default()).unwrap();
        assert_eq!((guessed.known_by, guessed.existing), (KnownBy::Siret, Existing::Ignore));
        assert_eq!(MappingInput::of(&guessed).parse(&import(), &Settings::default()), Ok(guessed));
        assert_eq!(pointers(&columns(&["name", ""])), [] as [&str; 0]);
        assert_eq!(pointers(&columns(&["name", "name"])), ["/columns/1"]);
        assert_eq!(pointers(&columns(&["name", "first_name"])), ["/columns/1"]);
        assert_eq!(pointers(&columns(&["", "siret"])), ["/columns"]);
        assert_eq!(pointers(&columns(&["name"])), ["/columns"]);
        let by = |name: &str| MappingInput { known_by: name.into(), ..columns(&["name", ""]) };
        assert_eq!(pointers(&by("name")), [] as [&str; 0]);
        assert_eq!(pointers(&by("siret")), ["/known_by"]);
        assert_eq!(pointers(&by("age")), ["/known_by"]);
    }

    #[test]
    fn it_goes_from_stage_to_stage_and_each_chunk_counts_once() {
        let now = Timestamp::UNIX_EPOCH;
        let import = import();
        assert!(import.importing(now).is_err(), "nobody looked at it");
        let checking = import.checking(import.mapping.clone(), now).unwrap();
        let dealt = Dealt {
            counts: Counts { created: 1, refused: 1, ..Counts::default() },
            errors: vec![RowError::new(2, "Non.")],
        };
        let half = checking.advanced((1, 0), false, &dealt, now).unwrap();
        assert_eq!((half.stage, half.chunk, half.shown, half.checked.rows()), (Stage::Checking, 1, 1, 2));
        assert!(half.advanced((1, 0), false, &dealt, now).is_none(), "twice");
        assert!(half.advanced((1, 1), true, &dealt, now).is_none());
        let checked = half.advanced((1, 1), false, &dealt, now).unwrap();
        assert_eq!((checked.stage, checked.has_report, checked.checked.created), (Stage::Checked, true, 2));
        let importing = checked.importing(now).unwrap();
        assert_eq!((importing.attempt, importing.chunk, importing.shown), (2, 0, 0));
        assert!(importing.checking(import.mapping.clone(), now).is_err());
        // What was done counts although it was stopped meanwhile.
        let cancelled = importing.cancelled(now).unwrap();
        let counted = cancelled.advanced((2, 0), true, &dealt, now).unwrap();
        assert_eq!((counted.stage, counted.imported.created), (Stage::Cancelled, 1));
        assert!(counted.cancelled(now).is_none());
        let done = importing.advanced((2, 0), true, &dealt, now).unwrap().advanced((2, 1), true, &dealt, now).unwrap();
        assert_eq!((done.stage, done.finished_at), (Stage::Done, Some(now)));
        assert!(done.importing(now).is_err());
        let late = now.saturating_add(SignedDuration::from_hours(8 * 24)).unwrap();
        assert!(checked.importing(late).is_err(), "its rows are gone");
    }

    #[test]
    fn so_many_errors_are_shown() {
        let full = Import { shown: SHOWN_MAX - 1, ..import() };
        let errors = [RowError::new(1, &"x".repeat(1_000)), RowError::new(2, "y")];
        assert_eq!(errors[0].message.len(), MESSAGE_MAX);
        assert_eq!(full.shown_of(&errors).len(), 1);
    }
}
