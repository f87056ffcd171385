//! Writing a quote.

use kernel::{Result, id::QuoteId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{Quote, QuoteInput, store};
use crate::{client, product::Named};

pub async fn create_quote(asker: &Asker, input: &QuoteInput) -> Result<Stored<Quote>> {
    let scope = &asker.scope;
    let id = scope.new_id(QuoteId::new);
    scope
        .write(|| async {
            let named = Named::of(scope, &input.client_id, &input.lines);
            let (named, client) = side_by_side(named, client::find(asker, &input.client_id)).await;
            let named = named?;
            let input = QuoteInput { lines: named.complete(asker, &input.lines)?, ..input.clone() };
            let content = input.parse(&asker.organization, asker.today())?;
            let client = client?;
            client::must_fit(&asker.organization, &client, &content.priced)?;
            let quote = Quote::draft(id, scope.now(), client, content);
            let mut transaction = scope.begin("create_quote", id);
            named.note(scope, &mut transaction).await?;
            store::save(&mut transaction, None, &quote);
            Ok((transaction, Stored { value: quote, version: 1 }))
        })
        .await
}
