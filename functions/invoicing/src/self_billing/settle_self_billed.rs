//! What becomes of an invoice that was issued in a supplier's name: they contest or accept it, we pay it.

use kernel::{Result, id::SelfBilledId, reference::OrganizationReference};
use table::{Scope, Stored};

use super::{ContestInput, PaidInput, SelfBilled, store};

pub async fn contest_self_billed(
    scope: &Scope,
    organization: &OrganizationReference,
    id: SelfBilledId,
    input: &ContestInput,
    seen: Option<u64>,
) -> Result<Stored<SelfBilled>> {
    let today = scope.clock().today(&organization.zone());
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let contested = read.contested(input, today)?;
            let mut transaction = scope.begin("contest_self_billed", id);
            transaction.update(&read, &contested);
            Ok((transaction, Stored { value: contested, version: read.version + 1 }))
        })
        .await
}

pub async fn accept_self_billed(
    scope: &Scope,
    organization: &OrganizationReference,
    id: SelfBilledId,
    seen: Option<u64>,
) -> Result<Stored<SelfBilled>> {
    let today = scope.clock().today(&organization.zone());
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let accepted = read.accepted(today)?;
            let mut transaction = scope.begin("accept_self_billed", id);
            transaction.update(&read, &accepted);
            Ok((transaction, Stored { value: accepted, version: read.version + 1 }))
        })
        .await
}

pub async fn pay_self_billed(
    scope: &Scope,
    organization: &OrganizationReference,
    id: SelfBilledId,
    input: &PaidInput,
    seen: Option<u64>,
) -> Result<Stored<SelfBilled>> {
    let today = scope.clock().today(&organization.zone());
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let paid = read.paid(input, today)?;
            let mut transaction = scope.begin("pay_self_billed", id);
            transaction.update(&read, &paid);
            Ok((transaction, Stored { value: paid, version: read.version + 1 }))
        })
        .await
}

pub async fn unpay_self_billed(scope: &Scope, id: SelfBilledId, seen: Option<u64>) -> Result<Stored<SelfBilled>> {
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let unpaid = read.unpaid()?;
            let mut transaction = scope.begin("unpay_self_billed", id);
            transaction.update(&read, &unpaid);
            Ok((transaction, Stored { value: unpaid, version: read.version + 1 }))
        })
        .await
}
