//! Setting HR up.

use kernel::{
    Result,
    id::{DepartmentId, PositionId, WorkSiteId},
};
use table::{Scope, Stored};

use super::{HrSettings, HrSettingsInput, model::Ids, store};

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

/// Replaces the settings. `seen` is the version that the client filled its form in on.
pub async fn edit_hr_settings(scope: &Scope, input: &HrSettingsInput, seen: Option<u64>) -> Result<Stored<HrSettings>> {
    scope
        .write(|| async {
            let read = store::read(scope).await?;
            let current = read.clone().unwrap_or_else(store::none).expect_version(seen)?;
            let changed = input.parse(&current, New(scope))?;
            let mut transaction = scope.begin("edit_hr_settings", scope.tenant().organization());
            transaction.save(read.as_ref(), &changed);
            Ok((transaction, Stored { value: changed, version: current.version + 1 }))
        })
        .await
}
