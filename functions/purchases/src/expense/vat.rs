//! `/ventes/depenses/tva`: what of the VAT is deducted, month by month, for who keeps the books.

use askama::Template;
use jiff::civil::Date;
use kernel::{Currency, Minor, Permission, Result, text};
use serde::Serialize;
use table::Scope;
use web::{Asker, Failure, PageResult, Shell, page, spreadsheet::Spreadsheet};

use super::{PurchaseMonth, days_of, exchange, list_months, pages::PATH};

#[derive(Template)]
#[template(path = "recovered_vat.html")]
struct VatPage {
    shell: Shell,
    tab: &'static str,
    months: Vec<MonthRow>,
    can_export: bool,
}

struct MonthRow {
    name: String,
    href: String,
    count: i64,
    net: String,
    tax: String,
    recovered: String,
}

impl MonthRow {
    fn of(month: &PurchaseMonth) -> Self {
        let (from, to) = days_of(month.month);
        let money = |amount: Minor| amount.french(month.currency);
        Self {
            name: text::french_month(month.month),
            href: format!("{PATH}?state=approved&from={from}&to={to}"),
            count: month.count,
            net: money(month.net_minor),
            tax: money(month.tax_minor),
            recovered: money(month.recovered_minor),
        }
    }
}

pub async fn show_recovered_vat(asker: Asker) -> PageResult {
    let months = list_months(&asker.scope).await?;
    page(&VatPage {
        shell: Shell::new(&asker, "sales", "TVA récupérée"),
        tab: "vat",
        months: months.iter().map(MonthRow::of).collect(),
        can_export: asker.may(Permission::SalesExport),
    })
}

pub async fn file(scope: &Scope) -> Result<Vec<u8>> {
    let header = ["Mois", "Devise", "Dépenses", "Total HT", "TVA", "TVA récupérée"];
    let mut file = Spreadsheet::new(Vec::new(), &header)?;
    for month in list_months(scope).await? {
        let money = |amount| exchange::plain(amount, month.currency);
        let cells = [
            format!("{:04}-{:02}", month.month.year(), month.month.month()),
            month.currency.code().into(),
            month.count.to_string(),
            money(month.net_minor),
            money(month.tax_minor),
            money(month.recovered_minor),
        ];
        file.row(cells)?;
    }
    file.finish()
}

pub async fn export_recovered_vat(asker: Asker) -> PageResult {
    Ok(exchange::pages::csv(file(&asker.scope).await?, "attachment; filename=\"tva-recuperee.csv\""))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecoveredVatView {
    /// The first day of the month.
    #[schema(value_type = String, format = Date)]
    month: Date,
    currency: Currency,
    /// How many expenses of the month count.
    count: i64,
    net_minor: Minor,
    tax_minor: Minor,
    recovered_minor: Minor,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct RecoveredVatList {
    /// The last month first.
    items: Vec<RecoveredVatView>,
}

/// What expenses come to, and what of their VAT is deducted, by the month of their day.
#[utoipa::path(get, path = "/api/v1/expenses/recovered-vat", tag = "purchases", operation_id = "list_recovered_vat",
    responses((status = 200, body = RecoveredVatList)))]
pub async fn list_recovered_vat(asker: Asker) -> std::result::Result<axum::Json<RecoveredVatList>, Failure> {
    let months = list_months(&asker.scope).await?;
    let view = |month: PurchaseMonth| RecoveredVatView {
        month: month.month,
        currency: month.currency,
        count: month.count,
        net_minor: month.net_minor,
        tax_minor: month.tax_minor,
        recovered_minor: month.recovered_minor,
    };
    Ok(axum::Json(RecoveredVatList { items: months.into_iter().map(view).collect() }))
}
