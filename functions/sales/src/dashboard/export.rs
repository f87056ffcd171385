//! `/ventes/export`: a table of the figures as a file for a spreadsheet.

use axum::{extract::Query, response::IntoResponse};
use http::header;
use kernel::{Currency, Error, Minor, Result, page::PageRequest};
use serde::Deserialize;
use table::meter::side_by_side;
use web::{Asker, PageResult, spreadsheet::Spreadsheet};

use super::{
    Age, Asked, Period, Totals, ageing,
    lines::{lines_of, nature},
    model::month_code,
    must_have_figures,
    pages::{TOP, names, whose},
    read, top_clients,
};
use crate::{
    projection::LineFigure,
    target::{TargetKind, list_targets},
};

pub const PATH: &str = "/ventes/export";

/// What one file of invoices has at most; the period narrows what is asked for.
const ROWS_MAX: usize = 20_000;
const PAGE: u16 = 500;

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(flatten)]
    asked: Asked,
    /// `months`, `quotes`, `ageing`, `clients`, `invoices`, `cash`, `currencies` or `targets`.
    #[serde(default)]
    table: String,
    /// Of clients: those whose names are wanted.
    #[serde(default)]
    ids: String,
}

type File = Spreadsheet<Vec<u8>>;

fn plain(amount: Minor, currency: Currency) -> String {
    amount.plain(currency).replace('.', ",")
}

pub async fn export_figures(asker: Asker, Query(wanted): Query<Wanted>) -> PageResult {
    let Wanted { asked, table, ids } = &wanted;
    let period = asked.period(asker.today())?;
    let (name, file) = match table.as_str() {
        "months" => ("ventes", months(&asker, asked, period).await?),
        "quotes" => ("devis", quotes(&asker, asked, period).await?),
        "ageing" => ("encours", ages(&asker, asked).await?),
        "clients" => ("clients", clients(&asker, asked, period, ids).await?),
        "invoices" => ("factures", invoices(&asker, asked).await?),
        "cash" => ("tresorerie", cash(&asker).await?),
        "currencies" => ("devises", currencies(&asker, asked, period).await?),
        "targets" => ("objectifs", targets(&asker).await?),
        _ => {
            return Err(Error::Malformed {
                detail: "table is months, quotes, ageing, clients, invoices, cash, currencies or targets".into(),
            }
            .into());
        }
    };
    let disposition = format!("attachment; filename=\"{name}-{}.csv\"", asker.today());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, &disposition),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, file.finish()?).into_response())
}

async fn months(asker: &Asker, asked: &Asked, period: Period) -> Result<File> {
    let (currency, whose) = (asker.organization.currency, whose(asker, asked)?);
    let sold = [
        "Mois",
        "Factures",
        "Avoirs",
        "Chiffre d’affaires HT",
        "Chiffre d’affaires TTC",
        "Encaissé HT",
        "Encaissé TTC",
    ];
    // Expenses are the organization's.
    let spent = whose.is_none().then_some("Dépenses");
    let rest = ["Factures soldées", "Délai moyen de paiement (jours)", "Nouveaux clients", "Devise"];
    let header: Vec<_> = sold.into_iter().chain(spent).chain(rest).collect();
    let mut file = Spreadsheet::new(Vec::new(), &header)?;
    let reading = read(asker, whose).await?.or_refused()?;
    for (month, totals) in reading.figures(period).months {
        let delay = totals.delay_tenths().map(|tenths| format!("{},{}", tenths / 10, tenths % 10));
        let sold = [
            month_code(month),
            totals.invoices.invoices.to_string(),
            totals.invoices.credit_notes.to_string(),
            plain(totals.net(), currency),
            plain(totals.gross(), currency),
            plain(totals.cash_net(), currency),
            plain(totals.cash_gross(), currency),
        ];
        let rest = [
            totals.invoices.settled.to_string(),
            delay.unwrap_or_default(),
            totals.invoices.new_clients.to_string(),
            currency.code().into(),
        ];
        file.row(sold.into_iter().chain(spent.map(|_| plain(totals.costs(), currency))).chain(rest))?;
    }
    Ok(file)
}

async fn quotes(asker: &Asker, asked: &Asked, period: Period) -> Result<File> {
    let currency = asker.organization.currency;
    let header = [
        "Mois",
        "Envoyés",
        "Montant envoyé HT",
        "Acceptés",
        "Montant accepté HT",
        "Refusés",
        "Montant refusé HT",
        "Expirés",
        "Montant expiré HT",
        "Taux d’acceptation (%)",
        "Devise",
    ];
    let mut file = Spreadsheet::new(Vec::new(), &header)?;
    let reading = read(asker, whose(asker, asked)?).await?.or_refused()?;
    for (month, totals @ Totals { quotes: sums, .. }) in reading.figures(period).months {
        let amount = |amount: i64| plain(Minor(amount), currency);
        file.row([
            month_code(month),
            sums.sent.to_string(),
            amount(sums.own_sent_minor),
            sums.accepted.to_string(),
            amount(sums.own_accepted_minor),
            sums.refused.to_string(),
            amount(sums.own_refused_minor),
            sums.expired.to_string(),
            amount(sums.own_expired_minor),
            totals.conversion().map(|percent| percent.to_string()).unwrap_or_default(),
            currency.code().into(),
        ])?;
    }
    Ok(file)
}

async fn ages(asker: &Asker, asked: &Asked) -> Result<File> {
    let currency = asker.organization.currency;
    let mut file = Spreadsheet::new(Vec::new(), &["Échéance", "Factures", "Reste à encaisser TTC", "Devise"])?;
    let reading = read(asker, whose(asker, asked)?).await?.or_refused()?;
    let ages = ageing(reading.dues(), asker.today());
    for age in Age::ALL {
        let sums = ages.of(age);
        let amount = plain(Minor(sums.own_open_minor), currency);
        file.row([age.french().to_owned(), sums.count.to_string(), amount, currency.code().into()])?;
    }
    Ok(file)
}

async fn clients(asker: &Asker, asked: &Asked, period: Period, ids: &str) -> Result<File> {
    let currency = asker.organization.currency;
    let mut file =
        Spreadsheet::new(Vec::new(), &["Client", "Identifiant", "Factures", "Chiffre d’affaires HT", "Devise"])?;
    let clients = top_clients(&asker.scope, whose(asker, asked)?, period, TOP);
    let (current, (clients, names)) =
        side_by_side(must_have_figures(asker), side_by_side(clients, names(asker, ids))).await;
    current?;
    let (clients, names) = (clients?, names?);
    for client in clients {
        let name = names.iter().find(|(id, _)| *id == client.client).map(|(_, name)| name.clone());
        file.row([
            name.unwrap_or_default(),
            client.client.to_string(),
            client.sums.invoices.to_string(),
            plain(Minor(client.sums.own_net_minor), currency),
            currency.code().into(),
        ])?;
    }
    Ok(file)
}

/// What revenue is made of, and, last, what it comes to.
async fn invoices(asker: &Asker, asked: &Asked) -> Result<File> {
    let own = asker.organization.currency;
    let header = [
        "Date",
        "Numéro",
        "Nature",
        "Montant HT",
        "Montant TTC",
        "Devise",
        "Chiffre d’affaires HT",
        "Chiffre d’affaires TTC",
        "Devise de l’entreprise",
    ];
    let mut file = Spreadsheet::new(Vec::new(), &header)?;
    let (mut cursor, mut rows) = (None, 0);
    loop {
        let request = PageRequest { limit: PAGE, cursor };
        let (_, found, totals) = lines_of(asker, asked, LineFigure::Revenue, &request).await?;
        rows += found.items.len();
        for line in &found.items {
            let told = |amount: Minor| if line.is_unconverted { String::new() } else { plain(amount, own) };
            file.row([
                line.on.to_string(),
                line.number.clone(),
                nature(line),
                plain(line.net_minor, line.currency),
                plain(line.gross_minor, line.currency),
                line.currency.code().into(),
                told(line.own_net_minor),
                told(line.own_gross_minor),
                own.code().into(),
            ])?;
        }
        cursor = found.next_cursor;
        if cursor.is_none() || rows >= ROWS_MAX {
            let [net, gross] = [totals.net(), totals.gross()].map(|amount| plain(amount, own));
            let none = String::new;
            file.row(["Total".into(), none(), none(), none(), none(), none(), net, gross, own.code().into()])?;
            return Ok(file);
        }
    }
}

async fn cash(asker: &Asker) -> Result<File> {
    let (currency, is_whole) = (asker.organization.currency, asker.only().is_none());
    // Expenses are the organization's.
    let spent = if is_whole { &["Dépenses à payer TTC", "Dépenses récurrentes à venir TTC"][..] } else { &[] };
    let header: Vec<_> = ["Du", "Au", "Factures à échoir TTC", "Récurrentes à venir TTC"]
        .iter()
        .chain(spent)
        .chain(&["Cumul", "Devise"])
        .copied()
        .collect();
    let mut file = Spreadsheet::new(Vec::new(), &header)?;
    let reading = read(asker, asker.only()).await?.or_refused()?;
    for week in reading.weeks(asker.today()) {
        let spent = if is_whole { &[week.expenses, week.recurring_expenses][..] } else { &[] };
        let amounts = [week.due, week.recurring].into_iter().chain(spent.iter().copied()).chain([week.balance]);
        let days = [week.from.to_string(), week.to.to_string()];
        let amounts = amounts.map(|amount| plain(amount, currency));
        file.row(days.into_iter().chain(amounts).chain([currency.code().to_owned()]))?;
    }
    Ok(file)
}

async fn currencies(asker: &Asker, asked: &Asked, period: Period) -> Result<File> {
    let header = [
        "Devise",
        "Factures",
        "Facturé HT avant avoirs",
        "Facturé TTC avant avoirs",
        "Avoirs HT",
        "Avoirs TTC",
        "Encaissé TTC",
    ];
    let mut file = Spreadsheet::new(Vec::new(), &header)?;
    let reading = read(asker, whose(asker, asked)?).await?.or_refused()?;
    for (currency, totals) in reading.figures(period).sold() {
        let sums = totals.invoices;
        let amount = |amount: i64| plain(Minor(amount), currency);
        file.row([
            currency.code().to_owned(),
            sums.invoices.to_string(),
            amount(sums.net_minor),
            amount(sums.gross_minor),
            amount(sums.credited_net_minor),
            amount(sums.credited_gross_minor),
            amount(sums.cash_gross_minor),
        ])?;
    }
    Ok(file)
}

async fn targets(asker: &Asker) -> Result<File> {
    let header = ["Objectif", "Ce qui est compté", "Période", "Réalisé", "À atteindre", "Unité", "Avancement (%)"];
    let mut file = Spreadsheet::new(Vec::new(), &header)?;
    let today = asker.today();
    for shown in list_targets(asker).await? {
        let target = &shown.target;
        let period = target.period(today);
        let achieved = shown.achieved_in(period);
        let (unit, amount): (_, fn(i64, Currency) -> String) = match target.kind {
            TargetKind::Revenue => (target.currency.code(), |amount, currency| plain(Minor(amount), currency)),
            TargetKind::Conversion => ("%", |percent, _| percent.to_string()),
            TargetKind::Invoices | TargetKind::Quotes | TargetKind::NewClients => ("", |count, _| count.to_string()),
        };
        file.row([
            target.name.clone(),
            target.kind.french().to_owned(),
            period.french(),
            amount(achieved, target.currency),
            amount(target.goal, target.currency),
            unit.to_owned(),
            target.progress(achieved, period, today).percent.to_string(),
        ])?;
    }
    Ok(file)
}
