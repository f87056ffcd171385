//! `/api/v1/catalogue`

use http::StatusCode;
use kernel::{
    Color,
    id::{CategoryId, TagId},
    tag::Tag,
};
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created, seen};

use super::{Category, CategoryInput, TagInput, store::CATALOGUE};

#[derive(Serialize, utoipa::ToSchema)]
pub struct CategoryView {
    /// `cat_…`
    #[schema(value_type = String)]
    id: CategoryId,
    name: String,
    /// The category under which it stands.
    #[schema(value_type = Option<String>)]
    parent_id: Option<CategoryId>,
}

impl CategoryView {
    fn of(category: &Category) -> Self {
        Self { id: category.id, name: category.name.clone(), parent_id: category.parent }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CategoryList {
    /// Each after the one under which it stands, those of one level by name.
    items: Vec<CategoryView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TagView {
    /// `tag_…`
    #[schema(value_type = String)]
    id: TagId,
    name: String,
    color: Color,
}

impl TagView {
    fn of(tag: &Tag) -> Self {
        Self { id: tag.id, name: tag.name.clone(), color: tag.color }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TagList {
    items: Vec<TagView>,
}

/// The tree of categories, whole. Its ETag is that of the whole catalogue's order, and what `If-Match` may name below.
#[utoipa::path(get, path = "/api/v1/catalogue/categories", tag = "catalogue", operation_id = "list_categories",
    responses((status = 200, body = CategoryList)))]
pub async fn list_categories(asker: Asker) -> Result<Answer<CategoryList>, Failure> {
    let catalogue = CATALOGUE.shown(&asker.scope).await?;
    let items = catalogue.tree().into_iter().map(|branch| CategoryView::of(branch.category)).collect();
    Ok(seen(CategoryList { items }, catalogue.version))
}

/// Adds a category.
#[utoipa::path(post, path = "/api/v1/catalogue/categories", tag = "catalogue", operation_id = "create_category",
    request_body = CategoryInput, responses((status = 201, body = CategoryView)))]
pub async fn create_category(asker: Asker, Json(input): Json<CategoryInput>) -> Result<Answer<CategoryView>, Failure> {
    let (category, version) = super::create_category(&asker.scope, &input).await?;
    Ok(created(CategoryView::of(&category), version, format!("/api/v1/catalogue/categories/{}", category.id)))
}

/// Renames a category or moves it, with all that is under it.
#[utoipa::path(put, path = "/api/v1/catalogue/categories/{id}", tag = "catalogue", operation_id = "edit_category",
    params(("id" = String, Path, description = "`cat_…`")),
    request_body = CategoryInput, responses((status = 200, body = CategoryView)))]
pub async fn edit_category(
    asker: Asker,
    Id(id): Id<CategoryId>,
    IfMatch(version): IfMatch,
    Json(input): Json<CategoryInput>,
) -> Result<Answer<CategoryView>, Failure> {
    let (category, version) = super::edit_category(&asker.scope, id, &input, version).await?;
    Ok(seen(CategoryView::of(&category), version))
}

/// Removes a category that has no others under it. Its products are then in none.
#[utoipa::path(delete, path = "/api/v1/catalogue/categories/{id}", tag = "catalogue",
    operation_id = "delete_category", params(("id" = String, Path, description = "`cat_…`")),
    responses((status = 204)))]
pub async fn delete_category(
    asker: Asker,
    Id(id): Id<CategoryId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_category(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The tags by name.
#[utoipa::path(get, path = "/api/v1/catalogue/tags", tag = "catalogue", operation_id = "list_tags",
    responses((status = 200, body = TagList)))]
pub async fn list_tags(asker: Asker) -> Result<Answer<TagList>, Failure> {
    let catalogue = CATALOGUE.shown(&asker.scope).await?;
    Ok(seen(TagList { items: catalogue.tags.iter().map(TagView::of).collect() }, catalogue.version))
}

/// Adds a tag.
#[utoipa::path(post, path = "/api/v1/catalogue/tags", tag = "catalogue", operation_id = "create_tag",
    request_body = TagInput, responses((status = 201, body = TagView)))]
pub async fn create_tag(asker: Asker, Json(input): Json<TagInput>) -> Result<Answer<TagView>, Failure> {
    let (tag, version) = super::create_tag(&asker.scope, &input).await?;
    Ok(created(TagView::of(&tag), version, format!("/api/v1/catalogue/tags/{}", tag.id)))
}

/// Gives a tag another name or colour.
#[utoipa::path(put, path = "/api/v1/catalogue/tags/{id}", tag = "catalogue", operation_id = "edit_tag",
    params(("id" = String, Path, description = "`tag_…`")),
    request_body = TagInput, responses((status = 200, body = TagView)))]
pub async fn edit_tag(
    asker: Asker,
    Id(id): Id<TagId>,
    IfMatch(version): IfMatch,
    Json(input): Json<TagInput>,
) -> Result<Answer<TagView>, Failure> {
    let (tag, version) = super::edit_tag(&asker.scope, id, &input, version).await?;
    Ok(seen(TagView::of(&tag), version))
}

/// Removes a tag: its products no longer have it.
#[utoipa::path(delete, path = "/api/v1/catalogue/tags/{id}", tag = "catalogue", operation_id = "delete_tag",
    params(("id" = String, Path, description = "`tag_…`")), responses((status = 204)))]
pub async fn delete_tag(asker: Asker, Id(id): Id<TagId>, IfMatch(version): IfMatch) -> Result<StatusCode, Failure> {
    super::delete_tag(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
