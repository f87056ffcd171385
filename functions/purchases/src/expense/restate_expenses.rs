//! Somebody counts anew: each expense that counts is told again as it is, page by page.

use kernel::{Result, event::Event, page::PageRequest};
use table::{Order, Scope};

use super::Expense;

/// An event each, and one that asks for the rest: a transaction has 100 writes.
const AT_ONCE: u16 = 90;

/// Repeating it tells the same once more, which counts for nothing.
pub async fn restate_expenses(scope: &Scope, after: Option<String>) -> Result<()> {
    let request = PageRequest { limit: AT_ONCE, cursor: after };
    let page = scope.list::<Expense>(&scope.keys().expenses(), &request, Order::Ascending).await?;
    let page = &page;
    scope
        .write(|| async move {
            let mut transaction = scope.begin("restate_expenses", "expenses").unlogged();
            for expense in page.items.iter().filter(|expense| expense.counts()) {
                if let Some(facts) = expense.facts(expense.version) {
                    transaction.emit(Event::ExpenseChanged { facts });
                }
            }
            if let Some(next) = &page.next_cursor {
                transaction.emit(Event::ExpensesRestatementRequested { after: Some(next.clone()) });
            }
            Ok((transaction, ()))
        })
        .await
}
