//! `/api/v1/spending-lines`

use axum::{Json as Plain, extract::Query};
use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor,
    id::{BankLineId, ExpenseId},
    page::PageRequest,
};
use serde::{Deserialize, Serialize};
use table::{Order, Scope, meter::side_by_side};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, seen};

use super::{Reason, SpendingInput, SpendingLine, SpendingState, store};
use crate::{
    expense::{Expense, api::ExpenseView},
    supplier::{self, SupplierAccount},
};

#[derive(Serialize, utoipa::ToSchema)]
pub struct SpendingLineView {
    /// `bkl_…`
    #[schema(value_type = String)]
    id: BankLineId,
    version: u64,
    #[schema(value_type = String, format = Date)]
    booked_on: Date,
    amount_minor: Minor,
    currency: Currency,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    counterparty: Option<String>,
    /// `open`, `closed` (settled by something else) or `spent`.
    state: &'static str,
    /// `xpn_…`: the expense that it paid.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    expense_id: Option<ExpenseId>,
    /// What it may have paid, the likeliest first.
    suggestions: Vec<SpendingSuggestion>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SpendingSuggestion {
    /// `xpn_…`
    #[schema(value_type = String)]
    expense_id: ExpenseId,
    description: String,
    gross_minor: Minor,
    /// What a payment of it comes to: a line of another amount needs `accept_difference`.
    payable_minor: Minor,
    why: Reason,
    /// Whether somebody noted that it is paid: matching adds the line to that payment.
    is_paid: bool,
    /// Whether the line says to which account it went, and nobody confirmed yet that it is the supplier's.
    asks_account: bool,
}

impl SpendingLineView {
    fn of(line: &SpendingLine, version: u64, open: &Payable) -> Self {
        let is_open = line.state == SpendingState::Open;
        let suggestions = if is_open { line.suggestions(&open.expenses, &open.accounts) } else { Vec::new() };
        let suggestion = |(expense, why): (&Expense, Reason)| SpendingSuggestion {
            expense_id: expense.id,
            description: expense.description.clone(),
            gross_minor: expense.gross(),
            payable_minor: expense.to_pay(),
            why,
            is_paid: expense.is_paid(),
            asks_account: open.asks_account(line, expense),
        };
        Self {
            id: line.id,
            version,
            booked_on: line.booked_on,
            amount_minor: line.amount_minor,
            currency: line.currency,
            label: line.label.clone(),
            counterparty: line.counterparty.clone(),
            state: line.state.name(),
            expense_id: match line.state {
                SpendingState::Spent { expense } => Some(expense),
                SpendingState::Open | SpendingState::Closed => None,
            },
            suggestions: suggestions.into_iter().map(suggestion).collect(),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SpendingLineList {
    items: Vec<SpendingLineView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub state: String,
}

/// What is wanted of the list.
pub fn state(wanted: &str) -> Result<&'static str, Error> {
    let known =
        ["open", "closed", "spent"].into_iter().find(|name| *name == wanted || (wanted.is_empty() && *name == "open"));
    known.ok_or_else(|| Error::Malformed { detail: "unknown state".into() })
}

/// What lines are held against: expenses that are to be paid or were noted to be, and whose accounts are known.
#[derive(Default)]
pub struct Payable {
    pub expenses: Vec<Expense>,
    pub accounts: Vec<SupplierAccount>,
}

impl Payable {
    pub async fn read(scope: &Scope) -> kernel::Result<Self> {
        let expenses = side_by_side(store::open_expenses(scope), store::noted_expenses(scope));
        let ((open, noted), accounts) = side_by_side(expenses, supplier::store::accounts(scope)).await;
        let mut expenses = open?;
        expenses.extend(noted?);
        Ok(Self { expenses, accounts: accounts? })
    }

    /// Whether an account could be confirmed by matching the line.
    pub fn asks_account(&self, line: &SpendingLine, expense: &Expense) -> bool {
        let supplier = expense.supplier.as_ref();
        line.account.is_some() && supplier.is_some_and(|supplier| !line.went_to(supplier.id, &self.accounts))
    }
}

/// A page of lines, and what is to be paid.
pub async fn lines(
    asker: &Asker,
    state: &str,
    request: &PageRequest,
) -> kernel::Result<(kernel::page::Page<table::Stored<SpendingLine>>, Payable)> {
    let scope = &asker.scope;
    let list = scope.keys().spending_lines(state);
    let reading = scope.list::<SpendingLine>(&list, request, Order::Descending);
    if state != "open" {
        return Ok((reading.await?, Payable::default()));
    }
    let (found, open) = side_by_side(reading, Payable::read(scope)).await;
    Ok((found?, open?))
}

/// Lines of the bank by which money went, the last one first, with what they may have paid.
#[utoipa::path(get, path = "/api/v1/spending-lines", tag = "purchases", operation_id = "list_spending_lines",
    params(
        ("state" = Option<String>, Query, description = "`open` (where absent), `closed` or `spent`"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = SpendingLineList)))]
pub async fn list_spending_lines(
    asker: Asker,
    Query(wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> Result<Plain<SpendingLineList>, Failure> {
    let (found, open) = lines(&asker, state(&wanted.state)?, &request).await?;
    let page = found.map(|read| SpendingLineView::of(&read, read.version, &open));
    Ok(Plain(SpendingLineList { items: page.items, next_cursor: page.next_cursor }))
}

/// Says that a line paid an expense: it is paid on the line's day unless its payment was noted before, and the line is matched.
/// `If-Match` is the line's version.
#[utoipa::path(post, path = "/api/v1/spending-lines/{id}/match", tag = "purchases",
    operation_id = "match_spending_line", params(("id" = String, Path, description = "`bkl_…`")),
    request_body = SpendingInput, responses((status = 200, body = ExpenseView)))]
pub async fn match_spending_line(
    asker: Asker,
    Id(id): Id<BankLineId>,
    IfMatch(version): IfMatch,
    Json(input): Json<SpendingInput>,
) -> Result<Answer<ExpenseView>, Failure> {
    let read = super::match_spending_line(&asker, id, &input, version).await?;
    Ok(seen(ExpenseView::of(&read), read.version))
}

/// Makes a draft of a line, paid on its day, to be completed with its VAT and its supplier.
#[utoipa::path(post, path = "/api/v1/spending-lines/{id}/expense", tag = "purchases",
    operation_id = "enter_spending_line", params(("id" = String, Path, description = "`bkl_…`")),
    responses((status = 200, body = ExpenseView)))]
pub async fn enter_spending_line(
    asker: Asker,
    Id(id): Id<BankLineId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<ExpenseView>, Failure> {
    let read = super::enter_spending_line(&asker, id, version).await?;
    Ok(seen(ExpenseView::of(&read), read.version))
}
