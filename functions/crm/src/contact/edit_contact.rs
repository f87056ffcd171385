//! Changing a contact, who may have changed companies.

use kernel::{Error, Permission, Result, id::ContactId};
use table::meter::side_by_side;
use web::Asker;

use super::{Contact, ContactInput, ContactLink, staff::Staff};
use crate::retention::Retention;

/// Replaces the contact. `seen` is the version that the client filled its form in on.
pub async fn edit_contact(
    asker: &Asker,
    id: ContactId,
    input: &ContactInput,
    seen: Option<u64>,
) -> Result<(Contact, u64)> {
    let new = input.parse()?;
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    scope
        .write(|| async {
            let mut wanted = vec![keys.contact(id)];
            wanted.extend(new.company.iter().flat_map(|company| Staff::keys(keys, *company)));
            let (found, nominee) =
                side_by_side(scope.get_many(&wanted), asker.nominee(new.assigned_to, Permission::CrmView)).await;
            let found = found?;
            let current = found.get::<Contact>(&wanted[0])?.ok_or(Error::NotFound)?;
            asker.must_see(current.assigned_to)?;
            let current = current.expect_version(seen)?;
            let former = current.company.as_ref().map(|company| company.id);

            let assigned_to = asker.reassigned(nominee?, current.assigned_to)?;
            let person = new.person.clone();
            let mut changed = Contact { company: None, person, assigned_to, kept: None, ..current.value.clone() };
            let mut staff = new.company.map(|company| Staff::wanted(&found, keys, company)).transpose()?;
            if let Some(staff) = &mut staff {
                changed = if former == new.company { staff.keep(changed) } else { staff.welcome(asker, changed)? };
            }
            let mut transaction = scope.begin("edit_contact", id);
            let today = asker.organization.day(scope.now());
            transaction.update(&current, &changed).replace(&Retention::of_contact(&changed, today));
            if let Some(link) = changed.link() {
                transaction.replace(&link);
            }
            if let Some(staff) = staff {
                staff.write(&mut transaction);
            }
            if let Some(former) = current.company.as_ref().filter(|former| Some(former.id) != new.company) {
                let link = keys.company_contact(former.id, id);
                transaction.forget::<ContactLink>(|_| link);
                Staff::part_with(former, keys, &mut transaction);
            }
            Ok((transaction, (changed, current.version + 1)))
        })
        .await
}
