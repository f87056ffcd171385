//! `/facturation/catalogue/stock`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{Error, Permission, id::ProductId, page::PageRequest};
use serde::Deserialize;
use table::{Order, meter::side_by_side};
use web::{Asker, Form, Id, PageResult, Pagination, Shell, form::FieldErrors, page, page_with_status};

use super::{AdjustmentInput, Cause, PolicyInput, Stock, StockMove, french_quantity};
use crate::{
    catalogue,
    product::{Product, pages::PATH as CATALOGUE},
};

const PATH: &str = "/facturation/catalogue/stock";

#[derive(Template)]
#[template(path = "stocks.html")]
struct StocksPage {
    shell: Shell,
    form_key: String,
    stocks: Vec<StockRow>,
    only_low: bool,
    /// How many are low; `9+` where there are more than are counted here.
    low: String,
    next: Option<String>,
    first: Option<String>,
    can_set_policy: bool,
    allows_negative: bool,
    version: u64,
}

/// What is left of a product.
pub struct StockRow {
    pub id: ProductId,
    pub name: String,
    pub reference: String,
    pub quantity: String,
    pub threshold: String,
    pub is_low: bool,
    /// Nothing is left.
    pub is_out: bool,
}

impl StockRow {
    pub fn of(stock: &Stock) -> Self {
        Self {
            id: stock.product,
            name: stock.name.clone(),
            reference: stock.reference.clone(),
            quantity: french_quantity(stock.quantity, stock.unit),
            threshold: french_quantity(stock.threshold, stock.unit),
            is_low: stock.is_low(),
            is_out: stock.quantity <= rust_decimal::Decimal::ZERO,
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    etat: String,
}

/// How many low stocks are counted for the number beside the link.
const COUNTED_MAX: u16 = 99;

pub async fn list_stocks(asker: Asker, Query(wanted): Query<Wanted>, Pagination(request): Pagination) -> PageResult {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let only_low = wanted.etat == "bas";
    let list = if only_low { keys.low_stocks() } else { keys.stocks() };
    let low_list = keys.low_stocks();
    let counted = PageRequest { limit: COUNTED_MAX, cursor: None };
    let lists = side_by_side(
        scope.list::<Stock>(&list, &request, Order::Ascending),
        scope.list::<Stock>(&low_list, &counted, Order::Ascending),
    );
    let (catalogue, (found, low)) = side_by_side(catalogue::CATALOGUE.shown(scope), lists).await;
    let (catalogue, found, low) = (catalogue?, found?, low?);
    let own = if only_low { format!("{PATH}?etat=bas") } else { PATH.into() };
    let joint = if only_low { "&" } else { "?" };
    page(&StocksPage {
        shell: Shell::new(&asker, "invoicing", "Stock"),
        form_key: asker.form_key(),
        stocks: found.items.iter().map(|stock| StockRow::of(stock)).collect(),
        only_low,
        low: if low.next_cursor.is_some() { format!("{COUNTED_MAX}+") } else { low.items.len().to_string() },
        next: found.next_cursor.map(|cursor| format!("{own}{joint}cursor={cursor}")),
        first: request.cursor.map(|_| own),
        can_set_policy: asker.may(Permission::InvoicingApprove),
        allows_negative: catalogue.allows_negative_stock,
        version: catalogue.version,
    })
}

pub async fn set_stock_policy(asker: Asker, form: Form<PolicyInput>) -> PageResult {
    let (allows, _) = super::set_policy(&asker.scope, &form.input, form.version).await?;
    let told = match allows {
        true => "Une facture peut désormais dépasser le stock.",
        false => "Une facture qui dépasse le stock est désormais refusée.",
    };
    asker.done(PATH, told)
}

// ---- what came and went of one product ------------------------------------------------------------------

#[derive(Template)]
#[template(path = "stock.html")]
struct StockPage {
    shell: Shell,
    form_key: String,
    product: ProductId,
    name: String,
    stock: StockRow,
    unit: &'static str,
    moves: Vec<MoveRow>,
    next: Option<String>,
    first: Option<String>,
    can_adjust: bool,
    form: AdjustmentInput,
    errors: FieldErrors,
}

struct MoveRow {
    on: String,
    what: String,
    href: Option<String>,
    quantity: String,
    is_out: bool,
    left: String,
}

impl MoveRow {
    fn of(asker: &Asker, stock: &Stock, moved: &StockMove) -> Self {
        let (what, href) = match &moved.cause {
            Cause::Sold { invoice, number } => {
                (format!("Facture {number}"), Some(format!("/facturation/factures/{invoice}")))
            }
            Cause::Returned { credit_note, number } => {
                (format!("Avoir {number}"), Some(format!("/facturation/avoirs/{credit_note}")))
            }
            Cause::Replaced { invoice, number } => {
                (format!("Facture {number}, remplacée"), Some(format!("/facturation/factures/{invoice}")))
            }
            Cause::Adjusted { reason } => (reason.clone(), None),
        };
        let is_out = moved.quantity.is_sign_negative();
        let size = french_quantity(moved.quantity.abs(), stock.unit);
        Self {
            on: asker.organization.date(asker.organization.day(moved.at)),
            what,
            href,
            quantity: format!("{}{size}", if is_out { "−" } else { "+" }),
            is_out,
            left: french_quantity(moved.left, stock.unit),
        }
    }
}

pub async fn show_stock(asker: Asker, Id(id): Id<ProductId>, Pagination(request): Pagination) -> PageResult {
    show(&asker, id, &request, StatusCode::OK, AdjustmentInput::default(), FieldErrors::default()).await
}

async fn show(
    asker: &Asker,
    id: ProductId,
    request: &PageRequest,
    status: StatusCode,
    form: AdjustmentInput,
    errors: FieldErrors,
) -> PageResult {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let (product, stock) = (keys.product(id), keys.stock(id));
    let moves = keys.stock_moves(id);
    let wanted = [product, stock];
    let (found, moves) =
        side_by_side(scope.get_many(&wanted), scope.list::<StockMove>(&moves, request, Order::Descending)).await;
    let (found, moves) = (found?, moves?);
    let product = found.first::<Product>()?.ok_or(Error::NotFound)?;
    let stock = found.first::<Stock>()?.ok_or(Error::NotFound)?;
    let own = format!("{CATALOGUE}/produits/{id}/stock");
    page_with_status(
        status,
        &StockPage {
            shell: Shell::new(asker, "invoicing", format!("Stock : {}", product.name)),
            form_key: asker.form_key(),
            product: id,
            name: product.name.clone(),
            unit: stock.unit.french(),
            moves: moves.items.iter().map(|moved| MoveRow::of(asker, &stock, moved)).collect(),
            stock: StockRow::of(&stock),
            next: moves.next_cursor.map(|cursor| format!("{own}?cursor={cursor}")),
            first: request.cursor.as_ref().map(|_| own),
            can_adjust: stock.is_tracked && asker.may(Permission::InvoicingEdit),
            form,
            errors,
        },
    )
}

pub async fn adjust_stock(asker: Asker, Id(id): Id<ProductId>, form: Form<AdjustmentInput>) -> PageResult {
    match super::adjust_stock(&asker.scope, id, &form.input).await {
        Ok(adjusted) => {
            let left = french_quantity(adjusted.stock.quantity, adjusted.stock.unit);
            asker.done(&format!("{CATALOGUE}/produits/{id}/stock"), format!("Stock à jour : {left}."))
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            show(&asker, id, &PageRequest::default(), StatusCode::UNPROCESSABLE_ENTITY, form.input, errors).await
        }
    }
}
