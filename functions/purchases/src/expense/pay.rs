//! Noting that an expense is paid, and taking that back. Where a line of the bank paid it, that is open again.

use kernel::{Result, event::Event, id::ExpenseId};
use table::{Scope, Stored};
use web::Asker;

use super::{Expense, PaymentInput, store};
use crate::received;

pub async fn pay_expense(
    asker: &Asker,
    id: ExpenseId,
    input: &PaymentInput,
    seen: Option<u64>,
) -> Result<Stored<Expense>> {
    let scope = &asker.scope;
    let payment = input.parse(asker.today())?;
    scope
        .write(|| async {
            let (read, found) = store::read_both(scope, id).await?;
            let read = read.expect_version(seen)?;
            let paid = read.paid(payment.clone())?;
            let mut transaction = scope.begin("pay_expense", id);
            store::save(&mut transaction, Some(&read), Some(&paid));
            received::store::follow(&mut transaction, scope, &found, &read, &paid)?;
            Ok((transaction, Stored { value: paid, version: read.version + 1 }))
        })
        .await
}

pub async fn unpay_expense(scope: &Scope, id: ExpenseId, seen: Option<u64>) -> Result<Stored<Expense>> {
    scope
        .write(|| async {
            let (read, found) = store::read_both(scope, id).await?;
            let read = read.expect_version(seen)?;
            let (unpaid, line) = read.unpaid()?;
            let mut transaction = scope.begin("unpay_expense", id);
            store::save(&mut transaction, Some(&read), Some(&unpaid));
            received::store::follow(&mut transaction, scope, &found, &read, &unpaid)?;
            if let Some(line) = line {
                let v = read.version + 1;
                transaction.emit(Event::BankLineSpent { line, expense: id, v, is_spent: false });
            }
            Ok((transaction, Stored { value: unpaid, version: read.version + 1 }))
        })
        .await
}
