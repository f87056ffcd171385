//! What was invoiced, credited and received month by month: sums that the acts themselves add to, each in its own
//! transaction, so that no page ever counts.

use jiff::civil::Date;
use kernel::{Currency, Minor};
use serde::{Deserialize, Serialize};
use table::{Audit, Item, Key, Patch, TenantKeys, Transaction};

/// All taxes included. Those of another currency stand in an item of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthFigures {
    /// Its first day.
    pub month: Date,
    pub currency: Currency,
    /// How many invoices were issued.
    #[serde(default)]
    pub issued: u32,
    /// What they ask for: less the deposits that they deduct.
    #[serde(default)]
    pub invoiced_minor: Minor,
    #[serde(default)]
    pub credited_minor: Minor,
    /// What was paid, by the day of payment: less what was taken back or refunded.
    #[serde(default)]
    pub received_minor: Minor,
}

impl Item for MonthFigures {
    const TYPE: &'static str = "month_figures";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.month_figures(self.month, self.currency)
    }
}

fn tally(transaction: &mut Transaction, on: Date, currency: Currency, sums: &[(&'static str, i64)]) {
    let (month, key) = (on.first_of_month(), transaction.keys().month_figures(on, currency));
    let patch = Patch::tally::<MonthFigures>(key.clone());
    let patch = patch.set("month", &month.to_string()).set("currency", currency.code());
    transaction.tally(key, patch, sums);
}

pub fn invoiced(transaction: &mut Transaction, on: Date, currency: Currency, owed: Minor) {
    tally(transaction, on, currency, &[("issued", 1), ("invoiced_minor", owed.0)]);
}

pub fn credited(transaction: &mut Transaction, on: Date, currency: Currency, gross: Minor) {
    tally(transaction, on, currency, &[("credited_minor", gross.0)]);
}

/// Negative for what was taken back.
pub fn received(transaction: &mut Transaction, on: Date, currency: Currency, amount: Minor) {
    tally(transaction, on, currency, &[("received_minor", amount.0)]);
}
