//! The items of the address and of the mails that came to it.

use kernel::{Result, page::PageRequest};
use table::{Audit, Index, Item, Key, Order, Scope, TenantKeys};

use super::{InboundAddress, ReceivedMail};

impl Item for InboundAddress {
    const TYPE: &'static str = "inbound_address";
    const AUDIT: Audit = Audit::Masked(&["secret"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.inbound_address()
    }
}

impl Item for ReceivedMail {
    const TYPE: &'static str = "received_mail";
    const AUDIT: Audit = Audit::Masked(&["from", "subject", "name", "why"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.received_mail(&self.mark)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_received_mails(self.id))
    }

    fn expires_at(&self) -> Option<jiff::Timestamp> {
        Some(ReceivedMail::expires_at(self))
    }
}

/// The last ones.
pub async fn last_mails(scope: &Scope, limit: u16) -> Result<Vec<ReceivedMail>> {
    let page = PageRequest { limit, cursor: None };
    let found = scope.list::<ReceivedMail>(&scope.keys().received_mails(), &page, Order::Descending).await?;
    Ok(found.items.into_iter().map(|read| read.value).collect())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::{OrganizationId, UserId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::inbound::{Outcome, model::tests::mail};

    #[test]
    fn an_address_and_a_mail_as_they_are_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let address = InboundAddress {
            secret: "01".into(),
            created_at: Timestamp::UNIX_EPOCH,
            created_by: UserId::from_ulid(Ulid(3)),
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#PURCHASES",
            "sk": "INBOUND",
            "type": "inbound_address",
            "v": 1,
            "secret": "01",
            "created_at": "1970-01-01T00:00:00Z",
            "created_by": "usr_00000000000000000000000003",
        });
        assert_eq!(golden(&address, keys).ok(), Some(expected));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#RECEIVED_MAIL#ab",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#RECEIVED_MAILS",
            "gsi1sk": "00000000000000000000000003",
            "type": "received_mail",
            "v": 1,
            "ttl": 15_552_000,
            "id": "rml_00000000000000000000000003",
            "mark": "ab",
            "at": "1970-01-01T00:00:00Z",
            "from": "facturation@papeterie.example",
            "subject": "Votre facture",
            "parts": [{ "name": "Facture 12.pdf", "outcome": "refused", "why": "Non" }],
            "others": 1,
        });
        assert_eq!(golden(&mail(vec![Outcome::Refused { why: "Non".into() }]), keys).ok(), Some(expected));
    }
}
