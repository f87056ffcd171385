//! Rewriting a draft.

use kernel::{Result, id::QuoteId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{Quote, QuoteInput, store};
use crate::{client, product::Named};

/// The draft as it was read and as it is typed, with the products that it names. Nothing is written.
pub async fn retyped_quote(
    asker: &Asker,
    id: QuoteId,
    input: &QuoteInput,
    seen: Option<u64>,
) -> Result<(Stored<Quote>, Quote, Named)> {
    let scope = &asker.scope;
    let named = Named::of(scope, &input.client_id, &input.lines);
    let (read, named) = side_by_side(store::read(scope, id), named).await;
    let (read, named) = (read?.expect_version(seen)?, named?);
    read.must_be_draft()?;
    let input = QuoteInput { lines: named.complete(asker, &input.lines)?, ..input.clone() };
    let content = input.parse(&asker.organization, asker.today())?;
    let client = client::kept_or_found(asker, &read.client, &input.client_id).await?;
    client::must_fit(&asker.organization, &client, &content.priced)?;
    let quote = read.edited(client, content)?;
    Ok((read, quote, named))
}

/// `seen` is the version that the form was filled in on.
pub async fn edit_quote(asker: &Asker, id: QuoteId, input: &QuoteInput, seen: Option<u64>) -> Result<Stored<Quote>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, quote, named) = retyped_quote(asker, id, input, seen).await?;
            let mut transaction = scope.begin("edit_quote", id);
            named.note(scope, &mut transaction).await?;
            client::note_changed(&mut transaction, &read.client, &quote.client);
            store::save(&mut transaction, Some(&read), &quote);
            Ok((transaction, Stored { value: quote, version: read.version + 1 }))
        })
        .await
}
