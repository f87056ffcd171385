//! `/api/v1/bank-lines`

use axum::{Json as Plain, extract::Query};
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor,
    id::{BankLineId, CompanyId, ExpenseId, InvoiceId, ReceiptId},
};
use serde::{Deserialize, Serialize};
use table::{Order, Stored, meter::side_by_side};
use web::{
    Answer, Asker, Failure, Id, IfMatch, Json, Pagination, seen,
    upload::{UploadInput, UploadView, begin_upload},
};

use super::{
    BankLine, Imported, LineState, MatchInput, STATEMENT, StatementInput, Suggestion,
    pages::{all_open, suggested},
};
use crate::receipt::api::ReceiptView;

#[derive(Serialize, utoipa::ToSchema)]
pub struct SuggestedPart {
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    invoice_number: String,
    /// As the input of a match takes it.
    amount: String,
}

/// What a line may settle.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SuggestionView {
    /// `number_and_amount`, `name_and_amount`, `name_and_sum`, `number`, `amount` or `name`, the better ones first.
    why: &'static str,
    #[schema(value_type = String)]
    client_id: CompanyId,
    client_name: String,
    parts: Vec<SuggestedPart>,
    /// What no invoice takes.
    excess_minor: Minor,
}

impl SuggestionView {
    fn of(suggestion: Suggestion, currency: Currency) -> Self {
        let part = |part: super::suggestions::Part| SuggestedPart {
            invoice_id: part.invoice,
            invoice_number: part.number,
            amount: part.amount_minor.plain(currency),
        };
        Self {
            why: suggestion.why.name(),
            client_id: suggestion.client,
            client_name: suggestion.client_name,
            parts: suggestion.parts.into_iter().map(part).collect(),
            excess_minor: suggestion.excess_minor,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct BankLineView {
    /// `bkl_…`
    #[schema(value_type = String)]
    id: BankLineId,
    account: String,
    #[schema(value_type = String, format = Date)]
    booked_on: Date,
    /// Negative where it went.
    amount_minor: Minor,
    currency: Currency,
    label: String,
    counterparty: Option<String>,
    /// Of a transfer or a direct debit, where the bank tells it.
    end_to_end_id: Option<String>,
    /// Why it came back: `AC04`.
    return_reason: Option<String>,
    /// `open`, `matched` or `ignored`.
    state: &'static str,
    #[schema(value_type = Option<String>)]
    receipt_id: Option<ReceiptId>,
    /// `xpn_…`: the expense that it paid.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    expense_id: Option<ExpenseId>,
    #[schema(value_type = String, format = DateTime)]
    imported_at: Timestamp,
    /// Only where one line is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestions: Option<Vec<SuggestionView>>,
}

impl BankLineView {
    fn of(line: &BankLine) -> Self {
        Self {
            id: line.id,
            account: line.account.clone(),
            booked_on: line.booked_on,
            amount_minor: line.amount_minor,
            currency: line.currency,
            label: line.label.clone(),
            counterparty: line.counterparty.clone(),
            end_to_end_id: line.end_to_end.clone(),
            return_reason: line.returned.clone(),
            state: line.state.name(),
            receipt_id: match line.state {
                LineState::Matched { receipt, .. } => Some(receipt),
                LineState::Open | LineState::Ignored { .. } | LineState::Spent { .. } => None,
            },
            expense_id: match line.state {
                LineState::Spent { expense } => Some(expense),
                _ => None,
            },
            imported_at: line.imported_at,
            suggestions: None,
        }
    }

    fn answer(line: &Stored<BankLine>) -> Answer<Self> {
        seen(Self::of(line), line.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct BankLineList {
    items: Vec<BankLineView>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
pub struct StateQuery {
    #[serde(default)]
    state: String,
}

/// Lines in one state, the latest first.
#[utoipa::path(get, path = "/api/v1/bank-lines", tag = "invoicing", operation_id = "list_bank_lines",
    params(("state" = Option<String>, Query, description = "`open` (without one), `matched` or `ignored`"),
        ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = BankLineList)))]
pub async fn list_bank_lines(
    asker: Asker,
    Query(query): Query<StateQuery>,
    Pagination(request): Pagination,
) -> Result<Plain<BankLineList>, Failure> {
    let state = if query.state.is_empty() { "open" } else { query.state.as_str() };
    if !LineState::NAMES.contains(&state) {
        return Err(Error::Malformed { detail: "unknown state".into() }.into());
    }
    let list = asker.scope.keys().bank_lines(state);
    let found = asker.scope.list::<BankLine>(&list, &request, Order::Descending).await?;
    let items = found.items.iter().map(|line| BankLineView::of(line)).collect();
    Ok(Plain(BankLineList { items, next_cursor: found.next_cursor }))
}

/// One line, with what it may settle.
#[utoipa::path(get, path = "/api/v1/bank-lines/{id}", tag = "invoicing", operation_id = "show_bank_line",
    params(("id" = String, Path, description = "`bkl_…`")), responses((status = 200, body = BankLineView)))]
pub async fn show_bank_line(asker: Asker, Id(id): Id<BankLineId>) -> Result<Answer<BankLineView>, Failure> {
    let key = asker.scope.keys().bank_line(id);
    let (line, open) = side_by_side(asker.scope.get::<BankLine>(&key), all_open(&asker.scope)).await;
    let (line, open) = (line?.ok_or(Error::NotFound)?, open?);
    let found = suggested(&line, &open).into_iter().map(|found| SuggestionView::of(found, line.currency)).collect();
    let view = BankLineView { suggestions: Some(found), ..BankLineView::of(&line) };
    Ok(seen(view, line.version))
}

/// A link to which a statement (CAMT.053 or CSV, 2 MB at most) is then PUT, with the headers given.
#[utoipa::path(post, path = "/api/v1/bank-lines/uploads", tag = "invoicing", operation_id = "begin_statement_upload",
    request_body = UploadInput, responses((status = 201, body = UploadView)))]
pub async fn begin_statement_upload(
    asker: Asker,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, Plain<UploadView>), Failure> {
    let upload = begin_upload(&asker.scope, &asker.deps().files, &STATEMENT, &input).await?;
    Ok((StatusCode::CREATED, Plain(upload)))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ImportedView {
    /// Lines that are new.
    imported: usize,
    /// Lines that were imported before.
    known: usize,
    /// Rows that are no booked line.
    unread: usize,
    /// Where the columns of a CSV could not be told: what they begin with. Name them by their places; the file waits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown_columns: Vec<String>,
}

/// Imports the statement that was sent. A line that is known already is left as it is.
#[utoipa::path(post, path = "/api/v1/bank-lines/import", tag = "invoicing", operation_id = "import_statement",
    request_body = StatementInput, responses((status = 200, body = ImportedView)))]
pub async fn import_statement(asker: Asker, Json(input): Json<StatementInput>) -> Result<Plain<ImportedView>, Failure> {
    let files = &asker.deps().files;
    let imported =
        super::import_statement(&asker.scope, files, &asker.deps().vault, &asker.organization, &input).await?;
    Ok(Plain(match imported {
        Imported::Lines { new, known, unread } => {
            ImportedView { imported: new, known, unread: unread.count(), unknown_columns: Vec::new() }
        }
        Imported::UnknownColumns(unknown_columns) => ImportedView { imported: 0, known: 0, unread: 0, unknown_columns },
    }))
}

/// Records what a line settles, and closes it.
#[utoipa::path(post, path = "/api/v1/bank-lines/{id}/match", tag = "invoicing", operation_id = "match_bank_line",
    params(("id" = String, Path, description = "`bkl_…`")), request_body = MatchInput,
    responses((status = 201, body = ReceiptView)))]
pub async fn match_bank_line(
    asker: Asker,
    Id(id): Id<BankLineId>,
    IfMatch(version): IfMatch,
    Json(input): Json<MatchInput>,
) -> Result<(StatusCode, Plain<ReceiptView>), Failure> {
    let receipt = super::match_line(&asker.scope, &asker.organization, id, &input, version).await?;
    Ok((StatusCode::CREATED, Plain(ReceiptView::of(&receipt))))
}

/// Sets a line aside that settles nothing.
#[utoipa::path(post, path = "/api/v1/bank-lines/{id}/ignore", tag = "invoicing", operation_id = "ignore_bank_line",
    params(("id" = String, Path, description = "`bkl_…`")), responses((status = 200, body = BankLineView)))]
pub async fn ignore_bank_line(
    asker: Asker,
    Id(id): Id<BankLineId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<BankLineView>, Failure> {
    let line = super::ignore_line(&asker.scope, &asker.organization, id, version).await?;
    Ok(BankLineView::answer(&line))
}

/// Opens a line that was ignored. One that is matched opens when its receipt is reversed.
#[utoipa::path(post, path = "/api/v1/bank-lines/{id}/reopen", tag = "invoicing", operation_id = "reopen_bank_line",
    params(("id" = String, Path, description = "`bkl_…`")), responses((status = 200, body = BankLineView)))]
pub async fn reopen_bank_line(
    asker: Asker,
    Id(id): Id<BankLineId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<BankLineView>, Failure> {
    let line = super::reopen_line(&asker.scope, id, version).await?;
    Ok(BankLineView::answer(&line))
}
