//! Nothing leaves by itself for one invoice: an agreement was found, or it is disputed.

use kernel::{Result, id::InvoiceId, reference::OrganizationReference};
use table::{Scope, Stored};

use super::PauseInput;
use crate::invoice::{Invoice, store};

pub async fn pause_reminders(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    input: &PauseInput,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let pause = input.parse(scope.clock().today(&organization.zone()))?;
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let invoice = read.paused(pause.clone())?;
            let mut transaction = scope.begin("pause_reminders", id);
            store::save(&mut transaction, Some(&read), &invoice);
            Ok((transaction, Stored { value: invoice, version: read.version + 1 }))
        })
        .await
}

pub async fn resume_reminders(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let today = scope.clock().today(&organization.zone());
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let invoice = read.resumed(today)?;
            let mut transaction = scope.begin("resume_reminders", id);
            store::save(&mut transaction, Some(&read), &invoice);
            Ok((transaction, Stored { value: invoice, version: read.version + 1 }))
        })
        .await
}
