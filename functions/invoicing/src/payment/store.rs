//! A payment is an item beside its invoice.

use table::{Item, Key, TenantKeys};

use super::Payment;

impl Item for Payment {
    const TYPE: &'static str = "payment";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.payment(self.invoice, self.id)
    }
}
