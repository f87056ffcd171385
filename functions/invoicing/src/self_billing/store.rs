//! The items of self-billing: documents, mandates, and whose a series is.

use kernel::{
    Error, Result, Rule,
    id::{CompanyId, SelfBilledId},
    text,
};
use table::{Audit, Index, Item, Key, Scope, Stored, TenantKeys};

use super::{Mandate, MandateCode, SelfBilled};

impl Item for SelfBilled {
    const TYPE: &'static str = "self_billed_document";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.self_billed(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_self_billed_documents(self.id))
    }

    fn filed(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_self_billed_of(self.supplier.reference.id, self.id))
    }
}

impl Item for Mandate {
    const TYPE: &'static str = "self_billing_mandate";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.self_billing_mandate(self.supplier)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_self_billing_mandates(&text::sorted(&self.supplier_name), self.supplier))
    }
}

impl Item for MandateCode {
    const TYPE: &'static str = "self_billing_code";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.self_billing_code(&self.code)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_self_billing_codes(&self.code))
    }
}

pub async fn read(scope: &Scope, id: SelfBilledId) -> Result<Stored<SelfBilled>> {
    scope.get(&scope.keys().self_billed(id)).await?.ok_or(Error::NotFound)
}

pub async fn mandate(scope: &Scope, supplier: CompanyId) -> Result<Stored<Mandate>> {
    scope.get(&scope.keys().self_billing_mandate(supplier)).await?.ok_or(Error::NotFound)
}

/// The series is another supplier's.
pub fn taken() -> Error {
    Error::field("/code", Rule::AlreadyTaken)
}

/// The supplier has a mandate.
pub fn signed() -> Error {
    Error::field("/supplier_id", Rule::AlreadyTaken)
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use crate::self_billing::mandate::tests::mandate;

    use super::*;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn a_mandate_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SELF_BILLING_MANDATE#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#SELF_BILLING_MANDATES",
            "gsi1sk": "menuiserie dupont#00000000000000000000000002",
            "type": "self_billing_mandate",
            "v": 1,
            "supplier": "com_00000000000000000000000002",
            "supplier_name": "Menuiserie Dupont",
            "created_at": "1970-01-01T00:00:00Z",
            "code": "DUPONT",
            "agreed_on": "2026-11-02",
            "contest_days": 30,
            "vat_regime": "normal",
            "payment_days": 30,
        });
        assert_eq!(golden(&mandate(), KEYS).ok(), Some(expected));
        let code = golden(&mandate().claim(), KEYS).unwrap();
        assert_eq!(code["pk"], "ORG#00000000000000000000000001#SELF_BILLING_CODE#DUPONT");
        assert_eq!(code["gsi1sk"], "DUPONT");
    }
}
