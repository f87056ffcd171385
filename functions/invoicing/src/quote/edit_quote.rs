//! Rewriting a draft.

use kernel::{Result, id::QuoteId};
use table::Stored;
use web::Asker;

use super::{Quote, QuoteInput, store};
use crate::client;

/// `seen` is the version that the form was filled in on.
pub async fn edit_quote(asker: &Asker, id: QuoteId, input: &QuoteInput, seen: Option<u64>) -> Result<Stored<Quote>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            read.must_be_draft()?;
            let content = input.parse(&asker.organization, asker.today())?;
            let client = client::kept_or_found(asker, &read.client, &input.client_id).await?;
            client::must_fit(&asker.organization, &client, &content.priced)?;
            let quote = read.edited(client, content)?;
            let mut transaction = scope.begin("edit_quote", id);
            store::save(&mut transaction, Some(&read), &quote);
            Ok((transaction, Stored { value: quote, version: read.version + 1 }))
        })
        .await
}
