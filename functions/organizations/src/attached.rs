//! The files that belong to records of the CRM and to employees, as exports take them along: read from what their items tell.

use kernel::{
    Error, Result,
    id::{AttachedId, ExpenseReportId, OrganizationId, PaperId, UploadId},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use table::keys;

/// The type of the items of files of records.
pub const TYPE: &str = "attached_file";
/// Every type of item with files of this sort.
pub const TYPES: [&str; 4] = [TYPE, "paper", "rendered_paper", "expense_report"];

/// The files that an item has: their place in an archive, and in the bucket.
pub fn files(item: &str, told: &Value, organization: OrganizationId) -> Result<Vec<(String, String)>> {
    Ok(match item {
        TYPE => read::<Attached>(told)?.files(organization),
        "paper" => read::<Paper>(told)?.files(organization),
        "rendered_paper" => {
            let Rendered { employee, file } = read(told)?;
            vec![(format!("salaries/{employee}/{}", file.file_name.replace('/', "-")), file.s3_key)]
        }
        "expense_report" => read::<Report>(told)?.files(organization),
        _ => Vec::new(),
    })
}

fn read<T: DeserializeOwned>(told: &Value) -> Result<T> {
    T::deserialize(told).map_err(Error::internal)
}

/// A document of an employee's file.
#[derive(Debug, Deserialize)]
struct Paper {
    id: PaperId,
    employee: String,
    title: String,
    versions: Vec<Version>,
}

/// What an employee spent, with its receipts.
#[derive(Debug, Deserialize)]
struct Report {
    id: ExpenseReportId,
    lines: Vec<Line>,
}

#[derive(Debug, Deserialize)]
struct Line {
    number: u16,
    receipt: Option<Version>,
}

impl Report {
    fn files(&self, organization: OrganizationId) -> Vec<(String, String)> {
        let file = |line: &Line| {
            let receipt = line.receipt.as_ref()?;
            let name = format!("notes-de-frais/{}/{}.{}", self.id, line.number, receipt.kind);
            Some((name, keys::receipt_s3_key(organization, self.id, receipt.upload)))
        };
        self.lines.iter().filter_map(file).collect()
    }
}

/// A letter that was made out for one.
#[derive(Debug, Deserialize)]
struct Rendered {
    employee: String,
    file: RenderedFile,
}

#[derive(Debug, Deserialize)]
struct RenderedFile {
    file_name: String,
    s3_key: String,
}

impl Paper {
    fn files(&self, organization: OrganizationId) -> Vec<(String, String)> {
        let folder = format!("salaries/{}/{}", self.employee, self.id);
        let file = |(number, version): (usize, &Version)| {
            let name = format!("{folder}/{number}-{}.{}", self.title.replace('/', "-"), version.kind);
            (name, keys::paper_s3_key(organization, self.id, version.upload))
        };
        (1..).zip(&self.versions).map(file).collect()
    }
}

#[derive(Debug, Deserialize)]
pub struct Attached {
    id: AttachedId,
    record: OfRecord,
    name: String,
    audience: String,
    versions: Vec<Version>,
}

#[derive(Debug, Deserialize)]
struct OfRecord {
    id: String,
}

#[derive(Debug, Deserialize)]
struct Version {
    upload: UploadId,
    /// Which is the ending of a name too.
    kind: String,
}

impl Attached {
    pub fn read(told: &Value) -> Result<Self> {
        read(told)
    }

    /// Whether it is for its author and who administers alone.
    pub fn is_private(&self) -> bool {
        self.audience == "author"
    }

    /// Its versions: their place in an archive, and in the bucket.
    pub fn files(&self, organization: OrganizationId) -> Vec<(String, String)> {
        let folder = format!("fichiers/{}/{}", self.record.id, self.id);
        let file = |(number, version): (usize, &Version)| {
            let name = format!("{folder}/{number}-{}.{}", self.name.replace('/', "-"), version.kind);
            (name, keys::attached_s3_key(organization, self.id, version.upload))
        };
        (1..).zip(&self.versions).map(file).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_version_has_its_place() {
        let id = |prefix: &str, n: u8| format!("{prefix}_0000000000000000000000000{n}");
        let told = json!({
            "id": id("fil", 5), "record": { "kind": "contact", "id": id("con", 3) }, "name": "Plan", "audience": "author",
            "versions": [{ "upload": id("upl", 6), "kind": "pdf" }, { "upload": id("upl", 7), "kind": "docx" }],
        });
        let file = Attached::read(&told).unwrap();
        assert!(file.is_private());
        let organization: OrganizationId = id("org", 1).parse().unwrap();
        let files = file.files(organization);
        assert_eq!(files[1].0, format!("fichiers/{}/{}/2-Plan.docx", id("con", 3), id("fil", 5)));
        let key = "ORG/00000000000000000000000001/attached/00000000000000000000000005/00000000000000000000000007";
        assert_eq!(files[1].1, key);
    }
}
