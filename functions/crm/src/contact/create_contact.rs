//! Adding a contact.

use kernel::{Permission, Result, event::Event, id::ContactId};
use table::{Items, meter::side_by_side};
use web::Asker;

use super::{Contact, ContactInput, Filing, model, staff::Staff};
use crate::{company::named, retention::Retention, settings};

pub async fn create_contact(asker: &Asker, input: &ContactInput) -> Result<Contact> {
    create_contact_as(asker, asker.scope.new_id(ContactId::new), input).await
}

/// As [`create_contact`], under an id that follows from where it comes.
pub async fn create_contact_as(asker: &Asker, id: ContactId, input: &ContactInput) -> Result<Contact> {
    let scope = &asker.scope;
    let keys = scope.keys();
    scope
        .write(|| async {
            let company = async {
                match model::company(&input.company_id) {
                    Ok(Some(company)) => scope.get_many(&Staff::keys(keys, company)).await,
                    _ => Ok(Items::default()),
                }
            };
            let nominee = asker.nominee(named(&input.assigned_to).unwrap_or_default(), Permission::CrmView);
            let beside = side_by_side(settings::SETTINGS.shown(scope), nominee);
            let (found, (settings, nominee)) = side_by_side(company, beside).await;
            let new = input.parse(&*settings?, asker.today(), &Filing::default())?;
            let (found, assigned_to) = (found?, asker.assigned(nominee?)?);
            let (created_at, person, filing) = (scope.now(), new.person, new.filing);
            let former = Vec::new();
            let mut contact =
                Contact { id, company: None, person, assigned_to, created_at, kept: None, filing, former };
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
            transaction.emit(Event::RecordChanged { record: id.to_string() });
            Ok((transaction, contact))
        })
        .await
}
