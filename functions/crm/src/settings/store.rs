//! The item.

use table::{Item, Key, Single, TenantKeys};

use super::Settings;

impl Item for Settings {
    const TYPE: &'static str = "crm_settings";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.crm_settings()
    }
}

/// Set up by its organization, or as everybody begins.
pub const SETTINGS: Single<Settings> = Single::at(TenantKeys::crm_settings);

#[cfg(test)]
mod tests {
    use kernel::{
        Color,
        id::{FieldId, OrganizationId, TagId},
        tag::Tag,
    };
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::{
        record::RecordKind,
        settings::{CustomField, FieldKind},
    };

    #[test]
    fn settings_as_they_are_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let mut settings = Settings::default();
        settings.pipelines[0].stages.truncate(1);
        settings.tags = vec![Tag { id: TagId::from_ulid(Ulid(2)), name: "Salon".into(), color: Color::Red }];
        settings.fields = vec![CustomField {
            id: FieldId::from_ulid(Ulid(3)),
            of: RecordKind::Company,
            name: "Filière".into(),
            kind: FieldKind::Choice,
            choices: vec!["Bio".into()],
        }];
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#CRM",
            "sk": "SETTINGS",
            "type": "crm_settings",
            "v": 1,
            "pipelines": [{
                "id": "pip_00000000000000000000000001",
                "name": "Ventes",
                "stages": [{
                    "id": "stg_00000000000000000000000001",
                    "name": "À qualifier",
                    "probability": 10,
                    "color": "grey",
                    "outcome": "open",
                }],
            }],
            "tags": [{ "id": "tag_00000000000000000000000002", "name": "Salon", "color": "red" }],
            "fields": [{
                "id": "fld_00000000000000000000000003",
                "of": "company",
                "name": "Filière",
                "kind": "choice",
                "choices": ["Bio"],
            }],
        });
        assert_eq!(golden(&settings, keys).ok(), Some(expected));
    }
}
