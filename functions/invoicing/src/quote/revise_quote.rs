//! A quote that was sent is revised by a version after it: a draft with its content, which takes its place once it is sent.

use kernel::{Result, id::QuoteId};
use table::{Scope, Stored};

use super::{Quote, store};
use crate::client::Freshness;

/// Gives the draft.
pub async fn revise_quote(scope: &Scope, id: QuoteId, seen: Option<u64>) -> Result<Stored<Quote>> {
    let draft_id = scope.new_id(QuoteId::new);
    let freshness = Freshness::default();
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            // Not as the quote was sent: whoever it was addressed to may be gone since.
            let client = freshness.of(scope, &read.client).await?;
            let (quote, draft) = read.revised(draft_id, scope.now(), client)?;
            let mut transaction = scope.begin("revise_quote", id);
            Freshness::hold(&mut transaction, scope, &draft.client);
            store::save(&mut transaction, Some(&read), &quote);
            store::save(&mut transaction, None, &draft);
            Ok((transaction, Stored { value: draft, version: 1 }))
        })
        .await
}
