//! Received invoices in the order in which they came, the last one first.

use kernel::{
    Error, Result,
    page::{Page, PageRequest},
    text,
};
use serde::Deserialize;
use table::{Order, Scope, Stored};

use super::{Lifecycle, ReceivedInvoice};
use crate::expense::begins_with_each;

/// What is wanted of the list, as texts of a query.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Beginnings of words of the seller or the number.
    pub q: String,
    /// A [`Lifecycle`]; any where empty.
    pub state: String,
}

pub async fn list_received(
    scope: &Scope,
    wanted: &Wanted,
    page: &PageRequest,
) -> Result<Page<Stored<ReceivedInvoice>>> {
    let list = scope.keys().received_invoices();
    let state = match wanted.state.as_str() {
        "" => None,
        name => Some(Lifecycle::named(name).ok_or_else(|| Error::Malformed { detail: "unknown state".into() })?),
    };
    let words: Vec<_> = text::folded(&wanted.q).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    if words.is_empty() && state.is_none() {
        return scope.list::<ReceivedInvoice>(&list, page, Order::Descending).await;
    }
    let sieve = scope.sieve(&list, page, Order::Descending).await?;
    sieve.take::<ReceivedInvoice>(page.limit, |invoice| {
        state.is_none_or(|state| invoice.lifecycle == state)
            && begins_with_each(&format!("{} {}", invoice.seller, invoice.number), &words)
    })
}
