//! Planning an invoice again and again.

use kernel::{Error, Permission, Result, Rule, id::RecurringInvoiceId};
use table::Stored;
use web::Asker;

use super::{RecurringInput, RecurringInvoice, Then};
use crate::client;

pub async fn create_recurring_invoice(asker: &Asker, input: &RecurringInput) -> Result<Stored<RecurringInvoice>> {
    let scope = &asker.scope;
    let id = scope.new_id(RecurringInvoiceId::new);
    scope
        .write(|| async {
            let content = input.parse(&asker.organization, asker.today(), None)?;
            must_be_allowed(asker, content.plan.then)?;
            let client = client::find(asker, &input.invoice.client_id).await.map_err(under_invoice)?;
            client::must_fit(&asker.organization, &client, &content.invoice.priced).map_err(under_invoice)?;
            let recurring = RecurringInvoice::new(id, scope.now(), client, content);
            let mut transaction = scope.begin("create_recurring_invoice", id);
            transaction.create(&recurring);
            Ok((transaction, Stored { value: recurring, version: 1 }))
        })
        .await
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
