//! Planning an invoice again and again.

use kernel::{Error, Permission, Result, Rule, id::RecurringInvoiceId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{RecurringInput, RecurringInvoice, Then, store};
use crate::{client, invoice::InvoiceInput, product::Named};

pub async fn create_recurring_invoice(asker: &Asker, input: &RecurringInput) -> Result<Stored<RecurringInvoice>> {
    let scope = &asker.scope;
    let id = scope.new_id(RecurringInvoiceId::new);
    scope
        .write(|| async {
            let invoice = &input.invoice;
            let named = Named::of(scope, &invoice.client_id, &invoice.lines);
            let (named, client) = side_by_side(named, client::find(asker, &invoice.client_id)).await;
            let named = named?;
            let content = completed(asker, input, &named)?.parse(&asker.organization, asker.today(), None)?;
            must_be_allowed(asker, content.plan.then)?;
            let client = client.map_err(under_invoice)?;
            client::must_fit(&asker.organization, &client, &content.invoice.priced).map_err(under_invoice)?;
            let recurring = RecurringInvoice::new(id, scope.now(), client, content);
            recurring.must_have_lawful_terms(asker.today())?;
            let mut transaction = scope.begin("create_recurring_invoice", id);
            named.note(scope, &mut transaction).await?;
            client::note(&mut transaction, recurring.client.reference.id);
            store::save(&mut transaction, None, &recurring);
            Ok((transaction, Stored { value: recurring, version: 1 }))
        })
        .await
}

/// With what its lines leave to the catalogue.
pub(super) fn completed(asker: &Asker, input: &RecurringInput, named: &Named) -> Result<RecurringInput> {
    let lines = named.complete(asker, &input.invoice.lines).map_err(under_invoice)?;
    Ok(RecurringInput { invoice: InvoiceInput { lines, ..input.invoice.clone() }, ..input.clone() })
}

/// What the clock issues, somebody said that it should: who may issue.
pub(super) fn must_be_allowed(asker: &Asker, then: Then) -> Result<()> {
    match then {
        Then::Issue if !asker.may(Permission::InvoicingApprove) => Err(Error::field("/then", Rule::BeyondOwn)),
        Then::Issue | Then::Draft => Ok(()),
    }
}

/// What is wrong with the invoice, where a recurring one has it.
pub(super) fn under_invoice(error: Error) -> Error {
    match error {
        Error::Invalid(violations) => Error::Invalid(violations.moved(|pointer| format!("/invoice{pointer}"))),
        other => other,
    }
}
