//! Setting HR up.

use kernel::{
    Result,
    id::{DepartmentId, PositionId, WorkSiteId},
};
use table::{Scope, Stored};

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

/// Replaces the settings. `seen` is the version that the client filled its form in on.
pub async fn edit_hr_settings(scope: &Scope, input: &HrSettingsInput, seen: Option<u64>) -> Result<Stored<HrSettings>> {
    let begin = |scope: &Scope, organization| scope.begin("edit_hr_settings", organization);
    let change = |current: &HrSettings| {
        let changed = input.parse(current, New(scope))?;
        Ok((changed.clone(), changed))
    };
    let (value, version) = SETTINGS.change(scope, seen, begin, change).await?;
    Ok(Stored { value, version })
}
