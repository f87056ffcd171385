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
    change(scope, id, "pause_reminders", seen, |invoice| invoice.paused(pause.clone())).await
}

pub async fn resume_reminders(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let today = scope.clock().today(&organization.zone());
    change(scope, id, "resume_reminders", seen, |invoice| invoice.resumed(today)).await
}

async fn change(
    scope: &Scope,
    id: InvoiceId,
    act: &'static str,
    seen: Option<u64>,
    changed: impl Fn(&Invoice) -> Result<Invoice>,
) -> Result<Stored<Invoice>> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let invoice = changed(&read)?;
            let mut transaction = scope.begin(act, id);
            store::save(&mut transaction, Some(&read), &invoice);
            Ok((transaction, Stored { value: invoice, version: read.version + 1 }))
        })
        .await
}
