//! Time may be invoiced again once its invoice is credited whole.

use kernel::{Result, event::Event, id::InvoiceId};
use table::{Scope, Stored, Transaction};

use super::{TimeEntry, store::read_all};
use crate::invoice::Invoice;

/// Frees of the time of an invoice of which nothing is owed any more what there is room for; the worker frees the rest.
pub fn release(transaction: &mut Transaction, invoice: InvoiceId, worked: &[Stored<TimeEntry>]) {
    let held: Vec<_> = worked.iter().filter(|entry| entry.invoice == Some(invoice)).collect();
    if held.len() > transaction.room() {
        transaction.emit(Event::TimeReleased { invoice });
    }
    let room = transaction.room();
    for entry in held.into_iter().take(room) {
        transaction.update(entry, &entry.released());
    }
}

/// As much of what is left as one transaction takes, and an event for what is left then. Again, it changes nothing: what
/// stands on another invoice by now stays there.
pub async fn release_time(scope: &Scope, id: InvoiceId) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("release_time", id);
            let invoice = scope.get::<Invoice>(&scope.keys().invoice(id)).await?;
            let Some(invoice) = invoice.filter(|invoice| invoice.owed().is_zero()) else {
                return Ok((transaction.nothing(), ()));
            };
            let worked = read_all(scope, &invoice.time).await?;
            if worked.iter().all(|entry| entry.invoice != Some(id)) {
                return Ok((transaction.nothing(), ()));
            }
            release(&mut transaction, id, &worked);
            Ok((transaction, ()))
        })
        .await
}
