//! Until when an organization tries the product. Nothing closes by itself then: its pages tell it (`web::Shell`).

use jiff::civil::Date;
use kernel::{Error, Result, error::Conflict, id::OrganizationId, legal, reference::OrganizationReference};
use serde::{Deserialize, Serialize};
use web::Asker;

use crate::organization;

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TrialInput {
    /// The last day, `YYYY-MM-DD`; empty where there is no trial.
    pub ends_on: String,
}

impl TrialInput {
    fn parse(&self) -> Result<Option<Date>> {
        match self.ends_on.trim() {
            "" => Ok(None),
            text => legal::date(text).map(Some).map_err(|rule| Error::field("/ends_on", rule)),
        }
    }
}

pub async fn set_trial(asker: &Asker, id: OrganizationId, input: &TrialInput) -> Result<OrganizationReference> {
    let scope = &asker.scope_in(id)?;
    let trial_ends_on = input.parse()?;
    scope
        .write(|| async {
            let current = organization::read(scope).await?;
            if current.deletion.is_some() {
                return Err(Error::Conflict(Conflict::OrganizationDeleted));
            }
            let mut transaction = scope.begin("set_trial", id);
            if current.trial_ends_on == trial_ends_on {
                return Ok((transaction.nothing(), current.value));
            }
            let changed = OrganizationReference { trial_ends_on, ..current.value.clone() };
            transaction.update(&current, &changed);
            Ok((transaction, changed))
        })
        .await
}
