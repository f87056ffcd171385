//! `/api/v1/sales`

use axum::extract::Query;
use jiff::civil::Date;
use kernel::{
    Currency, Minor,
    id::{CompanyId, InvoiceId, RecurringExpenseId, RecurringInvoiceId, UserId},
};
use serde::Serialize;
use table::meter::side_by_side;
use web::{Asker, Failure, Pagination};

use super::{
    Age, Asked, Totals, WeekAsked, ageing, growth,
    lines::{Listed, lines_of},
    must_have_figures, open_sales,
    pages::{Aged, TOP, sales_of, whose},
    read, show_week, top_clients,
};
use crate::projection::{DueSums, LineDocument, LineFigure, OpenSale, QuoteSums, Sale, SaleLine};

/// Of one period, in the organization's currency, at the rates of the documents.
#[derive(Serialize, utoipa::ToSchema)]
pub struct TotalsView {
    /// What was invoiced less what was credited, net of VAT.
    revenue_net_minor: Minor,
    revenue_gross_minor: Minor,
    cash_net_minor: Minor,
    cash_gross_minor: Minor,
    /// What was spent, less the VAT that is deducted; nothing of who is not the whole organization.
    costs_minor: Minor,
    /// What of revenue the costs leave.
    margin_minor: Minor,
    invoices: i64,
    credit_notes: i64,
    /// Invoices in a currency of which no document says the rate: they are in none of these amounts.
    unconverted: i64,
    settled: i64,
    /// From the issue of an invoice to its being paid whole, on average: `31.5`.
    payment_days: Option<String>,
    new_clients: i64,
    quotes: QuotesView,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct QuotesView {
    sent: i64,
    sent_net_minor: Minor,
    accepted: i64,
    accepted_net_minor: Minor,
    refused: i64,
    refused_net_minor: Minor,
    expired: i64,
    expired_net_minor: Minor,
    /// Accepted, of those that were decided.
    conversion_percent: Option<i64>,
}

impl TotalsView {
    fn of(totals: &Totals) -> Self {
        let sums = totals.invoices;
        let QuoteSums { sent, accepted, refused, expired, .. } = totals.quotes;
        Self {
            revenue_net_minor: totals.net(),
            revenue_gross_minor: totals.gross(),
            cash_net_minor: totals.cash_net(),
            cash_gross_minor: totals.cash_gross(),
            costs_minor: totals.costs(),
            margin_minor: totals.margin(),
            invoices: sums.invoices,
            credit_notes: sums.credit_notes,
            unconverted: sums.unconverted,
            settled: sums.settled,
            payment_days: totals.delay_tenths().map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)),
            new_clients: sums.new_clients,
            quotes: QuotesView {
                sent,
                sent_net_minor: Minor(totals.quotes.own_sent_minor),
                accepted,
                accepted_net_minor: Minor(totals.quotes.own_accepted_minor),
                refused,
                refused_net_minor: Minor(totals.quotes.own_refused_minor),
                expired,
                expired_net_minor: Minor(totals.quotes.own_expired_minor),
                conversion_percent: totals.conversion(),
            },
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct MonthView {
    /// `2026-11`
    month: String,
    #[serde(flatten)]
    totals: TotalsView,
}

/// In one currency, as the documents say.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CurrencyView {
    currency: Currency,
    invoiced_net_minor: Minor,
    invoiced_gross_minor: Minor,
    credited_net_minor: Minor,
    credited_gross_minor: Minor,
    cash_gross_minor: Minor,
}

/// What of the period is in none of the organization's amounts, as nothing converts its currency. Invoices say so themselves.
#[derive(Serialize, utoipa::ToSchema)]
pub struct UnconvertedView {
    currency: Currency,
    expenses: i64,
    expenses_gross_minor: Minor,
    quotes_sent: i64,
    quotes_sent_net_minor: Minor,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SalesFiguresView {
    currency: Currency,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    current: TotalsView,
    /// As long, right before it.
    previous: TotalsView,
    year_before: TotalsView,
    /// Of revenue net of VAT, in whole per cent; none where there was nothing. Of a period that goes on, what it has so far is
    /// compared to all of the other.
    growth_percent: Option<i64>,
    growth_on_year_percent: Option<i64>,
    months: Vec<MonthView>,
    currencies: Vec<CurrencyView>,
    unconverted_currencies: Vec<UnconvertedView>,
    /// Entries of the ledger that are not in the figures yet.
    behind: u64,
}

/// What was sold in a period: revenue net of credit notes, what was paid, quotes and what became of them; beside what came
/// right before and the same months a year ago.
#[utoipa::path(get, path = "/api/v1/sales/figures", tag = "sales", operation_id = "show_figures",
    params(("period" = Option<String>, Query, description = "`2026`, `2026-Q4` or `2026-11`; the current month where nothing is said"),
        ("from" = Option<String>, Query, description = "Instead: the first month, `2026-01`"),
        ("to" = Option<String>, Query, description = "The last month"),
        ("assigned_to" = Option<String>, Query, description = "`me`, or the member `usr_…` who took care of the client")),
    responses((status = 200, body = SalesFiguresView)))]
pub async fn show_figures(asker: Asker, Query(asked): Query<Asked>) -> Result<axum::Json<SalesFiguresView>, Failure> {
    let period = asked.period(asker.today())?;
    let reading = read(&asker, whose(&asker, &asked)?).await?.or_refused()?;
    let figures = reading.figures(period);
    let months = figures.months.iter();
    let currencies = figures.sold().map(|(currency, totals)| {
        let sums = totals.invoices;
        CurrencyView {
            currency,
            invoiced_net_minor: Minor(sums.net_minor),
            invoiced_gross_minor: Minor(sums.gross_minor),
            credited_net_minor: Minor(sums.credited_net_minor),
            credited_gross_minor: Minor(sums.credited_gross_minor),
            cash_gross_minor: Minor(sums.cash_gross_minor),
        }
    });
    let unconverted = figures.unconverted(asker.organization.currency).map(|(currency, totals)| UnconvertedView {
        currency,
        expenses: totals.expenses.count,
        expenses_gross_minor: Minor(totals.expenses.gross_minor),
        quotes_sent: totals.quotes.sent,
        quotes_sent_net_minor: Minor(totals.quotes.sent_minor),
    });
    Ok(axum::Json(SalesFiguresView {
        currency: asker.organization.currency,
        from: period.from,
        to: period.last_day(),
        growth_percent: growth(figures.current.net(), figures.previous.net()),
        growth_on_year_percent: growth(figures.current.net(), figures.year_before.net()),
        current: TotalsView::of(&figures.current),
        previous: TotalsView::of(&figures.previous),
        year_before: TotalsView::of(&figures.year_before),
        months: months
            .map(|(month, totals)| MonthView { month: super::month_code(*month), totals: TotalsView::of(totals) })
            .collect(),
        currencies: currencies.collect(),
        unconverted_currencies: unconverted.collect(),
        behind: reading.behind,
    }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TopClientView {
    /// `com_…`
    #[schema(value_type = String)]
    client_id: CompanyId,
    invoices: i64,
    /// Net of VAT and of credit notes, in the organization's currency.
    revenue_net_minor: Minor,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TopClientList {
    currency: Currency,
    /// At most ten, the one who was invoiced most first.
    items: Vec<TopClientView>,
}

/// The clients of a period who were invoiced most.
#[utoipa::path(get, path = "/api/v1/sales/clients", tag = "sales", operation_id = "list_top_clients",
    params(("period" = Option<String>, Query, description = "As of the figures"),
        ("from" = Option<String>, Query, description = "As of the figures"),
        ("to" = Option<String>, Query, description = "As of the figures"),
        ("assigned_to" = Option<String>, Query, description = "As of the figures")),
    responses((status = 200, body = TopClientList)))]
pub async fn list_top_clients(asker: Asker, Query(asked): Query<Asked>) -> Result<axum::Json<TopClientList>, Failure> {
    let (period, whose) = (asked.period(asker.today())?, whose(&asker, &asked)?);
    let clients = top_clients(&asker.scope, whose, period, TOP);
    let (current, clients) = side_by_side(must_have_figures(&asker), clients).await;
    current?;
    let clients = clients?;
    let view = |client: &super::TopClient| TopClientView {
        client_id: client.client,
        invoices: client.sums.invoices,
        revenue_net_minor: Minor(client.sums.own_net_minor),
    };
    Ok(axum::Json(TopClientList { currency: asker.organization.currency, items: clients.iter().map(view).collect() }))
}

/// An invoice of the figures, in its own currency.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SaleView {
    /// `inv_…`
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    number: String,
    /// `com_…`
    #[schema(value_type = String)]
    client_id: CompanyId,
    /// The member who took care of the client when it was issued.
    #[schema(value_type = Option<String>)]
    assigned_to: Option<UserId>,
    currency: Currency,
    #[schema(value_type = String, format = Date)]
    issued_on: Date,
    #[schema(value_type = String, format = Date)]
    due_on: Date,
    net_minor: Minor,
    gross_minor: Minor,
    deducted_minor: Minor,
    credited_minor: Minor,
    paid_minor: Minor,
    open_minor: Minor,
}

impl SaleView {
    fn of(sale: &Sale) -> Self {
        Self {
            invoice_id: sale.invoice,
            number: sale.number.clone(),
            client_id: sale.client,
            assigned_to: sale.assigned_to,
            currency: sale.currency,
            issued_on: sale.issued_on,
            due_on: sale.due_on,
            net_minor: sale.net_minor,
            gross_minor: sale.gross_minor,
            deducted_minor: sale.deducted_minor,
            credited_minor: sale.credited_minor,
            paid_minor: sale.paid_minor,
            open_minor: Minor(sale.open()),
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SaleList {
    items: Vec<SaleView>,
    next_cursor: Option<String>,
}

/// The invoices that were issued in a period, as they stand, by day of issue. What revenue is made of, credit notes too, are the
/// lines of `GET /api/v1/sales/lines`.
#[utoipa::path(get, path = "/api/v1/sales/invoices", tag = "sales", operation_id = "list_sales",
    params(("period" = Option<String>, Query, description = "As of the figures"),
        ("from" = Option<String>, Query, description = "As of the figures"),
        ("to" = Option<String>, Query, description = "As of the figures"),
        ("assigned_to" = Option<String>, Query, description = "As of the figures"),
        ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = SaleList)))]
pub async fn list_sales(
    asker: Asker,
    Query(asked): Query<Asked>,
    Pagination(request): Pagination,
) -> Result<axum::Json<SaleList>, Failure> {
    let (period, whose) = (asked.period(asker.today())?, whose(&asker, &asked)?);
    let found = sales_of(&asker, whose, period, &request).await?;
    let items = found.items.iter().map(|sale| SaleView::of(sale)).collect();
    Ok(axum::Json(SaleList { items, next_cursor: found.next_cursor }))
}

/// What one document adds to a figure.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SaleLineView {
    /// The day on which it counts.
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// `invoice`, `credit_note`, `replaced` (an invoice whose place another one took) or `quote`.
    document: &'static str,
    /// `inv_…`, `cre_…` or `quo_…`
    document_id: String,
    number: String,
    /// `com_…`
    #[schema(value_type = String)]
    client_id: CompanyId,
    currency: Currency,
    /// Negative for what is given back.
    net_minor: Minor,
    gross_minor: Minor,
    /// In the organization's currency; none where no document says the rate.
    own_net_minor: Option<Minor>,
    own_gross_minor: Option<Minor>,
    /// How many it took until an invoice was paid whole.
    days: Option<i64>,
}

impl SaleLineView {
    fn of(line: &SaleLine) -> Self {
        let (document, document_id) = match line.document {
            LineDocument::Invoice(id) => ("invoice", id.to_string()),
            LineDocument::CreditNote(id) => ("credit_note", id.to_string()),
            LineDocument::Replaced(id) => ("replaced", id.to_string()),
            LineDocument::Quote(id) => ("quote", id.to_string()),
        };
        let told = |amount: Minor| (!line.is_unconverted).then_some(amount);
        Self {
            on: line.on,
            document,
            document_id,
            number: line.number.clone(),
            client_id: line.client,
            currency: line.currency,
            net_minor: line.net_minor,
            gross_minor: line.gross_minor,
            own_net_minor: told(line.own_net_minor),
            own_gross_minor: told(line.own_gross_minor),
            days: line.days,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct SaleLineList {
    items: Vec<SaleLineView>,
    next_cursor: Option<String>,
}

/// The documents that a figure of a period is made of, by the day on which they count: they come to exactly the figure.
#[utoipa::path(get, path = "/api/v1/sales/lines", tag = "sales", operation_id = "list_sale_lines",
    params(("figure" = Option<String>, Query, description = "`revenue`, which counts where nothing is said, `settled` (invoices that were paid whole), `sent`, `accepted`, `refused` or `expired` (quotes)"),
        ("period" = Option<String>, Query, description = "As of the figures"),
        ("from" = Option<String>, Query, description = "As of the figures"),
        ("to" = Option<String>, Query, description = "As of the figures"),
        ("assigned_to" = Option<String>, Query, description = "As of the figures"),
        ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = SaleLineList)))]
pub async fn list_sale_lines(
    asker: Asker,
    Query(listed): Query<Listed>,
    Pagination(request): Pagination,
) -> Result<axum::Json<SaleLineList>, Failure> {
    let figure = LineFigure::named(&listed.figure, &LineFigure::ALL)?;
    let (_, found, _) = lines_of(&asker, &listed.asked, figure, &request).await?;
    let items = found.items.iter().map(|line| SaleLineView::of(line)).collect();
    Ok(axum::Json(SaleLineList { items, next_cursor: found.next_cursor }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct AgeView {
    invoices: i64,
    open_minor: Minor,
}

impl AgeView {
    const fn of(sums: DueSums) -> Self {
        Self { invoices: sums.count, open_minor: Minor(sums.own_open_minor) }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = ForecastWeekView)]
pub struct WeekView {
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// Of invoices that are issued.
    due_minor: Minor,
    /// Of recurring invoices that will be.
    recurring_minor: Minor,
    /// Of expenses that are not paid.
    expenses_minor: Minor,
    /// Of recurring expenses that will be.
    recurring_expenses_minor: Minor,
    /// All until the end of the week.
    cumulated_minor: Minor,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceivablesView {
    currency: Currency,
    not_due: AgeView,
    late_to_30_days: AgeView,
    late_to_60_days: AgeView,
    late_to_90_days: AgeView,
    late_beyond: AgeView,
    /// What falls due in the 91 days from today on; what is late is in none of them.
    weeks: Vec<WeekView>,
}

/// What of an invoice is still to be paid.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OpenSaleView {
    /// `inv_…`
    #[schema(value_type = String)]
    invoice_id: InvoiceId,
    number: String,
    /// `com_…`
    #[schema(value_type = String)]
    client_id: CompanyId,
    #[schema(value_type = String, format = Date)]
    issued_on: Date,
    #[schema(value_type = String, format = Date)]
    due_on: Date,
    currency: Currency,
    open_minor: Minor,
    /// In the organization's currency; 0 where no document says the rate.
    own_open_minor: Minor,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct OpenSaleList {
    items: Vec<OpenSaleView>,
    next_cursor: Option<String>,
}

impl OpenSaleList {
    fn of(found: kernel::page::Page<table::Stored<OpenSale>>) -> Self {
        let view = |sale: OpenSale| OpenSaleView {
            invoice_id: sale.invoice,
            number: sale.number,
            client_id: sale.client,
            issued_on: sale.issued_on,
            due_on: sale.due_on,
            currency: sale.currency,
            open_minor: sale.open_minor,
            own_open_minor: sale.own_open_minor,
        };
        let items = found.items.into_iter().map(|sale| view(sale.value)).collect();
        Self { items, next_cursor: found.next_cursor }
    }
}

/// The invoices that one of the amounts of `GET /api/v1/sales/receivables` is made of, by due date.
#[utoipa::path(get, path = "/api/v1/sales/receivables/invoices", tag = "sales", operation_id = "list_receivables",
    params(("age" = Option<String>, Query, description = "`not_due`, which counts where nothing is said, `to_30` (1 to 30 days late), `to_60`, `to_90` or `beyond`"),
        ("assigned_to" = Option<String>, Query, description = "As of the figures"),
        ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = OpenSaleList)))]
pub async fn list_receivables(
    asker: Asker,
    Query(aged): Query<Aged>,
    Pagination(request): Pagination,
) -> Result<axum::Json<OpenSaleList>, Failure> {
    let (age, whose) = (Age::named(&aged.age)?, asker.whose(&aged.assigned_to)?);
    let found = open_sales(&asker.scope, whose, age.due(asker.today()), &request);
    let (current, found) = side_by_side(must_have_figures(&asker), found).await;
    current?;
    Ok(axum::Json(OpenSaleList::of(found?)))
}

/// What is still to be paid, by how late it is and by when it falls due, in the organization's currency.
#[utoipa::path(get, path = "/api/v1/sales/receivables", tag = "sales", operation_id = "show_receivables",
    params(("assigned_to" = Option<String>, Query, description = "As of the figures")),
    responses((status = 200, body = ReceivablesView)))]
pub async fn show_receivables(
    asker: Asker,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<ReceivablesView>, Failure> {
    let today = asker.today();
    let reading = read(&asker, whose(&asker, &asked)?).await?.or_refused()?;
    let ages = ageing(reading.dues(), today);
    let weeks = reading.weeks(today);
    Ok(axum::Json(ReceivablesView {
        currency: asker.organization.currency,
        not_due: AgeView::of(ages.not_due),
        late_to_30_days: AgeView::of(ages.to_30),
        late_to_60_days: AgeView::of(ages.to_60),
        late_to_90_days: AgeView::of(ages.to_90),
        late_beyond: AgeView::of(ages.beyond),
        weeks: weeks
            .iter()
            .map(|week| WeekView {
                from: week.from,
                to: week.to,
                due_minor: week.due,
                recurring_minor: week.recurring,
                expenses_minor: week.expenses,
                recurring_expenses_minor: week.recurring_expenses,
                cumulated_minor: week.balance,
            })
            .collect(),
    }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PlannedInvoiceView {
    /// `rec_…`
    #[schema(value_type = String)]
    recurring_invoice_id: RecurringInvoiceId,
    #[schema(value_type = String, format = Date)]
    due_on: Date,
    gross_minor: Minor,
    currency: Currency,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct PlannedExpenseView {
    /// `rxp_…`
    #[schema(value_type = String)]
    recurring_expense_id: RecurringExpenseId,
    description: String,
    #[schema(value_type = String, format = Date)]
    payable_on: Date,
    gross_minor: Minor,
    currency: Currency,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CashWeekView {
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// Of which something is to be paid.
    invoices: OpenSaleList,
    recurring_invoices: Vec<PlannedInvoiceView>,
    recurring_expenses: Vec<PlannedExpenseView>,
}

/// What seven days of the forecast are made of. Expenses that count are those of `/api/v1/expenses?sort=due` between these days;
/// in the first week also those before.
#[utoipa::path(get, path = "/api/v1/sales/cash-week", tag = "sales", operation_id = "show_cash_week",
    params(("from" = Option<String>, Query, description = "The first of the seven days, `YYYY-MM-DD`; today where absent"),
        ("limit" = Option<u16>, Query), ("cursor" = Option<String>, Query, description = "Of `invoices`")),
    responses((status = 200, body = CashWeekView)))]
pub async fn show_cash_week(
    asker: Asker,
    Query(asked): Query<WeekAsked>,
    Pagination(request): Pagination,
) -> Result<axum::Json<CashWeekView>, Failure> {
    let week = show_week(&asker, &asked, &request).await?;
    let recurring = week.recurring.iter().map(|planned| PlannedInvoiceView {
        recurring_invoice_id: planned.recurring,
        due_on: planned.on,
        gross_minor: planned.gross_minor,
        currency: planned.currency,
    });
    let outlays = week.outlays.iter().map(|planned| PlannedExpenseView {
        recurring_expense_id: planned.recurring,
        description: planned.label.clone(),
        payable_on: planned.on,
        gross_minor: planned.gross_minor,
        currency: planned.currency,
    });
    Ok(axum::Json(CashWeekView {
        from: week.from,
        to: week.to,
        recurring_invoices: recurring.collect(),
        recurring_expenses: outlays.collect(),
        invoices: OpenSaleList::of(week.invoices),
    }))
}
