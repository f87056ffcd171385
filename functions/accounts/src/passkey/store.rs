//! Items of passkeys and their ceremonies. A passkey lies beside its owner's other factors, under a hash of its credential's
//! id; its owner is what a passkey that signs in alone says first.

use jiff::Timestamp;
use table::{Audit, Item, Key, TenantKeys, keys};

use super::{Ceremony, Passkey};

impl Item for Passkey {
    const TYPE: &'static str = "passkey";
    const AUDIT: Audit = Audit::Masked(&["credential_id", "public_key"]);

    fn key(&self, _: TenantKeys) -> Key {
        keys::passkey(self.user, &self.credential_id.hash())
    }
}

impl Item for Ceremony {
    const TYPE: &'static str = "ceremony";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, _: TenantKeys) -> Key {
        keys::ceremony(self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::{CeremonyId, OrganizationId, UserId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::passkey::Purpose;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    /// An RS256 key, whose form differs most from the others.
    #[test]
    fn a_passkey_as_it_is_stored() {
        let mut expected = json!({
            "pk": "FACTORS#00000000000000000000000002",
            "sk": "PASSKEY#039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81",
            "type": "passkey",
            "v": 1,
            "id": "psk_00000000000000000000000003",
            "user": "usr_00000000000000000000000002",
            "email": "camille@atelier.example",
            "name": "Ordinateur",
            "credential_id": "AQID",
            "public_key": { "type_": "RS256", "key": { "RSA": { "n": "BAUG", "e": [1, 0, 1] } } },
            "sign_count": 7,
            "transports": ["internal", "hybrid"],
            "backup_eligible": true,
            "backed_up": false,
            "created_at": "1970-01-01T00:00:00Z",
            "last_used_at": "1970-01-01T00:01:00Z",
        });
        let passkey: Passkey = serde_json::from_value(expected.clone()).unwrap();
        assert_eq!(golden(&passkey, KEYS).ok().as_ref(), Some(&expected));
        let x = json!({ "curve": "SECP256R1", "x": "BAUG", "y": "BwgJ" });
        expected["public_key"] = json!({ "type_": "ES256", "key": { "EC_EC2": x } });
        let passkey: Passkey = serde_json::from_value(expected.clone()).unwrap();
        assert_eq!(golden(&passkey, KEYS).ok(), Some(expected));
    }

    #[test]
    fn a_ceremony_as_it_is_stored() {
        let ceremony = Ceremony {
            id: CeremonyId::from_ulid(Ulid(4)),
            purpose: Purpose::Confirmation { user: UserId::from_ulid(Ulid(2)) },
            state: "{}".into(),
            expires_at: Timestamp::from_second(300).unwrap(),
        };
        let expected = json!({
            "pk": "CEREMONY#00000000000000000000000004",
            "sk": "CEREMONY",
            "type": "ceremony",
            "v": 1,
            "ttl": 300,
            "id": "cer_00000000000000000000000004",
            "purpose": "confirmation",
            "user": "usr_00000000000000000000000002",
            "state": "{}",
            "expires_at": "1970-01-01T00:05:00Z",
        });
        assert_eq!(golden(&ceremony, KEYS).ok(), Some(expected));
    }
}
