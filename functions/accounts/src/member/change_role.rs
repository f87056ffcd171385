//! Giving a member another role.

use kernel::{Error, Permission, Result, Rule, id::UserId};
use web::{Asker, Membership};

use super::{MemberInput, RoleChoice, granter, leave_role, owners, owners_after, still_grants, take_role};

/// It holds from the member's next request. `seen` is the version of the membership that the client saw.
pub async fn change_role(
    asker: &Asker,
    user: UserId,
    input: &MemberInput,
    seen: Option<u64>,
) -> Result<(Membership, u64)> {
    let choice = input.parse()?;
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    scope
        .write(|| async {
            let mut wanted = vec![keys.member(user), keys.member(asker.user), keys.owners()];
            if let RoleChoice::Custom(role) = choice {
                wanted.push(keys.role(role));
            }
            let found = scope.get_many(&wanted).await?;
            let member = found.get::<Membership>(&keys.member(user))?.filter(|member| member.visit.is_none());
            let member = member.ok_or(Error::NotFound)?.expect_version(seen)?;
            let (by, own) = granter(asker, &found)?;
            let role = choice.resolve(found.all()?).ok_or_else(|| Error::field("/role", Rule::NotAChoice))?;
            by.must(Permission::SettingsEdit)?;
            by.must_grant(&member.role)?;
            by.must_grant(&role.role)?;
            let mut transaction = scope.begin("change_role", user);
            if RoleChoice::of(&member.role) == choice {
                return Ok((transaction.nothing(), (member.value.clone(), member.version)));
            }
            let former = owners(&found, keys)?;
            let after = owners_after(&former, user, Some(&member.role), Some(&role.role))?;
            if after != former.value {
                transaction.update(&former, &after);
            }
            let changed = Membership { role: role.role.clone(), ..member.value.clone() };
            transaction.update(&member, &changed);
            leave_role(&mut transaction, keys, user, &member.role);
            take_role(&mut transaction, user, &role);
            if asker.user != user {
                still_grants(&mut transaction, asker, &own);
            }
            Ok((transaction, (changed, member.version + 1)))
        })
        .await
}
