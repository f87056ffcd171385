//! An import's items.

use jiff::Timestamp;
use kernel::{
    Error, Result,
    id::{ImportId, UserId},
};
use table::{Audit, Index, Item, Key, Stored, TenantKeys};
use web::Asker;

use super::{Import, ImportErrors};

impl Item for Import {
    const TYPE: &'static str = "import";
    // What it did is told record by record; its rows are nobody's to read twice.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.import(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_imports(self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        Some(self.by.user)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        // One that nobody goes on with has rows that are nobody's any more.
        Some(if self.finished_at.is_some() { self.kept_until() } else { self.file_until() })
    }
}

impl Item for ImportErrors {
    const TYPE: &'static str = "import_errors";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.import_errors(self.import, self.attempt, self.chunk)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// An import with what is wrong with its rows, one query; of another where one sees only one's own there is none.
pub async fn read(asker: &Asker, id: ImportId) -> Result<(Stored<Import>, Vec<super::RowError>)> {
    let scope = &asker.scope;
    let found = scope.collection(&scope.keys().import(id).collection()).await?;
    let import = found.first::<Import>()?.ok_or(Error::NotFound)?;
    asker.must_see(Some(import.by.user))?;
    let errors = found.all::<ImportErrors>()?.into_iter().map(|errors| errors.value);
    let of_this = errors.filter(|errors| errors.attempt == import.attempt).flat_map(|errors| errors.rows);
    let rows = of_this.collect();
    Ok((import, rows))
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::import::{RowError, model::tests::import};

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn an_import_and_its_errors_as_they_are_stored() {
        let counts = json!({ "created": 0, "updated": 0, "unchanged": 0, "refused": 0, "companies": 0 });
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#IMPORT#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#IMPORTS",
            "gsi1sk": "00000000000000000000000002",
            "gsi3pk": "ORG#00000000000000000000000001#IMPORTS#OF#00000000000000000000000004",
            "gsi3sk": "00000000000000000000000002",
            "type": "import",
            "v": 1,
            "ttl": 604_800,
            "id": "imp_00000000000000000000000002",
            "of": "company",
            "file_name": "clients.csv",
            "sha256": "ab",
            "base_at": "1970-01-01T00:00:00Z",
            "rows": 3,
            "offsets": [0, 20, 30],
            "header": ["Nom", "SIRET"],
            "examples": [["Dupré", ""]],
            "mapping": {
                "columns": ["name", "siret"], "known_by": "siret", "existing": "ignore", "creates_companies": true,
            },
            "stage": "draft",
            "attempt": 0,
            "chunk": 0,
            "shown": 0,
            "has_report": false,
            "checked": counts,
            "imported": counts,
            "by": { "user": "usr_00000000000000000000000004", "name": "Camille" },
            "created_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&import(), KEYS).ok(), Some(expected));
        let errors = ImportErrors {
            import: import().id,
            attempt: 1,
            chunk: 2,
            rows: vec![RowError::new(7, "Non.")],
            expires_at: Timestamp::UNIX_EPOCH,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#IMPORT#00000000000000000000000002",
            "sk": "ERRORS#0001#0002",
            "type": "import_errors",
            "v": 1,
            "ttl": 0,
            "import": "imp_00000000000000000000000002",
            "attempt": 1,
            "chunk": 2,
            "rows": [{ "row": 7, "message": "Non." }],
            "expires_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&errors, KEYS).ok(), Some(expected));
    }
}
