//! A delivery stands in the list of all, in that of its webhook, and in the due index while it waits.

use jiff::Timestamp;
use kernel::{
    Error, Result,
    event::DueKind,
    id::{DeliveryId, WebhookId},
};
use table::{Audit, Index, Item, Key, Scope, Stored, TenantKeys};

use super::Delivery;

impl Item for Delivery {
    const TYPE: &'static str = "webhook_delivery";
    /// It repeats what the log has from whoever did it.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.webhook_delivery(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_webhook_deliveries(self.id))
    }

    fn filed(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_deliveries_of(self.webhook, self.id))
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.next_at.map(|at| keys.due_at(at, DueKind::WebhookDelivery, self.id.ulid()))
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// One of this webhook's.
pub async fn read(scope: &Scope, webhook: WebhookId, id: DeliveryId) -> Result<Stored<Delivery>> {
    let found = scope.get::<Delivery>(&scope.keys().webhook_delivery(id)).await?;
    found.filter(|one| one.webhook == webhook).ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use kernel::id::{EventId, OrganizationId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::delivery::{Attempt, Failure};

    #[test]
    fn a_delivery_as_it_is_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let (webhook, event) = (WebhookId::from_ulid(Ulid(2)), EventId::from_ulid(Ulid(3)));
        let data = [("invoice".to_owned(), json!("inv_00000000000000000000000004"))].into();
        let at = Timestamp::UNIX_EPOCH;
        let one = Delivery::new(webhook, event, "invoice.paid.v1", at, data, at).claimed(at).unwrap();
        let attempt = Attempt { at, status: Some(500), ms: 12, failure: Some(Failure::Refused) };
        let id = one.id.ulid();
        let stored = golden(&one.tried(attempt, Some("oops".into())), keys).unwrap();
        let expected = json!({
            "pk": format!("ORG#00000000000000000000000001#WEBHOOK_DELIVERY#{id}"),
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#WEBHOOK_DELIVERIES",
            "gsi1sk": id.to_string(),
            "gsi2pk": stored["gsi2pk"],
            "gsi2sk": format!("T#00:05#ORG#00000000000000000000000001#WEBHOOK_DELIVERY#{id}"),
            "gsi3pk": "ORG#00000000000000000000000001#WEBHOOK_DELIVERIES#00000000000000000000000002",
            "gsi3sk": id.to_string(),
            "type": "webhook_delivery",
            "v": 1,
            "ttl": 2_592_000,
            "id": format!("dlv_{id}"),
            "webhook": "whk_00000000000000000000000002",
            "event": "evt_00000000000000000000000003",
            "kind": "invoice.paid.v1",
            "happened_at": "1970-01-01T00:00:00Z",
            "data": { "invoice": "inv_00000000000000000000000004" },
            "state": "waiting",
            "tries": 1,
            "next_at": "1970-01-01T00:05:00Z",
            "attempts": [{ "at": "1970-01-01T00:00:00Z", "status": 500, "ms": 12, "failure": "refused" }],
            "answer": "oops",
            "expires_at": "1970-01-31T00:00:00Z",
        });
        assert_eq!(stored, expected);
        let done = golden(&one.given_up(), keys).unwrap();
        assert!(done.get("gsi2pk").is_none() && done.get("gsi3pk").is_some());
    }
}
