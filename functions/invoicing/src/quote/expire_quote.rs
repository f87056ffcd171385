//! The last day of an offer passed: told once, however often the clock asks.

use kernel::{Result, event::Event, id::QuoteId, reference::OrganizationReference};
use table::Scope;

use super::{Quote, store};

pub async fn expire_quote(scope: &Scope, id: QuoteId) -> Result<()> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let mut transaction = scope.begin("expire_quote", id);
            let found = scope.get_many(&[keys.quote(id), keys.organization()]).await?;
            let read = found.get::<Quote>(&keys.quote(id))?.ok_or(kernel::Error::NotFound)?;
            let organization =
                found.get::<OrganizationReference>(&keys.organization())?.ok_or(kernel::Error::NotFound)?.value;
            let today = scope.clock().today(&organization.zone());
            let Some((has_expired, quote)) = read.looked_at(today) else {
                return Ok((transaction.nothing(), ()));
            };
            // A deleted organization keeps what it sent as it was; the clock need not find it again.
            if organization.deletion.is_some() {
                transaction.update(&read, &quote);
                return Ok((transaction, ()));
            }
            store::save(&mut transaction, Some(&read), &quote);
            if has_expired {
                transaction.emit(Event::QuoteExpired { quote: id, about: quote.about() });
            }
            Ok((transaction, ()))
        })
        .await
}
