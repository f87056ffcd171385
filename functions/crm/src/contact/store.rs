//! A contact's items.

use kernel::{id::UserId, text};
use table::{Audit, Index, Item, Key, TenantKeys, Transaction};

use super::{Contact, ContactLink, FormerContact};

impl Item for Contact {
    const TYPE: &'static str = "contact";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.contact(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_contacts(&text::sorted(&self.person.listed_name()), self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }
}

impl Item for ContactLink {
    const TYPE: &'static str = "contact_link";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.company_contact(self.company, self.contact)
    }
}

impl Item for FormerContact {
    const TYPE: &'static str = "former_contact";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.former_contact(self.company, self.contact)
    }
}

/// Writes the lines on the pages of the companies where a contact was, and takes away those that are lines no more.
pub fn write_former(transaction: &mut Transaction, before: &Contact, after: &Contact) {
    let (before, after) = (before.former_lines(), after.former_lines());
    for line in after.iter().filter(|line| !before.contains(line)) {
        transaction.replace(line);
    }
    for gone in before.iter().filter(|gone| after.iter().all(|line| line.company != gone.company)) {
        transaction.forget::<FormerContact>(|keys| keys.former_contact(gone.company, gone.contact));
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::{CompanyId, ContactId, OrganizationId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::contact::{Civility, Employer, Filing, Person};

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    fn contact() -> Contact {
        Contact {
            id: ContactId::from_ulid(Ulid(3)),
            company: None,
            person: Person {
                civility: Civility::Mrs,
                first_name: Some("Zoé".into()),
                last_name: "Durand".into(),
                job_title: Some("Gérante".into()),
                email: Some("zoe@dupre.example".into()),
                phone: Some("04 78 00 00 00".into()),
                mobile: Some("06 00 00 00 00".into()),
                notes: Some("Joignable le matin.".into()),
                department: None,
                address: None,
            },
            assigned_to: Some(UserId::from_ulid(Ulid(4))),
            created_at: Timestamp::UNIX_EPOCH,
            kept: None,
            filing: Filing::default(),
            former: Vec::new(),
        }
        .of_company(CompanyId::from_ulid(Ulid(2)), "Boulangerie Dupré", true)
    }

    #[test]
    fn a_contact_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CONTACT#00000000000000000000000003",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#CONTACTS",
            "gsi1sk": "durand zoe#00000000000000000000000003",
            "gsi3pk": "ORG#00000000000000000000000001#CONTACTS#OF#00000000000000000000000004",
            "gsi3sk": "durand zoe#00000000000000000000000003",
            "type": "contact",
            "v": 1,
            "id": "con_00000000000000000000000003",
            "company": {
                "id": "com_00000000000000000000000002",
                "name": "Boulangerie Dupré",
                "addressee": true,
            },
            "person": {
                "civility": "mrs",
                "first_name": "Zoé",
                "last_name": "Durand",
                "job_title": "Gérante",
                "email": "zoe@dupre.example",
                "phone": "04 78 00 00 00",
                "mobile": "06 00 00 00 00",
                "notes": "Joignable le matin.",
            },
            "assigned_to": "usr_00000000000000000000000004",
            "created_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&contact(), KEYS).ok(), Some(expected));
    }

    #[test]
    fn its_line_where_it_was_as_it_is_stored() {
        let left = Employer { id: CompanyId::from_ulid(Ulid(9)), name: "Pâtisserie".into(), addressee: false };
        let contact = contact().remembering(&left, jiff::civil::date(2026, 11, 30));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#COMPANY#00000000000000000000000009",
            "sk": "CONTACT_FORMER#00000000000000000000000003",
            "type": "former_contact",
            "v": 1,
            "company": "com_00000000000000000000000009",
            "contact": "con_00000000000000000000000003",
            "name": "Zoé Durand",
            "job_title": "Gérante",
            "until": "2026-11-30",
            "assigned_to": "usr_00000000000000000000000004",
        });
        let stored: Vec<_> = contact.former_lines().iter().map(|line| golden(line, KEYS).ok()).collect();
        assert_eq!(stored, [Some(expected)]);
    }

    #[test]
    fn its_line_on_the_company_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#COMPANY#00000000000000000000000002",
            "sk": "CONTACT#00000000000000000000000003",
            "type": "contact_link",
            "v": 1,
            "company": "com_00000000000000000000000002",
            "contact": "con_00000000000000000000000003",
            "name": "Zoé Durand",
            "job_title": "Gérante",
            "email": "zoe@dupre.example",
            "phone": "04 78 00 00 00",
            "assigned_to": "usr_00000000000000000000000004",
        });
        assert_eq!(contact().link().and_then(|link| golden(&link, KEYS).ok()), Some(expected));
    }
}
