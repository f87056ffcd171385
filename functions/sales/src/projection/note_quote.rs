//! A quote stands otherwise: what it says of itself is noted, and what that changes of the sums added, in one transaction.

use kernel::{
    Error, Result,
    event::{Event, QuoteStanding},
    id::QuoteId,
    reference::OrganizationReference,
};
use table::Scope;

use super::{Phase, Projection, SaleQuote, store};

/// The same told twice, or what came before it told late, changes nothing.
pub async fn note_quote(scope: &Scope, quote: QuoteId, standing: &QuoteStanding) -> Result<()> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let wanted = [keys.projection_state(), keys.organization(), keys.sale_quote(quote)];
            let found = scope.get_many(&wanted).await?;
            let mut transaction = scope.begin("note_quote", quote).unlogged();
            let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
            if organization.deletion.is_some() {
                return Ok((transaction.nothing(), ()));
            }
            let state = found.first::<Projection>()?;
            let read = found.first::<SaleQuote>()?;
            let is_clearing = state.as_ref().and_then(|state| state.phase()) == Some(Phase::Clearing);
            let currency = state.as_ref().map_or(organization.currency, |state| state.currency);
            let stated = match &read {
                Some(read) => read.stated(standing),
                None => SaleQuote::of(quote, standing),
            };
            // While what there was is removed, it is noted and counted later, with the others.
            let is_counted = !is_clearing;
            let after = SaleQuote { is_counted, ..stated };
            if read.as_ref().is_some_and(|read| read.value == after) {
                return Ok((transaction.nothing(), ()));
            }
            if is_clearing {
                transaction.save(read.as_ref(), &after);
            } else {
                let effects = SaleQuote::effects(read.as_deref(), &after, currency);
                let sums = scope.get_many(&store::touched(keys, &effects)?).await?;
                store::add(&mut transaction, &sums, &effects)?;
                transaction.save(read.as_ref(), &after);
            }
            // Whether they are being removed is as it was read.
            match &state {
                Some(state) => transaction.check(&keys.projection_state(), state.version),
                None => transaction
                    .create(&Projection::new(organization.currency, scope.now()))
                    .emit(Event::QuotesRestatementRequested { after: None }),
            };
            Ok((transaction, ()))
        })
        .await
}
