//! The worker of purchases: the day of a recurring expense came, enter it; an expense report was approved or paid back; money left
//! an account, as the bank says, or a line of the bank is otherwise than before; a file that no expense has any more leaves the
//! bucket.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{Error, Result, event::Event};

use crate::{
    expense, recurring,
    report::{self, Report},
    spending,
};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let deps = &deps;
    Ok(worker::each(deps, "purchases", event, |scope, envelope| async move {
        match envelope.event {
            Event::ExpenseFileRemoved { expense, upload } => {
                expense::receipt::forget_file(deps, &scope, expense, upload).await
            }
            Event::ExpensesRestatementRequested { after } => expense::restate_expenses(&scope, after).await,
            Event::RecurringExpensesRestatementRequested { after } => {
                recurring::restate_recurring_expenses(&scope, after).await
            }
            Event::RecurringExpenseDue { recurring } => recurring::make_recurring_expenses(&scope, recurring).await,
            Event::ExpenseReportApproved { report: id, employee_number, lines, about, .. } => {
                let (approved_at, approved_by) = (envelope.at, about.by);
                let approved = Report { id, employee_number, lines, approved_at, approved_by, payment: None };
                report::book_expense_report(deps, &scope, &approved).await
            }
            Event::ExpenseReportReimbursed {
                report: id,
                employee_number,
                lines,
                approved_at,
                approved_by,
                on,
                method,
            } => {
                let payment = Some(report::payment(on, method));
                let paid = Report { id, employee_number, lines, approved_at, approved_by, payment };
                report::book_expense_report(deps, &scope, &paid).await
            }
            told @ Event::BankLineImported { .. } => spending::store::take_line(&scope, &told).await,
            Event::BankLineChanged { line, v, is_open } => spending::store::change_line(&scope, line, v, is_open).await,
            Event::BankLineSpent { is_spent: true, .. } => Ok(()),
            Event::BankLineSpent { line, expense, .. } => spending::store::free_line(&scope, line, expense).await,
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}
