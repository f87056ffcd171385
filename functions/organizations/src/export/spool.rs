//! What a walk tells, sorted into files on this machine's disk, from where the archive takes it: what belongs into one
//! file comes in no order, and may be more than memory holds.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Read, Write},
    path::PathBuf,
};

use cloud::Archive;
use kernel::{
    Error, Result,
    document::AttachedFile,
    id::{ExpenseId, OrganizationId},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use table::{Item, keys, shared::DocumentFile, walk::Found};
use web::spreadsheet::Spreadsheet;

use super::tables::{TABLES, Table};
use crate::{attached, kinds};

/// How much of a file is read at once.
const PIECE_BYTES: usize = 256 * 1024;

pub struct Spool {
    folder: tempfile::TempDir,
    /// One JSON text a line, by kind.
    lists: BTreeMap<String, List>,
    sheets: Vec<(&'static Table, Spreadsheet<BufWriter<File>>)>,
    /// Whether what is of employees is left out.
    without_staff: bool,
}

struct List {
    file: BufWriter<File>,
    lines: u64,
}

impl Spool {
    pub fn new(without_staff: bool) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(Error::internal)?;
        let sheet = |table: &'static Table| {
            let file = File::create(folder.path().join(format!("{}.csv", table.file))).map_err(Error::internal)?;
            let header: Vec<_> = table.columns.iter().map(|column| column.title).collect();
            Ok((table, Spreadsheet::new(BufWriter::new(file), &header)?))
        };
        let sheets = TABLES.iter().map(sheet).collect::<Result<_>>()?;
        Ok(Self { folder, lists: BTreeMap::new(), sheets, without_staff })
    }

    fn list_path(&self, kind: &str) -> PathBuf {
        self.folder.path().join(format!("{kind}.jsonl"))
    }

    /// Takes an aggregate, its secrets hidden.
    pub fn take(&mut self, part: &[Found]) -> Result<()> {
        let is_left_out = |item: &&Found| self.without_staff && kinds::is_of_employees(item.kind());
        let part: Vec<_> = part.iter().filter(|item| !is_left_out(item)).collect();
        let told = part.iter().map(|item| item.told(kinds::masked(item.kind()))).collect::<Result<Vec<_>>>()?;
        let aggregate: Vec<(&str, &Value)> = part.iter().map(|item| item.kind()).zip(&told).collect();
        for (kind, item) in &aggregate {
            self.line(kind, item)?;
            for (table, sheet) in self.sheets.iter_mut().filter(|(table, _)| table.item == *kind) {
                sheet.row(table.row(item, &aggregate))?;
            }
        }
        Ok(())
    }

    fn line(&mut self, kind: &str, item: &Value) -> Result<()> {
        if !self.lists.contains_key(kind) {
            let file = File::create(self.list_path(kind)).map_err(Error::internal)?;
            self.lists.insert(kind.into(), List { file: BufWriter::new(file), lines: 0 });
        }
        let Some(list) = self.lists.get_mut(kind) else { return Ok(()) };
        serde_json::to_writer(&mut list.file, item).map_err(Error::internal)?;
        list.file.write_all(b"\n").map_err(Error::internal)?;
        list.lines += 1;
        Ok(())
    }

    /// Everything is taken: from here on it is read.
    pub fn finish(self) -> Result<Spooled> {
        let Self { folder, lists, sheets, without_staff } = self;
        let mut counted = BTreeMap::new();
        for (kind, List { mut file, lines }) in lists {
            file.flush().map_err(Error::internal)?;
            counted.insert(kind, lines);
        }
        for (_, sheet) in sheets {
            sheet.finish()?.flush().map_err(Error::internal)?;
        }
        Ok(Spooled { folder, lines: counted, without_staff })
    }
}

/// A file of data as the archive has it.
pub struct Listed {
    /// Its place in the archive.
    pub name: String,
    pub french: &'static str,
    pub lines: u64,
    path: PathBuf,
}

pub struct Spooled {
    folder: tempfile::TempDir,
    lines: BTreeMap<String, u64>,
    pub without_staff: bool,
}

impl Spooled {
    /// Of every kind that there is something of, in the order in which they are named.
    pub fn lists(&self) -> Vec<Listed> {
        let listed = |kind: &str, file: &str, french| {
            self.lines.get(kind).map(|lines| Listed {
                name: format!("donnees/{file}.jsonl"),
                french,
                lines: *lines,
                path: self.folder.path().join(format!("{kind}.jsonl")),
            })
        };
        let known = kinds::KINDS.iter().filter_map(|kind| listed(kind.item, kind.file, kind.french));
        let unknown = self.lines.keys().filter(|kind| kinds::find(kind).is_none());
        known.chain(unknown.filter_map(|kind| listed(kind, kind, ""))).collect()
    }

    pub fn sheets(&self) -> Vec<Listed> {
        let listed = |table: &Table| Listed {
            name: format!("tableaux/{}.csv", table.file),
            french: table.french,
            lines: self.lines.get(table.item).copied().unwrap_or_default(),
            path: self.folder.path().join(format!("{}.csv", table.file)),
        };
        TABLES.iter().map(listed).collect()
    }

    /// The files that go with documents, drafts included.
    pub fn attachments(&self) -> Result<Vec<Attachment>> {
        let mut found = Vec::new();
        for kind in ATTACHING.into_iter().filter(|kind| self.lines.contains_key(*kind)) {
            let path = self.folder.path().join(format!("{kind}.jsonl"));
            for line in BufReader::new(File::open(path).map_err(Error::internal)?).lines() {
                let line = line.map_err(Error::internal)?;
                found.extend(attachments(&serde_json::from_str(&line).map_err(Error::internal)?));
            }
        }
        Ok(found)
    }

    /// The documents that were rendered.
    pub fn documents(&self) -> Result<impl Iterator<Item = Result<DocumentFile>>> {
        self.told(DocumentFile::TYPE)
    }

    /// The files that belong to records of the CRM and to employees, version by version: their place in the archive, and in
    /// the bucket.
    pub fn attached(&self, organization: OrganizationId) -> Result<impl Iterator<Item = Result<(String, String)>>> {
        let kinds = attached::TYPES.map(|item| Ok((item, self.told::<Value>(item)?)));
        let kinds = kinds.into_iter().collect::<Result<Vec<_>>>()?;
        Ok(kinds.into_iter().flat_map(move |(item, told)| {
            told.flat_map(move |told| match told.and_then(|told| attached::files(item, &told, organization)) {
                Ok(files) => files.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            })
        }))
    }

    /// The proofs of expenses, as they were sent: their place in the archive, and in the bucket.
    pub fn proofs(&self, organization: OrganizationId) -> Result<impl Iterator<Item = Result<(String, String)>>> {
        let expenses = self.told::<Value>("expense")?;
        Ok(expenses.filter_map(move |told| told.map(|told| proof(&told, organization)).transpose()))
    }

    /// All of a kind, one after the other.
    fn told<T: DeserializeOwned>(&self, kind: &str) -> Result<impl Iterator<Item = Result<T>> + use<T>> {
        let lines = match self.lines.get(kind) {
            Some(_) => {
                let path = self.folder.path().join(format!("{kind}.jsonl"));
                Some(BufReader::new(File::open(path).map_err(Error::internal)?).lines())
            }
            None => None,
        };
        Ok(lines
            .into_iter()
            .flatten()
            .map(|line| serde_json::from_str(&line.map_err(Error::internal)?).map_err(Error::internal)))
    }
}

/// None of an expense without a proof.
fn proof(expense: &Value, organization: OrganizationId) -> Option<(String, String)> {
    let text = |at: &str| expense.pointer(at).and_then(Value::as_str);
    let id: ExpenseId = text("/id")?.parse().ok()?;
    let upload = text("/receipt/upload")?.parse().ok()?;
    let ending = match text("/receipt/kind") {
        Some("jpeg") => "jpg",
        Some(kind) => kind,
        None => "xml",
    };
    let name = text("/receipt/name")?.replace('/', "-");
    let place = format!("depenses/{}/{id}-{name}.{ending}", text("/spent_on")?);
    Some((place, keys::expense_s3_key(organization, id, upload)))
}

/// What of a document names the files that go with it, whatever else it has.
#[derive(Deserialize)]
struct Attaching {
    id: String,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    issued: Option<Numbered>,
    #[serde(default)]
    attachments: Vec<AttachedFile>,
}

#[derive(Deserialize)]
struct Numbered {
    number: String,
}

/// A file that goes with a document.
#[derive(Debug)]
pub struct Attachment {
    /// Its place in the archive.
    pub name: String,
    pub s3_key: String,
}

/// The files of a document under its number, or its id while it is a draft.
pub fn attachments(document: &Value) -> Vec<Attachment> {
    let Ok(document) = Attaching::deserialize(document) else { return Vec::new() };
    let number = document.number.or(document.issued.map(|issued| issued.number)).unwrap_or(document.id);
    // A number may have a slash, which is no folder.
    let folder = format!("pieces-jointes/{}", number.replace('/', "-"));
    let named = |file: AttachedFile| Attachment { name: format!("{folder}/{}", file.file_name), s3_key: file.s3_key };
    document.attachments.into_iter().map(named).collect()
}

/// The kinds of items that may have files.
pub const ATTACHING: [&str; 3] = ["quote", "invoice", "credit_note"];

impl Listed {
    pub async fn write(&self, archive: &mut Archive) -> Result<()> {
        let mut file = File::open(&self.path).map_err(Error::internal)?;
        archive.begin(&self.name)?;
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = file.read(&mut piece).map_err(Error::internal)?;
            if read == 0 {
                return Ok(());
            }
            archive.write(&piece[..read]).await?;
        }
    }
}
