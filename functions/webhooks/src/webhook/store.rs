//! All of an organization's lie in one partition: who tells them of an event reads it once.

use kernel::{Error, Result, id::WebhookId};
use table::{Item, Key, Scope, Stored, TenantKeys};

use super::Webhook;

impl Item for Webhook {
    const TYPE: &'static str = "webhook";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.webhook(self.id)
    }
}

/// The oldest first.
pub async fn all(scope: &Scope) -> Result<Vec<Stored<Webhook>>> {
    scope.collection(&scope.keys().webhooks()).await?.all()
}

pub async fn read(scope: &Scope, id: WebhookId) -> Result<Stored<Webhook>> {
    scope.get(&scope.keys().webhook(id)).await?.ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::{Sealed, id::OrganizationId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;

    #[test]
    fn a_webhook_as_it_is_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let webhook = Webhook {
            id: WebhookId::from_ulid(Ulid(2)),
            url: "https://example.fr/".into(),
            description: Some("Comptabilité".into()),
            events: ["invoice.paid.v1".to_owned()].into(),
            paused: false,
            secret: Sealed::from_bytes(vec![1, 2]),
            former_secret: None,
            created_at: Timestamp::UNIX_EPOCH,
            failing_since: None,
            disabled_at: None,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#WEBHOOKS",
            "sk": "WEBHOOK#00000000000000000000000002",
            "type": "webhook",
            "v": 1,
            "id": "whk_00000000000000000000000002",
            "url": "https://example.fr/",
            "description": "Comptabilité",
            "events": ["invoice.paid.v1"],
            "paused": false,
            "secret": "AQI=",
            "created_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&webhook, keys).ok(), Some(expected));
    }
}
