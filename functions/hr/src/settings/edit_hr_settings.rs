//! Setting HR up.

use kernel::{
    Result,
    event::Event,
    id::{DepartmentId, PositionId, WorkSiteId},
};
use table::{Scope, Stored, meter::side_by_side};
use web::Asker;

use super::{HrSettings, HrSettingsInput, model::Ids, store::SETTINGS};
use crate::employee::everybody;

struct New<'a>(&'a Scope);

impl Ids for New<'_> {
    fn department(&mut self) -> DepartmentId {
        self.0.new_id(DepartmentId::new)
    }

    fn position(&mut self) -> PositionId {
        self.0.new_id(PositionId::new)
    }

    fn site(&mut self) -> WorkSiteId {
        self.0.new_id(WorkSiteId::new)
    }
}

/// Replaces the settings. `seen` is the version that the client filled its form in on. Where days are counted otherwise from
/// today on, everybody's leave is looked at anew. What contracts name is not taken away.
pub async fn edit_hr_settings(asker: &Asker, input: &HrSettingsInput, seen: Option<u64>) -> Result<Stored<HrSettings>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, all) = side_by_side(SETTINGS.read(scope), everybody(scope)).await;
            let (read, all) = (read?, all?);
            let current = read.clone().unwrap_or_else(Stored::unwritten).expect_version(seen)?;
            let changed = input.parse(&current, asker.today(), New(scope))?;
            input.must_keep_named(&current, &changed, all.iter().map(|employee| &employee.value))?;
            let mut transaction = scope.begin("edit_hr_settings", scope.tenant().organization());
            transaction.save(read.as_ref(), &changed);
            if current.counts_otherwise(&changed) {
                transaction.emit(Event::LeaveRecountRequested { after: None });
            }
            Ok((transaction, Stored { value: changed, version: current.version + 1 }))
        })
        .await
}
