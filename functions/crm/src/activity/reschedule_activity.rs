//! Moving an activity to another time, as by dragging it in the calendar: of two who move it at once, one learns that the
//! other was faster.

use kernel::{Result, id::ActivityId};
use web::Asker;

use super::{Activity, MoveInput, show_activity, store};

/// `seen` is the version that the client saw it in.
pub async fn reschedule_activity(
    asker: &Asker,
    id: ActivityId,
    input: &MoveInput,
    seen: Option<u64>,
) -> Result<(Activity, u64)> {
    let scope = &asker.scope;
    let now = scope.now().to_zoned(asker.organization.zone());
    scope
        .write(|| async {
            let read = show_activity(asker, id).await?.expect_version(seen)?;
            let starts = input.parse(read.starts)?;
            let mut transaction = scope.begin("reschedule_activity", id);
            let Some(moved) = read.moved(starts, &now)? else {
                return Ok((transaction.nothing(), (read.value.clone(), read.version)));
            };
            store::save(&mut transaction, Some(&read), &moved);
            Ok((transaction, (moved, read.version + 1)))
        })
        .await
}
