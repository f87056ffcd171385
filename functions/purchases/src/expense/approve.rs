//! A draft is submitted, taken back, approved or refused: one decision, whoever is second finds it made.

use jiff::Timestamp;
use kernel::{
    Result,
    event::{About, Event},
    id::{ExpenseId, UserId},
};
use table::{Scope, Stored, Transaction, meter::side_by_side};
use web::Asker;

use super::{Approval, Expense, RefusalInput, enter::actor, store};
use crate::{received, settings};

/// It counts at once where nobody has to approve it.
pub async fn submit_expense(asker: &Asker, id: ExpenseId, seen: Option<u64>) -> Result<Stored<Expense>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, settings) = side_by_side(store::read(scope, id), settings::THRESHOLD.shown(scope)).await;
            let read = read?.expect_version(seen)?;
            let wants_approval = settings?.wants_approval(&read.content, asker.organization.currency);
            let submitted = read.submitted((scope.now(), asker.user), wants_approval)?;
            let mut transaction = scope.begin("submit_expense", id);
            store::save(&mut transaction, Some(&read), Some(&submitted));
            Ok((transaction, Stored { value: submitted, version: read.version + 1 }))
        })
        .await
}

pub async fn withdraw_expense(scope: &Scope, id: ExpenseId, seen: Option<u64>) -> Result<Stored<Expense>> {
    turn(scope, || scope.begin("withdraw_expense", id), id, seen, |read, _| read.withdrawn()).await
}

pub async fn approve_expense(scope: &Scope, id: ExpenseId, seen: Option<u64>) -> Result<Stored<Expense>> {
    turn(scope, || scope.begin("approve_expense", id), id, seen, Expense::approved).await
}

pub async fn refuse_expense(
    scope: &Scope,
    id: ExpenseId,
    input: &RefusalInput,
    seen: Option<u64>,
) -> Result<Stored<Expense>> {
    let reason = input.parse()?;
    turn(scope, || scope.begin("refuse_expense", id), id, seen, |read, by| read.refused(by, reason.clone())).await
}

async fn turn(
    scope: &Scope,
    begin: impl Fn() -> Transaction,
    id: ExpenseId,
    seen: Option<u64>,
    turned: impl Fn(&Expense, (Timestamp, UserId)) -> Result<Expense>,
) -> Result<Stored<Expense>> {
    let user = actor(scope)?;
    scope
        .write(|| async {
            let (read, found) = store::read_both(scope, id).await?;
            let read = read.expect_version(seen)?;
            let after = turned(&read, (scope.now(), user))?;
            let mut transaction = begin();
            store::save(&mut transaction, Some(&read), Some(&after));
            received::store::follow(&mut transaction, scope, &found, &read, &after)?;
            if let (Approval::Submitted { by, .. }, Approval::Approved { .. } | Approval::Refused { .. }) =
                (&read.approval, &after.approval)
            {
                // Whoever asked is told.
                let about = About { assigned_to: Some(*by), ..store::about(&after) }.by(transaction.actor());
                let is_approved = after.counts();
                transaction.emit(Event::ExpenseDecided { expense: id, is_approved, about });
            }
            Ok((transaction, Stored { value: after, version: read.version + 1 }))
        })
        .await
}
