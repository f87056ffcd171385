//! Setting a line aside that settles nothing of ours (a fee, a salary), and taking that back.

use kernel::{Error, Result, id::BankLineId, reference::OrganizationReference};
use table::{Scope, Stored};

use super::BankLine;

pub async fn ignore_line(
    scope: &Scope,
    organization: &OrganizationReference,
    id: BankLineId,
    seen: Option<u64>,
) -> Result<Stored<BankLine>> {
    let today = scope.clock().today(&organization.zone());
    change(scope, id, seen, "ignore_bank_line", |line| line.ignored(today)).await
}

/// One that is matched opens again when its receipt is taken back.
pub async fn reopen_line(scope: &Scope, id: BankLineId, seen: Option<u64>) -> Result<Stored<BankLine>> {
    change(scope, id, seen, "reopen_bank_line", BankLine::reopened).await
}

async fn change(
    scope: &Scope,
    id: BankLineId,
    seen: Option<u64>,
    act: &'static str,
    rule: impl Fn(&BankLine) -> Result<BankLine>,
) -> Result<Stored<BankLine>> {
    scope
        .write(|| async {
            let read = scope.get::<BankLine>(&scope.keys().bank_line(id)).await?.ok_or(Error::NotFound)?;
            let read = read.expect_version(seen)?;
            let changed = rule(&read)?;
            let mut transaction = scope.begin(act, id);
            transaction.update(&read, &changed);
            Ok((transaction, Stored { value: changed, version: read.version + 1 }))
        })
        .await
}
