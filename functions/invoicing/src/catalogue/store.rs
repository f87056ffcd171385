//! The item.

use table::{Item, Key, Single, TenantKeys};

use super::Catalogue;

impl Item for Catalogue {
    const TYPE: &'static str = "catalogue";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.catalogue()
    }
}

/// As its organization ordered it, or without any order.
pub const CATALOGUE: Single<Catalogue> = Single::at(TenantKeys::catalogue);
