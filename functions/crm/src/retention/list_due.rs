//! Who is due, those first who have been for longest; of one's own records for who sees no others.

use kernel::{
    Result,
    page::{Page, PageRequest},
};
use table::{Order, Stored, keys::List};
use web::Asker;

use super::Retention;

pub async fn list_due_contacts(asker: &Asker, page: &PageRequest) -> Result<Page<Stored<Retention>>> {
    list_due(asker, asker.scope.keys().contact_retentions(), page).await
}

pub async fn list_due_prospects(asker: &Asker, page: &PageRequest) -> Result<Page<Stored<Retention>>> {
    list_due(asker, asker.scope.keys().prospect_retentions(), page).await
}

/// The list is in order of date: it ends where the first is not due yet.
async fn list_due(asker: &Asker, list: List, page: &PageRequest) -> Result<Page<Stored<Retention>>> {
    let scope = &asker.scope;
    let today = asker.organization.day(scope.now());
    let mut found = scope.list::<Retention>(&list.of(asker.only()), page, Order::Ascending).await?;
    let due = found.items.iter().take_while(|retention| retention.is_due(today)).count();
    if due < found.items.len() {
        found.items.truncate(due);
        found.next_cursor = None;
    }
    Ok(found)
}
