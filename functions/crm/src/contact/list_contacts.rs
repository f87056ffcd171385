//! Contacts, narrowed and ordered. None is archived.

use kernel::{Result, page::PageRequest};
use web::Asker;

use super::Contact;
use crate::listing::{self, Found, Wanted};

/// Of one member, if one is named; of those that who asks may see.
pub async fn list_contacts(asker: &Asker, wanted: &Wanted, request: &PageRequest) -> Result<Found<Contact>> {
    let (scope, query) = (&asker.scope, Wanted { state: String::new(), ..wanted.clone() }.read()?);
    let (keys, of) = (scope.keys(), asker.whose(&wanted.assigned_to)?);
    listing::list(scope, &query, request, |prefix| keys.contacts(prefix).of(of)).await
}
