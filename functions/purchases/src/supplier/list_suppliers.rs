//! Suppliers by name, all of them or those that answer to what was typed.

use kernel::{
    Error, Result,
    page::{Page, PageRequest},
    text,
};
use serde::Deserialize;
use table::{Order, Scope, Stored};

use super::Supplier;

/// What is wanted of the list, as texts of a query.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Beginnings of words of the name, the SIREN or the VAT number.
    pub q: String,
    /// `active`, which an empty text means too, or `archived`.
    pub state: String,
    /// `name`, which an empty text means too, or `-name`.
    pub sort: String,
}

impl Wanted {
    pub fn is_archived(&self) -> Result<bool> {
        match self.state.as_str() {
            "" | "active" => Ok(false),
            "archived" => Ok(true),
            _ => Err(Error::Malformed { detail: "unknown state".into() }),
        }
    }

    fn order(&self) -> Result<Order> {
        match self.sort.as_str() {
            "" | "name" => Ok(Order::Ascending),
            "-name" => Ok(Order::Descending),
            _ => Err(Error::Malformed { detail: "unknown sort".into() }),
        }
    }
}

pub async fn list_suppliers(scope: &Scope, wanted: &Wanted, page: &PageRequest) -> Result<Page<Stored<Supplier>>> {
    let (list, order) = (scope.keys().suppliers(wanted.is_archived()?, ""), wanted.order()?);
    let words: Vec<_> = text::folded(&wanted.q).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    if words.is_empty() {
        return scope.list::<Supplier>(&list, page, order).await;
    }
    let sieve = scope.sieve(&list, page, order).await?;
    sieve.take::<Supplier>(page.limit, |supplier| supplier.answers_to(&words))
}
