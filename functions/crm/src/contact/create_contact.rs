//! Adding a contact.

use kernel::{Permission, Result, id::ContactId};
use table::{Items, meter::side_by_side};
use web::Asker;

use super::{Contact, ContactInput, staff::Staff};
use crate::retention::Retention;

pub async fn create_contact(asker: &Asker, input: &ContactInput) -> Result<Contact> {
    let new = input.parse()?;
    let scope = &asker.scope;
    let id = scope.new_id(ContactId::new);
    let keys = scope.keys();
    scope
        .write(|| async {
            let company = async {
                match new.company {
                    Some(company) => scope.get_many(&Staff::keys(keys, company)).await,
                    None => Ok(Items::default()),
                }
            };
            let (found, nominee) = side_by_side(company, asker.nominee(new.assigned_to, Permission::CrmView)).await;
            let (found, assigned_to) = (found?, asker.assigned(nominee?)?);
            let (created_at, person) = (scope.now(), new.person.clone());
            let mut contact = Contact { id, company: None, person, assigned_to, created_at, kept: None };
            let mut staff = new.company.map(|company| Staff::wanted(&found, keys, company)).transpose()?;
            if let Some(staff) = &mut staff {
                contact = staff.welcome(asker, contact)?;
            }
            let mut transaction = scope.begin("create_contact", id);
            transaction.create(&contact).create(&Retention::of_contact(&contact, asker.organization.day(created_at)));
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
