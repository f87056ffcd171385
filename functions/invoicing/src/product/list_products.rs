//! The catalogue as a list: by name or by reference, narrowed by what is wanted of it.

use kernel::{
    Error, Result,
    page::{Page, PageRequest},
    text,
};
use serde::Deserialize;
use table::{
    Order, Scope, Stored,
    keys::List,
    meter::{all_at_once, side_by_side},
};

use super::{Product, ProductKind};

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
        Ok(Query { words, kind, is_archived, by_reference, order })
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

    fn takes(&self, product: &Product) -> bool {
        self.kind.is_none_or(|kind| product.kind == kind) && product.answers_to(&self.words)
    }
}

/// A page of the whole catalogue.
pub async fn list_products(scope: &Scope, wanted: &Wanted, page: &PageRequest) -> Result<Page<Stored<Product>>> {
    let query = Wanted { q: String::new(), ..wanted.clone() }.read()?;
    let list = query.list(scope, query.by_reference, "");
    scope.sift::<Product>(&list, page, query.order, |product| query.takes(product)).await
}

/// What answers to `wanted.q`, of which there is something. Words are looked for in the first thousand products; of a
/// larger catalogue, also by how the name or the reference begins.
pub async fn find_products(scope: &Scope, wanted: &Wanted, limit: u16) -> Result<Found> {
    let query = wanted.read()?;
    let page = PageRequest { limit, cursor: None };
    let prefix = query.words.join(" ");
    let sift = async |by_reference: bool, prefix: &str| {
        let list = query.list(scope, by_reference, prefix);
        scope.sift::<Product>(&list, &page, query.order, |product| query.takes(product)).await
    };
    let by_beginning = all_at_once([sift(true, &prefix), sift(false, &prefix)]);
    let (by_beginning, by_words) = side_by_side(by_beginning, sift(query.by_reference, "")).await;
    let mut products: Vec<Stored<Product>> = Vec::new();
    let mut is_cut = false;
    for found in by_beginning.into_iter().chain([by_words]) {
        let found = found?;
        is_cut |= found.next_cursor.is_some() && found.items.len() == usize::from(limit);
        for product in found.items {
            if products.iter().all(|known| known.id != product.id) {
                products.push(product);
            }
        }
    }
    is_cut |= products.len() > usize::from(limit);
    products.truncate(usize::from(limit));
    let sorted =
        |product: &Stored<Product>| text::sorted(if query.by_reference { &product.reference } else { &product.name });
    products.sort_by_cached_key(|product| (sorted(product), product.id));
    if query.order == Order::Descending {
        products.reverse();
    }
    Ok(Found { products, is_cut })
}
