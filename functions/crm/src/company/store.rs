//! A company's items. The reference that it publishes is described with those of the other contexts
//! (`table::shared`).

use kernel::{id::UserId, text};
use table::{Audit, Index, Item, Key, TenantKeys};

use super::{Company, CompanyCard, Subsidiary};

impl Item for Company {
    const TYPE: &'static str = "company";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.company(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        let name = text::sorted(&self.name);
        Some(match self.archived_at {
            None => keys.in_companies(&name, self.id),
            Some(_) => keys.in_archived_companies(&name, self.id),
        })
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }
}

impl Item for CompanyCard {
    const TYPE: &'static str = "company_card";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.company_card(self.id)
    }

    /// Of one that is archived none: nobody is offered it.
    fn list(&self, keys: TenantKeys) -> Option<Index> {
        (!self.archived).then(|| keys.in_added_companies(self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }
}

impl Item for Subsidiary {
    const TYPE: &'static str = "subsidiary";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.subsidiary(self.parent, self.company)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::{
        document::Address,
        id::{CompanyId, ContactId, OrganizationId},
    };
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::{company::Category, settings::Custom};

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    fn company() -> Company {
        Company {
            id: CompanyId::from_ulid(Ulid(2)),
            name: "Boulangerie Dupré".into(),
            category: Category::Client,
            is_business: true,
            siret: Some("73282932000074".into()),
            vat_number: Some("FR44732829320".into()),
            address: Some(Address {
                street: "3 rue du Four".into(),
                complement: None,
                postal_code: "69003".into(),
                city: "Lyon".into(),
                country: "FR".into(),
            }),
            phone: Some("04 78 00 00 00".into()),
            email: Some("compta@dupre.example".into()),
            website: Some("https://dupre.example".into()),
            notes: Some("Livrer avant 6 h.".into()),
            terms: None,
            assigned_to: Some(UserId::from_ulid(Ulid(4))),
            created_at: Timestamp::UNIX_EPOCH,
            erased_at: None,
            industry: None,
            employees: None,
            revenue_minor: None,
            parent: None,
            addresses: Vec::new(),
            tags: Vec::new(),
            custom: Custom::new(),
            archived_at: None,
        }
    }

    #[test]
    fn a_company_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#COMPANY#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#COMPANIES",
            "gsi1sk": "boulangerie dupre#00000000000000000000000002",
            "gsi3pk": "ORG#00000000000000000000000001#COMPANIES#OF#00000000000000000000000004",
            "gsi3sk": "boulangerie dupre#00000000000000000000000002",
            "type": "company",
            "v": 1,
            "id": "com_00000000000000000000000002",
            "name": "Boulangerie Dupré",
            "category": "client",
            "is_business": true,
            "siret": "73282932000074",
            "vat_number": "FR44732829320",
            "address": { "street": "3 rue du Four", "postal_code": "69003", "city": "Lyon", "country": "FR" },
            "phone": "04 78 00 00 00",
            "email": "compta@dupre.example",
            "website": "https://dupre.example",
            "notes": "Livrer avant 6 h.",
            "assigned_to": "usr_00000000000000000000000004",
            "created_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&company(), KEYS).ok(), Some(expected));
    }

    #[test]
    fn what_is_archived_stands_in_another_list() {
        let archived = Company { archived_at: Some(Timestamp::UNIX_EPOCH), ..company() };
        let stored = golden(&archived, KEYS).unwrap();
        assert_eq!(stored["gsi1pk"], "ORG#00000000000000000000000001#ARCHIVED_COMPANIES");
        assert_eq!(stored["archived_at"], "1970-01-01T00:00:00Z");
        let card = golden(&archived.card(), KEYS).unwrap();
        assert_eq!((card.get("gsi1pk"), &card["archived"]), (None, &json!(true)));
        let reference = golden(&archived.reference(None), KEYS).unwrap();
        assert_eq!((reference.get("gsi1pk"), &reference["archived"]), (None, &json!(true)));
    }

    #[test]
    fn its_line_on_its_parent_as_it_is_stored() {
        let company = Company { parent: Some(CompanyId::from_ulid(Ulid(9))), ..company() };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#COMPANY#00000000000000000000000009",
            "sk": "SUBSIDIARY#00000000000000000000000002",
            "type": "subsidiary",
            "v": 1,
            "parent": "com_00000000000000000000000009",
            "company": "com_00000000000000000000000002",
            "name": "Boulangerie Dupré",
            "category": "client",
            "city": "Lyon",
            "assigned_to": "usr_00000000000000000000000004",
        });
        assert_eq!(company.subsidiary().and_then(|line| golden(&line, KEYS).ok()), Some(expected));
    }

    #[test]
    fn a_card_as_it_is_stored() {
        let addressee = Some(ContactId::from_ulid(Ulid(3)));
        let card = CompanyCard { contacts: 2, addressee, ..company().card() };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#COMPANY#00000000000000000000000002",
            "sk": "CARD",
            "gsi1pk": "ORG#00000000000000000000000001#ADDED_COMPANIES",
            "gsi1sk": "00000000000000000000000002",
            "gsi3pk": "ORG#00000000000000000000000001#ADDED_COMPANIES#OF#00000000000000000000000004",
            "gsi3sk": "00000000000000000000000002",
            "type": "company_card",
            "v": 1,
            "id": "com_00000000000000000000000002",
            "name": "Boulangerie Dupré",
            "category": "client",
            "city": "Lyon",
            "assigned_to": "usr_00000000000000000000000004",
            "created_at": "1970-01-01T00:00:00Z",
            "contacts": 2,
            "addressee": "con_00000000000000000000000003",
        });
        assert_eq!(golden(&card, KEYS).ok(), Some(expected));
    }
}
