//! The worker of invoicing: a date passed, look at the invoice afresh and decide; a payment by card was begun, ask what
//! became of it; an invoice was credited whole, free what is left of its time; an employee's week was approved, take over
//! what of it is for clients; somebody was erased, forget them.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{
    Error, Result,
    event::{Event, Person},
};

use crate::{bank, batch, card, erasure, quote, receipt, recurring, reminder, time};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "invoicing", event, |scope, envelope| async move {
        match envelope.event {
            Event::InvoiceDue { invoice } => reminder::remind_invoice(&scope, invoice).await,
            Event::QuoteDue { quote } => quote::expire_quote(&scope, quote).await,
            Event::QuotesRestatementRequested { after } => quote::restate_quotes(&scope, after).await,
            Event::RecurringInvoicesRestatementRequested { after } => {
                recurring::restate_recurring_invoices(&scope, after).await
            }
            Event::RecurringInvoiceDue { recurring } => recurring::make_recurring_invoices(&scope, recurring).await,
            Event::CheckoutDue { invoice } => card::look_at_checkout(deps, &scope, invoice).await.map(drop),
            Event::IssueBatchRequested { batch } => batch::issue_invoices(&scope, batch).await,
            Event::InvoiceReplaced { invoice, by } => receipt::carry_over(&scope, invoice, by).await,
            Event::BankLineSpent { line, expense, v, is_spent } => {
                bank::store::spend_line(&scope, line, expense, v, is_spent).await
            }
            Event::TimeReleased { invoice } => time::release_time(&scope, invoice).await,
            Event::TimeWeekApproved { employee, week } => time::take_over_time(&scope, employee, &week).await,
            Event::ContactErased { contact } => erasure::forget(&scope, Person::Contact(contact)).await,
            Event::ClientErased { client } => erasure::forget(&scope, Person::Client(client)).await,
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}
