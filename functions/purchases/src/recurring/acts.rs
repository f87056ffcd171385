//! Setting up what is spent again and again, changing it, pausing, resuming and stopping it.

use jiff::civil::Date;
use kernel::{Result, id::RecurringExpenseId};
use table::{Scope, Stored, Transaction, meter::side_by_side};
use web::Asker;

use super::{RecurringExpense, RecurringExpenseInput, store};
use crate::expense::enter::Known;

pub async fn create_recurring_expense(
    asker: &Asker,
    input: &RecurringExpenseInput,
) -> Result<Stored<RecurringExpense>> {
    let scope = &asker.scope;
    let id = scope.new_id(RecurringExpenseId::new);
    scope
        .write(|| async {
            let new = input.parse(&asker.organization, asker.today())?;
            let known = Known::read(scope, &new.expense).await?;
            let mut transaction = scope.begin("create_recurring_expense", id);
            let content = known.content(&mut transaction, scope, &new.expense)?;
            let by = (scope.now(), asker.user);
            let recurring = RecurringExpense::new(id, by, content, new.plan, asker.today());
            store::save(&mut transaction, None, &recurring);
            Ok((transaction, Stored { value: recurring, version: 1 }))
        })
        .await
}

/// `seen` is the version that the form was filled in on. What came already stays as it is.
pub async fn edit_recurring_expense(
    asker: &Asker,
    id: RecurringExpenseId,
    input: &RecurringExpenseInput,
    seen: Option<u64>,
) -> Result<Stored<RecurringExpense>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let new = input.parse(&asker.organization, asker.today())?;
            let (read, known) = side_by_side(store::read(scope, id), Known::read(scope, &new.expense)).await;
            let (read, known) = (read?.expect_version(seen)?, known?);
            let mut transaction = scope.begin("edit_recurring_expense", id);
            let content = known.content(&mut transaction, scope, &new.expense)?;
            let edited = read.edited(content, new.plan, asker.today())?;
            store::save(&mut transaction, Some(&read), &edited);
            Ok((transaction, Stored { value: edited, version: read.version + 1 }))
        })
        .await
}

pub async fn pause_recurring_expense(
    asker: &Asker,
    id: RecurringExpenseId,
    seen: Option<u64>,
) -> Result<Stored<RecurringExpense>> {
    turn(asker, |scope| scope.begin("pause_recurring_expense", id), id, seen, |read, _| read.paused()).await
}

pub async fn resume_recurring_expense(
    asker: &Asker,
    id: RecurringExpenseId,
    seen: Option<u64>,
) -> Result<Stored<RecurringExpense>> {
    turn(asker, |scope| scope.begin("resume_recurring_expense", id), id, seen, RecurringExpense::resumed).await
}

pub async fn stop_recurring_expense(
    asker: &Asker,
    id: RecurringExpenseId,
    seen: Option<u64>,
) -> Result<Stored<RecurringExpense>> {
    turn(asker, |scope| scope.begin("stop_recurring_expense", id), id, seen, |read, _| read.stopped()).await
}

async fn turn(
    asker: &Asker,
    begin: impl Fn(&Scope) -> Transaction,
    id: RecurringExpenseId,
    seen: Option<u64>,
    turned: impl Fn(&RecurringExpense, Date) -> Result<RecurringExpense>,
) -> Result<Stored<RecurringExpense>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let after = turned(&read, asker.today())?;
            let mut transaction = begin(scope);
            store::save(&mut transaction, Some(&read), &after);
            Ok((transaction, Stored { value: after, version: read.version + 1 }))
        })
        .await
}
