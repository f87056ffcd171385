//! The product's items: itself, and what holds its reference.

use kernel::{Error, Result, Rule, id::ProductId, text};
use serde::{Deserialize, Serialize};
use table::{Audit, Index, Item, Key, Scope, Stored, TenantKeys, Transaction};

use super::{Product, ProductReference};
use crate::{catalogue::Catalogue, stock::Stock};

impl Item for Product {
    const TYPE: &'static str = "product";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.product(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_products(self.archived_on.is_some(), &text::sorted(&self.name), self.id))
    }

    fn other_list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_products_by_reference(self.archived_on.is_some(), &text::sorted(&self.reference), self.id))
    }
}

impl Item for ProductReference {
    const TYPE: &'static str = "product_reference";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.product_reference(&self.reference)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_product_references(&self.reference))
    }
}

/// A product with what it stands in and what there is of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shelf {
    pub product: Stored<Product>,
    pub catalogue: Catalogue,
    /// Of one that was counted at some time.
    pub stock: Option<Stored<Stock>>,
}

pub async fn read(scope: &Scope, id: ProductId) -> Result<Shelf> {
    let keys = scope.keys();
    let found = scope.get_many(&[keys.product(id), keys.catalogue(), keys.stock(id)]).await?;
    let product = found.first::<Product>()?.ok_or(Error::NotFound)?;
    let catalogue = found.first::<Catalogue>()?.map(|read| read.value).unwrap_or_default();
    let product = Stored { value: product.value.known_to(&catalogue), version: product.version };
    Ok(Shelf { product, catalogue, stock: found.first::<Stock>()? })
}

/// The stock as the product now says: counted or no more, under its new name.
pub fn save_stock(transaction: &mut Transaction, read: Option<&Stored<Stock>>, product: &Product) {
    match read {
        Some(read) if read.following(product) != read.value => {
            transaction.update(read, &read.following(product));
        }
        None if product.stock.is_some() => {
            transaction.create(&Stock::of(product));
        }
        _ => {}
    }
}

/// Another product has the reference.
pub fn taken() -> Error {
    Error::field("/reference", Rule::AlreadyTaken)
}

#[cfg(test)]
mod tests {
    use kernel::id::OrganizationId;
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use crate::product::model::tests::product;

    use super::*;

    const KEYS: TenantKeys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));

    #[test]
    fn a_product_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#PRODUCT#00000000000000000000000002",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#PRODUCTS",
            "gsi1sk": "lampe d’atelier « oeil »#00000000000000000000000002",
            "gsi3pk": "ORG#00000000000000000000000001#PRODUCTS#BY_REFERENCE",
            "gsi3sk": "lampe-01#00000000000000000000000002",
            "type": "product",
            "v": 1,
            "id": "prd_00000000000000000000000002",
            "created_at": "1970-01-01T00:00:00Z",
            "reference": "LAMPE-01",
            "name": "Lampe d’atelier « Œil »",
            "description": "Bras articulé\nAmpoule comprise",
            "kind": "product",
            "unit": "piece",
            "unit_price": "189.005",
            "currency": "EUR",
            "vat_percent": "20",
        });
        assert_eq!(golden(&product(), KEYS).ok(), Some(expected));
    }

    #[test]
    fn what_holds_its_reference_as_it_is_stored() {
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#PRODUCT_REFERENCE#lampe-01",
            "sk": "META",
            "gsi1pk": "ORG#00000000000000000000000001#PRODUCT_REFERENCES",
            "gsi1sk": "lampe-01",
            "type": "product_reference",
            "v": 1,
            "reference": "lampe-01",
            "product": "prd_00000000000000000000000002",
        });
        assert_eq!(golden(&product().claim(), KEYS).ok(), Some(expected));
    }

    #[test]
    fn what_is_archived_stands_in_another_list() {
        let archived = Product { archived_on: Some(jiff::civil::date(2026, 11, 25)), ..product() };
        let stored = golden(&archived, KEYS).unwrap();
        assert_eq!(stored["gsi1pk"], "ORG#00000000000000000000000001#ARCHIVED_PRODUCTS");
        assert_eq!(stored["gsi3pk"], "ORG#00000000000000000000000001#ARCHIVED_PRODUCTS#BY_REFERENCE");
    }
}
