//! What the pages read: the sums of the months and of the due dates, side by side, however many documents there are.

use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor, Result,
    error::Conflict,
    id::CompanyId,
    page::{Page, PageRequest},
};
use table::{
    Items, Order, Scope, Stored,
    ledger::LedgerHead,
    meter::{all_at_once, side_by_side},
};
use web::Asker;

use super::{
    Ageing, Figures, Period, ageing,
    model::{CashWeek, MonthTotals, Totals, cash_weeks},
};
use crate::projection::{
    ClientSums, DueSums, LineFigure, OpenSale, Phase, Projection, SaleLine, Whose, renew_figures,
    store::{ClientSales, ExpenseMonth, QuoteMonth, SalesDue, SalesMonth, SalesOutlay, SalesPayable, SalesPlanned},
};

/// All that the dashboard is made of.
#[derive(Debug)]
pub struct Reading {
    pub state: Option<Projection>,
    /// How many entries of the ledger are not in the figures yet.
    pub behind: u64,
    /// Whether they are made anew, and there are none meanwhile.
    pub is_made_anew: bool,
    months: Vec<MonthTotals>,
    dues: Vec<SalesDue>,
    planned: Vec<SalesPlanned>,
    payables: Vec<SalesPayable>,
    outlays: Vec<SalesOutlay>,
}

/// A client of a period, the one who was invoiced most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopClient {
    pub client: CompanyId,
    pub sums: ClientSums,
}

/// How many clients of each part of a period are looked at: a year, a quarter and a month have lists of their own.
const LOOKED_AT: u16 = 100;

/// The clients of a period who were invoiced most. Of a period that is no year, quarter or month they are found among the first
/// of each of its parts.
pub async fn top_clients(scope: &Scope, whose: Whose, period: Period, limit: usize) -> Result<Vec<TopClient>> {
    let parts = period.parts();
    // Of one list, no more than is shown.
    let looked_at = if parts.len() == 1 { u16::try_from(limit).unwrap_or(LOOKED_AT) } else { LOOKED_AT };
    let request = PageRequest { limit: looked_at, cursor: None };
    let lists: Vec<_> =
        parts.into_iter().filter_map(Period::code).map(|code| scope.keys().top_clients(whose, &code)).collect();
    let readings = lists.iter().map(|list| scope.list::<ClientSales>(list, &request, Order::Ascending));
    let mut clients: Vec<TopClient> = Vec::new();
    for page in all_at_once(readings).await {
        for sales in page?.items {
            match clients.iter_mut().find(|known| known.client == sales.client) {
                Some(known) => known.sums = known.sums.plus(sales.sums),
                None => clients.push(TopClient { client: sales.client, sums: sales.sums }),
            }
        }
    }
    clients.sort_by_key(|client| std::cmp::Reverse(client.sums.own_net_minor));
    clients.truncate(limit);
    Ok(clients)
}

/// Whether what there is may be in another currency than the organization's now: it is made anew, which the first who reads
/// begins.
async fn is_made_anew(asker: &Asker, state: Option<&Projection>) -> Result<bool> {
    let Some(state) = state else { return Ok(false) };
    if state.currency != asker.organization.currency {
        renew_figures(&asker.scope).await?;
        return Ok(true);
    }
    Ok(state.phase() == Some(Phase::Clearing))
}

/// Where nothing could tell that there are no figures: none are given while what there is may be in another currency.
pub async fn must_have_figures(asker: &Asker) -> Result<()> {
    let state = asker.scope.get::<Projection>(&asker.scope.keys().projection_state()).await?;
    match is_made_anew(asker, state.as_deref()).await? {
        true => Err(Error::Conflict(Conflict::FiguresMadeAnew)),
        false => Ok(()),
    }
}

/// Everybody's, or of those invoices that were somebody's. There are none while what there is may be in another currency.
pub async fn read(asker: &Asker, whose: Whose) -> Result<Reading> {
    let scope = &asker.scope;
    let keys = scope.keys();
    let state = [keys.projection_state(), keys.ledger_head()];
    let (months, dues, planned) = (keys.sales_months(whose), keys.sales_dues(whose), keys.sales_plans(whose));
    let (payables, outlays) = (keys.sales_payables(), keys.sales_outlays());
    let going = side_by_side(scope.collection(&payables), scope.collection(&outlays));
    let ahead = side_by_side(scope.collection(&planned), going);
    let days = side_by_side(scope.collection(&dues), ahead);
    let sums = side_by_side(scope.collection(&months), days);
    let (state, (months, (dues, (planned, (payables, outlays))))) = side_by_side(scope.get_many(&state), sums).await;
    let (state, months, dues, planned) = (state?, months?, dues?, planned?);
    let (payables, outlays) = (payables?, outlays?);
    let head = state.first::<LedgerHead>()?.map(|head| head.position).unwrap_or_default();
    let state = state.first::<Projection>()?.map(|state| state.value);
    let position = state.as_ref().map(|state| state.position).unwrap_or_default();
    let behind = head.saturating_sub(position);
    if is_made_anew(asker, state.as_ref()).await? {
        let (months, dues, planned, payables, outlays) = Default::default();
        return Ok(Reading { state, behind, is_made_anew: true, months, dues, planned, payables, outlays });
    }
    Ok(Reading {
        state,
        behind,
        is_made_anew: false,
        months: totals(&months)?,
        dues: dues.all::<SalesDue>()?.into_iter().map(|stored| stored.value).collect(),
        planned: planned.all::<SalesPlanned>()?.into_iter().map(|stored| stored.value).collect(),
        // Expenses are the organization's.
        payables: match whose {
            None => payables.all::<SalesPayable>()?.into_iter().map(|stored| stored.value).collect(),
            Some(_) => Vec::new(),
        },
        outlays: match whose {
            None => outlays.all::<SalesOutlay>()?.into_iter().map(|stored| stored.value).collect(),
            Some(_) => Vec::new(),
        },
    })
}

/// The sums of all months.
pub async fn months_of(scope: &Scope, whose: Whose) -> Result<Vec<MonthTotals>> {
    totals(&scope.collection(&scope.keys().sales_months(whose)).await?)
}

/// What is to be paid, by how late it is.
pub async fn ages(scope: &Scope, whose: Whose, today: Date) -> Result<Ageing> {
    let dues = scope.collection(&scope.keys().sales_dues(whose)).await?.all::<SalesDue>()?;
    Ok(ageing(dues.into_iter().map(|due| (due.due_on, due.sums)), today))
}

/// The invoices of which something is to be paid and that are due between two days, both included, by due date.
pub async fn open_sales(
    scope: &Scope,
    whose: Whose,
    (from, to): (Option<Date>, Option<Date>),
    request: &PageRequest,
) -> Result<Page<Stored<OpenSale>>> {
    scope.list::<OpenSale>(&scope.keys().open_sales(whose, from, to), request, Order::Ascending).await
}

/// What one of the figures of a period is made of, by the day on which it counts.
pub async fn sale_lines(
    scope: &Scope,
    whose: Whose,
    figure: LineFigure,
    period: Period,
    request: &PageRequest,
) -> Result<Page<Stored<SaleLine>>> {
    let list = scope.keys().sale_lines(whose, figure.code(), period.from, period.last_day());
    scope.list::<SaleLine>(&list, request, Order::Ascending).await
}

fn totals(months: &Items) -> Result<Vec<MonthTotals>> {
    let invoices = months.all::<SalesMonth>()?.into_iter().map(|stored| MonthTotals {
        month: stored.month,
        currency: stored.currency,
        totals: Totals { invoices: stored.sums, ..Totals::default() },
    });
    let quotes = months.all::<QuoteMonth>()?.into_iter().map(|stored| MonthTotals {
        month: stored.month,
        currency: stored.currency,
        totals: Totals { quotes: stored.sums, ..Totals::default() },
    });
    let expenses = months.all::<ExpenseMonth>()?.into_iter().map(|stored| MonthTotals {
        month: stored.month,
        currency: stored.currency,
        totals: Totals { expenses: stored.sums, ..Totals::default() },
    });
    Ok(invoices.chain(quotes).chain(expenses).collect())
}

impl Reading {
    /// For who is told figures alone.
    pub fn or_refused(self) -> Result<Self> {
        if self.is_made_anew { Err(Error::Conflict(Conflict::FiguresMadeAnew)) } else { Ok(self) }
    }

    pub fn figures(&self, period: Period) -> Figures {
        Figures::of(period, &self.months)
    }

    pub fn is_empty(&self) -> bool {
        self.months.is_empty()
    }

    /// What is to be paid, by due date.
    pub fn dues(&self) -> impl Iterator<Item = (Date, DueSums)> {
        self.dues.iter().map(|due| (due.due_on, due.sums))
    }

    /// The same in the organization's currency.
    pub fn expected(&self) -> Vec<(Date, Minor)> {
        self.dues().map(|(on, sums)| (on, Minor(sums.own_open_minor))).collect()
    }

    /// What recurring invoices will ask for, in the organization's currency.
    pub fn planned(&self) -> Vec<(Date, Minor)> {
        self.planned.iter().map(|planned| (planned.due_on, Minor(planned.sums.own_gross_minor))).collect()
    }

    /// What is to be paid of expenses, in the organization's currency; what is late already is to be paid today.
    pub fn payables(&self, today: Date) -> Vec<(Date, Minor)> {
        self.payables.iter().map(|due| (due.due_on.max(today), Minor(due.sums.own_open_minor))).collect()
    }

    /// What recurring expenses will cost, in the organization's currency.
    pub fn outlays(&self, today: Date) -> Vec<(Date, Minor)> {
        self.outlays.iter().map(|one| (one.payable_on.max(today), Minor(one.sums.own_gross_minor))).collect()
    }

    /// The cash forecast.
    pub fn weeks(&self, today: Date) -> Vec<CashWeek> {
        cash_weeks(today, &self.expected(), &self.planned(), &self.payables(today), &self.outlays(today))
    }

    /// What is to be paid in currencies of which nobody said the rate.
    pub fn unconverted_dues(&self, own: Currency) -> Vec<(Currency, Minor)> {
        let sums = |due: &SalesDue| (due.currency, due.sums.open_minor, due.sums.own_open_minor);
        unconverted(self.dues.iter().map(sums), own)
    }

    /// The same of what recurring invoices will ask for.
    pub fn unconverted_planned(&self, own: Currency) -> Vec<(Currency, Minor)> {
        let sums = |due: &SalesPlanned| (due.currency, due.sums.gross_minor, due.sums.own_gross_minor);
        unconverted(self.planned.iter().map(sums), own)
    }

    /// The same of expenses.
    pub fn unconverted_payables(&self, own: Currency) -> Vec<(Currency, Minor)> {
        let sums = |due: &SalesPayable| (due.currency, due.sums.open_minor, due.sums.own_open_minor);
        unconverted(self.payables.iter().map(sums), own)
    }

    /// The same of what recurring expenses will cost.
    pub fn unconverted_outlays(&self, own: Currency) -> Vec<(Currency, Minor)> {
        let sums = |due: &SalesOutlay| (due.currency, due.sums.gross_minor, due.sums.own_gross_minor);
        unconverted(self.outlays.iter().map(sums), own)
    }
}

/// Of amounts, each with what it is in the organization's currency: what is nothing there, by currency.
fn unconverted(sums: impl Iterator<Item = (Currency, i64, i64)>, own: Currency) -> Vec<(Currency, Minor)> {
    let mut told: Vec<(Currency, Minor)> = Vec::new();
    for (currency, amount, _) in sums.filter(|(currency, _, in_own)| *currency != own && *in_own == 0) {
        match told.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, sum)) => sum.0 += amount,
            None => told.push((currency, Minor(amount))),
        }
    }
    told
}
