//! The worker of sales: something was entered into the ledger, or a quote stands otherwise: keep the figures up, and look whether a
//! target is reached; somebody wants the figures made anew; the clock found a target whose period goes on.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

use crate::{
    projection::{follow, note_expense, note_expense_plan, note_plan, note_quote},
    target::{look_at_target, look_at_targets},
};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "sales", event, |scope, envelope| async move {
        match &envelope.event {
            Event::LedgerAppended { .. } | Event::SalesProjectionDue {} => {
                follow(&scope).await?;
                look_at_targets(&scope).await
            }
            Event::QuoteStated { quote, standing } => {
                note_quote(&scope, *quote, standing).await?;
                look_at_targets(&scope).await
            }
            Event::RecurringInvoicePlanned { recurring, plan } => note_plan(&scope, *recurring, plan).await,
            Event::RecurringExpensePlanned { recurring, plan } => note_expense_plan(&scope, *recurring, plan).await,
            Event::ExpenseRecorded { facts } | Event::ExpenseChanged { facts } => {
                note_expense(&scope, facts, false).await
            }
            Event::ExpenseRemoved { facts } => note_expense(&scope, facts, true).await,
            Event::TargetDue { target } => look_at_target(&scope, *target, true).await,
            event => Err(Error::internal(format!("not for this worker: {event:?}"))),
        }
    })
    .await)
}
