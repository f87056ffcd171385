//! `/crm`: what is hoped for, what was won and lost, what waits.

use askama::Template;
use kernel::{Currency, Minor, Permission, text};
use table::meter::side_by_side;
use web::{Asker, PageResult, Shell, page};

use crate::{
    opportunity::{
        figures::{self, Sales, Sums},
        of_hundredths,
    },
    settings::{self, Outcome, Pipeline},
};

/// How many sources the page names.
const SOURCES_SHOWN: usize = 8;

#[derive(Template)]
#[template(path = "crm.html")]
struct CrmPage {
    shell: Shell,
    open: String,
    open_note: String,
    weighted: String,
    won: String,
    won_note: String,
    conversion: String,
    conversion_note: String,
    pipelines: Vec<PipelineBars>,
    sources: Vec<SourceRow>,
    more_sources: usize,
    has_others: bool,
    is_empty: bool,
    can_create: bool,
}

struct PipelineBars {
    name: String,
    href: String,
    id: String,
    stages: Vec<Bar>,
}

/// One stage: its part of the longest bar, in hundredths.
struct Bar {
    name: String,
    color: &'static str,
    href: String,
    count: i64,
    amount: String,
    weighted: String,
    width: i64,
}

struct SourceRow {
    name: String,
    won: i64,
    won_amount: String,
    open: i64,
    open_amount: String,
}

fn bars(pipeline: &Pipeline, sales: &Sales, currency: Currency) -> PipelineBars {
    let open: Vec<_> = pipeline.stages.iter().filter(|stage| stage.outcome == Outcome::Open).collect();
    let most = open.iter().map(|stage| sales.at(stage.id).open_minor.0).max().unwrap_or_default().max(1);
    let bar = |stage: &&settings::Stage| {
        let sums = sales.at(stage.id);
        Bar {
            name: stage.name.clone(),
            color: stage.color.name(),
            href: format!("/crm/opportunites?stage={}", stage.id),
            count: sums.open,
            amount: sums.open_minor.french(currency),
            weighted: of_hundredths(sums.weighted_hundredths).french(currency),
            width: width(sums.open_minor, most),
        }
    };
    PipelineBars {
        name: pipeline.name.clone(),
        href: format!("/crm/pipeline?pipeline={}", pipeline.id),
        id: pipeline.id.to_string(),
        stages: open.iter().map(bar).collect(),
    }
}

fn width(amount: Minor, most: i64) -> i64 {
    i64::try_from(i128::from(amount.0.max(0)) * 100 / i128::from(most)).unwrap_or(100)
}

fn opportunities(count: i64) -> String {
    match count {
        0 => "Aucune opportunité".into(),
        1 => "1 opportunité".into(),
        count => format!("{} opportunités", kernel::money::french_decimal(count.into())),
    }
}

/// What was won and lost, in words.
fn decided(month: &Sums) -> String {
    match (month.won, month.lost) {
        (0, 0) => "Rien de conclu ce mois-ci".into(),
        (won, lost) => {
            let gained = if won > 1 { "gagnées" } else { "gagnée" };
            let missed = if lost > 1 { "perdues" } else { "perdue" };
            format!("{won} {gained}, {lost} {missed}")
        }
    }
}

pub async fn show_crm(asker: Asker) -> PageResult {
    let currency = asker.organization.currency;
    let reading = figures::read_all(&asker.scope, asker.only(), currency, asker.today());
    let (sales, settings) = side_by_side(reading, settings::SETTINGS.shown(&asker.scope)).await;
    let (sales, settings) = (sales?, settings?);
    let total = sales.total();
    let row = |(name, sums): &(String, Sums)| SourceRow {
        name: name.clone(),
        won: sums.won,
        won_amount: sums.won_minor.french(currency),
        open: sums.open,
        open_amount: sums.open_minor.french(currency),
    };
    page(&CrmPage {
        shell: Shell::new(&asker, "crm", "CRM"),
        open: total.open_minor.french(currency),
        open_note: opportunities(total.open),
        weighted: of_hundredths(total.weighted_hundredths).french(currency),
        won: sales.month.won_minor.french(currency),
        won_note: format!("{} en {}", opportunities(sales.month.won), text::french_month(asker.today())),
        conversion: sales.month.conversion().map_or_else(|| "–".into(), |percent| format!("{percent}\u{a0}%")),
        conversion_note: decided(&sales.month),
        pipelines: settings.pipelines.iter().map(|pipeline| bars(pipeline, &sales, currency)).collect(),
        more_sources: sales.sources.len().saturating_sub(SOURCES_SHOWN),
        sources: sales.sources.iter().take(SOURCES_SHOWN).map(row).collect(),
        has_others: sales.has_others,
        is_empty: total.count() == 0,
        can_create: asker.may(Permission::CrmCreate),
    })
}
