//! `/api/v1/recurring-expenses`

use axum::Json as Plain;
use jiff::{Timestamp, civil::Date};
use kernel::{Currency, Minor, id::RecurringExpenseId, page::Page};
use serde::Serialize;
use table::{Order, Stored};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{RecurringExpense, RecurringExpenseInput, RecurringStatus, store};

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecurringExpenseView {
    /// `rxp_…`
    #[schema(value_type = String)]
    id: RecurringExpenseId,
    #[serde(flatten)]
    recurring: RecurringExpenseInput,
    status: RecurringStatus,
    /// The day of the next one; absent where none is to come.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    next_on: Option<Date>,
    /// How many came.
    made: u32,
    /// Of each, all taxes included.
    gross_minor: Minor,
    amount_currency: Currency,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl RecurringExpenseView {
    fn of(recurring: &RecurringExpense) -> Self {
        Self {
            id: recurring.id,
            recurring: RecurringExpenseInput::of(recurring),
            status: recurring.status,
            next_on: recurring.next_on(),
            made: recurring.made,
            gross_minor: recurring.content.gross(),
            amount_currency: recurring.content.currency,
            created_at: recurring.created_at,
        }
    }

    fn answer(read: &Stored<RecurringExpense>) -> Answer<Self> {
        seen(Self::of(read), read.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecurringExpenseList {
    items: Vec<RecurringExpenseView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

type Answered = Result<Answer<RecurringExpenseView>, Failure>;

/// Recurring expenses, the last one that was set up first.
#[utoipa::path(get, path = "/api/v1/recurring-expenses", tag = "purchases", operation_id = "list_recurring_expenses",
    params(
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = RecurringExpenseList)))]
pub async fn list_recurring_expenses(
    asker: Asker,
    Pagination(request): Pagination,
) -> Result<Plain<RecurringExpenseList>, Failure> {
    let list = asker.scope.keys().recurring_expenses();
    let page = asker.scope.list::<RecurringExpense>(&list, &request, Order::Descending).await?;
    let Page { items, next_cursor } = page.map(|read| RecurringExpenseView::of(&read));
    Ok(Plain(RecurringExpenseList { items, next_cursor }))
}

/// Sets up what is spent again and again. Nothing is entered for days that are over.
#[utoipa::path(post, path = "/api/v1/recurring-expenses", tag = "purchases", operation_id = "create_recurring_expense",
    request_body = RecurringExpenseInput, responses((status = 201, body = RecurringExpenseView)))]
pub async fn create_recurring_expense(asker: Asker, Json(input): Json<RecurringExpenseInput>) -> Answered {
    let read = super::create_recurring_expense(&asker, &input).await?;
    Ok(created(RecurringExpenseView::of(&read), read.version, format!("/api/v1/recurring-expenses/{}", read.id)))
}

/// One recurring expense.
#[utoipa::path(get, path = "/api/v1/recurring-expenses/{id}", tag = "purchases", operation_id = "show_recurring_expense",
    params(("id" = String, Path, description = "`rxp_…`")), responses((status = 200, body = RecurringExpenseView)))]
pub async fn show_recurring_expense(asker: Asker, Id(id): Id<RecurringExpenseId>) -> Answered {
    Ok(RecurringExpenseView::answer(&store::read(&asker.scope, id).await?))
}

/// Replaces it; what came already stays as it is.
#[utoipa::path(put, path = "/api/v1/recurring-expenses/{id}", tag = "purchases", operation_id = "edit_recurring_expense",
    params(("id" = String, Path, description = "`rxp_…`")),
    request_body = RecurringExpenseInput, responses((status = 200, body = RecurringExpenseView)))]
pub async fn edit_recurring_expense(
    asker: Asker,
    Id(id): Id<RecurringExpenseId>,
    IfMatch(version): IfMatch,
    Json(input): Json<RecurringExpenseInput>,
) -> Answered {
    Ok(RecurringExpenseView::answer(&super::edit_recurring_expense(&asker, id, &input, version).await?))
}

/// Enters nothing until it is resumed.
#[utoipa::path(post, path = "/api/v1/recurring-expenses/{id}/pause", tag = "purchases",
    operation_id = "pause_recurring_expense", params(("id" = String, Path, description = "`rxp_…`")),
    responses((status = 200, body = RecurringExpenseView)))]
pub async fn pause_recurring_expense(
    asker: Asker,
    Id(id): Id<RecurringExpenseId>,
    IfMatch(version): IfMatch,
) -> Answered {
    Ok(RecurringExpenseView::answer(&super::pause_recurring_expense(&asker, id, version).await?))
}

/// Goes on from today; what would have come meanwhile does not.
#[utoipa::path(post, path = "/api/v1/recurring-expenses/{id}/resume", tag = "purchases",
    operation_id = "resume_recurring_expense", params(("id" = String, Path, description = "`rxp_…`")),
    responses((status = 200, body = RecurringExpenseView)))]
pub async fn resume_recurring_expense(
    asker: Asker,
    Id(id): Id<RecurringExpenseId>,
    IfMatch(version): IfMatch,
) -> Answered {
    Ok(RecurringExpenseView::answer(&super::resume_recurring_expense(&asker, id, version).await?))
}

/// Ends it for good.
#[utoipa::path(post, path = "/api/v1/recurring-expenses/{id}/stop", tag = "purchases",
    operation_id = "stop_recurring_expense", params(("id" = String, Path, description = "`rxp_…`")),
    responses((status = 200, body = RecurringExpenseView)))]
pub async fn stop_recurring_expense(
    asker: Asker,
    Id(id): Id<RecurringExpenseId>,
    IfMatch(version): IfMatch,
) -> Answered {
    Ok(RecurringExpenseView::answer(&super::stop_recurring_expense(&asker, id, version).await?))
}
