//! `/api/v1/crm/fields`

use http::StatusCode;
use kernel::id::FieldId;
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created, seen};

use super::{CustomField, FieldInput, FieldKind, store::SETTINGS};
use crate::record::RecordKind;

#[derive(Serialize, utoipa::ToSchema)]
pub struct FieldView {
    /// `fld_…`, by which `custom` of a record names it.
    #[schema(value_type = String)]
    id: FieldId,
    /// Which records have it.
    of: RecordKind,
    name: String,
    kind: FieldKind,
    /// Of a choice.
    choices: Vec<String>,
}

impl FieldView {
    fn of(field: &CustomField) -> Self {
        let CustomField { id, of, ref name, kind, ref choices } = *field;
        Self { id, of, name: name.clone(), kind, choices: choices.clone() }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FieldList {
    items: Vec<FieldView>,
}

/// The fields that the organization added to its companies, contacts and opportunities, in their order. Its ETag is that of
/// all settings of the CRM, and what `If-Match` may name below.
#[utoipa::path(get, path = "/api/v1/crm/fields", tag = "crm", operation_id = "list_crm_fields",
    responses((status = 200, body = FieldList)))]
pub async fn list_crm_fields(asker: Asker) -> Result<Answer<FieldList>, Failure> {
    let settings = SETTINGS.shown(&asker.scope).await?;
    Ok(seen(FieldList { items: settings.fields.iter().map(FieldView::of).collect() }, settings.version))
}

/// Adds a field, 30 at most to each kind of records.
#[utoipa::path(post, path = "/api/v1/crm/fields", tag = "crm", operation_id = "create_crm_field",
    request_body = FieldInput, responses((status = 201, body = FieldView)))]
pub async fn create_crm_field(asker: Asker, Json(input): Json<FieldInput>) -> Result<Answer<FieldView>, Failure> {
    let (field, version) = super::create_crm_field(&asker.scope, &input).await?;
    Ok(created(FieldView::of(&field), version, format!("/api/v1/crm/fields/{}", field.id)))
}

/// Gives a field another name or other choices. What it is of and its kind stay.
#[utoipa::path(put, path = "/api/v1/crm/fields/{id}", tag = "crm", operation_id = "edit_crm_field",
    params(("id" = String, Path, description = "`fld_…`")),
    request_body = FieldInput, responses((status = 200, body = FieldView)))]
pub async fn edit_crm_field(
    asker: Asker,
    Id(id): Id<FieldId>,
    IfMatch(version): IfMatch,
    Json(input): Json<FieldInput>,
) -> Result<Answer<FieldView>, Failure> {
    let (field, version) = super::edit_crm_field(&asker.scope, id, &input, version).await?;
    Ok(seen(FieldView::of(&field), version))
}

/// Removes a field: what records have in it is shown no more.
#[utoipa::path(delete, path = "/api/v1/crm/fields/{id}", tag = "crm", operation_id = "delete_crm_field",
    params(("id" = String, Path, description = "`fld_…`")), responses((status = 204)))]
pub async fn delete_crm_field(
    asker: Asker,
    Id(id): Id<FieldId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_crm_field(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
