//! Taking a member out of the organization, or leaving it.

use kernel::{
    Error, Permission, Result,
    event::{Event, Person},
    id::UserId,
};
use table::{exports::PersonExports, keys};
use web::{Asker, Membership, dashboard::Arrangement, team::UserOrganization};

use super::{granter, leave_role, owners, owners_after, still_grants};

/// Their sessions and tokens open nothing here from the next request on.
pub async fn remove_member(asker: &Asker, user: UserId) -> Result<Membership> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    scope
        .write(|| async {
            let found = scope.get_many(&[keys.member(user), keys.member(asker.user), keys.owners()]).await?;
            let member = found.get::<Membership>(&keys.member(user))?.filter(|member| member.visit.is_none());
            let member = member.ok_or(Error::NotFound)?;
            let (by, own) = granter(asker, &found)?;
            by.must(Permission::SettingsDelete)?;
            by.must_grant(&member.role)?;
            let former = owners(&found, keys)?;
            let after = owners_after(&former, user, Some(&member.role), None)?;
            let mut transaction = scope.begin("remove_member", user);
            if after != former.value {
                transaction.update(&former, &after);
            }
            transaction
                .delete(&member)
                .forget::<UserOrganization>(|_| keys::membership_of_user(user, asker.organization.id));
            transaction.forget::<Arrangement>(|keys| keys.dashboard(user));
            transaction.emit(Event::MemberLeft { user });
            leave_role(&mut transaction, keys, user, &member.role);
            // Nobody reaches them any more, and what is still being written is deleted.
            for of in [Person::User(user), Person::Member(user)] {
                transaction.forget::<PersonExports>(|keys| keys.person_exports(of));
            }
            if asker.user != user {
                still_grants(&mut transaction, asker, &own);
            }
            Ok((transaction, member.value))
        })
        .await
}
