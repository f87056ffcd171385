//! The files that belong to records of the CRM, as exports take them along: read from what their items tell.

use kernel::{
    Error, Result,
    id::{AttachedId, OrganizationId, UploadId},
};
use serde::Deserialize;
use serde_json::Value;
use table::keys;

/// The type of their items.
pub const TYPE: &str = "attached_file";

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
        Self::deserialize(told).map_err(Error::internal)
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
            "id": id("att", 5), "record": { "kind": "contact", "id": id("con", 3) }, "name": "Plan", "audience": "author",
            "versions": [{ "upload": id("upl", 6), "kind": "pdf" }, { "upload": id("upl", 7), "kind": "docx" }],
        });
        let file = Attached::read(&told).unwrap();
        assert!(file.is_private());
        let organization: OrganizationId = id("org", 1).parse().unwrap();
        let files = file.files(organization);
        assert_eq!(files[1].0, format!("fichiers/{}/{}/2-Plan.docx", id("con", 3), id("att", 5)));
        let key = "ORG/00000000000000000000000001/attached/00000000000000000000000005/00000000000000000000000007";
        assert_eq!(files[1].1, key);
    }
}
