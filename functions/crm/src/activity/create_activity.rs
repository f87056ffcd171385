//! Planning an activity, or noting one that was done.

use kernel::{Permission, Result, id::ActivityId};
use table::meter::side_by_side;
use web::Asker;

use super::{
    Activity, ActivityInput, Status,
    records::{self, Records},
    store,
};

pub async fn create_activity(asker: &Asker, input: &ActivityInput) -> Result<Activity> {
    let scope = &asker.scope;
    let id = scope.new_id(ActivityId::new);
    let now = scope.now().to_zoned(asker.organization.zone());
    let new = input.parse(&now)?;
    let wanted = &records::keys(scope.keys(), new.about);
    scope
        .write(|| async {
            let nominee = asker.nominee(new.assigned_to, Permission::CrmView);
            let (found, nominee) = side_by_side(scope.get_many(wanted), nominee).await;
            let records = Records::of(&found?)?;
            let named = records.named(asker, new.about, None)?;
            let activity = new.clone().created(id, named, asker.assigned(nominee?)?, &now);
            let mut transaction = scope.begin("create_activity", id);
            store::save(&mut transaction, None, &activity);
            records.check(None, &mut transaction);
            if activity.status == Status::Completed {
                records.keep_contact(now.date(), &mut transaction);
            }
            Ok((transaction, activity))
        })
        .await
}
