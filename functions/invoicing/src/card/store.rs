//! The items of payments by card.

use kernel::{Error, Result, event::DueKind, id::InvoiceId};
use table::{Index, Item, Key, Scope, Stored, TenantKeys};

use super::{Checkout, PortalSettings};
use crate::invoice::Invoice;

/// An invoice with the payment by card that was begun last.
pub struct Begun {
    pub invoice: Stored<Invoice>,
    pub checkout: Option<Stored<Checkout>>,
}

impl Begun {
    pub async fn read(scope: &Scope, id: InvoiceId) -> Result<Self> {
        let keys = scope.keys();
        let found = scope.get_many(&[keys.invoice(id), keys.checkout(id)]).await?;
        let invoice = found.get(&keys.invoice(id))?.ok_or(Error::NotFound)?;
        Ok(Self { invoice, checkout: found.get(&keys.checkout(id))? })
    }

    /// Of what was begun; 0 where nothing was.
    pub fn version(&self) -> u64 {
        self.checkout.as_ref().map_or(0, |checkout| checkout.version)
    }
}

impl Item for Checkout {
    const TYPE: &'static str = "checkout";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.checkout(self.invoice)
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.look_on.map(|on| keys.due(on, DueKind::Checkout, self.invoice.ulid()))
    }
}

impl Item for PortalSettings {
    const TYPE: &'static str = "portal_settings";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.portal_settings()
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use kernel::{
        Currency, Minor, Sealed,
        id::{InvoiceId, OrganizationId},
    };
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::card::{CheckoutState, settings::CardAccount};

    fn keys() -> TenantKeys {
        TenantKeys::of(OrganizationId::from_ulid(Ulid(1)))
    }

    #[test]
    fn a_checkout_as_it_is_stored() {
        let checkout = Checkout {
            invoice: InvoiceId::from_ulid(Ulid(2)),
            session: "cs_test_1".into(),
            amount_minor: Minor(120_000),
            currency: Currency::Eur,
            state: CheckoutState::Open,
            created_at: Timestamp::UNIX_EPOCH,
            look_on: Some(date(2026, 11, 22)),
        };
        assert_eq!(
            golden(&checkout, keys()).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#INVOICE#00000000000000000000000002", "sk": "CHECKOUT",
                "gsi2pk": "DUE#2026-11-22#2",
                "gsi2sk": "ORG#00000000000000000000000001#CHECKOUT#00000000000000000000000002",
                "type": "checkout", "v": 1, "invoice": "inv_00000000000000000000000002", "session": "cs_test_1",
                "amount_minor": 120_000, "currency": "EUR", "state": "open", "created_at": "1970-01-01T00:00:00Z",
                "look_on": "2026-11-22",
            })
        );
    }

    #[test]
    fn settings_as_they_are_stored() {
        let cards = CardAccount {
            secret_key: Sealed::from_bytes(b"\x01a".to_vec()),
            webhook_secret: Sealed::from_bytes(b"\x01b".to_vec()),
            key_ending: "4242".into(),
            is_live: false,
            connected_at: Timestamp::UNIX_EPOCH,
        };
        let settings = PortalSettings { lists_documents: true, offers_cards: true, cards: Some(cards) };
        assert_eq!(
            golden(&settings, keys()).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#PORTAL", "sk": "SETTINGS", "type": "portal_settings", "v": 1,
                "lists_documents": true, "offers_cards": true,
                "cards": {
                    "secret_key": "AWE=", "webhook_secret": "AWI=", "key_ending": "4242", "is_live": false,
                    "connected_at": "1970-01-01T00:00:00Z",
                },
            })
        );
    }
}
