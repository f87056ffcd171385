//! What the CRM shows on the first page: one query each, whatever there is.

use askama::Template;
use kernel::{Permission, page::PageRequest};
use table::Order;
use web::{Asker, PageResult, page};

use crate::{
    activity::{ActivityLine, when},
    company::{CompanyCard, pages::CompanyRow},
    opportunity::{figures, of_hundredths},
};

const SHOWN: u16 = 5;

#[derive(Template)]
#[template(path = "widget_pipeline.html")]
struct PipelineWidget {
    open: String,
    note: String,
    is_empty: bool,
    weighted: String,
    can_create: bool,
}

/// What is hoped for: of everybody, or of who sees only their own.
pub async fn show_pipeline(asker: Asker) -> PageResult {
    let currency = asker.organization.currency;
    let total = figures::read_stages(&asker.scope, asker.only(), currency).await?.total();
    page(&PipelineWidget {
        open: total.open_minor.french(currency),
        note: match total.open {
            1 => "1 opportunité".into(),
            open => format!("{open} opportunités"),
        },
        is_empty: total.open == 0,
        weighted: of_hundredths(total.weighted_hundredths).french(currency),
        can_create: asker.may(Permission::CrmCreate),
    })
}

#[derive(Template)]
#[template(path = "widget_activities.html")]
struct ActivitiesWidget {
    rows: Vec<Due>,
    can_create: bool,
}

struct Due {
    href: String,
    subject: String,
    when: String,
    is_overdue: bool,
}

/// One’s own, in the order of their time: what should have been done comes first.
pub async fn show_activities(asker: Asker) -> PageResult {
    let list = asker.scope.keys().planned_activities().of(Some(asker.user));
    let first = PageRequest { limit: SHOWN, cursor: None };
    let lines = asker.scope.list::<ActivityLine>(&list, &first, Order::Ascending).await?.items;
    let now = asker.scope.now().to_zoned(asker.organization.zone());
    let due = |line: &ActivityLine| Due {
        href: format!("/crm/activites/{}", line.activity.id),
        subject: line.activity.subject.clone(),
        when: when(line.activity.starts),
        is_overdue: line.activity.is_overdue(&now),
    };
    page(&ActivitiesWidget {
        rows: lines.iter().map(|line| due(line)).collect(),
        can_create: asker.may(Permission::CrmCreate),
    })
}

#[derive(Template)]
#[template(path = "widget_companies.html")]
struct CompaniesWidget {
    rows: Vec<CompanyRow>,
    can_create: bool,
}

/// Those that came last, whichever way they came: by a member, a form on a web site, a file.
pub async fn show_new_companies(asker: Asker) -> PageResult {
    let list = asker.scope.keys().added_companies().of(asker.only());
    let first = PageRequest { limit: SHOWN, cursor: None };
    let cards = asker.scope.list::<CompanyCard>(&list, &first, Order::Descending).await?.items;
    page(&CompaniesWidget {
        rows: cards.iter().map(|card| CompanyRow::of_card(&asker, card)).collect(),
        can_create: asker.may(Permission::CrmCreate),
    })
}
