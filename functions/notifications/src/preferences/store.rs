//! The item.

use kernel::Result;
use table::{Index, Item, Key, Scope, Stored, TenantKeys};
use web::Asker;

use super::Preferences;

impl Item for Preferences {
    const TYPE: &'static str = "notification_preferences";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.notification_preferences(self.user)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_notification_preferences(self.user))
    }
}

/// None of who chose nothing yet.
pub(super) async fn read(scope: &Scope, user: kernel::id::UserId) -> Result<Option<Stored<Preferences>>> {
    scope.get(&scope.keys().notification_preferences(user)).await
}

/// One's own, to be looked at; no `If-Match` names the version of what was never chosen.
pub async fn shown(asker: &Asker) -> Result<Stored<Preferences>> {
    Ok(read(&asker.scope, asker.user).await?.unwrap_or_else(|| none(asker)))
}

pub(super) fn none(asker: &Asker) -> Stored<Preferences> {
    Stored { value: Preferences::of(asker.user), version: 0 }
}

#[cfg(test)]
mod tests {
    use kernel::id::{OrganizationId, UserId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::{notification::Category, preferences::Delivery};

    #[test]
    fn preferences_as_they_are_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let chosen = [(Category::Invoicing, Delivery::Digest)].into();
        let preferences = Preferences { user: UserId::from_ulid(Ulid(2)), chosen };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#NOTIFICATION_PREFERENCES#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#NOTIFICATION_PREFERENCES",
            "gsi1sk": "00000000000000000000000002",
            "type": "notification_preferences",
            "v": 1,
            "user": "usr_00000000000000000000000002",
            "chosen": { "invoicing": "digest" },
        });
        assert_eq!(golden(&preferences, keys).ok(), Some(expected));
    }
}
