//! A target's items: itself, and how far it is. Those that are a member's stand in that member's part of the lists too.

use kernel::{event::DueKind, id::UserId};
use table::{Audit, Index, Item, Key, TenantKeys};

use super::{Standing, Target};

impl Item for Target {
    const TYPE: &'static str = "sales_target";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.target(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_targets(self.id))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.person()
    }
}

impl Item for Standing {
    const TYPE: &'static str = "sales_target_standing";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.target_standing(self.target)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_target_standings(self.target))
    }

    fn assigned_to(&self) -> Option<UserId> {
        self.of
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.look_on.map(|on| keys.due(on, DueKind::Target, self.target.ulid()))
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use kernel::{
        Currency,
        id::{OrganizationId, TargetId},
    };
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::target::{Aim, Mark, Span, TargetKind};

    #[test]
    fn a_target_as_it_is_stored() {
        let target = Target {
            id: TargetId::from_ulid(Ulid(5)),
            name: "Cap 2026".into(),
            kind: TargetKind::Revenue,
            span: Span::Quarterly,
            goal: 1_200_000,
            currency: Currency::Eur,
            from: date(2026, 1, 1),
            until: Some(date(2026, 12, 1)),
            aim: Aim::Person(UserId::from_ulid(Ulid(4))),
            created_at: Timestamp::UNIX_EPOCH,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SALES_TARGET#00000000000000000000000005",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#SALES_TARGETS",
            "gsi1sk": "00000000000000000000000005",
            "gsi3pk": "ORG#00000000000000000000000001#SALES_TARGETS#OF#00000000000000000000000004",
            "gsi3sk": "00000000000000000000000005",
            "type": "sales_target",
            "v": 1,
            "id": "tgt_00000000000000000000000005",
            "name": "Cap 2026",
            "kind": "revenue",
            "span": "quarterly",
            "goal": 1_200_000,
            "currency": "EUR",
            "from": "2026-01-01",
            "until": "2026-12-01",
            "aim": { "kind": "person", "of": "usr_00000000000000000000000004" },
            "created_at": "1970-01-01T00:00:00Z",
        });
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        assert_eq!(golden(&target, keys).ok(), Some(expected));
        let standing = Standing {
            target: target.id,
            of: None,
            achieved: [(date(2026, 10, 1), 5_000)].into(),
            marks: [(date(2026, 7, 1), Mark { reached_on: Some(date(2026, 9, 2)), off_track_on: None })].into(),
            look_on: Some(date(2026, 11, 23)),
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SALES_TARGET#00000000000000000000000005",
            "sk": "STANDING",
            "gsi1pk": "ORG#00000000000000000000000001#SALES_TARGET_STANDINGS",
            "gsi1sk": "00000000000000000000000005",
            "gsi2pk": "DUE#2026-11-23#5",
            "gsi2sk": "ORG#00000000000000000000000001#TARGET#00000000000000000000000005",
            "type": "sales_target_standing",
            "v": 1,
            "target": "tgt_00000000000000000000000005",
            "achieved": { "2026-10-01": 5_000 },
            "marks": { "2026-07-01": { "reached_on": "2026-09-02" } },
            "look_on": "2026-11-23",
        });
        assert_eq!(golden(&standing, keys).ok(), Some(expected));
    }
}
