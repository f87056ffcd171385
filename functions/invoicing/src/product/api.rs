//! `/api/v1/products`

use axum::{Json as Plain, extract::Query};
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency,
    id::{PriceListId, ProductId},
    page::Page,
};
use rust_decimal::Decimal;
use serde::Serialize;
use table::Stored;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{Product, ProductInput, Wanted, store};
use crate::catalogue::Catalogue;

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProductView {
    /// `prd_…`
    #[schema(value_type = String)]
    id: ProductId,
    #[serde(flatten)]
    product: ProductInput,
    /// Of the price.
    currency: Currency,
    /// Of the unit, UN/ECE Recommendation 20: `C62`.
    unit_code: &'static str,
    /// What it costs in price lists, where that is not what their reduction makes of its price.
    prices: Vec<OwnPrice>,
    has_picture: bool,
    /// Since when it is offered no more; absent while it is.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    archived_on: Option<Date>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OwnPrice {
    #[schema(value_type = String)]
    price_list_id: PriceListId,
    unit_price: String,
}

impl OwnPrice {
    fn of(price_list_id: PriceListId, price: Decimal) -> Self {
        Self { price_list_id, unit_price: price.normalize().to_string() }
    }
}

impl ProductView {
    pub fn of(product: &Product, catalogue: &Catalogue) -> Self {
        let product = &product.clone().known_to(catalogue);
        Self {
            id: product.id,
            product: ProductInput::of(product),
            currency: product.currency,
            unit_code: product.unit.unece(),
            prices: product.prices.iter().map(|(list, price)| OwnPrice::of(*list, *price)).collect(),
            has_picture: product.picture.is_some(),
            archived_on: product.archived_on,
            created_at: product.created_at,
        }
    }

    pub fn answer(product: &Stored<Product>, catalogue: &Catalogue) -> Answer<Self> {
        seen(Self::of(product, catalogue), product.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ProductList {
    items: Vec<ProductView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// The catalogue. With `q`, what is found, `limit` at most and without further pages.
#[utoipa::path(get, path = "/api/v1/products", tag = "catalogue", operation_id = "list_products",
    params(
        ("q" = Option<String>, Query, description = "Beginnings of words of the name or the reference; case and accents do not matter"),
        ("kind" = Option<String>, Query, description = "`product`, `service`, `subscription` or `digital`"),
        ("state" = Option<String>, Query, description = "`active` (where absent) or `archived`"),
        ("category" = Option<String>, Query, description = "`cat_…`, with the categories under it"),
        ("tag" = Option<String>, Query, description = "`tag_…`"),
        ("sort" = Option<String>, Query, description = "`name` (where absent), `-name`, `reference` or `-reference`"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = ProductList)))]
pub async fn list_products(
    asker: Asker,
    Query(wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> Result<Plain<ProductList>, Failure> {
    let (page, catalogue) = match wanted.q.trim() {
        "" => super::list_products(&asker.scope, &wanted, &request).await?,
        _ => {
            let (found, catalogue) = super::find_products(&asker.scope, &wanted, request.limit).await?;
            (Page { items: found.products, next_cursor: None }, catalogue)
        }
    };
    let Page { items, next_cursor } = page.map(|product| ProductView::of(&product, &catalogue));
    Ok(Plain(ProductList { items, next_cursor }))
}

/// Adds a product.
#[utoipa::path(post, path = "/api/v1/products", tag = "catalogue", operation_id = "create_product",
    request_body = ProductInput, responses((status = 201, body = ProductView)))]
pub async fn create_product(asker: Asker, Json(input): Json<ProductInput>) -> Result<Answer<ProductView>, Failure> {
    let (product, catalogue) = super::create_product(&asker, &input).await?;
    Ok(created(ProductView::of(&product, &catalogue), product.version, format!("/api/v1/products/{}", product.id)))
}

/// One product.
#[utoipa::path(get, path = "/api/v1/products/{id}", tag = "catalogue", operation_id = "show_product",
    params(("id" = String, Path, description = "`prd_…`")), responses((status = 200, body = ProductView)))]
pub async fn show_product(asker: Asker, Id(id): Id<ProductId>) -> Result<Answer<ProductView>, Failure> {
    let shelf = store::read(&asker.scope, id).await?;
    Ok(ProductView::answer(&shelf.product, &shelf.catalogue))
}

/// Replaces a product. Documents keep what was written on them.
#[utoipa::path(put, path = "/api/v1/products/{id}", tag = "catalogue", operation_id = "edit_product",
    params(("id" = String, Path, description = "`prd_…`")),
    request_body = ProductInput, responses((status = 200, body = ProductView)))]
pub async fn edit_product(
    asker: Asker,
    Id(id): Id<ProductId>,
    IfMatch(version): IfMatch,
    Json(input): Json<ProductInput>,
) -> Result<Answer<ProductView>, Failure> {
    let (product, catalogue) = super::edit_product(&asker, id, &input, version).await?;
    Ok(ProductView::answer(&product, &catalogue))
}

/// Deletes a product that no document ever named; others are archived.
#[utoipa::path(delete, path = "/api/v1/products/{id}", tag = "catalogue", operation_id = "delete_product",
    params(("id" = String, Path, description = "`prd_…`")), responses((status = 204)))]
pub async fn delete_product(
    asker: Asker,
    Id(id): Id<ProductId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_product(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Offers a product no more.
#[utoipa::path(post, path = "/api/v1/products/{id}/archive", tag = "catalogue", operation_id = "archive_product",
    params(("id" = String, Path, description = "`prd_…`")), responses((status = 200, body = ProductView)))]
pub async fn archive_product(
    asker: Asker,
    Id(id): Id<ProductId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<ProductView>, Failure> {
    let (product, catalogue) = super::archive_product(&asker.scope, asker.today(), id, version).await?;
    Ok(ProductView::answer(&product, &catalogue))
}

/// Offers an archived product again.
#[utoipa::path(post, path = "/api/v1/products/{id}/restore", tag = "catalogue", operation_id = "restore_product",
    params(("id" = String, Path, description = "`prd_…`")), responses((status = 200, body = ProductView)))]
pub async fn restore_product(
    asker: Asker,
    Id(id): Id<ProductId>,
    IfMatch(version): IfMatch,
) -> Result<Answer<ProductView>, Failure> {
    let (product, catalogue) = super::restore_product(&asker.scope, id, version).await?;
    Ok(ProductView::answer(&product, &catalogue))
}
