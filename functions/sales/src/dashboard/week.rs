//! What a week of the cash forecast is made of.

use jiff::{ToSpan, civil::Date};
use kernel::{
    Currency, Error, Minor, Result,
    id::{RecurringExpenseId, RecurringInvoiceId},
    legal,
    page::{Page, PageRequest},
};
use serde::Deserialize;
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{
    pages::horizon,
    read::{must_have_figures, open_sales},
};
use crate::projection::{OpenSale, SaleExpensePlan, SalePlan};

/// `?from=2026-11-29`: the first of its seven days, none before today; today where nothing is said.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WeekAsked {
    pub from: String,
}

/// Seven days, and what is in them. What counts as an expense already is of purchases' list.
pub struct Week {
    pub from: Date,
    pub to: Date,
    /// Whether what was to be paid before is in it.
    pub is_first: bool,
    /// Invoices of which something is to be paid, by due date.
    pub invoices: Page<Stored<OpenSale>>,
    pub recurring: Vec<PlannedIn>,
    /// None of who sees only their own.
    pub outlays: Vec<PlannedOut>,
}

pub struct PlannedIn {
    pub recurring: RecurringInvoiceId,
    pub on: Date,
    pub gross_minor: Minor,
    pub currency: Currency,
}

pub struct PlannedOut {
    pub recurring: RecurringExpenseId,
    pub label: String,
    pub on: Date,
    pub gross_minor: Minor,
    pub currency: Currency,
}

impl WeekAsked {
    fn first(&self, today: Date) -> Result<Date> {
        let malformed = || Error::Malformed { detail: "from is a day of the forecast, YYYY-MM-DD".into() };
        let from = match self.from.trim() {
            "" => today,
            typed => legal::date(typed).map_err(|_| malformed())?,
        };
        if (today..=horizon(today)).contains(&from) { Ok(from) } else { Err(malformed()) }
    }
}

pub async fn show_week(asker: &Asker, asked: &WeekAsked, request: &PageRequest) -> Result<Week> {
    let (scope, today, whose) = (&asker.scope, asker.today(), asker.only());
    let keys = scope.keys();
    let from = asked.first(today)?;
    let to = from.saturating_add(6.days());
    let within = |on: Date| (from..=to).contains(&on);
    let (plans, outlays) = (keys.sale_plans(), keys.sale_expense_plans());
    let plans = side_by_side(scope.collection(&plans), scope.collection(&outlays));
    let invoices = open_sales(scope, whose, (Some(from), Some(to)), request);
    let (current, (invoices, (plans, outlays))) =
        side_by_side(must_have_figures(asker), side_by_side(invoices, plans)).await;
    current?;
    let plans = plans?.all::<SalePlan>()?;
    let mine = plans.iter().filter(|known| whose.is_none_or(|whose| known.plan.assigned_to == Some(whose)));
    let mut recurring: Vec<_> = mine
        .flat_map(|known| {
            let planned = known.plan.invoices.iter().filter(|planned| within(planned.due_on));
            planned.map(|planned| PlannedIn {
                recurring: known.recurring,
                on: planned.due_on,
                gross_minor: planned.gross_minor,
                currency: known.plan.currency,
            })
        })
        .collect();
    recurring.sort_by_key(|planned| (planned.on, planned.recurring));
    let spent = outlays?.all::<SaleExpensePlan>()?;
    let mut outlays: Vec<_> = spent
        .iter()
        .filter(|_| whose.is_none())
        .flat_map(|known| {
            let planned = known.plan.expenses.iter().filter(|planned| within(planned.payable_on.max(today)));
            planned.map(|planned| PlannedOut {
                recurring: known.recurring,
                label: known.plan.label.clone(),
                on: planned.payable_on,
                gross_minor: planned.gross_minor,
                currency: known.plan.currency,
            })
        })
        .collect();
    outlays.sort_by_key(|planned| (planned.on, planned.recurring));
    Ok(Week { from, to, is_first: from == today, invoices: invoices?, recurring, outlays })
}

impl Week {
    /// Where expenses that are to be paid in it are listed.
    pub fn expenses_href(&self) -> String {
        expenses_href(self.from, self.to, self.is_first)
    }
}

/// Those that are late already are to be paid in the first week.
pub fn expenses_href(from: Date, to: Date, is_first: bool) -> String {
    let from = if is_first { String::new() } else { format!("&from={from}") };
    format!("/ventes/depenses?sort=due{from}&to={to}")
}
