//! `/api/v1/catalogue/price-lists`, and the prices of a product in them.

use axum::Json as Plain;
use http::StatusCode;
use kernel::{
    id::{CompanyId, PriceListId, ProductId},
    page::Page,
};
use serde::{Deserialize, Serialize};
use table::Order;
use web::{Answer, Asker, Failure, Id, Ids, IfMatch, Json, Pagination, created, seen};

use super::{ClientPriceList, PriceList, PriceListInput, PricesInput};
use crate::{catalogue::CATALOGUE, product::api::ProductView};

#[derive(Serialize, utoipa::ToSchema)]
pub struct PriceListView {
    /// `pri_…`
    #[schema(value_type = String)]
    id: PriceListId,
    name: String,
    percent_off: String,
}

impl PriceListView {
    fn of(list: &PriceList) -> Self {
        Self { id: list.id, name: list.name.clone(), percent_off: list.percent_off.normalize().to_string() }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PriceLists {
    items: Vec<PriceListView>,
}

/// The price lists by name. Their ETag is that of the whole catalogue's order, and what `If-Match` may name below.
#[utoipa::path(get, path = "/api/v1/catalogue/price-lists", tag = "catalogue", operation_id = "list_price_lists",
    responses((status = 200, body = PriceLists)))]
pub async fn list_price_lists(asker: Asker) -> Result<Answer<PriceLists>, Failure> {
    let catalogue = CATALOGUE.shown(&asker.scope).await?;
    Ok(seen(PriceLists { items: catalogue.price_lists.iter().map(PriceListView::of).collect() }, catalogue.version))
}

/// Adds a price list.
#[utoipa::path(post, path = "/api/v1/catalogue/price-lists", tag = "catalogue", operation_id = "create_price_list",
    request_body = PriceListInput, responses((status = 201, body = PriceListView)))]
pub async fn create_price_list(
    asker: Asker,
    Json(input): Json<PriceListInput>,
) -> Result<Answer<PriceListView>, Failure> {
    let (list, version) = super::create_price_list(&asker.scope, &input).await?;
    Ok(created(PriceListView::of(&list), version, format!("/api/v1/catalogue/price-lists/{}", list.id)))
}

/// Gives a price list another name or reduction.
#[utoipa::path(put, path = "/api/v1/catalogue/price-lists/{id}", tag = "catalogue", operation_id = "edit_price_list",
    params(("id" = String, Path, description = "`pri_…`")),
    request_body = PriceListInput, responses((status = 200, body = PriceListView)))]
pub async fn edit_price_list(
    asker: Asker,
    Id(id): Id<PriceListId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PriceListInput>,
) -> Result<Answer<PriceListView>, Failure> {
    let (list, version) = super::edit_price_list(&asker.scope, id, &input, version).await?;
    Ok(seen(PriceListView::of(&list), version))
}

/// Removes a price list: its clients then pay what everybody pays.
#[utoipa::path(delete, path = "/api/v1/catalogue/price-lists/{id}", tag = "catalogue",
    operation_id = "delete_price_list", params(("id" = String, Path, description = "`pri_…`")),
    responses((status = 204)))]
pub async fn delete_price_list(
    asker: Asker,
    Id(id): Id<PriceListId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_price_list(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClientInput {
    /// `com_…`
    pub client_id: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ClientPriceListView {
    #[schema(value_type = String)]
    client_id: CompanyId,
    #[schema(value_type = String)]
    price_list_id: PriceListId,
}

impl ClientPriceListView {
    const fn of(assigned: &ClientPriceList) -> Self {
        Self { client_id: assigned.client, price_list_id: assigned.price_list }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ClientsOfPriceList {
    items: Vec<ClientPriceListView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// The clients who have a price list.
#[utoipa::path(get, path = "/api/v1/catalogue/price-lists/{id}/clients", tag = "catalogue",
    operation_id = "list_clients_of_price_list",
    params(("id" = String, Path, description = "`pri_…`"), ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = ClientsOfPriceList)))]
pub async fn list_clients_of_price_list(
    asker: Asker,
    Id(id): Id<PriceListId>,
    Pagination(request): Pagination,
) -> Result<Plain<ClientsOfPriceList>, Failure> {
    let list = asker.scope.keys().clients_of_price_list(id);
    let found = asker.scope.list::<ClientPriceList>(&list, &request, Order::Ascending).await?;
    let Page { items, next_cursor } = found.map(|assigned| ClientPriceListView::of(&assigned));
    Ok(Plain(ClientsOfPriceList { items, next_cursor }))
}

/// Gives a client a price list; the one that they had before is theirs no more.
#[utoipa::path(post, path = "/api/v1/catalogue/price-lists/{id}/clients", tag = "catalogue",
    operation_id = "assign_price_list", params(("id" = String, Path, description = "`pri_…`")),
    request_body = ClientInput, responses((status = 200, body = ClientPriceListView)))]
pub async fn assign_price_list(
    asker: Asker,
    Id(id): Id<PriceListId>,
    Json(input): Json<ClientInput>,
) -> Result<Plain<ClientPriceListView>, Failure> {
    let assigned = super::assign_price_list(&asker, id, &input.client_id).await?;
    Ok(Plain(ClientPriceListView::of(&assigned)))
}

/// Takes a price list from a client.
#[utoipa::path(delete, path = "/api/v1/catalogue/price-lists/{id}/clients/{client}", tag = "catalogue",
    operation_id = "unassign_price_list",
    params(("id" = String, Path, description = "`pri_…`"), ("client" = String, Path, description = "`com_…`")),
    responses((status = 204)))]
pub async fn unassign_price_list(asker: Asker, Ids(ids): Ids<PriceListId, CompanyId>) -> Result<StatusCode, Failure> {
    super::unassign_price_list(&asker, ids.0, ids.1).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces the prices that a product has of its own in price lists.
#[utoipa::path(put, path = "/api/v1/products/{id}/prices", tag = "catalogue", operation_id = "set_prices",
    params(("id" = String, Path, description = "`prd_…`")),
    request_body = PricesInput, responses((status = 200, body = ProductView)))]
pub async fn set_prices(
    asker: Asker,
    Id(id): Id<ProductId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PricesInput>,
) -> Result<Answer<ProductView>, Failure> {
    let (product, catalogue) = super::set_prices(&asker.scope, id, &input, version).await?;
    Ok(ProductView::answer(&product, &catalogue))
}
