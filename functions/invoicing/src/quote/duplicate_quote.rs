//! A draft with the content of another quote.

use kernel::{Result, id::QuoteId};
use table::{Scope, Stored};

use super::{Quote, store};
use crate::client::Freshness;

pub async fn duplicate_quote(scope: &Scope, id: QuoteId) -> Result<Stored<Quote>> {
    let copy_id = scope.new_id(QuoteId::new);
    let freshness = Freshness::default();
    scope
        .write(|| async {
            let read = store::read(scope, id).await?;
            let client = freshness.of(scope, &read.client).await?;
            let copy = read.copied(copy_id, scope.now(), client);
            let mut transaction = scope.begin("duplicate_quote", id);
            Freshness::hold(&mut transaction, scope, &copy.client);
            store::save(&mut transaction, None, &copy);
            Ok((transaction, Stored { value: copy, version: 1 }))
        })
        .await
}
