//! `/ventes`: the figures of a period; the documents that they are made of; what is expected to come in.

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use jiff::{ToSpan, civil::Date};
use kernel::{
    Currency, Minor, Permission, Result,
    id::{CompanyId, UserId},
    money::french_decimal,
    page::PageRequest,
    reference::ClientReference,
    text,
};
use rust_decimal::Decimal;
use serde::Deserialize;
use table::{Order, meter::side_by_side};
use web::{Asker, Colleagues, PageResult, Pagination, Shell, form::Choice, page, page_with_status};

use super::{
    Age, Ageing, Asked, CashWeek, Figures, Period, Reading, TopClient, Totals, WeekAsked, ageing, ages, growth,
    model::{WEEKS, month_code},
    must_have_figures, open_sales, read, show_week, top_clients,
    week::expenses_href,
};
use crate::{
    money::{converted, share},
    projection::{LineFigure, OpenSale, Sale},
    words::{counted, percent, signed_percent},
};

pub const PATH: &str = "/ventes";
pub const CLIENTS: &str = "/ventes/panneaux/clients";
pub const OPEN: &str = "/ventes/encours";
pub const CASH: &str = "/ventes/tresorerie";
pub const CASH_WEEK: &str = "/ventes/tresorerie/semaine";

/// How many clients the dashboard names.
pub const TOP: usize = 10;

/// Over the figures: which period, whose clients.
pub struct Picker {
    path: &'static str,
    /// Periods of a click: label, link, whether it is this one.
    quick: Vec<(&'static str, String, bool)>,
    from: String,
    to: String,
    /// Whose; none for who sees only their own.
    people: Vec<Choice>,
    is_compared_to_year: bool,
    /// The link to the same as a file, without its table; none for who may export nothing.
    export: Option<String>,
}

impl Picker {
    fn new(asker: &Asker, path: &'static str, asked: &Asked, period: Period, colleagues: &Colleagues) -> Self {
        let today = asker.today();
        let periods = [
            ("Ce mois", Period::month_of(today)),
            ("Mois dernier", Period::month_of(today).previous()),
            ("Ce trimestre", Period::quarter_of(today)),
            ("Cette année", Period::year_of(today)),
            ("Année dernière", Period::year_of(today).year_before()),
        ];
        let mut people = colleagues.choices(&asked.assigned_to, Permission::CrmView);
        if asker.sees_all() && !people.is_empty() {
            people.retain(|(value, ..)| !value.is_empty());
            people.insert(0, (String::new(), "Toute l’entreprise".into(), asked.assigned_to.is_empty()));
        }
        Self {
            path,
            quick: periods.map(|(label, quick)| (label, asked.link(path, quick), quick == period)).into(),
            from: month_code(period.from),
            to: month_code(period.to),
            people,
            is_compared_to_year: asked.compare == "year",
            export: asker.may(Permission::SalesExport).then(|| asked.link(super::export::PATH, period)),
        }
    }
}

/// One of the large figures.
struct Tile {
    label: &'static str,
    value: String,
    note: String,
    href: String,
}

struct MonthRow {
    month: String,
    href: String,
    invoices: i64,
    net: String,
    net_value: String,
    costs: String,
    costs_value: String,
    cash: String,
    cash_value: String,
    compared: String,
    compared_value: String,
}

struct AgeRow {
    label: &'static str,
    count: i64,
    amount: String,
    value: String,
    percent: String,
    href: String,
}

struct QuoteRow {
    label: &'static str,
    count: i64,
    amount: String,
    href: String,
}

struct CurrencyRow {
    code: &'static str,
    invoiced: String,
    credited: String,
    cash: String,
}

/// That the figures are not up to date: being made anew, or a moment behind.
pub struct Lag {
    percent: Option<u64>,
    behind: u64,
}

impl Lag {
    fn of(reading: &Reading) -> Self {
        let percent = reading.state.as_ref().and_then(|state| state.percent());
        Self { percent: percent.or(reading.is_made_anew.then_some(0)), behind: reading.behind }
    }
}

#[derive(Template)]
#[template(path = "sales.html")]
struct SalesPage {
    shell: Shell,
    period: String,
    picker: Picker,
    /// What is wrong with the months that were typed.
    mistake: Option<String>,
    lag: Lag,
    is_own: bool,
    is_empty: bool,
    can_invoice: bool,
    tiles: Vec<Tile>,
    symbol: &'static str,
    compared_to: &'static str,
    months: Vec<MonthRow>,
    /// Whether expenses are told: they are nobody's but the organization's.
    has_costs: bool,
    ages: Vec<AgeRow>,
    ages_total: String,
    quotes: Vec<QuoteRow>,
    conversion: String,
    currencies: Vec<CurrencyRow>,
    unconverted: Vec<String>,
    clients_href: String,
    has_pipeline: bool,
}

pub(super) fn french(amount: Minor, currency: Currency) -> String {
    amount.french(currency)
}

/// A chart's number: in units of the currency.
fn value(amount: Minor, currency: Currency) -> String {
    amount.to_decimal(currency).to_string()
}

/// How an amount compares to the period before, and to the same a year ago. What a period that goes on has so far is no share of
/// a whole one.
fn changes([now, previous, year_before]: [Minor; 3], goes_on: bool, currency: Currency) -> String {
    if goes_on && !(previous.is_zero() && year_before.is_zero()) {
        let (previous, year) = (french(previous, currency), french(year_before, currency));
        return format!("à ce jour, contre {previous} sur toute la période précédente et {year} un an avant");
    }
    let told = |percent: i64, than: &str| format!("{} {than}", signed_percent(percent));
    let (before, year) = (growth(now, previous), growth(now, year_before));
    let on_previous = before.map(|percent| told(percent, "par rapport à la période précédente"));
    let on_year = year.map(|percent| told(percent, "sur un an"));
    match (on_previous, on_year) {
        (Some(before), Some(year)) => format!("{before}, {year}"),
        (Some(before), None) => format!("{before}, rien de facturé un an avant"),
        (None, Some(year)) => format!("rien de facturé sur la période précédente, {year}"),
        (None, None) => "pas de comparaison\u{a0}: rien de facturé sur la période précédente ni un an avant".into(),
    }
}

pub(super) fn days(tenths: Option<i64>) -> String {
    match tenths {
        Some(tenths) => {
            let unit = if tenths < 20 { "jour" } else { "jours" };
            format!("{}\u{a0}{unit}", french_decimal(Decimal::new(tenths, 1).normalize()))
        }
        None => "–".into(),
    }
}

/// The share of a part in a whole; none of what is nothing, or less.
fn percent_of(part: i64, whole: i64) -> Option<String> {
    (whole > 0).then(|| percent(share(100, part, whole)))
}

/// A list of another context, narrowed to the days of a period.
fn documents(path: &str, period: Period) -> String {
    format!("{path}?from={}&to={}", period.from, period.last_day())
}

pub(super) fn whose(asker: &Asker, asked: &Asked) -> Result<Option<UserId>> {
    asker.whose(&asked.assigned_to)
}

impl SalesPage {
    fn new(
        asker: &Asker,
        asked: &Asked,
        period: Period,
        reading: &Reading,
        clients: &[TopClient],
        colleagues: &Colleagues,
    ) -> Self {
        let currency = asker.organization.currency;
        let figures = reading.figures(period);
        let ages = ageing(reading.dues(), asker.today());
        let is_compared_to_year = asked.compare == "year";
        let compared = if is_compared_to_year { period.year_before() } else { period.previous() };
        let compared = reading.figures(compared);
        let is_whole = whose(asker, asked).ok().flatten().is_none();
        Self {
            shell: Shell::new(asker, "sales", "Ventes"),
            period: period.french(),
            mistake: None,
            lag: Lag::of(reading),
            is_own: !asker.sees_all(),
            is_empty: reading.is_empty() && !reading.is_made_anew,
            can_invoice: asker.may(Permission::InvoicingCreate),
            tiles: tiles(asker, asked, &figures, &ages),
            symbol: currency.symbol(),
            compared_to: if is_compared_to_year { "Un an avant" } else { "Période précédente" },
            months: months(asked, &figures, &compared, currency),
            has_costs: is_whole,
            ages: age_rows(&ages, currency, &asked.assigned_to),
            ages_total: french(Minor(ages.all().own_open_minor), currency),
            quotes: quotes(asked, &figures.current, period, currency),
            conversion: figures.current.conversion().map_or_else(|| "–".into(), |percent| format!("{percent}\u{a0}%")),
            currencies: currencies(&figures, currency),
            unconverted: unconverted(&figures, reading, currency),
            clients_href: clients_href(asked, period, clients),
            has_pipeline: asker.may(Permission::CrmView),
            picker: Picker::new(asker, PATH, asked, period, colleagues),
        }
    }
}

fn tiles(asker: &Asker, asked: &Asked, figures: &Figures, ages: &Ageing) -> Vec<Tile> {
    let (currency, period) = (asker.organization.currency, figures.period);
    let (current, previous, year) = (&figures.current, &figures.previous, &figures.year_before);
    // The lists of invoicing know nobody whose clients these were.
    let is_seen = asker.may(Permission::InvoicingView) && asked.assigned_to.is_empty();
    let if_seen = |href: String| if is_seen { href } else { String::new() };
    let payments = match (period.length(), period.from.month()) {
        (1, _) => if_seen(format!("/facturation/paiements?period={}", month_code(period.from))),
        (12, 1) => if_seen(format!("/facturation/paiements?period={:04}", period.from.year())),
        _ => String::new(),
    };
    let (late, settled) = (ages.late(), current.invoices.settled);
    let mut tiles = vec![
        Tile {
            label: "Chiffre d’affaires HT",
            value: french(current.net(), currency),
            note: changes([current.net(), previous.net(), year.net()], period.goes_on(asker.today()), currency),
            href: LineFigure::Revenue.link(asked, period),
        },
        Tile {
            label: "Chiffre d’affaires TTC",
            value: french(current.gross(), currency),
            note: counted(current.invoices.credit_notes, "avoir déduit", "avoirs déduits"),
            href: LineFigure::Revenue.link(asked, period),
        },
        Tile {
            label: "Encaissé TTC",
            value: french(current.cash_gross(), currency),
            note: format!("{} HT", french(current.cash_net(), currency)),
            href: payments,
        },
        Tile {
            label: "À encaisser",
            value: french(Minor(ages.all().own_open_minor), currency),
            note: format!("dont {} en retard", french(Minor(late.own_open_minor), currency)),
            href: if_seen("/facturation/factures?state=open".into()),
        },
        Tile {
            label: "Délai moyen de paiement (DSO)",
            value: days(current.delay_tenths()),
            note: format!(
                "{}, {} un an avant",
                counted(settled, "facture soldée", "factures soldées"),
                days(year.delay_tenths())
            ),
            href: LineFigure::Settled.link(asked, period),
        },
        Tile {
            label: "Facture moyenne HT",
            value: current.average().map_or_else(|| "–".into(), |average| french(average, currency)),
            note: counted(current.invoices.invoices, "facture", "factures"),
            href: LineFigure::Revenue.link(asked, period),
        },
        Tile {
            label: "Devis acceptés",
            value: current.conversion().map_or_else(|| "–".into(), |percent| format!("{percent}\u{a0}%")),
            note: format!(
                "{}, {}",
                counted(current.quotes.sent, "envoyé", "envoyés"),
                counted(current.quotes.accepted, "accepté", "acceptés")
            ),
            href: LineFigure::Accepted.link(asked, period),
        },
    ];
    if whose(asker, asked).ok().flatten().is_none() {
        tiles.insert(
            2,
            Tile {
                label: "Marge sur dépenses",
                value: french(current.margin(), currency),
                note: match percent_of(current.margin().0, current.net().0) {
                    Some(margin) => format!("{} de dépenses · marge de {margin}", french(current.costs(), currency)),
                    None => format!("{} de dépenses", french(current.costs(), currency)),
                },
                href: format!("{}&state=approved", documents("/ventes/depenses", period)),
            },
        );
    }
    tiles.push(Tile {
        label: "Nouveaux clients",
        value: current.invoices.new_clients.to_string(),
        note: format!("{} un an avant", year.invoices.new_clients),
        href: String::new(),
    });
    tiles
}

fn months(asked: &Asked, figures: &Figures, compared: &Figures, currency: Currency) -> Vec<MonthRow> {
    let pairs = figures.months.iter().zip(&compared.months);
    pairs
        .map(|((month, totals), (_, before))| MonthRow {
            month: text::french_month(*month),
            href: LineFigure::Revenue.link(asked, Period::month_of(*month)),
            invoices: totals.invoices.invoices,
            net: french(totals.net(), currency),
            net_value: value(totals.net(), currency),
            costs: french(totals.costs(), currency),
            costs_value: value(totals.costs(), currency),
            cash: french(totals.cash_net(), currency),
            cash_value: value(totals.cash_net(), currency),
            compared: french(before.net(), currency),
            compared_value: value(before.net(), currency),
        })
        .collect()
}

fn age_rows(ages: &Ageing, currency: Currency, assigned_to: &str) -> Vec<AgeRow> {
    let all = ages.all().own_open_minor;
    let row = |age: Age| {
        let sums = ages.of(age);
        AgeRow {
            label: age.french(),
            count: sums.count,
            amount: french(Minor(sums.own_open_minor), currency),
            value: value(Minor(sums.own_open_minor), currency),
            percent: percent_of(sums.own_open_minor, all).unwrap_or_else(|| "–".into()),
            href: Aged::link(age, assigned_to),
        }
    };
    Age::ALL.map(row).into()
}

fn quotes(asked: &Asked, totals: &Totals, period: Period, currency: Currency) -> Vec<QuoteRow> {
    let sums = totals.quotes;
    let rows = [
        ("Envoyés", sums.sent, sums.own_sent_minor, LineFigure::Sent),
        ("Acceptés", sums.accepted, sums.own_accepted_minor, LineFigure::Accepted),
        ("Refusés", sums.refused, sums.own_refused_minor, LineFigure::Refused),
        ("Expirés sans réponse", sums.expired, sums.own_expired_minor, LineFigure::Expired),
    ];
    rows.map(|(label, count, amount, figure)| QuoteRow {
        label,
        count,
        amount: french(Minor(amount), currency),
        href: figure.link(asked, period),
    })
    .into()
}

/// In each currency in which something was invoiced or paid; nothing where there is the organization's alone, which is told
/// already.
fn currencies(figures: &Figures, own: Currency) -> Vec<CurrencyRow> {
    if figures.sold().all(|(currency, _)| currency == own) {
        return Vec::new();
    }
    let row = |(currency, totals): (Currency, &Totals)| {
        let sums = totals.invoices;
        CurrencyRow {
            code: currency.code(),
            invoiced: french(Minor(sums.net_minor), currency),
            credited: french(Minor(sums.credited_net_minor), currency),
            cash: french(Minor(sums.cash_gross_minor), currency),
        }
    };
    figures.sold().map(row).collect()
}

/// What of the period's documents, and of what is to be paid, is in no amount of the organization's currency.
fn unconverted(figures: &Figures, reading: &Reading, own: Currency) -> Vec<String> {
    let count = figures.current.invoices.unconverted;
    let invoices = (count > 0).then(|| {
        let are =
            if count > 1 { "ne sont comptées que dans leur devise" } else { "n’est comptée que dans sa devise" };
        format!("{} dans une devise sans cours indiqué {are}.", counted(count, "facture", "factures"))
    });
    let told = |count: i64, amount: i64, currency: Currency, [one, many]: [&str; 2], [is, are]: [&str; 2]| {
        let amount = french(Minor(amount), currency);
        let (what, is) = (counted(count, one, many), if count > 1 { are } else { is });
        (count > 0).then(|| format!("{what} dans une devise sans cours indiqué {is}\u{a0}: {amount}."))
    };
    let others = figures.unconverted(own).flat_map(|(currency, totals)| {
        let (spent, quotes) = (totals.expenses, totals.quotes);
        let expense = ["n’est comptée dans aucune dépense ni marge", "ne sont comptées dans aucune dépense ni marge"];
        let quote = ["n’est compté dans aucun montant", "ne sont comptés dans aucun montant"];
        let devis = |count, amount, one, many| told(count, amount, currency, [one, many], quote);
        [
            told(spent.count, spent.gross_minor, currency, ["dépense", "dépenses"], expense),
            devis(quotes.sent, quotes.sent_minor, "devis envoyé", "devis envoyés"),
            devis(quotes.accepted, quotes.accepted_minor, "devis accepté", "devis acceptés"),
            devis(quotes.refused, quotes.refused_minor, "devis refusé", "devis refusés"),
            devis(quotes.expired, quotes.expired_minor, "devis expiré", "devis expirés"),
        ]
    });
    let open = beside("À encaisser", reading.unconverted_dues(own));
    invoices.into_iter().chain(others.flatten()).chain(open).collect()
}

/// Amounts that stand beside a sum which has them not.
fn beside(what: &str, amounts: Vec<(Currency, Minor)>) -> impl Iterator<Item = String> {
    amounts
        .into_iter()
        .map(move |(currency, amount)| format!("{what} en plus, sans cours connu\u{a0}: {}.", french(amount, currency)))
}

/// What of the cash forecast is in none of its weeks.
fn unconverted_cash(reading: &Reading, own: Currency) -> Vec<String> {
    let coming = beside("À encaisser", reading.unconverted_dues(own));
    let recurring = beside("Factures récurrentes à venir", reading.unconverted_planned(own));
    let spent = beside("Dépenses à payer", reading.unconverted_payables(own));
    let outlays = beside("Dépenses récurrentes à venir", reading.unconverted_outlays(own));
    coming.chain(recurring).chain(spent).chain(outlays).collect()
}

/// The panel that names them: it is asked for by their ids.
fn clients_href(asked: &Asked, period: Period, clients: &[TopClient]) -> String {
    let ids: Vec<_> = clients.iter().map(|client| client.client.to_string()).collect();
    format!("{}&ids={}", asked.link(CLIENTS, period), ids.join(","))
}

pub async fn show_sales(asker: Asker, Query(asked): Query<Asked>) -> PageResult {
    let (today, whose) = (asker.today(), whose(&asker, &asked)?);
    // Who types a period that is none sees why, and this month.
    let mistake = asked.mistake(today);
    let period = if mistake.is_some() { Period::month_of(today) } else { asked.period(today)? };
    let clients = side_by_side(top_clients(&asker.scope, whose, period, TOP), Colleagues::of(&asker));
    let (reading, (clients, colleagues)) = side_by_side(read(&asker, whose), clients).await;
    let mut shown = SalesPage::new(&asker, &asked, period, &reading?, &clients?, &colleagues?);
    let Some(mistake) = mistake else { return page(&shown) };
    (shown.picker.from, shown.picker.to) = (asked.from.clone(), asked.to.clone());
    shown.mistake = Some(format!("{} Les chiffres qui suivent sont ceux de {}.", mistake.french(), period.french()));
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

struct ClientRow {
    name: String,
    href: String,
    invoices: i64,
    /// `2 factures`
    counted: String,
    net: String,
    value: String,
    documents: String,
}

#[derive(Template)]
#[template(path = "sales_clients.html")]
struct ClientsPanel {
    clients: Vec<ClientRow>,
    symbol: &'static str,
    export: Option<String>,
}

#[derive(Deserialize)]
pub struct Named {
    #[serde(flatten)]
    asked: Asked,
    /// The clients whose names are wanted, by commas.
    #[serde(default)]
    ids: String,
}

/// The names of clients, as who asks may see them.
pub(super) async fn names(asker: &Asker, ids: &str) -> Result<Vec<(CompanyId, String)>> {
    let ids: Vec<CompanyId> = ids.split(',').filter_map(|id| id.parse().ok()).take(TOP).collect();
    let keys: Vec<_> = ids.iter().map(|id| asker.scope.keys().client_reference(*id)).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let found = asker.scope.get_many(&keys).await?.all::<ClientReference>()?;
    let seen = found.into_iter().filter(|client| asker.sees(client.assigned_to));
    Ok(seen.map(|client| (client.id, client.value.name)).collect())
}

pub async fn show_top_clients(asker: Asker, Query(query): Query<Named>) -> PageResult {
    let Named { asked, ids } = query;
    let (period, whose) = (asked.period(asker.today())?, whose(&asker, &asked)?);
    let clients = side_by_side(top_clients(&asker.scope, whose, period, TOP), names(&asker, &ids));
    let (current, (clients, names)) = side_by_side(must_have_figures(&asker), clients).await;
    current?;
    let (clients, names, currency) = (clients?, names?, asker.organization.currency);
    let may_invoice = asker.may(Permission::InvoicingView) && asked.assigned_to.is_empty();
    let row = |client: &TopClient| {
        let name = names.iter().find(|(id, _)| *id == client.client).map(|(_, name)| name.clone());
        let is_linked = name.is_some() && asker.may(Permission::CrmView);
        ClientRow {
            href: if is_linked { format!("/crm/entreprises/{}", client.client) } else { String::new() },
            name: name.unwrap_or_else(|| "Client".into()),
            invoices: client.sums.invoices,
            counted: counted(client.sums.invoices, "facture", "factures"),
            net: french(Minor(client.sums.own_net_minor), currency),
            value: value(Minor(client.sums.own_net_minor), currency),
            documents: match may_invoice {
                true => format!("{}&client={}", documents("/facturation/factures", period), client.client),
                false => String::new(),
            },
        }
    };
    page(&ClientsPanel {
        clients: clients.iter().map(row).collect(),
        symbol: currency.symbol(),
        export: asker
            .may(Permission::SalesExport)
            .then(|| format!("{}&table=clients&ids={ids}", asked.link(super::export::PATH, period))),
    })
}

/// `?age=to_30`: what is so late; whose clients.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Aged {
    pub age: String,
    pub assigned_to: String,
}

impl Aged {
    fn link(age: Age, assigned_to: &str) -> String {
        let fields = [("age", age.name()), ("assigned_to", assigned_to)];
        web::form::link(OPEN, &fields)
    }
}

struct OpenRow {
    number: String,
    href: String,
    issued_on: String,
    due_on: String,
    late: String,
    open: InBoth,
}

/// An amount as the sums have it, and in its own currency where that is another.
pub(super) struct InBoth {
    pub own: String,
    pub foreign: String,
}

impl InBoth {
    /// `in_own`: none where nobody said the rate.
    pub fn of(amount: Minor, currency: Currency, in_own: Option<Minor>, own: Currency) -> Self {
        if currency == own {
            return Self { own: french(amount, own), foreign: String::new() };
        }
        Self {
            own: in_own.map_or_else(|| "–".into(), |amount| french(amount, own)), foreign: french(amount, currency)
        }
    }

    fn open(sale: &OpenSale, own: Currency) -> Self {
        let in_own = Some(sale.own_open_minor).filter(|amount| !amount.is_zero());
        Self::of(sale.open_minor, sale.currency, in_own, own)
    }
}

#[derive(Template)]
#[template(path = "sales_open.html")]
struct OpenPage {
    shell: Shell,
    back: String,
    /// Label, link, whether it is this one.
    ages: Vec<(&'static str, String, bool)>,
    label: &'static str,
    count: i64,
    total: String,
    rows: Vec<OpenRow>,
    next: Option<String>,
    first: Option<String>,
}

/// The invoices that one of the amounts of the dashboard is made of.
pub async fn list_receivables(asker: Asker, Query(aged): Query<Aged>, Pagination(request): Pagination) -> PageResult {
    let (today, currency) = (asker.today(), asker.organization.currency);
    let (age, whose) = (Age::named(&aged.age)?, asker.whose(&aged.assigned_to)?);
    let found = open_sales(&asker.scope, whose, age.due(today), &request);
    let sums = side_by_side(must_have_figures(&asker), ages(&asker.scope, whose, today));
    let (found, (current, sums)) = side_by_side(found, sums).await;
    current?;
    let (found, sums) = (found?, sums?.of(age));
    let may_invoice = asker.may(Permission::InvoicingView);
    let row = |sale: &OpenSale| {
        let days = sale.due_on.until(today).map_or(0, |span| span.get_days());
        OpenRow {
            number: sale.number.clone(),
            href: if may_invoice { format!("/facturation/factures/{}", sale.invoice) } else { String::new() },
            issued_on: asker.organization.date(sale.issued_on),
            due_on: asker.organization.date(sale.due_on),
            late: match days {
                ..=0 => "–".into(),
                1 => "1\u{a0}jour".into(),
                days => format!("{days}\u{a0}jours"),
            },
            open: InBoth::open(sale, currency),
        }
    };
    let link = |age| Aged::link(age, &aged.assigned_to);
    let of = Asked { assigned_to: aged.assigned_to.clone(), ..Asked::default() };
    page(&OpenPage {
        shell: Shell::new(&asker, "sales", "À encaisser, par ancienneté"),
        back: of.link(PATH, Period::month_of(today)),
        ages: Age::ALL.map(|one| (one.french(), link(one), one == age)).into(),
        label: age.french(),
        count: sums.count,
        total: french(Minor(sums.own_open_minor), currency),
        rows: found.items.iter().map(|sale| row(&sale.value)).collect(),
        next: found.next_cursor.map(|cursor| format!("{}&cursor={cursor}", link(age))),
        first: request.cursor.is_some().then(|| link(age)),
    })
}

/// The invoices that were issued in a period, as they stand.
pub(super) async fn sales_of(
    asker: &Asker,
    whose: Option<UserId>,
    period: Period,
    request: &PageRequest,
) -> Result<kernel::page::Page<table::Stored<Sale>>> {
    let list = asker.scope.keys().sales_between(period.from, period.last_day());
    let list = match whose {
        Some(user) => list.of(Some(user)),
        None => list,
    };
    asker.scope.list::<Sale>(&list, request, Order::Ascending).await
}

struct WeekRow {
    week: String,
    /// What it is made of.
    href: String,
    due: Figure,
    recurring: Figure,
    expenses: Figure,
    recurring_expenses: Figure,
    balance: Figure,
}

struct Figure {
    shown: String,
    value: String,
    /// What it is made of; empty where there is nothing to follow.
    href: String,
}

#[derive(Template)]
#[template(path = "sales_cash.html")]
struct CashPage {
    shell: Shell,
    lag: Lag,
    until: String,
    expected: String,
    late: String,
    late_note: String,
    symbol: &'static str,
    weeks: Vec<WeekRow>,
    is_empty: bool,
    /// Expenses are the organization's.
    is_whole: bool,
    told: &'static str,
    nothing: &'static str,
    coming: &'static str,
    unconverted: Vec<String>,
    export: Option<String>,
    may_invoice: bool,
}

/// The last day of the forecast.
pub(super) fn horizon(today: Date) -> Date {
    today.saturating_add((WEEKS as i64 * 7 - 1).days())
}

pub async fn show_cash(asker: Asker) -> PageResult {
    let (today, currency) = (asker.today(), asker.organization.currency);
    let reading = read(&asker, asker.only()).await?;
    let weeks = reading.weeks(today);
    let ages = ageing(reading.dues(), today);
    let date = |on: Date| text::short_date(on);
    let figure = |amount: Minor, href: String| Figure {
        shown: french(amount, currency),
        value: value(amount, currency),
        href: if amount.is_zero() { String::new() } else { href },
    };
    let row = |week: &CashWeek| {
        let href = format!("{CASH_WEEK}?from={}", week.from);
        WeekRow {
            week: format!("{} – {}", date(week.from), date(week.to)),
            due: figure(week.due, format!("{href}#invoices")),
            recurring: figure(week.recurring, format!("{href}#recurring")),
            expenses: figure(week.expenses, expenses_href(week.from, week.to, week.from == today)),
            recurring_expenses: figure(week.recurring_expenses, format!("{href}#outlays")),
            balance: figure(week.balance, String::new()),
            href,
        }
    };
    let is_whole = asker.only().is_none();
    let [told, nothing, coming] = if is_whole {
        [
            "Ce que vos factures émises et récurrentes doivent rapporter, moins vos dépenses à payer et récurrentes, semaine par semaine.",
            "Rien à encaisser ni à payer",
            "Les factures et les dépenses pas encore payées, et les récurrentes à venir, apparaîtront ici à la semaine de leur échéance.",
        ]
    } else {
        [
            "Ce que vos factures émises et récurrentes doivent rapporter, semaine par semaine.",
            "Rien à encaisser",
            "Les factures pas encore payées, et les récurrentes à venir, apparaîtront ici à la semaine de leur échéance.",
        ]
    };
    page(&CashPage {
        shell: Shell::new(&asker, "sales", "Trésorerie prévisionnelle"),
        lag: Lag::of(&reading),
        until: asker.organization.date(horizon(today)),
        expected: french(weeks.last().map(|week| week.balance).unwrap_or_default(), currency),
        late: french(Minor(ages.late().own_open_minor), currency),
        late_note: counted(
            ages.late().count,
            "facture, comptée dans aucune semaine",
            "factures, comptées dans aucune semaine",
        ),
        symbol: currency.symbol(),
        weeks: weeks.iter().map(row).collect(),
        is_empty: ages.all().count == 0 && weeks.iter().all(CashWeek::is_nothing) && !reading.is_made_anew,
        is_whole,
        told,
        nothing,
        coming,
        unconverted: unconverted_cash(&reading, currency),
        export: asker.may(Permission::SalesExport).then(|| format!("{}?table=cash", super::export::PATH)),
        may_invoice: asker.may(Permission::InvoicingView),
    })
}

struct PlannedRow {
    label: String,
    href: String,
    on: String,
    amount: InBoth,
}

#[derive(Template)]
#[template(path = "sales_cash_week.html")]
struct CashWeekPage {
    shell: Shell,
    invoices: Vec<PlannedRow>,
    next: Option<String>,
    first: Option<String>,
    recurring: Vec<PlannedRow>,
    outlays: Vec<PlannedRow>,
    /// Where those that count are; none for who sees only their own.
    expenses: Option<String>,
    is_first: bool,
}

/// What a week of the forecast is made of.
pub async fn show_cash_week(
    asker: Asker,
    Query(asked): Query<WeekAsked>,
    Pagination(request): Pagination,
) -> PageResult {
    let week = show_week(&asker, &asked, &request).await?;
    let (own, may_invoice) = (asker.organization.currency, asker.may(Permission::InvoicingView));
    let in_both = |amount: Minor, currency| InBoth::of(amount, currency, converted(amount, currency, own, None), own);
    let day = |on: Date| asker.organization.date(on);
    let invoicing = |href: String| if may_invoice { href } else { String::new() };
    let link = format!("{CASH_WEEK}?from={}", week.from);
    page(&CashWeekPage {
        shell: Shell::new(&asker, "sales", format!("Du {} au {}", day(week.from), day(week.to))),
        invoices: week
            .invoices
            .items
            .iter()
            .map(|sale| PlannedRow {
                label: sale.number.clone(),
                href: invoicing(format!("/facturation/factures/{}", sale.invoice)),
                on: day(sale.due_on),
                amount: InBoth::open(sale, own),
            })
            .collect(),
        next: week.invoices.next_cursor.as_ref().map(|cursor| format!("{link}&cursor={cursor}")),
        first: request.cursor.is_some().then(|| link.clone()),
        recurring: week
            .recurring
            .iter()
            .map(|planned| PlannedRow {
                label: "Facture récurrente".into(),
                href: invoicing(format!("/facturation/recurrentes/{}", planned.recurring)),
                on: day(planned.on),
                amount: in_both(planned.gross_minor, planned.currency),
            })
            .collect(),
        outlays: week
            .outlays
            .iter()
            .map(|planned| PlannedRow {
                label: planned.label.clone(),
                href: format!("/ventes/depenses/recurrentes/{}", planned.recurring),
                on: day(planned.on),
                amount: in_both(planned.gross_minor, planned.currency),
            })
            .collect(),
        expenses: asker.only().is_none().then(|| week.expenses_href()),
        is_first: week.is_first,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_is_no_share_of_what_is_whole() {
        let told = |amounts: [i64; 3], goes_on| changes(amounts.map(Minor), goes_on, Currency::Eur);
        assert_eq!(
            told([3_000, 100_000, 0], true),
            "à ce jour, contre 1\u{202f}000,00\u{a0}€ sur toute la période précédente et 0,00\u{a0}€ un an avant"
        );
        assert_eq!(
            told([0, 100, 0], false),
            "−100\u{a0}% par rapport à la période précédente, rien de facturé un an avant"
        );
        let today = jiff::civil::date(2026, 11, 30);
        assert!(Period::month_of(today).goes_on(today) && !Period::month_of(today).previous().goes_on(today));
        assert_eq!(
            (percent_of(-50, 100).as_deref(), percent_of(94, 100).as_deref(), percent_of(1, 0)),
            (Some("−50\u{a0}%"), Some("94\u{a0}%"), None)
        );
    }
}
