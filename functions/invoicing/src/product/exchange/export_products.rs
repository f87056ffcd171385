//! The catalogue as a file, which an import takes back.

use kernel::{Result, money::french_decimal, page::PageRequest};
use table::{Order, Scope, meter::side_by_side};
use web::spreadsheet::Spreadsheet;

use super::columns::Column;
use crate::{
    catalogue::{CATALOGUE, Catalogue},
    product::Product,
};

const PAGE: u16 = 1_000;
/// A function answers with at most 6 MB, within some seconds.
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// What is offered, or what is archived. Where not all fits, its last line says so.
pub async fn export_products(scope: &Scope, is_archived: bool) -> Result<Vec<u8>> {
    let mut file = Spreadsheet::new(Vec::new(), &Column::ALL.map(Column::french))?;
    let list = scope.keys().products(is_archived, "");
    let mut page = PageRequest { limit: PAGE, cursor: None };
    let first = scope.list::<Product>(&list, &page, Order::Ascending);
    let (catalogue, first) = side_by_side(CATALOGUE.shown(scope), first).await;
    let (catalogue, mut found) = (catalogue?.value, first?);
    loop {
        for product in found.items {
            file.row(row(&product.value.known_to(&catalogue), &catalogue))?;
        }
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return file.finish();
        }
        if file.flushed()?.len() > BYTES_MAX {
            file.row(["Fichier incomplet : le catalogue est trop grand pour un seul fichier."])?;
            return file.finish();
        }
        found = scope.list::<Product>(&list, &page, Order::Ascending).await?;
    }
}

fn row(product: &Product, catalogue: &Catalogue) -> [String; 11] {
    let category = catalogue.tree().into_iter().find(|branch| Some(branch.category.id) == product.category);
    let tags = catalogue.tags.iter().filter(|tag| product.tags.contains(&tag.id)).map(|tag| tag.name.as_str());
    // Without the thin spaces that a spreadsheet does not read.
    let number = |number: rust_decimal::Decimal| french_decimal(number.normalize()).replace('\u{202f}', "");
    [
        product.reference.clone(),
        product.name.clone(),
        product.description.clone().unwrap_or_default(),
        product.kind.french().into(),
        product.unit.french().into(),
        number(product.unit_price),
        number(product.vat_percent),
        category.map(|branch| branch.path).unwrap_or_default(),
        tags.collect::<Vec<_>>().join(", "),
        if product.stock.is_some() { "oui" } else { "non" }.into(),
        product.stock.as_ref().map(|stock| number(stock.threshold)).unwrap_or_default(),
    ]
}
