//! `/ventes/widgets/…`: what stands in the boxes of the home page, which loads each by itself and says its title.

use askama::Template;
use kernel::{Minor, Permission};
use web::{Asker, PageResult, page};

use crate::{
    dashboard::{CashWeek, Period, Reading, ageing, read},
    target::{list_targets, pages::TargetRow},
    words::counted,
};

/// How many targets the home page shows.
const TARGETS_SHOWN: usize = 4;

/// A figure with what it is compared to.
#[derive(Template)]
#[template(path = "widget_figures.html")]
struct FiguresWidget {
    /// Label, value, note.
    figures: Vec<(&'static str, String, String)>,
    /// What to do where there is nothing yet; none where there is something.
    empty: Option<&'static str>,
    action: Option<(&'static str, &'static str)>,
}

fn first_invoice(asker: &Asker) -> Option<(&'static str, &'static str)> {
    asker.may(Permission::InvoicingCreate).then_some(("/facturation/factures/nouvelle", "Nouvelle facture"))
}

fn made_anew(reading: &Reading) -> Option<&'static str> {
    reading.is_made_anew.then_some("Vos chiffres sont en cours de recalcul : revenez dans quelques instants.")
}

/// What was sold this month.
pub async fn show_revenue(asker: Asker) -> PageResult {
    let (today, currency) = (asker.today(), asker.organization.currency);
    let reading = read(&asker, asker.only()).await?;
    let (month, year) = (reading.figures(Period::month_of(today)), reading.figures(Period::year_of(today)));
    // Both go on: what they have so far is no share of a whole one. Of what there is nothing to compare with, its name.
    let against = |before: Minor, what: &str, of: Period| match before {
        Minor::ZERO => of.french(),
        before => format!("{}, contre {} {what}", of.french(), before.french(currency)),
    };
    let former_month = against(month.previous.net(), "tout le mois dernier", month.period);
    let former_year = against(year.year_before.net(), "toute l’année dernière", year.period);
    page(&FiguresWidget {
        figures: vec![
            ("Ce mois, HT", month.current.net().french(currency), former_month),
            ("Cette année, HT", year.current.net().french(currency), former_year),
            ("Encaissé ce mois, TTC", month.current.cash_gross().french(currency), String::new()),
        ],
        empty: made_anew(&reading)
            .or(reading.is_empty().then_some("Vos chiffres apparaissent dès votre première facture émise.")),
        action: if reading.is_made_anew { None } else { first_invoice(&asker) },
    })
}

/// What is to be paid.
pub async fn show_receivables(asker: Asker) -> PageResult {
    let (today, currency) = (asker.today(), asker.organization.currency);
    let reading = read(&asker, asker.only()).await?;
    let ages = ageing(reading.dues(), today);
    let invoices = |count: i64| counted(count, "facture", "factures");
    let (all, late) = (ages.all(), ages.late());
    page(&FiguresWidget {
        figures: vec![
            ("À encaisser, TTC", Minor(all.own_open_minor).french(currency), invoices(all.count)),
            ("En retard", Minor(late.own_open_minor).french(currency), invoices(late.count)),
            ("Plus de 90 jours", Minor(ages.beyond.own_open_minor).french(currency), invoices(ages.beyond.count)),
        ],
        empty: made_anew(&reading).or((all.count == 0).then_some("Rien n’est à encaisser.")),
        action: None,
    })
}

/// What is expected.
pub async fn show_cash(asker: Asker) -> PageResult {
    let (today, currency) = (asker.today(), asker.organization.currency);
    let reading = read(&asker, asker.only()).await?;
    let weeks = reading.weeks(today);
    // Expenses are the organization's.
    let nothing = match asker.only() {
        None => "Rien n’est à encaisser ni à payer dans les 90 jours.",
        Some(_) => "Rien n’est à encaisser dans les 90 jours.",
    };
    let until = |weeks_ahead: usize| weeks.get(weeks_ahead - 1).map(|week| week.balance).unwrap_or_default();
    page(&FiguresWidget {
        figures: vec![
            ("Sous 2 semaines", until(2).french(currency), String::new()),
            ("Sous 4 semaines", until(4).french(currency), String::new()),
            ("Sous 13 semaines", until(13).french(currency), String::new()),
        ],
        empty: made_anew(&reading).or(weeks.iter().all(CashWeek::is_nothing).then_some(nothing)),
        action: None,
    })
}

#[derive(Template)]
#[template(path = "widget_targets.html")]
struct TargetsWidget {
    rows: Vec<TargetRow>,
    can_create: bool,
}

/// The targets that go on.
pub async fn show_targets(asker: Asker) -> PageResult {
    let today = asker.today();
    let targets = list_targets(&asker).await?;
    let running = targets.iter().filter(|shown| shown.target.is_running(today)).take(TARGETS_SHOWN);
    let rows = running.map(|shown| TargetRow::now(shown, today, String::new())).collect();
    page(&TargetsWidget { rows, can_create: asker.may(Permission::SalesCreate) })
}
