//! Visiting an organization: a membership that ends by itself, in sight of the team and in the audit log.

use jiff::SignedDuration;
use kernel::{Error, Result, error::Conflict, id::OrganizationId, permission::Role, reference::OrganizationReference};
use web::{Asker, Membership, Visit};

/// How long a visit lasts unless it is ended earlier.
pub const VISIT_LASTS: SignedDuration = SignedDuration::from_hours(1);

/// Entering again begins a new visit. Who is a member already stays what they are, and nothing is written.
pub async fn enter_organization(asker: &Asker, id: OrganizationId) -> Result<()> {
    let scope = &asker.scope_in(id)?;
    let keys = scope.keys();
    scope
        .write(|| async {
            let found = scope.get_many(&[keys.organization(), keys.member(asker.user)]).await?;
            let organization = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?;
            if organization.deletion.is_some() {
                return Err(Error::Conflict(Conflict::OrganizationDeleted));
            }
            let former = found.get::<Membership>(&keys.member(asker.user))?;
            let mut transaction = scope.begin("enter_organization", id);
            if former.as_ref().is_some_and(|member| member.visit.is_none()) {
                return Ok((transaction.nothing(), ()));
            }
            let now = scope.now();
            let until = now.checked_add(VISIT_LASTS).map_err(Error::internal)?;
            transaction.check(&keys.organization(), organization.version).save(
                former.as_ref(),
                &Membership {
                    user: asker.user,
                    role: Role::Admin.into(),
                    name: asker.name.clone(),
                    email: asker.email.clone(),
                    joined_at: now,
                    portrait: asker.portrait,
                    seen_at: None,
                    visit: Some(Visit { until }),
                },
            );
            Ok((transaction, ()))
        })
        .await
}
