//! Saying that a line paid an expense, or that it is one: in one transaction the expense and the line; the bank's own is told.

use kernel::{
    Error, Result, Rule, Violations,
    event::Event,
    id::{BankLineId, ExpenseId},
};
use serde::{Deserialize, Serialize};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::SpendingLine;
use crate::{
    expense::{self, Expense},
    received,
};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SpendingInput {
    /// `xpn_…`: one that counts and is not paid.
    pub expense_id: String,
}

impl SpendingInput {
    fn parse(&self) -> Result<ExpenseId, Violations> {
        let mut wrong = Violations::default();
        let expense = wrong.take("/expense_id", self.expense_id.parse().map_err(|_| Rule::NotFound));
        expense.ok_or(wrong)
    }
}

/// `seen` is the version of the line that the client saw.
pub async fn match_spending_line(
    asker: &Asker,
    id: BankLineId,
    input: &SpendingInput,
    seen: Option<u64>,
) -> Result<Stored<Expense>> {
    let scope = &asker.scope;
    let expense_id = input.parse()?;
    scope
        .write(|| async {
            let line = scope.keys().spending_line(id);
            let (line, read) =
                side_by_side(scope.get::<SpendingLine>(&line), expense::store::read_both(scope, expense_id)).await;
            let line = line?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let (read, found) = match read {
                Err(Error::NotFound) => return Err(Error::field("/expense_id", Rule::NotFound)),
                read => read?,
            };
            if read.currency != line.currency {
                return Err(Error::field("/expense_id", Rule::OtherCurrency));
            }
            let spent = line.spent(expense_id)?;
            let paid = read.paid(line.payment(asker.today()))?;
            let mut transaction = scope.begin("match_spending_line", expense_id);
            transaction.update(&line, &spent);
            expense::store::save(&mut transaction, Some(&read), Some(&paid));
            received::store::follow(&mut transaction, scope, &found, &read, &paid)?;
            let v = read.version + 1;
            transaction.emit(Event::BankLineSpent { line: id, expense: expense_id, v, is_spent: true });
            Ok((transaction, Stored { value: paid, version: v }))
        })
        .await
}

/// A line that was noted nowhere: a draft with its payment, to be completed with its VAT.
pub async fn enter_spending_line(asker: &Asker, id: BankLineId, seen: Option<u64>) -> Result<Stored<Expense>> {
    let scope = &asker.scope;
    let expense_id = scope.new_id(ExpenseId::new);
    scope
        .write(|| async {
            let line = scope.get::<SpendingLine>(&scope.keys().spending_line(id)).await?;
            let line = line.ok_or(Error::NotFound)?.expect_version(seen)?;
            let spent = line.spent(expense_id)?;
            let mut transaction = scope.begin("enter_spending_line", expense_id);
            let content = line.expense(asker.today())?;
            let by = (scope.now(), Some(asker.user));
            let expense = Expense::entered(expense_id, by, content, true, false);
            transaction.update(&line, &spent);
            expense::store::save(&mut transaction, None, Some(&expense));
            transaction.emit(Event::BankLineSpent { line: id, expense: expense_id, v: 1, is_spent: true });
            Ok((transaction, Stored { value: expense, version: 1 }))
        })
        .await
}
