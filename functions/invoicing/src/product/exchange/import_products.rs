//! Taking over a file: checked whole, then written in parts. Each part is an act of its own, and a row that is as the
//! catalogue has it changes nothing: an import that was interrupted is done again.

use cloud::Files;
use kernel::{Error, Result, Rule, id::ProductId, page::PageRequest, text};
use serde::{Deserialize, Serialize};
use table::{Order, Scope, idempotency::Idempotency, meter::side_by_side};
use web::{
    Asker,
    upload::{FileKind, UploadedInput, discard_upload, read_upload, refused},
};

use super::model::{Change, Plan, RowError, decoded, plan};
use crate::{
    catalogue,
    product::{
        Product,
        store::{self, Shelf},
    },
};

/// Files of spreadsheets. Windows calls them by the program that opens them.
pub const CSV: FileKind = FileKind {
    media_types: &[("text/csv", "CSV"), ("application/vnd.ms-excel", "CSV"), ("text/plain", "texte")],
    megabytes_max: 4,
};

/// A new one is three writes: itself, its reference, its stock.
const WRITTEN_AT_ONCE: usize = 30;
const PAGE: u16 = 1_000;

/// What an import would do, or what is wrong with its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Checked {
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
        let created = plan.changes.iter().filter(|change| matches!(change, Change::Create(_))).count();
        let updated = plan.changes.len() - created;
        Self { created, updated, unchanged: plan.unchanged, errors: plan.errors.clone() }
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

async fn planned(asker: &Asker, files: &Files, input: &UploadedInput) -> Result<Plan> {
    let scope = &asker.scope;
    let bytes = read_upload(scope, files, &CSV, input.parse()?).await?;
    let products = side_by_side(known(scope, false), known(scope, true));
    let ((offered, archived), catalogue) = side_by_side(products, catalogue::store::shown(scope)).await;
    let catalogue = catalogue?.value;
    let known = offered?.into_iter().chain(archived?);
    let known = known.map(|(reference, product)| (reference, product.known_to(&catalogue))).collect();
    Ok(plan(&decoded(&bytes), &known, &asker.organization, &catalogue, asker.today()))
}

/// Says what the file would do, and does nothing.
pub async fn check_import(asker: &Asker, files: &Files, input: &UploadedInput) -> Result<Checked> {
    Ok(Checked::of(&planned(asker, files, input).await?))
}

pub async fn import_products(asker: &Asker, files: &Files, input: &UploadedInput) -> Result<Imported> {
    let scope = &asker.scope;
    let outcome = scope
        .write(|| async {
            let plan = planned(asker, files, input).await?;
            if !plan.errors.is_empty() {
                return Err(refused(Rule::RowsWrong { count: plan.errors.len() }));
            }
            let Checked { created, updated, unchanged, .. } = Checked::of(&plan);
            for part in plan.changes.chunks(WRITTEN_AT_ONCE) {
                Box::pin(write(asker, part)).await?;
            }
            // What was done is remembered with the request, once all is.
            let done = scope.begin("import_products", scope.tenant().organization()).nothing();
            Ok((done, Imported { created, updated, unchanged }))
        })
        .await?;
    discard_upload(scope, files, input.parse()?).await;
    Ok(outcome)
}

async fn write(asker: &Asker, part: &[Change]) -> Result<()> {
    // The request's key belongs to the whole.
    let scope = &asker.scope.clone().with_idempotency(Idempotency::None);
    let ids: Vec<_> = part.iter().map(|_| scope.new_id(ProductId::new)).collect();
    scope
        .write(|| async {
            let mut transaction = scope.begin("import_products", scope.tenant().organization());
            for (change, id) in part.iter().zip(&ids) {
                match change {
                    Change::Create(new) => {
                        let product = Product::new(*id, scope.now(), new.clone());
                        transaction.create(&product).claim(&product.claim(), store::taken);
                        store::save_stock(&mut transaction, None, &product);
                    }
                    Change::Update(planned, new) => {
                        let Shelf { product: read, stock, .. } = store::read(scope, planned.id).await?;
                        let product = read.edited(new.clone());
                        transaction.update(&read, &product);
                        store::save_stock(&mut transaction, stock.as_ref(), &product);
                    }
                }
            }
            Ok((transaction, ()))
        })
        .await
        .map_err(|error| match error {
            // Somebody took a reference meanwhile.
            Error::Invalid(_) => refused(Rule::RowsWrong { count: 1 }),
            other => other,
        })
}
