//! The records of one member, whoever they are or were.

use kernel::{Error, Result, id::UserId, page::PageRequest};
use table::{Order, Stored, meter::side_by_side};
use web::Asker;

use super::model::SELECTED_MAX;
use crate::{activity::ActivityLine, company::Company, contact::Contact, opportunity::Opportunity};

/// As many as can be chosen at once.
pub struct Records {
    pub companies: Vec<Stored<Company>>,
    pub contacts: Vec<Stored<Contact>>,
    pub opportunities: Vec<Stored<Opportunity>>,
    /// Those that are planned.
    pub activities: Vec<Stored<ActivityLine>>,
    /// Whether there are others.
    pub is_followed: bool,
}

/// Who sees only their own gives none away.
pub async fn list_records(asker: &Asker, of: UserId) -> Result<Records> {
    if !asker.sees_all() {
        return Err(Error::NotFound);
    }
    let (scope, page) = (&asker.scope, PageRequest { limit: SELECTED_MAX, cursor: None });
    let (companies, contacts) = (scope.keys().companies("").of(Some(of)), scope.keys().contacts("").of(Some(of)));
    let opportunities = scope.keys().opportunities("").of(Some(of));
    let planned = scope.keys().planned_activities().of(Some(of));
    let clients = side_by_side(
        scope.list::<Company>(&companies, &page, Order::Ascending),
        scope.list::<Contact>(&contacts, &page, Order::Ascending),
    );
    let work = side_by_side(
        scope.list::<Opportunity>(&opportunities, &page, Order::Ascending),
        scope.list::<ActivityLine>(&planned, &page, Order::Ascending),
    );
    let ((companies, contacts), (opportunities, activities)) = side_by_side(clients, work).await;
    let (companies, contacts) = (companies?, contacts?);
    let (opportunities, activities) = (opportunities?, activities?);
    let cursors = [&companies.next_cursor, &contacts.next_cursor, &opportunities.next_cursor, &activities.next_cursor];
    Ok(Records {
        is_followed: cursors.into_iter().any(Option::is_some),
        companies: companies.items,
        activities: activities.items,
        contacts: contacts.items,
        opportunities: opportunities.items,
    })
}
