//! Somebody counts anew: what each recurring expense will cost is said again, page by page.

use kernel::{Result, event::Event, page::PageRequest};
use table::{Order, Scope};

use super::RecurringExpense;

/// An event each, and one that asks for the rest: a transaction has 4 MB.
const AT_ONCE: u16 = 50;

/// Repeating it says the same once more, which counts for nothing.
pub async fn restate_recurring_expenses(scope: &Scope, after: Option<String>) -> Result<()> {
    let request = PageRequest { limit: AT_ONCE, cursor: after };
    let page = scope.list::<RecurringExpense>(&scope.keys().recurring_expenses(), &request, Order::Ascending).await?;
    let page = &page;
    scope
        .write(|| async move {
            let mut transaction = scope.begin("restate_recurring_expenses", "recurring_expenses").unlogged();
            for recurring in &page.items {
                let plan = recurring.planned(recurring.version);
                transaction.emit(Event::RecurringExpensePlanned { recurring: recurring.id, plan });
            }
            if let Some(next) = &page.next_cursor {
                transaction.emit(Event::RecurringExpensesRestatementRequested { after: Some(next.clone()) });
            }
            Ok((transaction, ()))
        })
        .await
}
