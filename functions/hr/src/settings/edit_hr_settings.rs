//! Setting HR up.

use kernel::{
    Result,
    event::Event,
    id::{DepartmentId, PositionId, WorkSiteId},
};
use table::{Scope, Stored};
use web::Asker;

use super::{HrSettings, HrSettingsInput, model::Ids, store::SETTINGS};

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
/// today on, everybody's leave is looked at anew.
pub async fn edit_hr_settings(asker: &Asker, input: &HrSettingsInput, seen: Option<u64>) -> Result<Stored<HrSettings>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = SETTINGS.read(scope).await?;
            let current = read.clone().unwrap_or_else(Stored::unwritten).expect_version(seen)?;
            let changed = input.parse(&current, asker.today(), New(scope))?;
            let mut transaction = scope.begin("edit_hr_settings", scope.tenant().organization());
            transaction.save(read.as_ref(), &changed);
            if current.counts_otherwise(&changed) {
                transaction.emit(Event::LeaveRecountRequested { after: None });
            }
            Ok((transaction, Stored { value: changed, version: current.version + 1 }))
        })
        .await
}
