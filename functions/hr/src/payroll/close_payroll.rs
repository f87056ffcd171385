//! A month is closed with what it says, and reopened for a reason. What was told once is kept as it was.

use kernel::Result;
use table::Stored;
use web::Asker;

use super::{Payroll, show_payroll::show_payroll};
use crate::time::{Month, ReasonInput, store::by};

/// What differs once it is closed is shown, and tells itself to nobody.
pub async fn close_payroll(asker: &Asker, month: Month, seen: Option<u64>) -> Result<Stored<Payroll>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let sight = show_payroll(asker, month).await?;
            let current = sight.payroll.clone().expect_version(seen)?;
            let (changed, closing) = current.closed(sight.lines, sight.rates, by(asker), scope.now(), asker.today())?;
            let mut transaction = scope.begin("close_payroll", month);
            transaction.save(Some(&current).filter(|_| sight.is_stored), &changed).create(&closing);
            Ok((transaction, Stored { value: changed, version: current.version + 1 }))
        })
        .await
}

pub async fn reopen_payroll(
    asker: &Asker,
    month: Month,
    input: &ReasonInput,
    seen: Option<u64>,
) -> Result<Stored<Payroll>> {
    let scope = &asker.scope;
    let reason = input.parse()?;
    scope
        .write(|| async {
            let read = scope.get::<Payroll>(&scope.keys().payroll(&month.to_string())).await?;
            let blank = || Stored { value: Payroll::new(month), version: 0 };
            let current = read.clone().unwrap_or_else(blank).expect_version(seen)?;
            let changed = current.reopened(by(asker), scope.now(), reason.clone())?;
            let mut transaction = scope.begin("reopen_payroll", month);
            transaction.save(read.as_ref(), &changed);
            Ok((transaction, Stored { value: changed, version: current.version + 1 }))
        })
        .await
}
