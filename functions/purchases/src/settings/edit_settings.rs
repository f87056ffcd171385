//! Saying from which amount on expenses are approved. Those that count already stay.

use kernel::{Minor, Result, Rule, Violations};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored};
use web::Asker;

use super::store::THRESHOLD;
use crate::expense::{Threshold, amount};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SettingsInput {
    /// In the organization's currency, all taxes included: `500`. 0 to approve each, empty to approve none.
    pub approval_from: String,
}

impl SettingsInput {
    fn parse(&self, asker: &Asker) -> Result<Threshold, Violations> {
        let mut wrong = Violations::default();
        let currency = asker.organization.currency;
        let approval_from_minor = match self.approval_from.trim() {
            "" => Some(None),
            typed => {
                let from = amount(typed, currency).and_then(|from| match from < Minor::ZERO {
                    true => Err(Rule::OutOfRange { min: "0".into(), max: Minor::MAX.plain(currency) }),
                    false => Ok(from),
                });
                wrong.take("/approval_from", from).map(Some)
            }
        };
        approval_from_minor.map(|approval_from_minor| Threshold { approval_from_minor }).ok_or(wrong)
    }
}

/// `seen` is the version that the form was filled in on.
pub async fn edit_settings(asker: &Asker, input: &SettingsInput, seen: Option<u64>) -> Result<Stored<Threshold>> {
    let changed = input.parse(asker)?;
    let begin = |scope: &Scope, organization| scope.begin("edit_purchase_settings", organization);
    let change = |_: &Threshold| Ok((changed.clone(), changed.clone()));
    let (value, version) = THRESHOLD.change(&asker.scope, seen, begin, change).await?;
    Ok(Stored { value, version })
}

impl SettingsInput {
    pub async fn read(asker: &Asker) -> Result<(Self, u64)> {
        let read = THRESHOLD.shown(&asker.scope).await?;
        Ok((Self::of(asker, &read), read.version))
    }

    pub fn of(asker: &Asker, settings: &Threshold) -> Self {
        let from = settings.approval_from_minor.map(|from| from.plain(asker.organization.currency));
        Self { approval_from: from.unwrap_or_default() }
    }
}
