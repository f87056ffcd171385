//! Expenses by day, narrowed by what is wanted of them.

use jiff::{ToSpan, civil::Date};
use kernel::{
    Error, Result,
    id::SupplierId,
    legal,
    page::{Page, PageRequest},
    purchase::PurchaseCategory,
    text,
};
use serde::Deserialize;
use table::{Order, Scope, Stored, keys::List};

use super::{Approval, Expense};

/// What is wanted of the list, as texts of a query.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Beginnings of words of the description, the supplier or the reference.
    pub q: String,
    pub category: String,
    /// `draft`, `submitted`, `approved` or `refused`; any where empty.
    pub state: String,
    /// `paid`, `unpaid` or `late`; any where empty.
    pub payment: String,
    /// `sup_…`
    pub supplier: String,
    /// `YYYY-MM-DD`, both included.
    pub from: String,
    pub to: String,
    /// `-day`, which an empty text means too, `day`, or `due`: what is to be paid, by when, with what suppliers owe.
    pub sort: String,
}

/// A [`Wanted`] that was understood.
struct Query {
    words: Vec<String>,
    category: Option<PurchaseCategory>,
    state: Option<&'static str>,
    payment: Option<Payment>,
    supplier: Option<SupplierId>,
    is_by_due: bool,
    order: Order,
    from: Option<Date>,
    to: Option<Date>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Payment {
    Paid,
    Unpaid,
    Late,
}

fn unknown(what: &str) -> Error {
    Error::Malformed { detail: format!("unknown {what}") }
}

impl Wanted {
    pub fn is_narrowed(&self) -> bool {
        [&self.q, &self.category, &self.state, &self.payment, &self.supplier, &self.from, &self.to]
            .iter()
            .any(|one| !one.is_empty())
    }

    fn read(&self) -> Result<Query> {
        let category = match self.category.as_str() {
            "" => None,
            name => Some(PurchaseCategory::named(name).ok_or_else(|| unknown("category"))?),
        };
        let state = match self.state.as_str() {
            "" => None,
            name => {
                let known = Approval::NAMES.into_iter().find(|(known, _)| *known == name);
                Some(known.ok_or_else(|| unknown("state"))?.0)
            }
        };
        let payment = match self.payment.as_str() {
            "" => None,
            "paid" => Some(Payment::Paid),
            "unpaid" => Some(Payment::Unpaid),
            "late" => Some(Payment::Late),
            _ => return Err(unknown("payment")),
        };
        let supplier = match self.supplier.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| unknown("supplier"))?),
        };
        let (is_by_due, order) = match self.sort.as_str() {
            "" | "-day" => (false, Order::Descending),
            "day" => (false, Order::Ascending),
            "due" => (true, Order::Ascending),
            _ => return Err(unknown("sort")),
        };
        let day = |typed: &str| match typed {
            "" => Ok(None),
            typed => legal::date(typed).map(Some).map_err(|_| unknown("day")),
        };
        let words = text::folded(&self.q).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let (from, to) = (day(&self.from)?, day(&self.to)?);
        Ok(Query { words, category, state, payment, supplier, is_by_due, order, from, to })
    }
}

impl Query {
    fn list(&self, scope: &Scope) -> List {
        let keys = scope.keys();
        let list = if self.is_by_due { keys.unpaid_expenses() } else { keys.expenses() };
        if self.from.is_none() && self.to.is_none() {
            return list;
        }
        let from = self.from.unwrap_or(jiff::civil::date(0, 1, 1));
        let to = self.to.unwrap_or(jiff::civil::date(9999, 12, 30));
        // Whatever stands on the last day comes before the next one.
        list.between(from.to_string(), format!("{to}~"))
    }

    const fn is_plain(&self) -> bool {
        self.words.is_empty()
            && self.category.is_none()
            && self.state.is_none()
            && self.payment.is_none()
            && self.supplier.is_none()
    }

    fn takes(&self, expense: &Expense, today: Date) -> bool {
        let payment = match self.payment {
            None => true,
            Some(Payment::Paid) => expense.is_paid(),
            Some(Payment::Unpaid) => expense.is_open(),
            Some(Payment::Late) => expense.is_late(today),
        };
        payment
            && self.category.is_none_or(|category| expense.category == category)
            && self.state.is_none_or(|state| expense.approval.name() == state)
            && self.supplier.is_none_or(|id| expense.supplier.as_ref().is_some_and(|supplier| supplier.id == id))
            && expense.answers_to(&self.words)
    }
}

/// A page of those that are wanted. What is narrowed by more than its days is found among what one reading gives, and a page
/// may have less than its limit and still another follow.
pub async fn list_expenses(
    scope: &Scope,
    wanted: &Wanted,
    page: &PageRequest,
    today: Date,
) -> Result<Page<Stored<Expense>>> {
    let query = wanted.read()?;
    let list = query.list(scope);
    if query.is_plain() {
        return scope.list::<Expense>(&list, page, query.order).await;
    }
    let sieve = scope.sieve(&list, page, query.order).await?;
    sieve.take::<Expense>(page.limit, |expense| query.takes(expense, today))
}

/// The months of which there are sums, the last one first.
pub async fn list_months(scope: &Scope) -> Result<Vec<super::PurchaseMonth>> {
    let found = scope.collection(&scope.keys().purchase_months()).await?;
    let mut months: Vec<_> = found.all::<super::PurchaseMonth>()?.into_iter().map(|read| read.value).collect();
    months.retain(|month| month.count != 0);
    months.sort_by_key(|month| (std::cmp::Reverse(month.month), month.currency.code()));
    Ok(months)
}

/// The first and the last day of a month.
pub fn days_of(month: Date) -> (Date, Date) {
    let first = month.first_of_month();
    (first, first.saturating_add(1.month()).yesterday().unwrap_or(first))
}
