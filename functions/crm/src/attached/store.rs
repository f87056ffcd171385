//! A file's item, beside its record; and of a record what its files need to know.

use kernel::{Error, Result, error::Conflict, id::UserId};
use table::{Item, Items, Key, Patch, TenantKeys, Transaction};
use web::Asker;

use super::AttachedFile;
use crate::{
    company::{Company, CompanyCard},
    contact::Contact,
    opportunity::Opportunity,
    record::Record,
};

impl Item for AttachedFile {
    const TYPE: &'static str = "attached_file";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.attached_file(&key(keys, self.record), self.id)
    }
}

/// Of the record itself.
pub fn key(keys: TenantKeys, record: Record) -> Key {
    match record {
        Record::Company(id) => keys.company(id),
        Record::Contact(id) => keys.contact(id),
        Record::Opportunity(id) => keys.opportunity(id),
    }
}

/// A record to which files belong.
pub struct Holder {
    pub name: String,
    record: Record,
    key: Key,
    version: u64,
    is_erased: bool,
}

impl Holder {
    /// As it was found; none for who may not see it.
    pub fn of(asker: &Asker, record: Record, found: &Items) -> Result<Self> {
        let key = key(asker.scope.keys(), record);
        let (name, assigned_to, version, is_erased): (String, Option<UserId>, u64, bool) = match record {
            Record::Company(_) => {
                let company = found.get::<Company>(&key)?.ok_or(Error::NotFound)?;
                let is_erased = company.erased_at.is_some();
                (company.value.name, company.value.assigned_to, company.version, is_erased)
            }
            Record::Contact(_) => {
                let contact = found.get::<Contact>(&key)?.ok_or(Error::NotFound)?;
                (contact.person.name(), contact.assigned_to, contact.version, false)
            }
            Record::Opportunity(_) => {
                let opportunity = found.get::<Opportunity>(&key)?.ok_or(Error::NotFound)?;
                (opportunity.value.name, opportunity.value.assigned_to, opportunity.version, false)
            }
        };
        asker.must_see(assigned_to)?;
        Ok(Self { name, record, key, version, is_erased })
    }

    /// To nobody who was erased a file is added.
    pub fn takes_files(&self) -> Result<()> {
        if self.is_erased { Err(Error::Conflict(Conflict::ClientErased)) } else { Ok(()) }
    }

    /// The act holds only if the record is still as it was read. Who deletes a company at the same time finds its card
    /// changed, and with it that a file came.
    pub fn hold(&self, transaction: &mut Transaction) {
        transaction.check(&self.key, self.version);
        if let Record::Company(id) = self.record {
            let card = transaction.keys().company_card(id);
            transaction.patch(Patch::of::<CompanyCard>(card));
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::{AttachedId, ContactId, OrganizationId, UploadId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;
    use web::file::{FileType, Version};

    use super::*;
    use crate::attached::Audience;

    #[test]
    fn a_file_as_it_is_stored() {
        let user = UserId::from_ulid(Ulid(4));
        let file = AttachedFile {
            id: AttachedId::from_ulid(Ulid(5)),
            record: Record::Contact(ContactId::from_ulid(Ulid(3))),
            name: "Plan de l’atelier".into(),
            audience: Audience::Author,
            author: user,
            created_at: Timestamp::UNIX_EPOCH,
            versions: vec![Version {
                upload: UploadId::from_ulid(Ulid(6)),
                kind: FileType::Pdf,
                bytes: 7,
                sha256: "ab".into(),
                author: user,
                at: Timestamp::UNIX_EPOCH,
            }],
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CONTACT#00000000000000000000000003",
            "sk": "ATTACHED#00000000000000000000000005",
            "type": "attached_file",
            "v": 1,
            "id": "fil_00000000000000000000000005",
            "record": { "kind": "contact", "id": "con_00000000000000000000000003" },
            "name": "Plan de l’atelier",
            "audience": "author",
            "author": "usr_00000000000000000000000004",
            "created_at": "1970-01-01T00:00:00Z",
            "versions": [{
                "upload": "upl_00000000000000000000000006",
                "kind": "pdf",
                "bytes": 7,
                "sha256": "ab",
                "author": "usr_00000000000000000000000004",
                "at": "1970-01-01T00:00:00Z",
            }],
        });
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        assert_eq!(golden(&file, keys).ok(), Some(expected));
    }
}
