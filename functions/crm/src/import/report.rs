//! The files of an import in the bucket, which forgets them after some days: its rows until it is over, what is wrong with
//! them chunk by chunk, and the report that is made of it.

use cloud::Files;
use kernel::{
    Error, Result,
    id::{ImportId, OrganizationId},
};
use table::{Scope, keys};
use web::spreadsheet::Spreadsheet;

use super::{
    Import,
    rows::{self, WrongRow},
};

/// Rows one a line.
pub const ROWS: &str = "rows";
/// A file of at most 20 MB, with every cell quoted and the names of nothing left out.
const ROWS_BYTES_MAX: u64 = 96 * 1024 * 1024;
const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/jsonl";

/// Where the files of one import lie.
pub struct Place<'a> {
    files: &'a Files,
    organization: OrganizationId,
    import: ImportId,
    attempt: u32,
}

impl<'a> Place<'a> {
    pub fn of(scope: &Scope, files: &'a Files, import: &Import) -> Self {
        Self { files, organization: scope.tenant().organization(), import: import.id, attempt: import.attempt }
    }

    fn key(&self, file: &str) -> String {
        keys::import_s3_key(self.organization, self.import, file)
    }

    fn wrong_key(&self, chunk: u32) -> String {
        self.key(&format!("wrong-{}-{chunk}", self.attempt))
    }

    pub fn report_key(&self) -> String {
        self.key(&format!("erreurs-{}.csv", self.attempt))
    }

    pub async fn keep_rows(&self, bytes: Vec<u8>) -> Result<()> {
        self.keep(&self.key(ROWS), bytes, JSON).await
    }

    pub async fn rows(&self) -> Result<Vec<u8>> {
        let rows = self.files.find(&self.key(ROWS), ROWS_BYTES_MAX).await?;
        rows.ok_or_else(|| Error::internal("the rows of an import are gone"))
    }

    /// Under the same key with the same content, however often a chunk is dealt with.
    pub async fn keep_wrong(&self, chunk: u32, wrong: &[WrongRow]) -> Result<()> {
        if wrong.is_empty() {
            return Ok(());
        }
        self.keep(&self.wrong_key(chunk), rows::written_wrong(wrong), JSON).await
    }

    /// The file as it came, of the rows with something wrong, with what is wrong beside.
    pub async fn write_report(&self, import: &Import) -> Result<()> {
        let header: Vec<&str> = import.header.iter().map(String::as_str).chain(["Ligne", "Erreur"]).collect();
        let mut report = Spreadsheet::new(Vec::new(), &header)?;
        let mut is_empty = true;
        for chunk in 0..import.chunks() {
            let Some(bytes) = self.files.find(&self.wrong_key(chunk), ROWS_BYTES_MAX).await? else { continue };
            let wrong = rows::read_wrong(&bytes).ok_or_else(|| Error::internal("a report that cannot be read"))?;
            for WrongRow { row, message } in wrong {
                is_empty = false;
                let mut cells = row.cells;
                cells.resize(import.header.len(), String::new());
                cells.extend([row.number.to_string(), message]);
                report.row(cells)?;
            }
        }
        if is_empty { Ok(()) } else { self.keep(&self.report_key(), report.finish()?, CSV).await }
    }

    /// Deletes the rows, which are needed no more. What is wrong with some of them stays as long as the report: whoever deals
    /// with a chunk again makes the same report of it.
    pub async fn discard_rows(&self) {
        let key = self.key(ROWS);
        if let Err(error) = self.files.delete(&key).await {
            tracing::warn!(%error, key, "the rows of an import are not deleted");
        }
    }

    async fn keep(&self, key: &str, bytes: Vec<u8>, media_type: &str) -> Result<()> {
        let mut parts = self.files.begin_parts(key, media_type).await?;
        for part in bytes.chunks(cloud::PART_BYTES) {
            parts.send(part.to_vec()).await?;
        }
        parts.finish().await
    }

    /// A link to the report.
    pub async fn link(&self, file_name: &str) -> Result<String> {
        self.files.signed_link(&self.report_key(), file_name, CSV).await
    }
}
