//! What the CRM shows on the pages of others.

use askama::Template;
use kernel::{Permission, page::PageRequest};
use table::{Order, meter::side_by_side};
use web::{Asker, PageResult, page};

use crate::{
    company::{CompanyCard, pages::CompanyRow},
    opportunity::{figures, of_hundredths},
    settings::{self, Outcome},
};

/// As many as stand well beside the other panels of Accueil.
const RECENT: u16 = 5;

#[derive(Template)]
#[template(path = "panel_recent.html")]
struct RecentPanel {
    companies: Vec<CompanyRow>,
    can_create: bool,
}

/// The companies added last, of those that who asks may see.
pub async fn show_recent(asker: Asker) -> PageResult {
    let list = asker.scope.keys().added_companies().of(asker.only());
    let first = PageRequest { limit: RECENT, cursor: None };
    let cards = asker.scope.list::<CompanyCard>(&list, &first, Order::Descending).await?.items;
    page(&RecentPanel {
        companies: cards.iter().map(|card| CompanyRow::of_card(&asker, card)).collect(),
        can_create: asker.may(Permission::CrmCreate),
    })
}

struct StageForecast {
    name: String,
    href: String,
    count: i64,
    amount: String,
    weighted: String,
    value: String,
    weighted_value: String,
}

#[derive(Template)]
#[template(path = "panel_forecast.html")]
struct ForecastPanel {
    stages: Vec<StageForecast>,
    open: String,
    weighted: String,
    symbol: &'static str,
    is_empty: bool,
}

/// What is hoped for, stage by stage, and what of it by its probability.
pub async fn show_forecast(asker: Asker) -> PageResult {
    let currency = asker.organization.currency;
    let reading = figures::read_stages(&asker.scope, asker.only(), currency);
    let (sales, settings) = side_by_side(reading, settings::SETTINGS.shown(&asker.scope)).await;
    let (sales, settings) = (sales?, settings?);
    let several = settings.pipelines.len() > 1;
    let stages =
        settings.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(move |stage| (pipeline, stage)));
    let open = stages.filter(|(_, stage)| stage.outcome == Outcome::Open).map(|(pipeline, stage)| {
        let (sums, id) = (sales.at(stage.id), stage.id);
        let weighted = of_hundredths(sums.weighted_hundredths);
        StageForecast {
            name: if several { format!("{} – {}", pipeline.name, stage.name) } else { stage.name.clone() },
            href: format!("/crm/opportunites?stage={id}"),
            count: sums.open,
            amount: sums.open_minor.french(currency),
            weighted: weighted.french(currency),
            value: sums.open_minor.to_decimal(currency).to_string(),
            weighted_value: weighted.to_decimal(currency).to_string(),
        }
    });
    let total = sales.total();
    page(&ForecastPanel {
        stages: open.collect(),
        open: total.open_minor.french(currency),
        weighted: of_hundredths(total.weighted_hundredths).french(currency),
        symbol: currency.symbol(),
        is_empty: total.open == 0,
    })
}
