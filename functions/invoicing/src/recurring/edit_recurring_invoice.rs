//! Changing what comes from now on: what was made stays as it is.

use kernel::{Result, id::RecurringInvoiceId, reference::OrganizationReference};
use table::{Scope, Stored, meter::side_by_side};
use web::Asker;

use super::{
    PricesInput, RecurringInput, RecurringInvoice,
    create_recurring_invoice::{completed, must_be_allowed, under_invoice},
    store,
};
use crate::{client, product::Named};

/// `seen` is the version that the form was filled in on.
pub async fn edit_recurring_invoice(
    asker: &Asker,
    id: RecurringInvoiceId,
    input: &RecurringInput,
    seen: Option<u64>,
) -> Result<Stored<RecurringInvoice>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let named = Named::of(scope, &input.invoice.client_id, &input.invoice.lines);
            let (read, named) = side_by_side(store::read(scope, id), named).await;
            let (read, named) = (read?.expect_version(seen)?, named?);
            read.must_not_be_stopped()?;
            let input = completed(asker, input, &named)?;
            let content = input.parse(&asker.organization, asker.today(), Some(read.plan.rhythm.first_on))?;
            if content.plan.then != read.plan.then {
                must_be_allowed(asker, content.plan.then)?;
            }
            let client = client::kept_or_found(asker, &read.client, &input.invoice.client_id).await;
            let client = client.map_err(under_invoice)?;
            client::must_fit(&asker.organization, &client, &content.invoice.priced).map_err(under_invoice)?;
            let recurring = read.edited(client, content, asker.today())?;
            recurring.must_have_lawful_terms(asker.today())?;
            let mut transaction = scope.begin("edit_recurring_invoice", id);
            named.note(scope, &mut transaction).await?;
            client::note_changed(&mut transaction, &read.client, &recurring.client);
            store::save(&mut transaction, Some(&read), &recurring);
            Ok((transaction, Stored { value: recurring, version: read.version + 1 }))
        })
        .await
}

/// Plans other prices from a day on, or takes that plan back.
pub async fn reprice_recurring_invoice(
    scope: &Scope,
    organization: &OrganizationReference,
    id: RecurringInvoiceId,
    input: &PricesInput,
    seen: Option<u64>,
) -> Result<Stored<RecurringInvoice>> {
    let today = scope.clock().today(&organization.zone());
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let recurring = read.repriced(input, today)?;
            let mut transaction = scope.begin("reprice_recurring_invoice", id);
            store::save(&mut transaction, Some(&read), &recurring);
            Ok((transaction, Stored { value: recurring, version: read.version + 1 }))
        })
        .await
}
