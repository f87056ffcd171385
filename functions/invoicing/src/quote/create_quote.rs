//! Writing a quote.

use kernel::{Result, id::QuoteId, reference::OrganizationReference};
use table::{Scope, Stored};

use super::{Quote, QuoteInput, store};
use crate::client;

pub async fn create_quote(
    scope: &Scope,
    organization: &OrganizationReference,
    input: &QuoteInput,
) -> Result<Stored<Quote>> {
    let today = scope.clock().today(&organization.zone());
    let id = scope.new_id(QuoteId::new);
    scope
        .write(|| async {
            let content = input.parse(organization, today)?;
            let client = client::find(scope, &input.client_id).await?;
            let quote = Quote::draft(id, scope.now(), client, content);
            let mut transaction = scope.begin("create_quote", id);
            store::save(&mut transaction, None, &quote);
            Ok((transaction, Stored { value: quote, version: 1 }))
        })
        .await
}
