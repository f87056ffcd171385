//! What becomes of an invoice that was issued in a supplier's name: they contest or accept it, we pay it.

use kernel::{Result, id::SelfBilledId, reference::OrganizationReference};
use table::{Scope, Stored, Transaction};

use super::{ContestInput, PaidInput, SelfBilled, store};

pub async fn contest_self_billed(
    scope: &Scope,
    organization: &OrganizationReference,
    id: SelfBilledId,
    input: &ContestInput,
    seen: Option<u64>,
) -> Result<Stored<SelfBilled>> {
    let today = scope.clock().today(&organization.zone());
    settle(scope, id, seen, |read| Ok((scope.begin("contest_self_billed", id), read.contested(input, today)?))).await
}

pub async fn accept_self_billed(
    scope: &Scope,
    organization: &OrganizationReference,
    id: SelfBilledId,
    seen: Option<u64>,
) -> Result<Stored<SelfBilled>> {
    let today = scope.clock().today(&organization.zone());
    settle(scope, id, seen, |read| Ok((scope.begin("accept_self_billed", id), read.accepted(today)?))).await
}

pub async fn pay_self_billed(
    scope: &Scope,
    organization: &OrganizationReference,
    id: SelfBilledId,
    input: &PaidInput,
    seen: Option<u64>,
) -> Result<Stored<SelfBilled>> {
    let today = scope.clock().today(&organization.zone());
    settle(scope, id, seen, |read| Ok((scope.begin("pay_self_billed", id), read.paid(input, today)?))).await
}

pub async fn unpay_self_billed(scope: &Scope, id: SelfBilledId, seen: Option<u64>) -> Result<Stored<SelfBilled>> {
    settle(scope, id, seen, |read| Ok((scope.begin("unpay_self_billed", id), read.unpaid()?))).await
}

/// Writes what the act decides of the document as it is now.
async fn settle(
    scope: &Scope,
    id: SelfBilledId,
    seen: Option<u64>,
    decide: impl Fn(&SelfBilled) -> Result<(Transaction, SelfBilled)>,
) -> Result<Stored<SelfBilled>> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let (mut transaction, settled) = decide(&read)?;
            transaction.update(&read, &settled);
            Ok((transaction, Stored { value: settled, version: read.version + 1 }))
        })
        .await
}
