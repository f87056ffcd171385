//! Ending a visit before its time.

use kernel::{Result, id::OrganizationId};
use web::{Asker, Membership};

/// Where no visit is, there is nothing to end; a membership that is none stays.
pub async fn leave_organization(asker: &Asker, id: OrganizationId) -> Result<()> {
    let scope = &asker.scope_in(id)?;
    scope
        .write(|| async {
            let member = scope.get::<Membership>(&scope.keys().member(asker.user)).await?;
            let mut transaction = scope.begin("leave_organization", id);
            match member.filter(|member| member.visit.is_some()) {
                Some(visit) => drop(transaction.delete(&visit)),
                None => transaction = transaction.nothing(),
            }
            Ok((transaction, ()))
        })
        .await
}
