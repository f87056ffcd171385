//! `/api/v1/crm/web-forms`

use http::StatusCode;
use jiff::Timestamp;
use kernel::id::WebFormId;
use serde::Serialize;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, created, seen};

use super::{WebForm, WebFormInput, site};

#[derive(Serialize, utoipa::ToSchema)]
pub struct WebFormView {
    /// `wfo_…`
    #[schema(value_type = String)]
    id: WebFormId,
    #[serde(flatten)]
    form: WebFormInput,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Where its visitors find it, whether it is open or not.
    url: String,
}

impl WebFormView {
    fn of(asker: &Asker, form: &WebForm) -> Self {
        let url = format!("{}{}", asker.deps().config.public_url, site::path(&asker.organization, form));
        Self { id: form.id, form: WebFormInput::of(form), created_at: form.created_at, url }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct WebFormList {
    /// At most 20.
    items: Vec<WebFormView>,
}

/// The forms by which visitors of the organization's web site write to it.
#[utoipa::path(get, path = "/api/v1/crm/web-forms", tag = "crm", operation_id = "list_web_forms",
    responses((status = 200, body = WebFormList)))]
pub async fn list_web_forms(asker: Asker) -> Result<axum::Json<WebFormList>, Failure> {
    let forms = super::list_web_forms(&asker.scope).await?;
    Ok(axum::Json(WebFormList { items: forms.iter().map(|form| WebFormView::of(&asker, form)).collect() }))
}

/// Adds a form. What is sent by it becomes a contact and an opportunity.
#[utoipa::path(post, path = "/api/v1/crm/web-forms", tag = "crm", operation_id = "create_web_form",
    request_body = WebFormInput, responses((status = 201, body = WebFormView)))]
pub async fn create_web_form(asker: Asker, Json(input): Json<WebFormInput>) -> Result<Answer<WebFormView>, Failure> {
    let form = super::create_web_form(&asker, &input).await?;
    Ok(created(WebFormView::of(&asker, &form), 1, format!("/api/v1/crm/web-forms/{}", form.id)))
}

/// One form.
#[utoipa::path(get, path = "/api/v1/crm/web-forms/{form}", tag = "crm", operation_id = "show_web_form",
    params(("form" = String, Path, description = "`wfo_…`")), responses((status = 200, body = WebFormView)))]
pub async fn show_web_form(asker: Asker, Id(id): Id<WebFormId>) -> Result<Answer<WebFormView>, Failure> {
    let form = super::show_web_form(&asker.scope, id).await?;
    Ok(seen(WebFormView::of(&asker, &form), form.version))
}

/// Replaces a form, or closes it.
#[utoipa::path(put, path = "/api/v1/crm/web-forms/{form}", tag = "crm", operation_id = "edit_web_form",
    params(("form" = String, Path, description = "`wfo_…`")),
    request_body = WebFormInput, responses((status = 200, body = WebFormView)))]
pub async fn edit_web_form(
    asker: Asker,
    Id(id): Id<WebFormId>,
    IfMatch(version): IfMatch,
    Json(input): Json<WebFormInput>,
) -> Result<Answer<WebFormView>, Failure> {
    let (form, version) = super::edit_web_form(&asker, id, &input, version).await?;
    Ok(seen(WebFormView::of(&asker, &form), version))
}

/// Deletes a form: its address leads nowhere any more.
#[utoipa::path(delete, path = "/api/v1/crm/web-forms/{form}", tag = "crm", operation_id = "delete_web_form",
    params(("form" = String, Path, description = "`wfo_…`")), responses((status = 204)))]
pub async fn delete_web_form(
    asker: Asker,
    Id(id): Id<WebFormId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_web_form(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
