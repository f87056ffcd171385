//! Pausing, going on, stopping for good.

use kernel::{Result, id::RecurringInvoiceId, reference::OrganizationReference};
use table::{Scope, Stored};

use super::{RecurringInvoice, store};

pub async fn pause_recurring_invoice(
    scope: &Scope,
    id: RecurringInvoiceId,
    seen: Option<u64>,
) -> Result<Stored<RecurringInvoice>> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let paused = read.paused()?;
            let mut transaction = scope.begin("pause_recurring_invoice", id);
            store::save(&mut transaction, Some(&read), &paused);
            Ok((transaction, Stored { value: paused, version: read.version + 1 }))
        })
        .await
}

pub async fn resume_recurring_invoice(
    scope: &Scope,
    organization: &OrganizationReference,
    id: RecurringInvoiceId,
    seen: Option<u64>,
) -> Result<Stored<RecurringInvoice>> {
    let today = scope.clock().today(&organization.zone());
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let resumed = read.resumed(today)?;
            let mut transaction = scope.begin("resume_recurring_invoice", id);
            store::save(&mut transaction, Some(&read), &resumed);
            Ok((transaction, Stored { value: resumed, version: read.version + 1 }))
        })
        .await
}

pub async fn stop_recurring_invoice(
    scope: &Scope,
    id: RecurringInvoiceId,
    seen: Option<u64>,
) -> Result<Stored<RecurringInvoice>> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let stopped = read.stopped()?;
            let mut transaction = scope.begin("stop_recurring_invoice", id);
            store::save(&mut transaction, Some(&read), &stopped);
            Ok((transaction, Stored { value: stopped, version: read.version + 1 }))
        })
        .await
}
