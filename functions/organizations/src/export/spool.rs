//! What a walk tells, sorted into files on this machine's disk, from where the archive takes it: what belongs into one
//! file comes in no order, and may be more than memory holds.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Read, Write},
    path::PathBuf,
};

use cloud::Archive;
use kernel::{Error, Result};
use serde_json::Value;
use table::{Item, shared::DocumentFile, walk::Found};
use web::spreadsheet::Spreadsheet;

use super::tables::{TABLES, Table};
use crate::kinds;

/// How much of a file is read at once.
const PIECE_BYTES: usize = 256 * 1024;

pub struct Spool {
    folder: tempfile::TempDir,
    /// One JSON text a line, by kind.
    lists: BTreeMap<String, List>,
    sheets: Vec<(&'static Table, Spreadsheet<BufWriter<File>>)>,
}

struct List {
    file: BufWriter<File>,
    lines: u64,
}

impl Spool {
    pub fn new() -> Result<Self> {
        let folder = tempfile::tempdir().map_err(Error::internal)?;
        let sheet = |table: &'static Table| {
            let file = File::create(folder.path().join(format!("{}.csv", table.file))).map_err(Error::internal)?;
            let header: Vec<_> = table.columns.iter().map(|column| column.title).collect();
            Ok((table, Spreadsheet::new(BufWriter::new(file), &header)?))
        };
        let sheets = TABLES.iter().map(sheet).collect::<Result<_>>()?;
        Ok(Self { folder, lists: BTreeMap::new(), sheets })
    }

    fn list_path(&self, kind: &str) -> PathBuf {
        self.folder.path().join(format!("{kind}.jsonl"))
    }

    /// Takes an aggregate, its secrets hidden.
    pub fn take(&mut self, part: &[Found]) -> Result<()> {
        let told = part.iter().map(|item| item.told(kinds::masked(item.kind()))).collect::<Result<Vec<_>>>()?;
        let aggregate: Vec<(&str, &Value)> = part.iter().map(Found::kind).zip(&told).collect();
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
        let Self { folder, lists, sheets } = self;
        let mut counted = BTreeMap::new();
        for (kind, List { mut file, lines }) in lists {
            file.flush().map_err(Error::internal)?;
            counted.insert(kind, lines);
        }
        for (_, sheet) in sheets {
            sheet.finish()?.flush().map_err(Error::internal)?;
        }
        Ok(Spooled { folder, lines: counted })
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

    /// The documents that were rendered.
    pub fn documents(&self) -> Result<impl Iterator<Item = Result<DocumentFile>>> {
        let lines = match self.lines.get(DocumentFile::TYPE) {
            Some(_) => {
                let path = self.folder.path().join(format!("{}.jsonl", DocumentFile::TYPE));
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
