//! The items of direct debits.

use table::{Audit, Index, Item, Key, TenantKeys};

use super::{Mandate, Remittance, SepaCreditor};

impl Item for SepaCreditor {
    const TYPE: &'static str = "sepa_creditor";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sepa_creditor()
    }
}

impl Item for Mandate {
    const TYPE: &'static str = "mandate";
    const AUDIT: Audit = Audit::Masked(&["iban", "debtor"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.mandate(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_mandates(self.id))
    }
}

impl Item for Remittance {
    const TYPE: &'static str = "remittance";
    const AUDIT: Audit = Audit::Masked(&["iban", "debtor"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.remittance(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_remittances(self.id))
    }
}
