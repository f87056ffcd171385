//! The records of one member, whoever they are or were.

use kernel::{Error, Result, id::UserId, page::PageRequest};
use table::{Order, Stored, meter::side_by_side};
use web::Asker;

use super::model::SELECTED_MAX;
use crate::{company::Company, contact::Contact};

/// As many as can be chosen at once.
pub struct Records {
    pub companies: Vec<Stored<Company>>,
    pub contacts: Vec<Stored<Contact>>,
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
    let (companies, contacts) = side_by_side(
        scope.list::<Company>(&companies, &page, Order::Ascending),
        scope.list::<Contact>(&contacts, &page, Order::Ascending),
    )
    .await;
    let (companies, contacts) = (companies?, contacts?);
    Ok(Records {
        is_followed: companies.next_cursor.is_some() || contacts.next_cursor.is_some(),
        companies: companies.items,
        contacts: contacts.items,
    })
}
