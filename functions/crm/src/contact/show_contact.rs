//! One contact.

use kernel::{Error, Result, id::ContactId};
use table::Stored;
use web::Asker;

use super::Contact;

pub async fn show_contact(asker: &Asker, id: ContactId) -> Result<Stored<Contact>> {
    let contact = asker.scope.get::<Contact>(&asker.scope.keys().contact(id)).await?.ok_or(Error::NotFound)?;
    asker.must_see(contact.assigned_to)?;
    Ok(contact)
}
