//! The line's item: in one list with all of them, those of a state together, by day.

use kernel::{Minor, Result, event::Event, id::BankLineId, id::ExpenseId, page::PageRequest};
use table::{Audit, Index, Item, Key, Order, Scope, TenantKeys};

use super::{SpendingLine, SpendingState};
use crate::expense::Expense;

/// How many unpaid expenses lines are held against, and how many of the last ones.
const OPEN_MAX: u16 = 500;

impl Item for SpendingLine {
    const TYPE: &'static str = "spending_line";
    const AUDIT: Audit = Audit::Masked(&["label", "counterparty", "account"]);

    fn key(&self, keys: TenantKeys) -> Key {
        keys.spending_line(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_spending_lines(self.state.name(), self.id))
    }
}

/// What is to be paid, what is due first.
pub async fn open_expenses(scope: &Scope) -> Result<Vec<Expense>> {
    let list = scope.keys().unpaid_expenses();
    let page = PageRequest { limit: OPEN_MAX, cursor: None };
    let found = scope.list::<Expense>(&list, &page, Order::Ascending).await?;
    Ok(found.items.into_iter().map(|read| read.value).collect())
}

/// Those among the last ones of which somebody noted that they are paid, and no line of the bank says so yet.
pub async fn noted_expenses(scope: &Scope) -> Result<Vec<Expense>> {
    let page = PageRequest { limit: OPEN_MAX, cursor: None };
    let found = scope.list::<Expense>(&scope.keys().expenses(), &page, Order::Descending).await?;
    let expenses = found.items.into_iter().map(|read| read.value);
    Ok(expenses.filter(|expense| expense.is_paid() && expense.wants_line()).collect())
}

/// The worker's part: a line by which money went was imported. Told twice, it is there already.
pub async fn take_line(scope: &Scope, told: &Event) -> Result<()> {
    let Event::BankLineImported { line, booked_on, amount_minor, currency, label, counterparty, account } = told else {
        return Ok(());
    };
    scope
        .write(|| async {
            let found = scope.get::<SpendingLine>(&scope.keys().spending_line(*line)).await?;
            let mut transaction = scope.begin("take_bank_line", line);
            if found.is_some() {
                return Ok((transaction.nothing(), ()));
            }
            transaction.create(&SpendingLine {
                id: *line,
                booked_on: *booked_on,
                amount_minor: Minor(amount_minor.0.abs()),
                currency: *currency,
                label: label.clone(),
                counterparty: counterparty.clone(),
                account: account.clone(),
                told: 1,
                state: SpendingState::Open,
            });
            Ok((transaction.untold(), ()))
        })
        .await
}

/// The same of one that was settled by something else, set aside or opened again. Of one that is not known yet, its import
/// is still on its way.
pub async fn change_line(scope: &Scope, line: BankLineId, v: u64, is_open: bool) -> Result<()> {
    scope
        .write(|| async {
            let read = scope.get::<SpendingLine>(&scope.keys().spending_line(line)).await?;
            let read = read.ok_or_else(|| kernel::Error::unavailable("a line of the bank is not there yet"))?;
            let mut transaction = scope.begin("take_bank_line", line);
            match read.changed(v, is_open) {
                Some(changed) => drop(transaction.update(&read, &changed)),
                None => return Ok((transaction.nothing(), ())),
            }
            Ok((transaction.untold(), ()))
        })
        .await
}

/// An expense that a line paid is paid by it no more: looked at afresh, whenever that was said.
pub async fn free_line(scope: &Scope, line: BankLineId, expense: ExpenseId) -> Result<()> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.spending_line(line), keys.expense(expense)]).await?;
            let transaction = scope.begin("take_bank_line", line);
            let Some(read) = found.first::<SpendingLine>()? else { return Ok((transaction.nothing(), ())) };
            let payment = found.first::<Expense>()?.and_then(|read| read.value.content.payment);
            let is_paid_by_it = payment.is_some_and(|payment| payment.bank_line == Some(line));
            if read.state != (SpendingState::Spent { expense }) || is_paid_by_it {
                return Ok((transaction.nothing(), ()));
            }
            let mut transaction = transaction;
            transaction.update(&read, &read.freed());
            Ok((transaction.untold(), ()))
        })
        .await
}
