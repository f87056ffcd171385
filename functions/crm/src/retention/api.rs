//! `/api/v1/contacts/due`, `/api/v1/companies/due`

use jiff::civil::Date;
use kernel::{
    id::{CompanyId, ContactId, UserId},
    legal,
    page::Page,
};
use serde::Serialize;
use table::Stored;
use web::{Asker, Failure, Pagination};

use super::{Retention, Subject};

#[derive(Serialize, utoipa::ToSchema)]
pub struct DueView {
    #[serde(flatten)]
    subject: SubjectView,
    name: String,
    #[schema(value_type = Option<String>)]
    assigned_to: Option<UserId>,
    /// The day of the last activity (created or changed), or of the decision to keep it all the same.
    #[schema(value_type = String, format = Date)]
    since: Date,
    #[schema(value_type = String, format = Date)]
    due_on: Date,
    /// The rule that says so.
    rule: &'static str,
    /// Why it was kept the time before.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectView {
    /// `con_…`
    #[schema(value_type = String)]
    ContactId(ContactId),
    /// `com_…`
    #[schema(value_type = String)]
    CompanyId(CompanyId),
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct DueList {
    items: Vec<DueView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

impl DueList {
    fn of(asker: &Asker, found: Page<Stored<Retention>>) -> Self {
        let today = asker.organization.day(asker.scope.now());
        let Page { items, next_cursor } = found.map(|due| DueView {
            subject: match due.subject {
                Subject::Contact(id) => SubjectView::ContactId(id),
                Subject::Prospect(id) => SubjectView::CompanyId(id),
            },
            due_on: due.due_on(today),
            rule: legal::contact_years(today).source,
            assigned_to: due.assigned_to,
            since: due.since,
            name: due.value.name,
            reason: due.value.reason,
        });
        Self { items, next_cursor }
    }
}

/// Contacts who are to be erased, or kept with a reason: nothing of them has changed for three years.
#[utoipa::path(get, path = "/api/v1/contacts/due", tag = "crm", operation_id = "list_due_contacts",
    params(
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = DueList)))]
pub async fn list_due_contacts(asker: Asker, Pagination(page): Pagination) -> Result<axum::Json<DueList>, Failure> {
    Ok(axum::Json(DueList::of(&asker, super::list_due_contacts(&asker, &page).await?)))
}

/// Companies that have been prospects for three years without a change.
#[utoipa::path(get, path = "/api/v1/companies/due", tag = "crm", operation_id = "list_due_prospects",
    params(
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = DueList)))]
pub async fn list_due_prospects(asker: Asker, Pagination(page): Pagination) -> Result<axum::Json<DueList>, Failure> {
    Ok(axum::Json(DueList::of(&asker, super::list_due_prospects(&asker, &page).await?)))
}
