//! Contacts by last name.

use kernel::{
    Result,
    page::{Page, PageRequest},
};
use table::{Order, Scope, Stored};

use super::Contact;

/// Those whose sorted name, the last name first, begins with `prefix`.
pub async fn list_contacts(scope: &Scope, prefix: &str, page: &PageRequest) -> Result<Page<Stored<Contact>>> {
    scope.list(&scope.keys().contacts(prefix), page, Order::Ascending).await
}
