//! One contact.

use kernel::{Error, Result, event::Person, id::ContactId};
use table::{Stored, erasure::Erasure};
use web::Asker;

use super::{Contact, Erased};

pub async fn show_contact(asker: &Asker, id: ContactId) -> Result<Stored<Contact>> {
    let contact = asker.scope.get::<Contact>(&asker.scope.keys().contact(id)).await?.ok_or(Error::NotFound)?;
    asker.must_see(contact.assigned_to)?;
    Ok(contact)
}

pub enum Known {
    Contact(Box<Stored<Contact>>),
    Erased(Erased),
}

/// As [`show_contact`], or what is left of one who was erased.
pub async fn show_or_erased(asker: &Asker, id: ContactId) -> Result<Known> {
    let scope = &asker.scope;
    let (contact, erasure) = (scope.keys().contact(id), scope.keys().erasure(Person::Contact(id)));
    let found = scope.get_many(&[contact.clone(), erasure.clone()]).await?;
    match (found.get::<Contact>(&contact)?, found.get::<Erasure>(&erasure)?) {
        (Some(contact), _) => {
            asker.must_see(contact.assigned_to)?;
            Ok(Known::Contact(Box::new(contact)))
        }
        (None, Some(erasure)) => {
            asker.must_see(erasure.assigned_to)?;
            Ok(Known::Erased(Erased::from(&erasure.value)))
        }
        (None, None) => Err(Error::NotFound),
    }
}
