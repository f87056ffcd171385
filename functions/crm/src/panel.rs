//! What the CRM shows on the pages of others.

use askama::Template;
use kernel::{Permission, page::PageRequest};
use table::Order;
use web::{Asker, PageResult, page};

use crate::company::{CompanyCard, pages::CompanyRow};

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
