//! `/api/v1/catalogue/stocks`, and the stock of a product.

use axum::{Json as Plain, extract::Query};
use http::StatusCode;
use jiff::Timestamp;
use kernel::{
    Error,
    id::{ProductId, StockMoveId},
    page::Page,
};
use serde::{Deserialize, Serialize};
use table::Order;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, seen};

use super::{AdjustmentInput, Cause, PolicyInput, Stock, StockMove};
use crate::catalogue;

#[derive(Serialize, utoipa::ToSchema)]
pub struct StockView {
    #[schema(value_type = String)]
    product_id: ProductId,
    reference: String,
    name: String,
    /// Decimal text.
    quantity: String,
    threshold: String,
    /// Time to order more.
    is_low: bool,
}

impl StockView {
    fn of(stock: &Stock) -> Self {
        Self {
            product_id: stock.product,
            reference: stock.reference.clone(),
            name: stock.name.clone(),
            quantity: stock.quantity.normalize().to_string(),
            threshold: stock.threshold.normalize().to_string(),
            is_low: stock.is_low(),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StockMoveView {
    /// `mov_…`
    #[schema(value_type = String)]
    id: StockMoveId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Below zero where it went.
    quantity: String,
    /// What there was after it.
    left: String,
    cause: Cause,
}

impl StockMoveView {
    fn of(moved: &StockMove) -> Self {
        Self {
            id: moved.id,
            at: moved.at,
            quantity: moved.quantity.normalize().to_string(),
            left: moved.left.normalize().to_string(),
            cause: moved.cause.clone(),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StockList {
    items: Vec<StockView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct StockMoveList {
    items: Vec<StockMoveView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AdjustedView {
    stock: StockView,
    /// Absent where what was counted is what was known.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<StockMoveView>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PolicyView {
    /// Whether more may be invoiced than there is.
    allows_negative: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    pub low: String,
}

/// The products that are counted, by name.
#[utoipa::path(get, path = "/api/v1/catalogue/stocks", tag = "catalogue", operation_id = "list_stocks",
    params(
        ("low" = Option<String>, Query, description = "`true`: only those of which it is time to order more"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = StockList)))]
pub async fn list_stocks(
    asker: Asker,
    Query(wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> Result<Plain<StockList>, Failure> {
    let keys = asker.scope.keys();
    let list = match wanted.low.as_str() {
        "" | "false" => keys.stocks(),
        "true" => keys.low_stocks(),
        _ => return Err(Failure(Error::Malformed { detail: "low must be true or false".into() })),
    };
    let found = asker.scope.list::<Stock>(&list, &request, Order::Ascending).await?;
    let Page { items, next_cursor } = found.map(|stock| StockView::of(&stock));
    Ok(Plain(StockList { items, next_cursor }))
}

/// How much there is of a product that is counted.
#[utoipa::path(get, path = "/api/v1/products/{id}/stock", tag = "catalogue", operation_id = "show_stock",
    params(("id" = String, Path, description = "`prd_…`")), responses((status = 200, body = StockView)))]
pub async fn show_stock(asker: Asker, Id(id): Id<ProductId>) -> Result<Answer<StockView>, Failure> {
    let stock = asker.scope.get::<Stock>(&asker.scope.keys().stock(id)).await?;
    let stock = stock.filter(|stock| stock.is_tracked).ok_or(Error::NotFound)?;
    Ok(seen(StockView::of(&stock), stock.version))
}

/// What came and went of a product, the newest first.
#[utoipa::path(get, path = "/api/v1/products/{id}/stock/moves", tag = "catalogue", operation_id = "list_stock_moves",
    params(("id" = String, Path, description = "`prd_…`"), ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = StockMoveList)))]
pub async fn list_stock_moves(
    asker: Asker,
    Id(id): Id<ProductId>,
    Pagination(request): Pagination,
) -> Result<Plain<StockMoveList>, Failure> {
    let list = asker.scope.keys().stock_moves(id);
    let found = asker.scope.list::<StockMove>(&list, &request, Order::Descending).await?;
    let Page { items, next_cursor } = found.map(|moved| StockMoveView::of(&moved));
    Ok(Plain(StockMoveList { items, next_cursor }))
}

/// Says what came or went, or what was counted, and why.
#[utoipa::path(post, path = "/api/v1/products/{id}/stock/moves", tag = "catalogue", operation_id = "adjust_stock",
    params(("id" = String, Path, description = "`prd_…`")),
    request_body = AdjustmentInput, responses((status = 201, body = AdjustedView)))]
pub async fn adjust_stock(
    asker: Asker,
    Id(id): Id<ProductId>,
    Json(input): Json<AdjustmentInput>,
) -> Result<(StatusCode, Plain<AdjustedView>), Failure> {
    let adjusted = super::adjust_stock(&asker.scope, id, &input).await?;
    let moved = adjusted.moved.as_ref().map(StockMoveView::of);
    Ok((StatusCode::CREATED, Plain(AdjustedView { stock: StockView::of(&adjusted.stock), moved })))
}

/// Whether more may be invoiced than there is.
#[utoipa::path(get, path = "/api/v1/catalogue/stock-policy", tag = "catalogue", operation_id = "show_stock_policy",
    responses((status = 200, body = PolicyView)))]
pub async fn show_stock_policy(asker: Asker) -> Result<Answer<PolicyView>, Failure> {
    let catalogue = catalogue::CATALOGUE.shown(&asker.scope).await?;
    Ok(seen(PolicyView { allows_negative: catalogue.allows_negative_stock }, catalogue.version))
}

/// Lets more be invoiced than there is, or no longer.
#[utoipa::path(put, path = "/api/v1/catalogue/stock-policy", tag = "catalogue", operation_id = "set_stock_policy",
    request_body = PolicyInput, responses((status = 200, body = PolicyView)))]
pub async fn set_stock_policy(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<PolicyInput>,
) -> Result<Answer<PolicyView>, Failure> {
    let (allows_negative, version) = super::set_policy(&asker.scope, &input, version).await?;
    Ok(seen(PolicyView { allows_negative }, version))
}
