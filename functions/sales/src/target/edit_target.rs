//! Changing a target. What was told of it stays told, unless it is another one now.

use kernel::{Result, id::TargetId};
use table::meter::side_by_side;
use web::Asker;

use super::{Standing, Target, TargetInput, count::Counts, create_target::must_be_eligible, show_target};

/// `seen` is the version that the client filled its form in on.
pub async fn edit_target(
    asker: &Asker,
    id: TargetId,
    input: &TargetInput,
    seen: Option<u64>,
) -> Result<((Target, Standing), u64)> {
    let (scope, today) = (&asker.scope, asker.today());
    scope
        .write(|| async {
            let new = input.parse(id, scope.now(), asker.organization.currency)?;
            let beside = side_by_side(must_be_eligible(asker, &new), Counts::of(scope, [&new]));
            let (shown, (eligible, counts)) = side_by_side(show_target(asker, id), beside).await;
            let (shown, counts) = (shown?, counts?);
            let read = shown.target.expect_version(seen)?;
            // Whoever was a member when it was set stays; of another one it is asked again.
            if read.aim != new.aim {
                eligible?;
            }
            let is_same = (read.kind, read.span, read.goal, &read.aim) == (new.kind, new.span, new.goal, &new.aim);
            let marks = shown.standing.as_ref().filter(|_| is_same).map(|known| known.marks.clone());
            let achieved = counts.achieved(&new, today);
            let standing = Standing { achieved, marks: marks.unwrap_or_default(), ..Standing::new(&new, today) };
            let changed = Target { created_at: read.created_at, ..new };
            let mut transaction = scope.begin("edit_target", id);
            transaction.update(&read, &changed).save(shown.standing.as_ref(), &standing);
            Ok((transaction, ((changed, standing), read.version + 1)))
        })
        .await
}
