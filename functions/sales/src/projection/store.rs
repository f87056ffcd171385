//! The items of the projection: all in one partition, so that a rebuilding knows what there is.

use jiff::civil::Date;
use kernel::{
    Currency, Result,
    id::{CompanyId, UserId},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use table::{Audit, Index, Item, Items, Key, Scope, TenantKeys, Transaction};

use super::model::{
    ClientSums, Code, DueSums, Effects, ExpenseSums, MonthSums, OpenSale, PlannedSums, Projection, QuoteSums, Sale,
    SaleClient, SaleExpense, SaleExpensePlan, SaleLine, SalePlan, SaleQuote, Whose,
};

impl Item for Projection {
    const TYPE: &'static str = "sales_projection";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.projection_state()
    }
}

impl Item for Sale {
    const TYPE: &'static str = "sale";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sale(self.invoice)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_sales(self.issued_on, self.invoice))
    }

    /// Who took care of the client when it was issued.
    fn assigned_to(&self) -> Option<UserId> {
        self.assigned_to
    }
}

impl Item for OpenSale {
    const TYPE: &'static str = "open_sale";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.open_sale(self.of, self.due_on, self.invoice)
    }
}

impl Item for SaleLine {
    const TYPE: &'static str = "sale_line";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sale_line(self.of, self.figure.code(), self.on, &self.document.place())
    }
}

impl Item for SaleClient {
    const TYPE: &'static str = "sale_client";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sale_client(self.client)
    }
}

impl Item for SaleQuote {
    const TYPE: &'static str = "sale_quote";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sale_quote(self.quote)
    }
}

/// Sums of one month and one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthOf<S> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Whose,
    /// Its first day.
    pub month: Date,
    pub currency: Currency,
    #[serde(flatten)]
    pub sums: S,
}

pub type SalesMonth = MonthOf<MonthSums>;
pub type QuoteMonth = MonthOf<QuoteSums>;

impl Item for SalesMonth {
    const TYPE: &'static str = "sales_month";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sales_month(self.of, self.month, "INVOICES", self.currency)
    }
}

impl Item for QuoteMonth {
    const TYPE: &'static str = "quote_month";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sales_month(self.of, self.month, "QUOTES", self.currency)
    }
}

/// What is to be paid on one day, in one currency. There is none where nothing is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SalesDue {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Whose,
    pub due_on: Date,
    pub currency: Currency,
    #[serde(flatten)]
    pub sums: DueSums,
}

impl Item for SalesDue {
    const TYPE: &'static str = "sales_due";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sales_due(self.of, self.due_on, self.currency)
    }
}

impl Item for SalePlan {
    const TYPE: &'static str = "sale_plan";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sale_plan(self.recurring)
    }
}

/// What recurring invoices will ask for on one day, in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SalesPlanned {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Whose,
    pub due_on: Date,
    pub currency: Currency,
    #[serde(flatten)]
    pub sums: PlannedSums,
}

impl Item for SalesPlanned {
    const TYPE: &'static str = "sales_planned";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sales_planned(self.of, self.due_on, self.currency)
    }
}

impl Item for SaleExpense {
    const TYPE: &'static str = "sale_expense";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sale_expense(self.facts.expense)
    }
}

pub type ExpenseMonth = MonthOf<ExpenseSums>;

impl Item for ExpenseMonth {
    const TYPE: &'static str = "expense_month";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sales_month(self.of, self.month, "EXPENSES", self.currency)
    }
}

/// What is to be paid of expenses on one day, in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SalesPayable {
    pub due_on: Date,
    pub currency: Currency,
    #[serde(flatten)]
    pub sums: DueSums,
}

impl Item for SalesPayable {
    const TYPE: &'static str = "sales_payable";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sales_payable(self.due_on, self.currency)
    }
}

impl Item for SaleExpensePlan {
    const TYPE: &'static str = "sale_expense_plan";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sale_expense_plan(self.recurring)
    }
}

/// What recurring expenses will cost on one day, in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SalesOutlay {
    pub payable_on: Date,
    pub currency: Currency,
    #[serde(flatten)]
    pub sums: PlannedSums,
}

impl Item for SalesOutlay {
    const TYPE: &'static str = "sales_outlay";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.sales_outlay(self.payable_on, self.currency)
    }
}

/// What one client was invoiced in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientSales {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Whose,
    pub period: String,
    pub client: CompanyId,
    #[serde(flatten)]
    pub sums: ClientSums,
}

impl Item for ClientSales {
    const TYPE: &'static str = "client_sales";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.client_sales(self.of, &self.period, self.client)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_top_clients(self.of, &self.period, self.sums.own_net_minor, self.client))
    }
}

fn currency(code: Code) -> Result<Currency> {
    code.parse().map_err(kernel::Error::internal)
}

/// The sums that are added to, as they will be: none is written that stays as it is.
pub fn touched(keys: TenantKeys, effects: &Effects) -> Result<Vec<Key>> {
    let mut touched = Vec::with_capacity(effects.places());
    for (of, month, code) in effects.months.keys() {
        touched.push(keys.sales_month(*of, *month, "INVOICES", currency(code)?));
    }
    for (of, month, code) in effects.quotes.keys() {
        touched.push(keys.sales_month(*of, *month, "QUOTES", currency(code)?));
    }
    for (of, due_on, code) in effects.dues.keys() {
        touched.push(keys.sales_due(*of, *due_on, currency(code)?));
    }
    for (of, due_on, code) in effects.planned.keys() {
        touched.push(keys.sales_planned(*of, *due_on, currency(code)?));
    }
    for (month, code) in effects.expenses.keys() {
        touched.push(keys.sales_month(None, *month, "EXPENSES", currency(code)?));
    }
    for (due_on, code) in effects.payables.keys() {
        touched.push(keys.sales_payable(*due_on, currency(code)?));
    }
    for (payable_on, code) in effects.outlays.keys() {
        touched.push(keys.sales_outlay(*payable_on, currency(code)?));
    }
    touched.extend(effects.clients.keys().map(|(of, period, client)| keys.client_sales(*of, period, *client)));
    Ok(touched)
}

/// Adds to sums as they were read ([`touched`]); what comes to nothing is removed. Lines are written as they will be.
pub fn add(transaction: &mut Transaction, found: &Items, effects: &Effects) -> Result<()> {
    for (&(of, month, code), sums) in &effects.months {
        let (currency, sums) = (currency(code)?, *sums);
        add_one(transaction, found, SalesMonth { of, month, currency, sums }, |known, new| {
            let sums = known.sums.plus(new.sums);
            (SalesMonth { sums, ..new }, sums.is_nothing())
        })?;
    }
    for (&(of, month, code), sums) in &effects.quotes {
        let (currency, sums) = (currency(code)?, *sums);
        add_one(transaction, found, QuoteMonth { of, month, currency, sums }, |known, new| {
            let sums = known.sums.plus(new.sums);
            (QuoteMonth { sums, ..new }, sums.is_nothing())
        })?;
    }
    for (&(of, due_on, code), sums) in &effects.dues {
        let (currency, sums) = (currency(code)?, *sums);
        add_one(transaction, found, SalesDue { of, due_on, currency, sums }, |known, new| {
            let sums = known.sums.plus(new.sums);
            (SalesDue { sums, ..new }, sums.is_nothing())
        })?;
    }
    for (&(of, due_on, code), sums) in &effects.planned {
        let (currency, sums) = (currency(code)?, *sums);
        add_one(transaction, found, SalesPlanned { of, due_on, currency, sums }, |known, new| {
            let sums = known.sums.plus(new.sums);
            (SalesPlanned { sums, ..new }, sums.is_nothing())
        })?;
    }
    for (&(month, code), sums) in &effects.expenses {
        let (currency, sums) = (currency(code)?, *sums);
        add_one(transaction, found, ExpenseMonth { of: None, month, currency, sums }, |known, new| {
            let sums = known.sums.plus(new.sums);
            (ExpenseMonth { sums, ..new }, sums.is_nothing())
        })?;
    }
    for (&(due_on, code), sums) in &effects.payables {
        let (currency, sums) = (currency(code)?, *sums);
        add_one(transaction, found, SalesPayable { due_on, currency, sums }, |known, new| {
            let sums = known.sums.plus(new.sums);
            (SalesPayable { sums, ..new }, sums.is_nothing())
        })?;
    }
    for (&(payable_on, code), sums) in &effects.outlays {
        let (currency, sums) = (currency(code)?, *sums);
        add_one(transaction, found, SalesOutlay { payable_on, currency, sums }, |known, new| {
            let sums = known.sums.plus(new.sums);
            (SalesOutlay { sums, ..new }, sums.is_nothing())
        })?;
    }
    for ((of, period, client), sums) in &effects.clients {
        let new = ClientSales { of: *of, period: period.clone(), client: *client, sums: *sums };
        add_one(transaction, found, new, |known, new| {
            let sums = known.sums.plus(new.sums);
            (ClientSales { sums, ..new }, sums.is_nothing())
        })?;
    }
    for ((of, figure, on, document), line) in &effects.lines {
        match line {
            Some(line) => transaction.replace(line),
            None => transaction.forget::<SaleLine>(|keys| keys.sale_line(*of, figure.code(), *on, document)),
        };
    }
    Ok(())
}

fn add_one<T: Item + Clone>(
    transaction: &mut Transaction,
    found: &Items,
    new: T,
    plus: impl Fn(&T, T) -> (T, bool),
) -> Result<()> {
    match found.get::<T>(&new.key(transaction.keys()))? {
        None => {
            transaction.create(&new);
        }
        Some(known) => {
            let (sum, is_nothing) = plus(&known.value, new);
            if is_nothing {
                transaction.delete(&known);
            } else {
                transaction.update(&known, &sum);
            }
        }
    }
    Ok(())
}

/// All sums of one kind, everybody's or one member's.
pub async fn all<T: Item + DeserializeOwned>(scope: &Scope, collection: &table::keys::Collection) -> Result<Vec<T>> {
    let found = scope.collection(collection).await?;
    Ok(found.all::<T>()?.into_iter().map(|stored| stored.value).collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::{
        Minor,
        id::{CreditNoteId, InvoiceId, OrganizationId},
    };
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::projection::{LineDocument, LineFigure};

    #[test]
    fn a_line_as_it_is_stored() {
        let user = UserId::from_ulid(Ulid(4));
        let line = SaleLine {
            of: Some(user),
            figure: LineFigure::Revenue,
            on: date(2026, 12, 2),
            document: LineDocument::CreditNote(CreditNoteId::from_ulid(Ulid(7))),
            number: "AV-0001".into(),
            about: "FAC-0002".into(),
            client: CompanyId::from_ulid(Ulid(2)),
            currency: Currency::Usd,
            net_minor: Minor(-5_000),
            gross_minor: Minor(-5_000),
            own_net_minor: Minor(-4_500),
            own_gross_minor: Minor(-4_500),
            is_unconverted: false,
            days: None,
        };
        let expected = json!({
            "pk": "ORG#00000000000000000000000001#SALES_PROJECTION",
            "sk": "LINE#00000000000000000000000004#REVENUE#2026-12-02#00000000000000000000000007",
            "type": "sale_line",
            "v": 1,
            "of": "usr_00000000000000000000000004",
            "figure": "revenue",
            "on": "2026-12-02",
            "document": { "credit_note": "cre_00000000000000000000000007" },
            "number": "AV-0001",
            "about": "FAC-0002",
            "client": "com_00000000000000000000000002",
            "currency": "USD",
            "net_minor": -5_000,
            "gross_minor": -5_000,
            "own_net_minor": -4_500,
            "own_gross_minor": -4_500,
        });
        let keys = TenantKeys::of(OrganizationId::from_ulid(Ulid(1)));
        assert_eq!(golden(&line, keys).ok(), Some(expected));
        // An invoice that is replaced on its day of issue has two lines on it.
        let document = LineDocument::Replaced(InvoiceId::from_ulid(Ulid(7)));
        let key = SaleLine { of: None, document, ..line }.key(keys);
        assert_eq!(key.parts().1, "LINE#ALL#REVENUE#2026-12-02#REPLACED#00000000000000000000000007");
    }
}
