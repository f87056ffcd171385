//! `/api/v1/suppliers`

use axum::{Json as Plain, extract::Query};
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{id::SupplierId, page::Page};
use serde::Serialize;
use table::Stored;
use web::{Answer, Asker, Failure, Id, IfMatch, Json, Pagination, created, seen};

use super::{Supplier, SupplierInput, Wanted, store};

#[derive(Serialize, utoipa::ToSchema)]
pub struct SupplierView {
    /// `sup_…`
    #[schema(value_type = String)]
    id: SupplierId,
    #[serde(flatten)]
    supplier: SupplierInput,
    /// The last four characters of the IBAN, where one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    iban_end: Option<String>,
    /// How many accounts somebody confirmed to be theirs, that of the IBAN among them: by these lines of the bank are
    /// recognised.
    confirmed_accounts: usize,
    /// Since when it is offered no more; absent while it is.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    archived_on: Option<Date>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl SupplierView {
    pub fn of(supplier: &Supplier) -> Self {
        Self {
            id: supplier.id,
            supplier: SupplierInput::of(supplier),
            iban_end: supplier.iban_end.clone(),
            confirmed_accounts: supplier.accounts.len(),
            archived_on: supplier.archived_on,
            created_at: supplier.created_at,
        }
    }

    fn answer(read: &Stored<Supplier>) -> Answer<Self> {
        seen(Self::of(read), read.version)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SupplierList {
    items: Vec<SupplierView>,
    /// Ask again with it for what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

type Answered = Result<Answer<SupplierView>, Failure>;

/// Suppliers by name.
#[utoipa::path(get, path = "/api/v1/suppliers", tag = "purchases", operation_id = "list_suppliers",
    params(
        ("q" = Option<String>, Query, description = "Beginnings of words of the name, the SIREN or the VAT number"),
        ("state" = Option<String>, Query, description = "`active` (where absent) or `archived`"),
        ("sort" = Option<String>, Query, description = "`name` (where absent) or `-name`"),
        ("limit" = Option<u16>, Query, description = "1 to 100, 25 where absent"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
    ),
    responses((status = 200, body = SupplierList)))]
pub async fn list_suppliers(
    asker: Asker,
    Query(wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> Result<Plain<SupplierList>, Failure> {
    let page = super::list_suppliers(&asker.scope, &wanted, &request).await?;
    let Page { items, next_cursor } = page.map(|read| SupplierView::of(&read));
    Ok(Plain(SupplierList { items, next_cursor }))
}

/// Adds a supplier. Its IBAN is sealed and never told again but for its end.
#[utoipa::path(post, path = "/api/v1/suppliers", tag = "purchases", operation_id = "create_supplier",
    request_body = SupplierInput, responses((status = 201, body = SupplierView)))]
pub async fn create_supplier(asker: Asker, Json(input): Json<SupplierInput>) -> Answered {
    let read = super::create_supplier(&asker, &input).await?;
    Ok(created(SupplierView::of(&read), read.version, format!("/api/v1/suppliers/{}", read.id)))
}

/// One supplier.
#[utoipa::path(get, path = "/api/v1/suppliers/{id}", tag = "purchases", operation_id = "show_supplier",
    params(("id" = String, Path, description = "`sup_…`")), responses((status = 200, body = SupplierView)))]
pub async fn show_supplier(asker: Asker, Id(id): Id<SupplierId>) -> Answered {
    Ok(SupplierView::answer(&store::read(&asker.scope, id).await?))
}

/// Replaces a supplier; its IBAN stays where none is given. Expenses keep the name under which they were entered.
#[utoipa::path(put, path = "/api/v1/suppliers/{id}", tag = "purchases", operation_id = "edit_supplier",
    params(("id" = String, Path, description = "`sup_…`")),
    request_body = SupplierInput, responses((status = 200, body = SupplierView)))]
pub async fn edit_supplier(
    asker: Asker,
    Id(id): Id<SupplierId>,
    IfMatch(version): IfMatch,
    Json(input): Json<SupplierInput>,
) -> Answered {
    Ok(SupplierView::answer(&super::edit_supplier(&asker, id, &input, version).await?))
}

/// Deletes a supplier whom no expense ever named; others are archived.
#[utoipa::path(delete, path = "/api/v1/suppliers/{id}", tag = "purchases", operation_id = "delete_supplier",
    params(("id" = String, Path, description = "`sup_…`")), responses((status = 204)))]
pub async fn delete_supplier(
    asker: Asker,
    Id(id): Id<SupplierId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Failure> {
    super::delete_supplier(&asker.scope, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Offers a supplier no more.
#[utoipa::path(post, path = "/api/v1/suppliers/{id}/archive", tag = "purchases", operation_id = "archive_supplier",
    params(("id" = String, Path, description = "`sup_…`")), responses((status = 200, body = SupplierView)))]
pub async fn archive_supplier(asker: Asker, Id(id): Id<SupplierId>, IfMatch(version): IfMatch) -> Answered {
    Ok(SupplierView::answer(&super::turn_supplier(&asker, id, true, version).await?))
}

/// Offers an archived supplier again.
#[utoipa::path(post, path = "/api/v1/suppliers/{id}/restore", tag = "purchases", operation_id = "restore_supplier",
    params(("id" = String, Path, description = "`sup_…`")), responses((status = 200, body = SupplierView)))]
pub async fn restore_supplier(asker: Asker, Id(id): Id<SupplierId>, IfMatch(version): IfMatch) -> Answered {
    Ok(SupplierView::answer(&super::turn_supplier(&asker, id, false, version).await?))
}
