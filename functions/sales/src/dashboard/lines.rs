//! `/ventes/factures`, `/ventes/factures/soldees`, `/ventes/devis`: the documents that a figure is made of, by the day on which
//! they count, and what they come to, which is the figure.

use askama::Template;
use axum::extract::Query;
use kernel::{Error, Minor, Permission, Result, page::Page};
use serde::Deserialize;
use table::{Stored, meter::side_by_side};
use web::{Asker, PageResult, Pagination, Shell, page};

use super::{
    Asked, Figures, Period, Totals, months_of, must_have_figures,
    pages::{InBoth, PATH, french, whose},
    read::sale_lines,
};
use crate::{
    projection::{LineDocument, LineFigure, SaleLine},
    words::counted,
};

pub const INVOICES: &str = "/ventes/factures";
pub const SETTLED: &str = "/ventes/factures/soldees";
pub const QUOTES: &str = "/ventes/devis";

/// `?figure=accepted`: of which figure, of what period, whose clients.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Listed {
    #[serde(flatten)]
    pub asked: Asked,
    pub figure: String,
}

impl LineFigure {
    /// One of `of`; the first where nothing is said.
    pub(super) fn named(name: &str, of: &[Self]) -> Result<Self> {
        let known = of.iter().copied().find(|figure| figure.name() == name);
        let known = known.or_else(|| of.first().copied().filter(|_| name.is_empty()));
        let names = of.iter().map(|figure| figure.name()).collect::<Vec<_>>().join(", ");
        known.ok_or_else(|| Error::Malformed { detail: format!("a figure is one of {names}") })
    }

    const fn french(self) -> &'static str {
        match self {
            Self::Revenue => "Chiffre d’affaires",
            Self::Settled => "Factures soldées",
            Self::Sent => "Devis envoyés",
            Self::Accepted => "Devis acceptés",
            Self::Refused => "Devis refusés",
            Self::Expired => "Devis expirés sans réponse",
        }
    }

    /// Where its documents are listed.
    pub(super) fn link(self, asked: &Asked, period: Period) -> String {
        match self {
            Self::Revenue => asked.link(INVOICES, period),
            Self::Settled => asked.link(SETTLED, period),
            quotes => format!("{}&figure={}", asked.link(QUOTES, period), quotes.name()),
        }
    }
}

/// A page of the documents of a figure, and what all of them come to.
pub async fn lines_of(
    asker: &Asker,
    asked: &Asked,
    figure: LineFigure,
    request: &kernel::page::PageRequest,
) -> Result<(Period, Page<Stored<SaleLine>>, Totals)> {
    let (period, whose) = (asked.period(asker.today())?, whose(asker, asked)?);
    let lines = sale_lines(&asker.scope, whose, figure, period, request);
    let months = side_by_side(must_have_figures(asker), months_of(&asker.scope, whose));
    let (lines, (current, months)) = side_by_side(lines, months).await;
    current?;
    Ok((period, lines?, Figures::of(period, &months?).current))
}

/// What a line is, beside its number.
pub(super) fn nature(line: &SaleLine) -> String {
    match line.document {
        LineDocument::Invoice(_) => "Facture".into(),
        LineDocument::CreditNote(_) => format!("Avoir sur {}", line.about),
        LineDocument::Replaced(_) => format!("Remplacée par {}", line.about),
        LineDocument::Quote(_) => "Devis".into(),
    }
}

struct LineRow {
    on: String,
    number: String,
    href: String,
    nature: String,
    delay: String,
    net: InBoth,
    gross: InBoth,
}

#[derive(Template)]
#[template(path = "sales_lines.html")]
struct LinesPage {
    shell: Shell,
    back: String,
    /// Label, link, whether it is this one; of quotes.
    tabs: Vec<(&'static str, String, bool)>,
    told: &'static str,
    is_revenue: bool,
    is_settled: bool,
    rows: Vec<LineRow>,
    total: String,
    total_net: String,
    total_gross: String,
    export: Option<String>,
    next: Option<String>,
    first: Option<String>,
}

pub async fn list_sales(asker: Asker, Query(asked): Query<Asked>, Pagination(request): Pagination) -> PageResult {
    show(&asker, &asked, LineFigure::Revenue, &request).await
}

pub async fn list_settled(asker: Asker, Query(asked): Query<Asked>, Pagination(request): Pagination) -> PageResult {
    show(&asker, &asked, LineFigure::Settled, &request).await
}

pub async fn list_quotes(asker: Asker, Query(listed): Query<Listed>, Pagination(request): Pagination) -> PageResult {
    let figure = LineFigure::named(&listed.figure, &LineFigure::QUOTES)?;
    show(&asker, &listed.asked, figure, &request).await
}

async fn show(asker: &Asker, asked: &Asked, figure: LineFigure, request: &kernel::page::PageRequest) -> PageResult {
    let (period, found, totals) = lines_of(asker, asked, figure, request).await?;
    let (own, may_invoice) = (asker.organization.currency, asker.may(Permission::InvoicingView));
    let row = |line: &SaleLine| {
        let href = match line.document {
            LineDocument::Invoice(invoice) | LineDocument::Replaced(invoice) => {
                format!("/facturation/factures/{invoice}")
            }
            LineDocument::CreditNote(note) => format!("/facturation/avoirs/{note}"),
            LineDocument::Quote(quote) => format!("/facturation/devis/{quote}"),
        };
        let in_both = |amount: Minor, in_own: Minor| {
            InBoth::of(amount, line.currency, (!line.is_unconverted).then_some(in_own), own)
        };
        LineRow {
            on: asker.organization.date(line.on),
            number: line.number.clone(),
            href: if may_invoice { href } else { String::new() },
            nature: nature(line),
            delay: line.days.map_or_else(|| "–".into(), |days| counted(days, "jour", "jours").replace(' ', "\u{a0}")),
            net: in_both(line.net_minor, line.own_net_minor),
            gross: in_both(line.gross_minor, line.own_gross_minor),
        }
    };
    let (invoices, quotes) = (totals.invoices, totals.quotes);
    let (total, net, gross) = match figure {
        LineFigure::Revenue => {
            let issued = counted(invoices.invoices, "facture", "factures");
            let notes = counted(invoices.credit_notes, "avoir", "avoirs");
            (format!("{issued}, {notes}"), Some(totals.net()), Some(totals.gross()))
        }
        LineFigure::Settled => {
            let settled = counted(invoices.settled, "facture soldée", "factures soldées");
            (format!("{settled}, en {} en moyenne", super::pages::days(totals.delay_tenths())), None, None)
        }
        LineFigure::Sent => (counted(quotes.sent, "devis", "devis"), Some(Minor(quotes.own_sent_minor)), None),
        LineFigure::Accepted => {
            (counted(quotes.accepted, "devis", "devis"), Some(Minor(quotes.own_accepted_minor)), None)
        }
        LineFigure::Refused => (counted(quotes.refused, "devis", "devis"), Some(Minor(quotes.own_refused_minor)), None),
        LineFigure::Expired => (counted(quotes.expired, "devis", "devis"), Some(Minor(quotes.own_expired_minor)), None),
    };
    let amount = |amount: Option<Minor>| amount.map(|amount| french(amount, own)).unwrap_or_default();
    let is_quote = LineFigure::QUOTES.contains(&figure);
    let tabs = LineFigure::QUOTES.map(|one| (one.french(), one.link(asked, period), one == figure));
    let link = figure.link(asked, period);
    let may_export = figure == LineFigure::Revenue && asker.may(Permission::SalesExport);
    page(&LinesPage {
        shell: Shell::new(asker, "sales", format!("{}, {}", figure.french(), period.french())),
        back: asked.link(PATH, period),
        tabs: if is_quote { tabs.into() } else { Vec::new() },
        told: match figure {
            LineFigure::Revenue => "Les factures et les avoirs dont est fait le chiffre d’affaires, chacun à son jour.",
            LineFigure::Settled => "Les factures entièrement payées, au jour où elles l’ont été.",
            LineFigure::Sent => "Les devis envoyés, au jour de leur envoi.",
            LineFigure::Accepted => "Les devis acceptés, facturés ou non, au jour de leur acceptation.",
            LineFigure::Refused => "Les devis refusés, au jour du refus.",
            LineFigure::Expired => "Les devis restés sans réponse, au jour où ils ont expiré.",
        },
        is_revenue: figure == LineFigure::Revenue,
        is_settled: figure == LineFigure::Settled,
        rows: found.items.iter().map(|line| row(line)).collect(),
        total,
        total_net: amount(net),
        total_gross: amount(gross),
        export: may_export.then(|| format!("{}&table=invoices", asked.link(super::export::PATH, period))),
        next: found.next_cursor.map(|cursor| format!("{link}&cursor={cursor}")),
        first: request.cursor.is_some().then_some(link),
    })
}
