//! Contacts by last name.

use kernel::{
    Result,
    id::UserId,
    page::{Page, PageRequest},
};
use table::{Order, Scope, Stored};

use super::Contact;

/// Those whose sorted name, the last name first, begins with `prefix`; of one member, if one is named.
pub async fn list_contacts(
    scope: &Scope,
    of: Option<UserId>,
    prefix: &str,
    page: &PageRequest,
) -> Result<Page<Stored<Contact>>> {
    scope.list(&scope.keys().contacts(prefix).of(of), page, Order::Ascending).await
}
