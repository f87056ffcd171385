//! The items of accounting: the plan, and what was asked of the worker.

use table::{Audit, Item, Key, TenantKeys};

use super::{AccountPlan, Jobs};

impl Item for AccountPlan {
    const TYPE: &'static str = "account_plan";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.account_plan()
    }
}

/// One item for all of them, so that of two who ask for the same thing at the same time one is refused.
impl Item for Jobs {
    const TYPE: &'static str = "accounting_jobs";
    /// Each act names the job that it is about.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.accounting_jobs()
    }
}
