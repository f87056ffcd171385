//! The items of a stock: how much there is, and each move of it for good.

use kernel::text;
use table::{Audit, Index, Item, Key, TenantKeys};

use super::{Stock, StockMove};

impl Item for Stock {
    const TYPE: &'static str = "stock";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.stock(self.product)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        self.is_tracked.then(|| keys.in_stocks(&text::sorted(&self.name), self.product))
    }

    fn other_list(&self, keys: TenantKeys) -> Option<Index> {
        self.is_low().then(|| keys.in_low_stocks(&text::sorted(&self.name), self.product))
    }
}

impl Item for StockMove {
    const TYPE: &'static str = "stock_move";
    // What there is says the same.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.stock_move(self.product, self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_stock_moves(self.product, self.id))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::id::{InvoiceId, OrganizationId, StockMoveId};
    use rust_decimal::Decimal;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::stock::{Cause, model::tests::stock};

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn a_stock_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#PRODUCT#00000000000000000000000002",
            "sk": "STOCK",
            "gsi1pk": "ORG#00000000000000000000000001#STOCKS",
            "gsi1sk": "lampe d’atelier « oeil »#00000000000000000000000002",
            "gsi3pk": "ORG#00000000000000000000000001#LOW_STOCKS",
            "gsi3sk": "lampe d’atelier « oeil »#00000000000000000000000002",
            "type": "stock",
            "v": 1,
            "product": "prd_00000000000000000000000002",
            "name": "Lampe d’atelier « Œil »",
            "reference": "LAMPE-01",
            "unit": "piece",
            "is_tracked": true,
            "quantity": "3",
            "threshold": "5",
        });
        assert_eq!(golden(&stock(3, 5), KEYS).ok(), Some(expected));
        let enough = golden(&stock(6, 5), KEYS).unwrap();
        assert!(enough["gsi3pk"].is_null() && enough["gsi1pk"].is_string());
    }

    #[test]
    fn a_move_as_it_is_stored() {
        let stored = StockMove {
            id: StockMoveId::from_ulid(Ulid(3)),
            product: stock(0, 0).product,
            at: Timestamp::UNIX_EPOCH,
            quantity: Decimal::from(-2),
            left: Decimal::from(1),
            cause: Cause::Sold { invoice: InvoiceId::from_ulid(Ulid(4)), number: "FAC-2026-0001".into() },
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#PRODUCT#00000000000000000000000002",
            "sk": "MOVE#00000000000000000000000003",
            "gsi1pk": "ORG#00000000000000000000000001#STOCK_MOVES#00000000000000000000000002",
            "gsi1sk": "00000000000000000000000003",
            "type": "stock_move",
            "v": 1,
            "id": "mov_00000000000000000000000003",
            "product": "prd_00000000000000000000000002",
            "at": "1970-01-01T00:00:00Z",
            "quantity": "-2",
            "left": "1",
            "cause": { "kind": "sold", "invoice": "inv_00000000000000000000000004", "number": "FAC-2026-0001" },
        });
        assert_eq!(golden(&stored, KEYS).ok(), Some(expected));
    }
}
