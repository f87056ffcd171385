//! Reading and changing the account plan.

use kernel::Result;
use table::{Scope, Stored};

use super::{AccountPlan, plan::AccountPlanInput};

/// With version 0 where it was never changed.
pub async fn read_plan(scope: &Scope) -> Result<Stored<AccountPlan>> {
    let found = scope.get::<AccountPlan>(&scope.keys().account_plan()).await?;
    Ok(found.unwrap_or_else(|| Stored { value: AccountPlan::default(), version: 0 }))
}

/// What was entered before is told by the new plan too: an entry of accounting is made when it is asked for.
pub async fn edit_plan(scope: &Scope, input: &AccountPlanInput, seen: Option<u64>) -> Result<Stored<AccountPlan>> {
    scope
        .write(|| async {
            let read = read_plan(scope).await?.expect_version(seen)?;
            let plan = input.parse()?;
            let mut transaction = scope.begin("edit_account_plan", scope.tenant().organization());
            let stored = (read.version > 0).then_some(&read);
            transaction.save(stored, &plan);
            Ok((transaction, Stored { value: plan, version: read.version + 1 }))
        })
        .await
}
