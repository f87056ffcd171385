//! The item of a segment.

use kernel::text;
use table::{Index, Item, Key, TenantKeys};

use super::Segment;

impl Item for Segment {
    const TYPE: &'static str = "segment";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.segment(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_segments(self.of.name(), &text::sorted(&self.name), self.id))
    }
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::segment::model::tests::segment;

    #[test]
    fn a_segment_as_it_is_stored() {
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SEGMENT#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#SEGMENTS",
            "gsi1sk": "company#prospects de lyon#00000000000000000000000002",
            "type": "segment",
            "v": 1,
            "id": "seg_00000000000000000000000002",
            "of": "company",
            "name": "Prospects de Lyon",
            "query": "category=prospect&city=lyon",
            "is_shared": true,
            "by": "usr_00000000000000000000000004",
            "created_at": "1970-01-01T00:00:00Z",
        });
        assert_eq!(golden(&segment(), keys).ok(), Some(expected));
    }
}
