//! Writing a quote.

use kernel::{Result, id::QuoteId};
use table::Stored;
use web::Asker;

use super::{Quote, QuoteInput, store};
use crate::client;

pub async fn create_quote(asker: &Asker, input: &QuoteInput) -> Result<Stored<Quote>> {
    let scope = &asker.scope;
    let id = scope.new_id(QuoteId::new);
    scope
        .write(|| async {
            let content = input.parse(&asker.organization, asker.today())?;
            let client = client::find(asker, &input.client_id).await?;
            client::must_fit(&asker.organization, &client, &content.priced)?;
            let quote = Quote::draft(id, scope.now(), client, content);
            let mut transaction = scope.begin("create_quote", id);
            store::save(&mut transaction, None, &quote);
            Ok((transaction, Stored { value: quote, version: 1 }))
        })
        .await
}
