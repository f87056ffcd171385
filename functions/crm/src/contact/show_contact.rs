//! One contact.

use kernel::{Error, Result, id::ContactId};
use table::{Scope, Stored};

use super::Contact;

pub async fn show_contact(scope: &Scope, id: ContactId) -> Result<Stored<Contact>> {
    scope.get(&scope.keys().contact(id)).await?.ok_or(Error::NotFound)
}
