//! Taking over a file: checked whole, then written in parts. Each row is an expense that is entered once, so a file that was
//! interrupted, or comes twice, is sent again.

use std::collections::BTreeMap;

use cloud::Files;
use kernel::{Result, Rule, id::SupplierId, page::PageRequest, text};
use serde::{Deserialize, Serialize};
use table::{Order, Scope, Stored, idempotency::Idempotency, meter::side_by_side};
use web::{
    Asker,
    upload::{FileKind, UploadedInput, discard_upload, read_upload, refused},
};

use super::model::{ExpenseColumnView, ExpenseRow, ExpenseRowError, Plan, plan, read};
use crate::{
    expense::{Expense, ExpenseContent, Named, SupplierName, Threshold, store},
    settings,
    supplier::Supplier,
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

/// Each is itself, its event, its month and its supplier.
const WRITTEN_AT_ONCE: usize = 20;
const PAGE: u16 = 1_000;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExpenseImportInput {
    /// `upl_…`
    pub upload_id: String,
    /// Of each column of the file what it is, as a check names them; guessed by their names where it is empty.
    pub columns: Vec<String>,
}

/// What an import would do, or what is wrong with its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExpensesChecked {
    pub columns: Vec<ExpenseColumnView>,
    /// How many rows are expenses; those that were imported before are not entered again.
    pub rows: usize,
    /// The first hundred. With one of them, nothing is imported.
    pub errors: Vec<ExpenseRowError>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExpensesImported {
    pub created: usize,
    /// That were imported before.
    pub known: usize,
}

async fn planned(asker: &Asker, files: &Files, input: &ExpenseImportInput) -> Result<Plan> {
    let upload = UploadedInput { upload_id: input.upload_id.clone() }.parse()?;
    let sheet = read(&read_upload(&asker.scope, files, &CSV, upload).await?).map_err(refused)?;
    Ok(plan(&sheet, &input.columns, &asker.organization, asker.today()))
}

/// Says what the file would do, and does nothing.
pub async fn check_import(asker: &Asker, files: &Files, input: &ExpenseImportInput) -> Result<ExpensesChecked> {
    let Plan { columns, rows, errors } = planned(asker, files, input).await?;
    Ok(ExpensesChecked { columns, rows: rows.len(), errors })
}

pub async fn import_expenses(asker: &Asker, files: &Files, input: &ExpenseImportInput) -> Result<ExpensesImported> {
    let scope = &asker.scope;
    let outcome = scope
        .write(|| async {
            let plan = planned(asker, files, input).await?;
            if !plan.errors.is_empty() {
                return Err(refused(Rule::RowsWrong { count: plan.errors.len() }));
            }
            let (threshold, known) = side_by_side(settings::THRESHOLD.shown(scope), suppliers(scope)).await;
            let (threshold, mut suppliers) = (threshold?.value, known?);
            let mut created = 0;
            for part in plan.rows.chunks(WRITTEN_AT_ONCE) {
                created += Box::pin(write(asker, &threshold, &mut suppliers, part)).await?;
            }
            // What was done is remembered with the request, once all is.
            let done = scope.begin("import_expenses", scope.tenant().organization()).nothing();
            Ok((done, ExpensesImported { created, known: plan.rows.len() - created }))
        })
        .await?;
    discard_upload(scope, files, UploadedInput { upload_id: input.upload_id.clone() }.parse()?).await;
    Ok(outcome)
}

/// Those that are offered, by their sorted name.
async fn suppliers(scope: &Scope) -> Result<BTreeMap<String, SupplierId>> {
    let mut known = BTreeMap::new();
    let list = scope.keys().suppliers(false, "");
    let mut page = PageRequest { limit: PAGE, cursor: None };
    loop {
        let found = scope.list::<Supplier>(&list, &page, Order::Ascending).await?;
        for read in found.items {
            known.entry(text::sorted(&read.name)).or_insert(read.id);
        }
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return Ok(known);
        }
    }
}

/// Enters what is not there yet; how many that were.
async fn write(
    asker: &Asker,
    threshold: &Threshold,
    suppliers: &mut BTreeMap<String, SupplierId>,
    part: &[ExpenseRow],
) -> Result<usize> {
    // The request's key belongs to the whole.
    let scope = &asker.scope.clone().with_idempotency(Idempotency::None);
    let keys = scope.keys();
    let called = |row: &ExpenseRow| match &row.new.supplier {
        Named::Called(name) => Some(name.clone()),
        Named::Nobody | Named::Known(_) => None,
    };
    let mut new = BTreeMap::new();
    for name in part.iter().filter_map(called) {
        let sorted = text::sorted(&name);
        if !suppliers.contains_key(&sorted) {
            new.entry(sorted).or_insert_with(|| (scope.new_id(SupplierId::new), name));
        }
    }
    let known = &*suppliers;
    let id_of = |name: &str| {
        let sorted = text::sorted(name);
        known.get(&sorted).copied().or_else(|| new.get(&sorted).map(|(id, _)| *id))
    };
    let named = part.iter().filter_map(called).filter_map(|name| id_of(&name));
    let mut wanted: Vec<_> = part.iter().map(|row| keys.expense(row.id)).collect();
    wanted.extend(named.map(|id| keys.supplier(id)));
    wanted.sort_by(|a, b| a.parts().cmp(&b.parts()));
    wanted.dedup();
    let created = scope
        .write(|| async {
            let found = scope.get_many(&wanted).await?;
            let mut transaction = scope.begin("import_expenses", scope.tenant().organization());
            let (mut created, mut noted) = (0, Vec::new());
            for row in part {
                if found.get::<Expense>(&keys.expense(row.id))?.is_some() {
                    continue;
                }
                let supplier = match called(row) {
                    None => None,
                    Some(name) => {
                        let id = id_of(&name).ok_or_else(|| kernel::Error::internal("a supplier without an id"))?;
                        let read = found.get::<Supplier>(&keys.supplier(id))?;
                        if !noted.contains(&id) {
                            noted.push(id);
                            note(&mut transaction, scope, id, &name, read.as_ref());
                        }
                        Some(SupplierName { id, name: read.map_or(name, |read| read.value.content.name) })
                    }
                };
                let content = ExpenseContent { supplier, ..row.new.content.clone() };
                let wants_approval = threshold.wants_approval(&content, asker.organization.currency);
                let by = (scope.now(), Some(asker.user));
                let expense = Expense::entered(row.id, by, content, false, wants_approval);
                store::save(&mut transaction, None, Some(&expense));
                created += 1;
            }
            Ok((if created == 0 { transaction.nothing() } else { transaction }, created))
        })
        .await?;
    if created > 0 {
        suppliers.extend(new.into_iter().map(|(sorted, (id, _))| (sorted, id)));
    }
    Ok(created)
}

/// That a supplier is named, or that there is a new one.
fn note(
    transaction: &mut table::Transaction,
    scope: &Scope,
    id: SupplierId,
    name: &str,
    read: Option<&Stored<Supplier>>,
) {
    match read {
        Some(read) if !read.is_used => {
            transaction.update(read, &Supplier { is_used: true, ..read.value.clone() });
        }
        Some(_) => {}
        None => {
            transaction.create(&Supplier { is_used: true, ..Supplier::called(id, scope.now(), name.into()) });
        }
    }
}
