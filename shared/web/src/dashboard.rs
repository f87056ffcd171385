//! How a member has arranged their first page. The dashboard decides what may stand there; accounts removes the item with
//! the membership.

use kernel::id::UserId;
use serde::{Deserialize, Serialize};
use table::{Audit, Index, Item, Key, TenantKeys};

/// A widget in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    pub widget: String,
    /// 1 to 3.
    pub columns: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    pub user: UserId,
    /// In their order. What is neither here nor hidden stands behind, as it does for who arranged nothing.
    pub placed: Vec<Placed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
}

impl Arrangement {
    pub const fn of(user: UserId) -> Self {
        Self { user, placed: Vec::new(), hidden: Vec::new() }
    }
}

impl Item for Arrangement {
    const TYPE: &'static str = "dashboard";
    /// Where somebody puts their widgets is nobody's business.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.dashboard(self.user)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_dashboards(self.user))
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;

    #[test]
    fn an_arrangement_as_it_is_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let placed = vec![Placed { widget: "invoicing_unpaid".into(), columns: 2 }];
        let arrangement = Arrangement { user: UserId::from_ulid(Ulid(2)), placed, hidden: vec!["crm_leads".into()] };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#DASHBOARD#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#DASHBOARDS",
            "gsi1sk": "00000000000000000000000002",
            "type": "dashboard",
            "v": 1,
            "user": "usr_00000000000000000000000002",
            "placed": [{ "widget": "invoicing_unpaid", "columns": 2 }],
            "hidden": ["crm_leads"],
        });
        assert_eq!(golden(&arrangement, keys).ok(), Some(expected));
    }
}
