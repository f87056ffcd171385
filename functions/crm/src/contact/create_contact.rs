//! Adding a contact.

use kernel::{Result, id::ContactId};
use table::Scope;

use super::{Contact, ContactInput, staff::Staff};

pub async fn create_contact(scope: &Scope, input: &ContactInput) -> Result<Contact> {
    let new = input.parse()?;
    let id = scope.new_id(ContactId::new);
    let keys = scope.keys();
    scope
        .write(|| async {
            let mut contact = Contact { id, company: None, person: new.person.clone(), created_at: scope.now() };
            let mut staff = match new.company {
                Some(company) => {
                    let found = scope.get_many(&Staff::keys(keys, company)).await?;
                    Some(Staff::wanted(&found, keys, company)?)
                }
                None => None,
            };
            if let Some(staff) = &mut staff {
                contact = staff.welcome(contact)?;
            }
            let mut transaction = scope.begin("create_contact", id);
            transaction.create(&contact);
            if let Some(link) = contact.link() {
                transaction.create(&link);
            }
            if let Some(staff) = staff {
                staff.write(&mut transaction);
            }
            Ok((transaction, contact))
        })
        .await
}
