//! The day came: each invoice that is due is made, in order, once however often the clock asks. In one transaction the
//! invoice (issued, where that is wanted and possible), its line beside the recurring one, and the place of the next.

use kernel::{
    Error, Result,
    error::Conflict,
    id::RecurringInvoiceId,
    reference::{ClientReference, OrganizationReference},
};
use table::{Scope, Stored, Transaction};

use super::{Occurrence, RecurringInvoice, Then, store};
use crate::{
    client::{Client, Freshness},
    invoice::{self, Invoice, Issuing},
    stock::{Stocks, unattended},
};

/// How many one message makes up for at most: of each week of a year and more.
const AT_ONCE_MAX: usize = 60;

pub async fn make_recurring_invoices(scope: &Scope, id: RecurringInvoiceId) -> Result<()> {
    for _ in 0..AT_ONCE_MAX {
        if !make_one(scope, id).await? {
            return Ok(());
        }
    }
    // The message comes again for the rest.
    Err(Error::unavailable("more recurring invoices are due"))
}

/// Whether there was one to make.
async fn make_one(scope: &Scope, id: RecurringInvoiceId) -> Result<bool> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.recurring_invoice(id), keys.organization()]).await?;
            let read = found.get::<RecurringInvoice>(&keys.recurring_invoice(id))?.ok_or(Error::NotFound)?;
            let organization = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?.value;
            let issuing = Issuing::new(scope, &organization);
            let client_key = keys.client_reference(read.client.reference.id);
            let [ordinary, deposits, head] = issuing.keys();
            let found = scope.get_many(&[ordinary, deposits, head, client_key.clone()]).await?;
            let client = found.get::<ClientReference>(&client_key)?.map_or_else(|| read.client.clone(), Client::from);

            let today = scope.clock().today(&organization.zone());
            let occurred = read.occurred(client.clone(), organization.date_format, scope.now(), today)?;
            let (draft, occurrence, after) = match occurred {
                // Nobody writes in the name of a deleted organization.
                Some(occurred) if organization.deletion.is_none() => occurred,
                _ => return Ok((scope.begin("make_recurring_invoice", id).nothing(), false)),
            };
            if read.plan.then == Then::Issue {
                let mut transaction = scope.begin("make_recurring_invoice", draft.id);
                let mut stocks = Stocks::of(scope, &[&draft]).await?;
                let issued = match held_back(&client) {
                    Some(reason) => Err(Error::Conflict(reason)),
                    None => issuing
                        .issue(&mut transaction, &found, &mut stocks, (None, &draft), client.clone())
                        .and_then(|issued| stocks.write(&mut transaction).map(|()| issued))
                        .map_err(unattended),
                };
                match issued {
                    Ok(issued) => {
                        let invoice_number = issued.issued.map(|issued| issued.number);
                        let occurrence = Occurrence { invoice_number, ..occurrence };
                        transaction.create(&occurrence);
                        store::save(&mut transaction, Some(&read), &after);
                        return Ok((transaction, true));
                    }
                    Err(Error::Conflict(reason)) => {
                        let occurrence = Occurrence { held_back: Some(reason), ..occurrence };
                        let after = RecurringInvoice { held_back: Some(reason), ..after };
                        return Ok((drafted(scope, &read, &client, &draft, &occurrence, &after), true));
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok((drafted(scope, &read, &client, &draft, &occurrence, &after), true))
        })
        .await
}

/// What cannot be sent to its client is not issued behind everybody's back.
fn held_back(client: &Client) -> Option<Conflict> {
    if client.reference.address.is_none() {
        Some(Conflict::ClientAddressMissing)
    } else if client.reference.email.is_none() {
        Some(Conflict::ClientEmailMissing)
    } else {
        None
    }
}

fn drafted(
    scope: &Scope,
    read: &Stored<RecurringInvoice>,
    client: &Client,
    draft: &Invoice,
    occurrence: &Occurrence,
    after: &RecurringInvoice,
) -> Transaction {
    let mut transaction = scope.begin("make_recurring_invoice", draft.id);
    Freshness::hold(&mut transaction, scope, client);
    invoice::store::save(&mut transaction, None, draft);
    transaction.create(occurrence);
    store::save(&mut transaction, Some(read), after);
    transaction
}
