//! Writing a quote: as it is typed, and kept.

use kernel::{Result, id::QuoteId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{Quote, QuoteInput, store};
use crate::{client, product::Named};

/// As it is typed, with the products that it names. Nothing is written.
pub async fn typed_quote(asker: &Asker, id: QuoteId, input: &QuoteInput) -> Result<(Quote, Named)> {
    let scope = &asker.scope;
    let named = Named::of(scope, &input.client_id, &input.lines);
    let (named, client) = side_by_side(named, client::find(asker, &input.client_id)).await;
    let named = named?;
    let input = QuoteInput { lines: named.complete(asker, &input.lines)?, ..input.clone() };
    let content = input.parse(&asker.organization, asker.today())?;
    let client = client?;
    client::must_fit(&asker.organization, &client, &content.priced)?;
    Ok((Quote::draft(id, scope.now(), client, content), named))
}

pub async fn create_quote(asker: &Asker, input: &QuoteInput) -> Result<Stored<Quote>> {
    let scope = &asker.scope;
    let id = scope.new_id(QuoteId::new);
    scope
        .write(|| async {
            let (quote, named) = typed_quote(asker, id, input).await?;
            let mut transaction = scope.begin("create_quote", id);
            named.note(scope, &mut transaction).await?;
            client::note(&mut transaction, quote.client.reference.id);
            store::save(&mut transaction, None, &quote);
            Ok((transaction, Stored { value: quote, version: 1 }))
        })
        .await
}
