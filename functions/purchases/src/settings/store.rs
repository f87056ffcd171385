//! One item of the organization.

use table::{Item, Key, Single, TenantKeys};

use crate::expense::Threshold;

impl Item for Threshold {
    const TYPE: &'static str = "purchase_settings";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.purchase_settings()
    }
}

/// What is said, or what counts where nothing was.
pub const THRESHOLD: Single<Threshold> = Single::at(TenantKeys::purchase_settings);
