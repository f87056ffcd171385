//! Changing an activity.

use kernel::{Permission, Result, id::ActivityId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{
    Activity, ActivityInput, Status,
    records::{self, Records},
    show_activity::seen_of,
    store,
};

/// Replaces the activity. `seen` is the version that the client filled its form in on.
pub async fn edit_activity(
    asker: &Asker,
    id: ActivityId,
    input: &ActivityInput,
    seen: Option<u64>,
) -> Result<(Activity, u64)> {
    let (scope, key) = (&asker.scope, asker.scope.keys().activity(id));
    let now = scope.now().to_zoned(asker.organization.zone());
    let mut wanted = records::keys(scope.keys(), input.named());
    wanted.push(key.clone());
    let wanted = &wanted;
    scope
        .write(|| async {
            let nominee = asker.nominee(input.assignee(), Permission::CrmView);
            let (found, nominee) = side_by_side(scope.get_many(wanted), nominee).await;
            let found = found?;
            let current: Stored<Activity> = seen_of(asker, found.get(&key)?)?.expect_version(seen)?;
            let new = input.parse_change(&now, &current)?;
            let records = Records::of(&found)?;
            let named = records.named(asker, new.about, Some(&current))?;
            let assigned_to = asker.reassigned(nominee?, current.assigned_to)?;
            let changed = new.changed(&current, named, assigned_to, &now);
            let mut transaction = scope.begin("edit_activity", id);
            store::save(&mut transaction, Some(&current), &changed);
            records.check(Some(&current), &mut transaction);
            if changed.status == Status::Completed && current.status != Status::Completed {
                records.keep_contact(now.date(), &mut transaction);
            }
            Ok((transaction, (changed, current.version + 1)))
        })
        .await
}
