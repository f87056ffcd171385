//! The line's item: in one list with all of them, those of a state together, by day.

use table::{Audit, Index, Item, Key, TenantKeys};

use super::BankLine;

impl Item for BankLine {
    const TYPE: &'static str = "bank_line";
    const AUDIT: Audit = Audit::Masked(&["label", "counterparty", "end_to_end", "account"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.bank_line(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_bank_lines(self.state.name(), self.id))
    }
}
