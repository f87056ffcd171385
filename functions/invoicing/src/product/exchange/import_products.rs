//! Taking over a file: checked whole, then written in parts. Each part is an act of its own, and a row that is as the
//! catalogue has it changes nothing: an import that was interrupted is done again.

use std::collections::BTreeMap;

use cloud::Files;
use kernel::{Error, Result, Rule, id::ProductId, page::PageRequest, text};
use serde::{Deserialize, Serialize};
use table::{Order, Scope, Stored, idempotency::Idempotency, meter::side_by_side};
use web::{
    Asker,
    upload::{FileKind, UploadedInput, discard_upload, read_upload, refused},
};

use super::model::{ColumnView, Given, Plan, ProductRow, RowError, plan, read};
use crate::{
    catalogue::{self, Catalogue},
    product::{Product, store},
    stock::Stock,
};

/// Files of spreadsheets. Windows calls them by the program that opens them.
pub const CSV: FileKind = FileKind {
    media_types: &[
        ("text/csv", "CSV"),
        ("text/plain", "CSV"),
        ("application/vnd.ms-excel", "CSV"),
        ("application/octet-stream", "CSV"),
    ],
    megabytes_max: 4,
};

/// A new one is three writes: itself, its reference, its stock.
const WRITTEN_AT_ONCE: usize = 30;
const PAGE: u16 = 1_000;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ProductImportInput)]
pub struct ImportInput {
    /// `upl_…`
    pub upload_id: String,
    /// Of each column of the file what it is, as a check names them; guessed by their names where it is empty.
    pub columns: Vec<String>,
}

impl ImportInput {
    fn upload(&self) -> UploadedInput {
        UploadedInput { upload_id: self.upload_id.clone() }
    }
}

/// What an import would do, or what is wrong with its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Checked {
    pub columns: Vec<ColumnView>,
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// The first hundred. With one of them, nothing is imported.
    pub errors: Vec<RowError>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Imported {
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
}

impl Checked {
    fn of(plan: &Plan) -> Self {
        let created = plan.rows.iter().filter(|row| row.product.is_none()).count();
        Self {
            columns: plan.columns.clone(),
            created,
            updated: plan.rows.len() - created,
            unchanged: plan.unchanged,
            errors: plan.errors.clone(),
        }
    }
}

/// The products of a list, by their folded reference.
async fn known(scope: &Scope, is_archived: bool) -> Result<Vec<(String, Product)>> {
    let mut known = Vec::new();
    let list = scope.keys().products(is_archived, "");
    let mut page = PageRequest { limit: PAGE, cursor: None };
    loop {
        let found = scope.list::<Product>(&list, &page, Order::Ascending).await?;
        known.extend(found.items.into_iter().map(|read| (text::folded(&read.reference), read.value)));
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return Ok(known);
        }
    }
}

async fn planned(asker: &Asker, files: &Files, input: &ImportInput) -> Result<Plan> {
    let scope = &asker.scope;
    let sheet = read(&read_upload(scope, files, &CSV, input.upload().parse()?).await?).map_err(refused)?;
    let products = side_by_side(known(scope, false), known(scope, true));
    let ((offered, archived), catalogue) = side_by_side(products, catalogue::CATALOGUE.shown(scope)).await;
    let catalogue = &catalogue?.value;
    let known = offered?.into_iter().chain(archived?);
    let known = known.map(|(reference, product)| (reference, product.known_to(catalogue))).collect();
    Ok(plan(&sheet, &input.columns, &known, given(asker, catalogue)))
}

fn given<'a>(asker: &'a Asker, catalogue: &'a Catalogue) -> Given<'a> {
    Given { organization: &asker.organization, catalogue, today: asker.today() }
}

/// Says what the file would do, and does nothing.
pub async fn check_import(asker: &Asker, files: &Files, input: &ImportInput) -> Result<Checked> {
    Ok(Checked::of(&planned(asker, files, input).await?))
}

pub async fn import_products(asker: &Asker, files: &Files, input: &ImportInput) -> Result<Imported> {
    let scope = &asker.scope;
    let outcome = scope
        .write(|| async {
            let plan = planned(asker, files, input).await?;
            if !plan.errors.is_empty() {
                return Err(refused(Rule::RowsWrong { count: plan.errors.len() }));
            }
            let Checked { created, updated, unchanged, .. } = Checked::of(&plan);
            for part in plan.rows.chunks(WRITTEN_AT_ONCE) {
                Box::pin(write(asker, part)).await?;
            }
            // What was done is remembered with the request, once all is.
            let done = scope.begin("import_products", scope.tenant().organization()).nothing();
            Ok((done, Imported { created, updated, unchanged }))
        })
        .await?;
    discard_upload(scope, files, input.upload().parse()?).await;
    Ok(outcome)
}

/// What rows make of the products as they are now: what somebody changed meanwhile, and no row speaks of, stays.
async fn write(asker: &Asker, part: &[ProductRow]) -> Result<()> {
    // The request's key belongs to the whole.
    let scope = &asker.scope.clone().with_idempotency(Idempotency::None);
    let keys = scope.keys();
    let ids: Vec<_> = part.iter().map(|row| row.product.unwrap_or_else(|| scope.new_id(ProductId::new))).collect();
    let known = || part.iter().zip(&ids).filter(|(row, _)| row.product.is_some()).map(|(_, id)| *id);
    let mut wanted = vec![keys.catalogue()];
    wanted.extend(known().flat_map(|id| [keys.product(id), keys.stock(id)]));
    // Somebody took a reference or deleted a product meanwhile.
    let outdated = || refused(Rule::RowsWrong { count: 1 });
    scope
        .write(|| async {
            let found = scope.get_many(&wanted).await?;
            let catalogue = found.first::<Catalogue>()?.map(|read| read.value).unwrap_or_default();
            let products: BTreeMap<_, _> =
                found.all::<Product>()?.into_iter().map(|product| (product.id, product)).collect();
            let stocks: BTreeMap<_, _> = found.all::<Stock>()?.into_iter().map(|read| (read.product, read)).collect();
            let given = given(asker, &catalogue);
            let mut transaction = scope.begin("import_products", scope.tenant().organization());
            for (row, id) in part.iter().zip(&ids) {
                match row.product {
                    None => {
                        let new = row.made(None, given).map_err(|_| outdated())?;
                        let product = Product::new(*id, scope.now(), new);
                        transaction.create(&product).claim(&product.claim(), store::taken);
                        store::save_stock(&mut transaction, None, &product);
                    }
                    Some(id) => {
                        let Stored { value, version } = products.get(&id).cloned().ok_or_else(outdated)?;
                        let read = Stored { value: value.known_to(&catalogue), version };
                        let product = read.edited(row.made(Some(&read), given).map_err(|_| outdated())?);
                        if product.claim() != read.claim() {
                            return Err(outdated());
                        }
                        transaction.update(&read, &product);
                        store::save_stock(&mut transaction, stocks.get(&id), &product);
                    }
                }
            }
            Ok((transaction, ()))
        })
        .await
        .map_err(|error| match error {
            Error::Invalid(_) => outdated(),
            other => other,
        })
}
