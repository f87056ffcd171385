//! The items of an invitation.

use jiff::{SignedDuration, Timestamp};
use kernel::id::InvitationId;
use serde::{Deserialize, Serialize};
use table::{Audit, Index, Item, Key, Patch, TenantKeys};

use super::{Invitation, model::InvitationState};

/// How long it is known what became of an invitation.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Item for Invitation {
    const TYPE: &'static str = "invitation";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.invitation(self.id)
    }

    /// While it waits for an answer; then among those of before.
    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(match self.state {
            InvitationState::Pending => keys.in_invitations(self.id),
            InvitationState::Accepted { .. } | InvitationState::Cancelled { .. } => keys.in_closed_invitations(self.id),
        })
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(kept(self.expires_at))
    }
}

fn kept(expires_at: Timestamp) -> Timestamp {
    expires_at.saturating_add(KEPT).unwrap_or(Timestamp::MAX)
}

/// The one invitation that waits for an answer of an e-mail; gone once it is answered or cancelled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invited {
    pub email: String,
    pub invitation: InvitationId,
    pub expires_at: Timestamp,
}

impl Invited {
    pub fn of(invitation: &Invitation) -> Self {
        Self { email: invitation.email.clone(), invitation: invitation.id, expires_at: invitation.expires_at }
    }

    /// What sending it again changes.
    pub(super) fn prolonged(keys: TenantKeys, invitation: &Invitation) -> kernel::Result<Patch> {
        Patch::of::<Self>(keys.invited(&invitation.email))
            .set("expires_at", &invitation.expires_at.to_string())
            .set_value("ttl", &kept(invitation.expires_at).as_second())
    }
}

impl Item for Invited {
    const TYPE: &'static str = "invited";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.invited(&self.email)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_invited(&self.email))
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(kept(self.expires_at))
    }
}

#[cfg(test)]
mod tests {
    use kernel::{
        id::{OrganizationId, UserId},
        permission::Role,
    };
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::invitation::model::expiry;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn an_invitation_is_listed_while_it_waits() {
        let now = Timestamp::UNIX_EPOCH;
        let user = UserId::from_ulid(Ulid(2));
        let invitation = Invitation {
            id: InvitationId::from_ulid(Ulid(3)),
            email: "Claire@client.example".into(),
            role: Role::Accountant.into(),
            invited_by: user,
            invited_by_name: "Camille".into(),
            hash: "a".into(),
            sent_at: now,
            expires_at: expiry(now).unwrap(),
            state: InvitationState::Pending,
        };
        let mut expected = json!({
            "pk": "ORG#00000000000000000000000001#INVITATION#00000000000000000000000003", "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#INVITATIONS", "gsi1sk": "00000000000000000000000003",
            "type": "invitation", "v": 1, "ttl": 3_196_800,
            "id": "itn_00000000000000000000000003", "email": "Claire@client.example",
            "role": { "kind": "system", "role": "accountant" },
            "invited_by": "usr_00000000000000000000000002", "invited_by_name": "Camille", "hash": "a",
            "sent_at": "1970-01-01T00:00:00Z", "expires_at": "1970-01-08T00:00:00Z",
            "state": { "state": "pending" },
        });
        assert_eq!(golden(&invitation, KEYS).unwrap(), expected);
        let cancelled = golden(&invitation.cancelled(now).unwrap(), KEYS).unwrap();
        let fields = expected.as_object_mut().unwrap();
        fields.insert("gsi1pk".into(), json!("ORG#00000000000000000000000001#CLOSED_INVITATIONS"));
        fields.insert("state".into(), json!({ "state": "cancelled", "at": "1970-01-01T00:00:00Z" }));
        assert_eq!(cancelled, expected);
        assert_eq!(
            golden(&Invited::of(&invitation), KEYS).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#INVITED#claire@client.example", "sk": "META", "type": "invited",
                "gsi1pk": "ORG#00000000000000000000000001#INVITED", "gsi1sk": "claire@client.example",
                "v": 1, "ttl": 3_196_800, "email": "Claire@client.example",
                "invitation": "itn_00000000000000000000000003", "expires_at": "1970-01-08T00:00:00Z",
            })
        );
    }
}
