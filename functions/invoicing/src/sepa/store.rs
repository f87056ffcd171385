//! The items of direct debits.

use kernel::{Error, Rule};
use table::{Audit, Index, Item, Key, TenantKeys};

use super::{Mandate, MandateReference, RefundTransfer, Remittance, SepaCreditor};

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

impl Item for MandateReference {
    const TYPE: &'static str = "mandate_reference";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.mandate_reference(&self.reference)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_mandate_references(&self.reference))
    }
}

/// Another mandate has the reference.
pub fn taken() -> Error {
    Error::field("/reference", Rule::AlreadyTaken)
}

/// Beside its refund, and found with it.
impl Item for RefundTransfer {
    const TYPE: &'static str = "refund_transfer";
    const AUDIT: Audit = Audit::Masked(&["iban", "beneficiary"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.refund_transfer(self.invoice, self.refund)
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
