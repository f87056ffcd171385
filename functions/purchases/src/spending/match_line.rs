//! Saying that a line paid an expense, or that it is one: in one transaction the expense and the line; the bank's own is told.
//! What somebody noted to be paid is paid once: its line is put beside its payment.

use kernel::{
    Error, Result, Rule, Violations,
    event::Event,
    id::{BankLineId, ExpenseId, SupplierId},
};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored, Transaction, meter::side_by_side};
use web::Asker;

use super::SpendingLine;
use crate::{
    expense::{self, Expense, flag},
    received, supplier,
};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SpendingInput {
    /// `xpn_…`: one that counts and is not paid, or one whose payment was noted, which then stays as it is.
    pub expense_id: String,
    /// `true` to confirm that the account to which the line went is the supplier's: their next lines are recognised by it.
    pub remember_account: String,
    /// `true` where the line comes to another amount than is to be paid, and settles it all the same.
    pub accept_difference: String,
}

impl SpendingInput {
    fn parse(&self) -> Result<(ExpenseId, bool, bool), Violations> {
        let mut wrong = Violations::default();
        let expense = wrong.take("/expense_id", self.expense_id.parse().map_err(|_| Rule::NotFound));
        let remembers = wrong.take("/remember_account", flag(&self.remember_account));
        let accepts = wrong.take("/accept_difference", flag(&self.accept_difference));
        match (expense, remembers, accepts) {
            (Some(expense), Some(remembers), Some(accepts)) => Ok((expense, remembers, accepts)),
            _ => Err(wrong),
        }
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
    let (expense_id, remembers, accepts) = input.parse()?;
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
            // What went paid nothing that a supplier owes.
            if read.is_credit() {
                return Err(Error::field("/expense_id", Rule::NotAChoice));
            }
            let spent = line.spent(expense_id)?;
            if let Some(rule) = line.difference(&read).filter(|_| !accepts) {
                return Err(Error::field("/accept_difference", rule));
            }
            let paid = read.paid_by_line(line.payment(asker.today()))?;
            let mut transaction = scope.begin("match_spending_line", expense_id);
            transaction.update(&line, &spent);
            expense::store::save(&mut transaction, Some(&read), Some(&paid));
            if let (true, Some(mark), Some(supplier)) = (remembers, &line.account, &read.supplier) {
                remember(&mut transaction, scope, mark, supplier.id).await?;
            }
            received::store::follow(&mut transaction, scope, &found, &read, &paid)?;
            let v = read.version + 1;
            transaction.emit(Event::BankLineSpent { line: id, expense: expense_id, v, is_spent: true });
            Ok((transaction, Stored { value: paid, version: v }))
        })
        .await
}

/// Whose account it is, is read once the expense says who: a trip more than an act should take.
async fn remember(transaction: &mut Transaction, scope: &Scope, mark: &str, supplier: SupplierId) -> Result<()> {
    let read = supplier::store::read(scope, supplier).await?;
    if let Some(after) = read.with_account(mark) {
        transaction.update(&read, &after);
        supplier::store::hold_accounts(transaction, Some(&read.value), Some(&after));
    }
    Ok(())
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
