//! `/api/v1/expenses`

use axum::{Json as Plain, extract::Query};
use http::StatusCode;
use jiff::Timestamp;
use kernel::{
    Currency, Minor,
    id::{ExpenseId, UserId},
    page::Page,
};
use serde::Serialize;
use table::Stored;
use web::{
    Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created,
    export::Download,
    seen,
    upload::{UploadInput, UploadView, begin_upload},
};

use super::{Approval, Expense, ExpenseInput, PaymentInput, RECEIPT, ReceiptInput, RefusalInput, Wanted, store};

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExpenseView {
    /// `xpn_…`
    #[schema(value_type = String)]
    id: ExpenseId,
    #[serde(flatten)]
    expense: ExpenseInput,
    net_minor: Minor,
    tax_minor: Minor,
    /// What of the VAT is deducted.
    recovered_minor: Minor,
    gross_minor: Minor,
    /// What a payment of it comes to: less than all of it where a part was paid before it was asked for.
    payable_minor: Minor,
    /// Of the amounts.
    amount_currency: Currency,
    /// `draft`, `submitted`, `approved` or `refused`; what is approved counts.
    state: &'static str,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    /// Whether a proof was sent.
    has_receipt: bool,
    /// `usr_…`; absent where nobody entered it.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<UserId>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl ExpenseView {
    pub fn of(expense: &Expense) -> Self {
        let sums = expense.sums();
        Self {
            id: expense.id,
            expense: ExpenseInput::of(expense),
            net_minor: sums.net,
            tax_minor: sums.tax,
            recovered_minor: sums.recovered,
            gross_minor: sums.gross,
            payable_minor: expense.to_pay(),
            amount_currency: expense.currency,
            state: expense.approval.name(),
            refusal: match &expense.approval {
                Approval::Refused { reason, .. } => Some(reason.clone()),
                _ => None,
            },
            has_receipt: expense.receipt.is_some(),
            created_by: expense.created_by,
            created_at: expense.created_at,
        }
    }

    fn answer(read: &Stored<Expense>) -> Answer<Self> {
        seen(Self::of(read), read.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ExpenseList {
    items: Vec<ExpenseView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

type Answered = Result<Answer<ExpenseView>, Failure>;

/// Expenses by day, the last one first. A page of a narrowed list may have less than its limit and still another follow.
#[utoipa::path(get, path = "/api/v1/expenses", tag = "purchases", operation_id = "list_expenses",
    params(
        ("q" = Option<String>, Query, description = "Beginnings of words of the description, the supplier or the reference"),
        ("category" = Option<String>, Query, description = "One of the eleven"),
        ("state" = Option<String>, Query, description = "`draft`, `submitted`, `approved` or `refused`"),
        ("payment" = Option<String>, Query, description = "`paid`, `unpaid` or `late`"),
        ("supplier" = Option<String>, Query, description = "`sup_…`"),
        ("from" = Option<String>, Query, description = "`YYYY-MM-DD`"),
        ("to" = Option<String>, Query, description = "`YYYY-MM-DD`, included"),
        ("sort" = Option<String>, Query, description = "`-day` (where absent), `day`, or `due`: what is to be paid, by when, with what suppliers owe (negative)"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ExpenseList)))]
pub async fn list_expenses(
    asker: Asker,
    Query(wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> Result<Plain<ExpenseList>, Failure> {
    let page = super::list_expenses(&asker.scope, &wanted, &request, asker.today()).await?;
    let Page { items, next_cursor } = page.map(|read| ExpenseView::of(&read));
    Ok(Plain(ExpenseList { items, next_cursor }))
}

/// Enters an expense. It counts at once, unless it is a draft or the organization wants such an amount approved.
#[utoipa::path(post, path = "/api/v1/expenses", tag = "purchases", operation_id = "create_expense",
    request_body = ExpenseInput, responses((status = 201, body = ExpenseView)))]
pub async fn create_expense(asker: Asker, Json(input): Json<ExpenseInput>) -> Answered {
    let read = super::create_expense(&asker, &input).await?;
    Ok(created(ExpenseView::of(&read), read.version, format!("/api/v1/expenses/{}", read.id)))
}

/// One expense.
#[utoipa::path(get, path = "/api/v1/expenses/{id}", tag = "purchases", operation_id = "show_expense",
    params(("id" = String, Path, description = "`xpn_…`")), responses((status = 200, body = ExpenseView)))]
pub async fn show_expense(asker: Asker, Id(id): Id<ExpenseId>) -> Answered {
    Ok(ExpenseView::answer(&store::read(&asker.scope, id).await?))
}

/// Replaces an expense that does not wait for its approval. More than was approved waits for it anew.
#[utoipa::path(put, path = "/api/v1/expenses/{id}", tag = "purchases", operation_id = "edit_expense",
    params(("id" = String, Path, description = "`xpn_…`")),
    request_body = ExpenseInput, responses((status = 200, body = ExpenseView)))]
pub async fn edit_expense(
    asker: Asker,
    Id(id): Id<ExpenseId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ExpenseInput>,
) -> Answered {
    Ok(ExpenseView::answer(&super::edit_expense(&asker, id, &input, version).await?))
}

/// Deletes an expense with its proof. What came as an electronic invoice is kept.
#[utoipa::path(delete, path = "/api/v1/expenses/{id}", tag = "purchases", operation_id = "delete_expense",
    params(("id" = String, Path, description = "`xpn_…`")), responses((status = 204)))]
pub async fn delete_expense(
    asker: Asker,
    Id(id): Id<ExpenseId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_expense(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enters a draft, or one that was refused: it counts, or waits for its approval.
#[utoipa::path(post, path = "/api/v1/expenses/{id}/submit", tag = "purchases", operation_id = "submit_expense",
    params(("id" = String, Path, description = "`xpn_…`")), responses((status = 200, body = ExpenseView)))]
pub async fn submit_expense(asker: Asker, Id(id): Id<ExpenseId>, IfMatch(version): IfMatch) -> Answered {
    Ok(ExpenseView::answer(&super::submit_expense(&asker, id, version).await?))
}

/// Takes an expense back that waits for its approval: it is a draft again.
#[utoipa::path(post, path = "/api/v1/expenses/{id}/withdraw", tag = "purchases", operation_id = "withdraw_expense",
    params(("id" = String, Path, description = "`xpn_…`")), responses((status = 200, body = ExpenseView)))]
pub async fn withdraw_expense(asker: Asker, Id(id): Id<ExpenseId>, IfMatch(version): IfMatch) -> Answered {
    Ok(ExpenseView::answer(&super::withdraw_expense(&asker.scope, id, version).await?))
}

/// Approves an expense: it counts. Decided once; 409 where it was.
#[utoipa::path(post, path = "/api/v1/expenses/{id}/approve", tag = "purchases", operation_id = "approve_expense",
    params(("id" = String, Path, description = "`xpn_…`")), responses((status = 200, body = ExpenseView)))]
pub async fn approve_expense(asker: Asker, Id(id): Id<ExpenseId>, IfMatch(version): IfMatch) -> Answered {
    Ok(ExpenseView::answer(&super::approve_expense(&asker.scope, id, version).await?))
}

/// Refuses an expense, and says why. Decided once; 409 where it was.
#[utoipa::path(post, path = "/api/v1/expenses/{id}/refuse", tag = "purchases", operation_id = "refuse_expense",
    params(("id" = String, Path, description = "`xpn_…`")),
    request_body = RefusalInput, responses((status = 200, body = ExpenseView)))]
pub async fn refuse_expense(
    asker: Asker,
    Id(id): Id<ExpenseId>,
    IfMatch(version): IfMatch,
    Json(input): Json<RefusalInput>,
) -> Answered {
    Ok(ExpenseView::answer(&super::refuse_expense(&asker.scope, id, &input, version).await?))
}

/// Notes that an expense is paid.
#[utoipa::path(post, path = "/api/v1/expenses/{id}/pay", tag = "purchases", operation_id = "pay_expense",
    params(("id" = String, Path, description = "`xpn_…`")),
    request_body = PaymentInput, responses((status = 200, body = ExpenseView)))]
pub async fn pay_expense(
    asker: Asker,
    Id(id): Id<ExpenseId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PaymentInput>,
) -> Answered {
    Ok(ExpenseView::answer(&super::pay_expense(&asker, id, &input, version).await?))
}

/// Takes back that it is paid; the line of the bank that paid it is open again.
#[utoipa::path(post, path = "/api/v1/expenses/{id}/unpay", tag = "purchases", operation_id = "unpay_expense",
    params(("id" = String, Path, description = "`xpn_…`")), responses((status = 200, body = ExpenseView)))]
pub async fn unpay_expense(asker: Asker, Id(id): Id<ExpenseId>, IfMatch(version): IfMatch) -> Answered {
    Ok(ExpenseView::answer(&super::unpay_expense(&asker.scope, id, version).await?))
}

/// A link to which a picture or a PDF of at most 10 MB is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/expenses/{id}/receipt/uploads", tag = "purchases",
    operation_id = "begin_expense_receipt_upload", params(("id" = String, Path, description = "`xpn_…`")),
    request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_receipt_upload(
    asker: Asker,
    _id: Id<ExpenseId>,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, Plain<UploadView>), Failure> {
    let upload = begin_upload(&asker.scope, &asker.deps().files, &RECEIPT, &input).await?;
    Ok((StatusCode::CREATED, Plain(upload)))
}

/// Makes the file that was sent the proof of an expense. What it is, its content says.
#[utoipa::path(post, path = "/api/v1/expenses/{id}/receipt", tag = "purchases", operation_id = "attach_receipt",
    params(("id" = String, Path, description = "`xpn_…`")),
    request_body = ReceiptInput, responses((status = 200, body = ExpenseView)))]
pub async fn attach_receipt(
    asker: Asker,
    Id(id): Id<ExpenseId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ReceiptInput>,
) -> Answered {
    Ok(ExpenseView::answer(&super::attach_receipt(&asker, id, &input, version).await?))
}

/// A link by which the proof is downloaded, for five minutes.
#[utoipa::path(get, path = "/api/v1/expenses/{id}/receipt", tag = "purchases", operation_id = "download_expense_receipt",
    params(("id" = String, Path, description = "`xpn_…`")), responses((status = 200, body = Download)))]
pub async fn download_receipt(asker: Asker, Id(id): Id<ExpenseId>) -> Result<Plain<Download>, Failure> {
    Ok(Plain(super::download_receipt(&asker, id).await?))
}

/// Takes the proof off an expense.
#[utoipa::path(delete, path = "/api/v1/expenses/{id}/receipt", tag = "purchases", operation_id = "remove_expense_receipt",
    params(("id" = String, Path, description = "`xpn_…`")), responses((status = 200, body = ExpenseView)))]
pub async fn remove_receipt(asker: Asker, Id(id): Id<ExpenseId>, IfMatch(version): IfMatch) -> Answered {
    Ok(ExpenseView::answer(&super::remove_receipt(&asker.scope, id, version).await?))
}
