//! `/api/v1/organization`

use kernel::{document::Logo, reference::OrganizationReference};
use serde::Serialize;
use web::{Answer, Asker, Failure, IfMatch, Json, seen};

use super::OrganizationInput;

#[derive(Serialize, utoipa::ToSchema)]
pub struct OrganizationView {
    /// `org_…`
    #[schema(value_type = String)]
    id: kernel::id::OrganizationId,
    #[serde(flatten)]
    settings: OrganizationInput,
    /// Last day of the trial; only the platform's administrator sets it.
    #[schema(value_type = Option<String>, format = Date)]
    trial_ends_on: Option<jiff::civil::Date>,
    /// Changed at `/api/v1/organization/logo`.
    logo: Option<Logo>,
}

impl OrganizationView {
    pub(crate) fn of(organization: &OrganizationReference) -> Self {
        Self {
            id: organization.id,
            settings: OrganizationInput::of(organization),
            trial_ends_on: organization.trial_ends_on,
            logo: organization.brand.logo.clone(),
        }
    }
}

/// The organization that the token or session acts for.
#[utoipa::path(get, path = "/api/v1/organization", tag = "organizations", operation_id = "show_organization",
    responses((status = 200, body = OrganizationView)))]
pub async fn show_organization(asker: Asker) -> Result<Answer<OrganizationView>, Failure> {
    let organization = super::edit_organization::read(&asker.scope).await?;
    Ok(seen(OrganizationView::of(&organization), organization.version))
}

/// Replaces the settings.
#[utoipa::path(put, path = "/api/v1/organization", tag = "organizations", operation_id = "edit_organization",
    request_body = OrganizationInput, responses((status = 200, body = OrganizationView)))]
pub async fn edit_organization(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<OrganizationInput>,
) -> Result<Answer<OrganizationView>, Failure> {
    let (organization, version) = super::edit_organization(&asker.scope, &input, version).await?;
    Ok(seen(OrganizationView::of(&organization), version))
}
