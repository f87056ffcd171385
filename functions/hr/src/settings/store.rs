//! The item.

use kernel::Result;
use table::{Item, Key, Scope, Stored, TenantKeys};

use super::HrSettings;

impl Item for HrSettings {
    const TYPE: &'static str = "hr_settings";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.hr_settings()
    }
}

/// None of an organization that has set nothing up yet.
pub async fn read(scope: &Scope) -> Result<Option<Stored<HrSettings>>> {
    scope.get(&scope.keys().hr_settings()).await
}

/// As [`read`], to be looked at.
pub async fn shown(scope: &Scope) -> Result<Stored<HrSettings>> {
    Ok(read(scope).await?.unwrap_or_else(none))
}

/// What there is before anything was written; no `If-Match` names its version.
pub fn none() -> Stored<HrSettings> {
    Stored { value: HrSettings::default(), version: 0 }
}

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
