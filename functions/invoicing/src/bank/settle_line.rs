//! Setting a line aside that settles nothing of ours (a fee, a salary), and taking that back.

use kernel::{Error, Result, id::BankLineId, reference::OrganizationReference};
use table::{Scope, Stored};

use super::{BankLine, store};

pub async fn ignore_line(
    scope: &Scope,
    organization: &OrganizationReference,
    id: BankLineId,
    seen: Option<u64>,
) -> Result<Stored<BankLine>> {
    let today = scope.clock().today(&organization.zone());
    scope
        .write(|| async {
            let read = read(scope, id, seen).await?;
            let ignored = read.ignored(today)?;
            let mut transaction = scope.begin("ignore_bank_line", id);
            transaction.update(&read, &ignored);
            store::tell_changed(&mut transaction, &ignored, read.version + 1);
            Ok((transaction, Stored { value: ignored, version: read.version + 1 }))
        })
        .await
}

/// One that is matched opens again when its receipt is taken back.
pub async fn reopen_line(scope: &Scope, id: BankLineId, seen: Option<u64>) -> Result<Stored<BankLine>> {
    scope
        .write(|| async {
            let read = read(scope, id, seen).await?;
            let reopened = read.reopened()?;
            let mut transaction = scope.begin("reopen_bank_line", id);
            transaction.update(&read, &reopened);
            store::tell_changed(&mut transaction, &reopened, read.version + 1);
            Ok((transaction, Stored { value: reopened, version: read.version + 1 }))
        })
        .await
}

async fn read(scope: &Scope, id: BankLineId, seen: Option<u64>) -> Result<Stored<BankLine>> {
    scope.get::<BankLine>(&scope.keys().bank_line(id)).await?.ok_or(Error::NotFound)?.expect_version(seen)
}
