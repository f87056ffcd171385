//! Adding a target.

use kernel::{Error, Permission, Result, Rule, id::TargetId};
use table::meter::{all_at_once, side_by_side};
use web::Asker;

use super::{Standing, Target, TargetInput, count::Counts, list_targets, model::TARGETS_MAX};

pub async fn create_target(asker: &Asker, input: &TargetInput) -> Result<(Target, Standing)> {
    let scope = &asker.scope;
    let id = scope.new_id(TargetId::new);
    scope
        .write(|| async {
            let target = input.parse(id, scope.now(), asker.organization.currency)?;
            let beside = side_by_side(list_targets(asker), Counts::of(scope, [&target]));
            let (eligible, (others, counts)) = side_by_side(must_be_eligible(asker, &target), beside).await;
            eligible?;
            if others?.len() >= usize::from(TARGETS_MAX) {
                return Err(Error::field("/name", Rule::TooMany { max: TARGETS_MAX.into() }));
            }
            let achieved = counts?.achieved(&target, asker.today());
            let standing = Standing { achieved, ..Standing::new(&target, asker.today()) };
            let mut transaction = scope.begin("create_target", id);
            transaction.create(&target).create(&standing);
            Ok((transaction, (target, standing)))
        })
        .await
}

/// Members who may see it; and who sees only their own sets none for others.
pub(super) async fn must_be_eligible(asker: &Asker, target: &Target) -> Result<()> {
    if !asker.sees_all() && target.person() != Some(asker.user) {
        return Err(Error::field("/assigned_to", Rule::NotFound));
    }
    let users = target.aim.users().iter();
    for nominee in all_at_once(users.map(|user| asker.nominee(Some(*user), Permission::SalesView))).await {
        asker.assigned(nominee?)?;
    }
    Ok(())
}
