//! The item.

use table::{Item, Key, Single, TenantKeys};

use super::HrSettings;

impl Item for HrSettings {
    const TYPE: &'static str = "hr_settings";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.hr_settings()
    }
}

/// Set up by its organization, or as everybody begins.
pub const SETTINGS: Single<HrSettings> = Single::at(TenantKeys::hr_settings);

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::settings::model::tests::example;

    #[test]
    fn settings_as_they_are_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#HR",
            "sk": "SETTINGS",
            "type": "hr_settings",
            "v": 1,
            "counting": "ouvrables",
            "works_whit_monday": false,
            "departments": [{ "id": "dep_00000000000000000000000001", "name": "Production" }],
            "positions": [{ "id": "pos_00000000000000000000000002", "name": "Boulanger" }],
            "sites": [{ "id": "sit_00000000000000000000000003", "name": "Strasbourg", "region": "alsace_moselle" }],
        });
        assert_eq!(golden(&example(), keys).ok(), Some(expected));
    }
}
