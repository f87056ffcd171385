//! `/api/v1/crm/tags`

use http::StatusCode;
use kernel::{Color, id::TagId, tag::Tag};
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created, seen};

use super::{TagInput, store::SETTINGS};

#[derive(Serialize, utoipa::ToSchema)]
pub struct CrmTagView {
    /// `tag_…`
    #[schema(value_type = String)]
    id: TagId,
    name: String,
    color: Color,
}

impl CrmTagView {
    fn of(tag: &Tag) -> Self {
        Self { id: tag.id, name: tag.name.clone(), color: tag.color }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CrmTagList {
    items: Vec<CrmTagView>,
}

/// The tags of companies, contacts and opportunities, by name. Its ETag is that of all settings of the CRM, and what
/// `If-Match` may name below.
#[utoipa::path(get, path = "/api/v1/crm/tags", tag = "crm", operation_id = "list_crm_tags",
    responses((status = 200, body = CrmTagList)))]
pub async fn list_crm_tags(asker: Asker) -> Result<Answer<CrmTagList>, Failure> {
    let settings = SETTINGS.shown(&asker.scope).await?;
    Ok(seen(CrmTagList { items: settings.tags.iter().map(CrmTagView::of).collect() }, settings.version))
}

/// Adds a tag.
#[utoipa::path(post, path = "/api/v1/crm/tags", tag = "crm", operation_id = "create_crm_tag",
    request_body = TagInput, responses((status = 201, body = CrmTagView)))]
pub async fn create_crm_tag(asker: Asker, Json(input): Json<TagInput>) -> Result<Answer<CrmTagView>, Failure> {
    let (tag, version) = super::create_crm_tag(&asker.scope, &input).await?;
    Ok(created(CrmTagView::of(&tag), version, format!("/api/v1/crm/tags/{}", tag.id)))
}

/// Gives a tag another name or colour.
#[utoipa::path(put, path = "/api/v1/crm/tags/{id}", tag = "crm", operation_id = "edit_crm_tag",
    params(("id" = String, Path, description = "`tag_…`")),
    request_body = TagInput, responses((status = 200, body = CrmTagView)))]
pub async fn edit_crm_tag(
    asker: Asker,
    Id(id): Id<TagId>,
    IfMatch(version): IfMatch,
    Json(input): Json<TagInput>,
) -> Result<Answer<CrmTagView>, Failure> {
    let (tag, version) = super::edit_crm_tag(&asker.scope, id, &input, version).await?;
    Ok(seen(CrmTagView::of(&tag), version))
}

/// Removes a tag: what had it no longer has.
#[utoipa::path(delete, path = "/api/v1/crm/tags/{id}", tag = "crm", operation_id = "delete_crm_tag",
    params(("id" = String, Path, description = "`tag_…`")), responses((status = 204)))]
pub async fn delete_crm_tag(asker: Asker, Id(id): Id<TagId>, IfMatch(version): IfMatch) -> Result<StatusCode, Failure> {
    super::delete_crm_tag(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
