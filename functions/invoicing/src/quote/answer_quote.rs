//! The client's answer, noted by hand.

use kernel::{Result, event::Event, id::QuoteId, legal, reference::OrganizationReference};
use table::{Patch, Scope, Stored, Transaction};

use super::{AcceptanceInput, Quote, store};

pub async fn accept_quote(
    scope: &Scope,
    organization: &OrganizationReference,
    id: QuoteId,
    input: &AcceptanceInput,
    seen: Option<u64>,
) -> Result<Stored<Quote>> {
    let today = scope.clock().today(&organization.zone());
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let quote = read.accepted(input, today)?;
            let mut transaction = scope.begin("accept_quote", id);
            enter_acceptance(&mut transaction, scope, &read, &quote)?;
            Ok((transaction, Stored { value: quote, version: read.version + 1 }))
        })
        .await
}

/// Writes a quote that was accepted, by whichever way its client said so.
pub fn enter_acceptance(
    transaction: &mut Transaction,
    scope: &Scope,
    read: &Stored<Quote>,
    quote: &Quote,
) -> Result<()> {
    store::save(transaction, Some(read), quote);
    // A version that is being written comes too late, and whoever sends it at this moment finds out.
    if let Some(draft) = quote.revised_by {
        let draft = Patch::of::<Quote>(scope.keys().quote(draft));
        transaction.patch(draft.set_value("came_too_late", &true)?);
    }
    let about = quote.about().by(transaction.actor());
    transaction.emit(Event::QuoteAccepted { quote: quote.id, about });
    Ok(())
}

pub async fn refuse_quote(
    scope: &Scope,
    organization: &OrganizationReference,
    id: QuoteId,
    reason: &str,
    seen: Option<u64>,
) -> Result<Stored<Quote>> {
    let today = scope.clock().today(&organization.zone());
    let reason =
        legal::optional(reason, |text| legal::text(text, 500)).map_err(|rule| kernel::Error::field("/reason", rule))?;
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let quote = read.refused(reason.clone(), today)?;
            let mut transaction = scope.begin("refuse_quote", id);
            store::save(&mut transaction, Some(&read), &quote);
            let about = quote.about().by(transaction.actor());
            transaction.emit(Event::QuoteRefused { quote: id, about });
            Ok((transaction, Stored { value: quote, version: read.version + 1 }))
        })
        .await
}
