//! The catalogue as a list: by name or by reference, narrowed by what is wanted of it.

use kernel::{
    Error, Result,
    id::{CategoryId, TagId},
    page::{Page, PageRequest},
    text,
};
use serde::Deserialize;
use table::{
    Order, Scope, Sieve, Stored,
    keys::List,
    meter::{all_at_once, side_by_side},
};

use super::{Product, ProductKind};
use crate::catalogue::{CATALOGUE, Catalogue};

/// How many products a search finds at most; whoever gets as many types one word more.
pub const FOUND_MAX: u16 = 100;

/// What is wanted of the catalogue, as texts of a query.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Beginnings of words of the name or the reference.
    pub q: String,
    /// A [`ProductKind`]; any where empty.
    pub kind: String,
    /// `active`, which an empty text means too, or `archived`.
    pub state: String,
    /// A category, with those under it; any where empty.
    pub category: String,
    /// A tag; any where empty.
    pub tag: String,
    /// `name`, which an empty text means too, `-name`, `reference` or `-reference`.
    pub sort: String,
}

/// What a search found.
pub struct Found {
    pub products: Vec<Stored<Product>>,
    /// There may be more.
    pub is_cut: bool,
}

/// A [`Wanted`] that was understood.
struct Query {
    words: Vec<String>,
    kind: Option<ProductKind>,
    category: Option<CategoryId>,
    tag: Option<TagId>,
    is_archived: bool,
    by_reference: bool,
    order: Order,
}

impl Wanted {
    fn read(&self) -> Result<Query> {
        let unknown = |what: &str| Error::Malformed { detail: format!("unknown {what}") };
        let kind = match self.kind.as_str() {
            "" => None,
            name => Some(ProductKind::named(name).ok_or_else(|| unknown("kind"))?),
        };
        let id = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
        let category = id(&self.category).map(|id| id.parse().map_err(|_| unknown("category"))).transpose()?;
        let tag = id(&self.tag).map(|id| id.parse().map_err(|_| unknown("tag"))).transpose()?;
        let is_archived = match self.state.as_str() {
            "" | "active" => false,
            "archived" => true,
            _ => return Err(unknown("state")),
        };
        let (by_reference, order) = match self.sort.as_str() {
            "" | "name" => (false, Order::Ascending),
            "-name" => (false, Order::Descending),
            "reference" => (true, Order::Ascending),
            "-reference" => (true, Order::Descending),
            _ => return Err(unknown("sort")),
        };
        let words = text::sorted(&self.q).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Ok(Query { words, kind, category, tag, is_archived, by_reference, order })
    }
}

impl Query {
    fn list(&self, scope: &Scope, by_reference: bool, prefix: &str) -> List {
        let keys = scope.keys();
        match by_reference {
            true => keys.products_by_reference(self.is_archived, prefix),
            false => keys.products(self.is_archived, prefix),
        }
    }

    /// What of a part of the list is wanted.
    fn take(&self, sieve: &Sieve, catalogue: &Catalogue, limit: u16) -> Result<Page<Stored<Product>>> {
        let within = self.category.map(|category| catalogue.within(category));
        let wanted = |product: &Product| {
            self.kind.is_none_or(|kind| product.kind == kind)
                && within.as_ref().is_none_or(|within| product.category.is_some_and(|own| within.contains(&own)))
                && self.tag.is_none_or(|tag| product.tags.contains(&tag))
                && product.answers_to(&self.words)
        };
        let known = |product: Stored<Product>| Stored { value: product.value.known_to(catalogue), ..product };
        Ok(sieve.take::<Product>(limit, wanted)?.map(known))
    }
}

/// A page of the whole catalogue.
pub async fn list_products(
    scope: &Scope,
    wanted: &Wanted,
    page: &PageRequest,
) -> Result<(Page<Stored<Product>>, Catalogue)> {
    let query = Wanted { q: String::new(), ..wanted.clone() }.read()?;
    let list = query.list(scope, query.by_reference, "");
    let (sieve, catalogue) = side_by_side(scope.sieve(&list, page, query.order), CATALOGUE.shown(scope)).await;
    let catalogue = catalogue?.value;
    Ok((query.take(&sieve?, &catalogue, page.limit)?, catalogue))
}

/// What answers to `wanted.q`. Words are looked for in the first thousand products; of a larger catalogue, also by how the
/// name or the reference begins.
pub async fn find_products(scope: &Scope, wanted: &Wanted, limit: u16) -> Result<(Found, Catalogue)> {
    let query = wanted.read()?;
    let page = PageRequest { limit, cursor: None };
    let prefix = query.words.join(" ");
    let sieve = async |by_reference: bool, prefix: &str| {
        scope.sieve(&query.list(scope, by_reference, prefix), &page, query.order).await
    };
    let parts = all_at_once([sieve(true, &prefix), sieve(false, &prefix), sieve(query.by_reference, "")]);
    let (parts, catalogue) = side_by_side(parts, CATALOGUE.shown(scope)).await;
    let catalogue = catalogue?.value;
    let mut products: Vec<Stored<Product>> = Vec::new();
    let mut is_cut = false;
    for part in parts {
        let found = query.take(&part?, &catalogue, limit)?;
        is_cut |= found.next_cursor.is_some() && found.items.len() == usize::from(limit);
        for product in found.items {
            if products.iter().all(|known| known.id != product.id) {
                products.push(product);
            }
        }
    }
    let sorted =
        |product: &Stored<Product>| text::sorted(if query.by_reference { &product.reference } else { &product.name });
    products.sort_by_cached_key(|product| (sorted(product), product.id));
    if query.order == Order::Descending {
        products.reverse();
    }
    is_cut |= products.len() > usize::from(limit);
    products.truncate(usize::from(limit));
    Ok((Found { products, is_cut }, catalogue))
}
