//! The item.

use kernel::{Result, id::OrganizationId};
use table::{Item, Key, Scope, Stored, TenantKeys, Transaction};

use super::Settings;

impl Item for Settings {
    const TYPE: &'static str = "crm_settings";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.crm_settings()
    }
}

/// None of an organization that has set nothing up yet.
pub async fn read(scope: &Scope) -> Result<Option<Stored<Settings>>> {
    scope.get(&scope.keys().crm_settings()).await
}

/// As [`read`], to be looked at.
pub async fn shown(scope: &Scope) -> Result<Stored<Settings>> {
    Ok(read(scope).await?.unwrap_or_else(none))
}

/// What there is before anything was written; no `If-Match` names its version.
pub fn none() -> Stored<Settings> {
    Stored { value: Settings::default(), version: 0 }
}

/// The act holds only if the settings are still as they were read: a stage that it names is there.
pub fn hold(transaction: &mut Transaction, scope: &Scope, read: Option<&Stored<Settings>>) {
    let key = scope.keys().crm_settings();
    match read {
        Some(read) => transaction.check(&key, read.version),
        None => transaction.check_absent(&key),
    };
}

/// An act on the settings: `change` makes others of them, or tells why not.
pub async fn change<T: serde::Serialize + serde::de::DeserializeOwned>(
    scope: &Scope,
    seen: Option<u64>,
    begin: impl Fn(&Scope, OrganizationId) -> Transaction,
    change: impl Fn(&Settings) -> Result<(Settings, T)>,
) -> Result<(T, u64)> {
    scope
        .write(|| async {
            let read = read(scope).await?;
            let current = read.clone().unwrap_or_else(none).expect_version(seen)?;
            let (changed, outcome) = change(&current)?;
            let mut transaction = begin(scope, scope.tenant().organization());
            transaction.save(read.as_ref(), &changed);
            Ok((transaction, (outcome, current.version + 1)))
        })
        .await
}

#[cfg(test)]
mod tests {
    use kernel::{
        Color,
        id::{FieldId, TagId},
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
