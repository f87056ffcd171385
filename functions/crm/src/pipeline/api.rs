//! `/api/v1/crm/pipelines`

use http::StatusCode;
use kernel::{Error, id::PipelineId};
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created, seen};

use crate::settings::{self, Pipeline, PipelineInput};

#[derive(Serialize, utoipa::ToSchema)]
pub struct PipelineView {
    /// `pip_…`
    #[schema(value_type = String)]
    id: PipelineId,
    #[serde(flatten)]
    pipeline: PipelineInput,
}

impl PipelineView {
    fn of(pipeline: &Pipeline) -> Self {
        Self { id: pipeline.id, pipeline: PipelineInput::of(pipeline) }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PipelineList {
    items: Vec<PipelineView>,
}

/// The pipelines with their stages; all of the CRM's settings have one version.
#[utoipa::path(get, path = "/api/v1/crm/pipelines", tag = "crm", operation_id = "list_pipelines",
    responses((status = 200, body = PipelineList)))]
pub async fn list_pipelines(asker: Asker) -> Result<Answer<PipelineList>, Failure> {
    let settings = settings::SETTINGS.shown(&asker.scope).await?;
    let items = settings.pipelines.iter().map(PipelineView::of).collect();
    Ok(seen(PipelineList { items }, settings.version))
}

/// Adds a pipeline: at least one stage that is open, one that is won and one that is lost.
#[utoipa::path(post, path = "/api/v1/crm/pipelines", tag = "crm", operation_id = "create_pipeline",
    request_body = PipelineInput, responses((status = 201, body = PipelineView)))]
pub async fn create_pipeline(asker: Asker, Json(input): Json<PipelineInput>) -> Result<Answer<PipelineView>, Failure> {
    let (pipeline, version) = super::create_pipeline(&asker, &input, None).await?;
    Ok(created(PipelineView::of(&pipeline), version, format!("/api/v1/crm/pipelines/{}", pipeline.id)))
}

/// One pipeline.
#[utoipa::path(get, path = "/api/v1/crm/pipelines/{id}", tag = "crm", operation_id = "show_pipeline",
    params(("id" = String, Path, description = "`pip_…`")), responses((status = 200, body = PipelineView)))]
pub async fn show_pipeline(asker: Asker, Id(id): Id<PipelineId>) -> Result<Answer<PipelineView>, Failure> {
    let settings = settings::SETTINGS.shown(&asker.scope).await?;
    let pipeline = settings.pipeline(id).ok_or(Error::NotFound)?;
    Ok(seen(PipelineView::of(pipeline), settings.version))
}

/// Replaces a pipeline. Stages with an id are changed, those without are new, those that are not named go: only if they
/// hold no opportunity. What a stage means changes under the same condition.
#[utoipa::path(put, path = "/api/v1/crm/pipelines/{id}", tag = "crm", operation_id = "edit_pipeline",
    params(("id" = String, Path, description = "`pip_…`")),
    request_body = PipelineInput, responses((status = 200, body = PipelineView)))]
pub async fn edit_pipeline(
    asker: Asker,
    Id(id): Id<PipelineId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PipelineInput>,
) -> Result<Answer<PipelineView>, Failure> {
    let (pipeline, version) = super::edit_pipeline(&asker, id, &input, version).await?;
    Ok(seen(PipelineView::of(&pipeline), version))
}

/// Deletes a pipeline that holds no opportunity and is not the last.
#[utoipa::path(delete, path = "/api/v1/crm/pipelines/{id}", tag = "crm", operation_id = "delete_pipeline",
    params(("id" = String, Path, description = "`pip_…`")), responses((status = 204)))]
pub async fn delete_pipeline(
    asker: Asker,
    Id(id): Id<PipelineId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_pipeline(&asker, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
