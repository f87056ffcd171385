//! Expenses as a file, which an import reads.

use jiff::civil::Date;
use kernel::{Currency, Minor, Result, money::french_decimal, page::PageRequest};
use rust_decimal::{Decimal, RoundingStrategy};
use table::Scope;
use web::spreadsheet::Spreadsheet;

use super::columns::Column;
use crate::expense::{Approval, Expense, ExpenseLine, Totals, Wanted, list_expenses};

const PAGE: u16 = 1_000;
/// A function answers with at most 6 MB, within some seconds.
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// Those that are wanted. Where not all fit, the last line says so.
pub async fn export_expenses(scope: &Scope, wanted: &Wanted, today: Date) -> Result<Vec<u8>> {
    let header: Vec<_> = Column::ALL.map(Column::french).into_iter().chain(["TVA déductible", "État"]).collect();
    let mut file = Spreadsheet::new(Vec::new(), &header)?;
    let mut page = PageRequest { limit: PAGE, cursor: None };
    loop {
        let found = list_expenses(scope, wanted, &page, today).await?;
        for expense in found.items {
            file.row(row(&expense))?;
        }
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return file.finish();
        }
        if file.flushed()?.len() > BYTES_MAX {
            file.row(["Fichier incomplet : précisez une période."])?;
            return file.finish();
        }
    }
}

/// As a spreadsheet reads it: no spaces, and the minus of a keyboard.
pub fn plain(amount: Minor, currency: Currency) -> String {
    amount.plain(currency).replace('.', ",")
}

/// Of several rates, what of their VAT is deducted together, in per cent; nothing where there is no VAT.
fn recovered_part(Totals { tax, recovered, .. }: Totals) -> String {
    let part = Decimal::from(recovered.0).checked_mul(Decimal::ONE_HUNDRED);
    let part = part.and_then(|part| part.checked_div(Decimal::from(tax.0)));
    part.map(|part| french_decimal(rounded(part))).unwrap_or_default()
}

/// A percentage as it is typed: of two decimals.
pub fn rounded(percent: Decimal) -> Decimal {
    percent.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize()
}

fn row(expense: &Expense) -> Vec<String> {
    let Totals { net, tax, recovered, gross } = expense.sums();
    let money = |amount| plain(amount, expense.currency);
    let day = |on: Option<Date>| on.map(|on| on.to_string()).unwrap_or_default();
    let [first, ..] = expense.lines.as_slice() else { return Vec::new() };
    let one = |part: fn(&ExpenseLine) -> rust_decimal::Decimal| {
        let is_one = expense.lines.iter().all(|line| part(line) == part(first));
        if is_one { french_decimal(part(first).normalize()) } else { String::new() }
    };
    let is_recovered_alike = expense.lines.iter().all(|line| line.recovered_percent == first.recovered_percent);
    vec![
        expense.spent_on.to_string(),
        expense.description.clone(),
        expense.category.french().into(),
        expense.supplier.as_ref().map(|supplier| supplier.name.clone()).unwrap_or_default(),
        expense.reference.clone().unwrap_or_default(),
        money(net),
        one(|line| line.vat_percent),
        money(tax),
        money(gross),
        if is_recovered_alike { one(|line| line.recovered_percent) } else { recovered_part(expense.sums()) },
        expense.currency.code().into(),
        day(expense.due_on),
        day(expense.payment.as_ref().map(|payment| payment.on)),
        expense.payment.as_ref().map(|payment| payment.by.french().to_owned()).unwrap_or_default(),
        expense.notes.clone().unwrap_or_default(),
        money(recovered),
        Approval::french(&expense.approval).into(),
    ]
}
