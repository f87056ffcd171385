//! The day came: each expense that is due is entered, in order, once however often the clock asks. In one transaction the
//! expense, and the place of the next.

use kernel::{Error, Result, id::RecurringExpenseId, reference::OrganizationReference};
use table::Scope;

use super::{RecurringExpense, store};
use crate::{expense, settings};

/// How many one message makes up for at most: of each week of a year and more.
const AT_ONCE_MAX: usize = 60;

pub async fn make_recurring_expenses(scope: &Scope, id: RecurringExpenseId) -> Result<()> {
    for _ in 0..AT_ONCE_MAX {
        if !make_one(scope, id).await? {
            return Ok(());
        }
    }
    // The message comes again for the rest.
    Err(Error::unavailable("more recurring expenses are due"))
}

/// Whether there was one to make.
async fn make_one(scope: &Scope, id: RecurringExpenseId) -> Result<bool> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let wanted = [keys.recurring_expense(id), keys.organization(), keys.purchase_settings()];
            let found = scope.get_many(&wanted).await?;
            let Some(read) = found.first::<RecurringExpense>()? else {
                return Ok((scope.begin("make_recurring_expense", id).nothing(), false));
            };
            let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
            let threshold = settings::THRESHOLD.among(&found)?.value;
            let today = scope.clock().today(&organization.zone());
            let wants = |content: &expense::ExpenseContent| threshold.wants_approval(content, organization.currency);
            match read.occurred(scope.now(), today, wants) {
                // Nobody writes in the name of a deleted organization.
                Some((expense, after)) if organization.deletion.is_none() => {
                    let mut transaction = scope.begin("make_recurring_expense", expense.id);
                    expense::store::save(&mut transaction, None, Some(&expense));
                    store::save(&mut transaction, Some(&read), &after);
                    Ok((transaction, true))
                }
                _ => Ok((scope.begin("make_recurring_expense", id).nothing(), false)),
            }
        })
        .await
}
