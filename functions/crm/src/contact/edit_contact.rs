//! Changing a contact, who may have changed companies.

use kernel::{Permission, Result, event::Event, id::ContactId};
use table::meter::side_by_side;
use web::Asker;

use super::{Contact, ContactInput, ContactLink, model, staff::Staff, store::write_former};
use crate::{company::named, merge, retention::Retention, settings};

/// Replaces the contact. `seen` is the version that the client filled its form in on.
pub async fn edit_contact(
    asker: &Asker,
    id: ContactId,
    input: &ContactInput,
    seen: Option<u64>,
) -> Result<(Contact, u64)> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    scope
        .write(|| async {
            let mut wanted = vec![keys.contact(id), keys.merged(&keys.contact(id))];
            let company = model::company(&input.company_id).unwrap_or_default();
            wanted.extend(company.iter().flat_map(|company| Staff::keys(keys, *company)));
            let nominee = asker.nominee(named(&input.assigned_to).unwrap_or_default(), Permission::CrmView);
            let beside = side_by_side(settings::SETTINGS.shown(scope), nominee);
            let (found, (settings, nominee)) = side_by_side(scope.get_many(&wanted), beside).await;
            let found = found?;
            let current = found.get::<Contact>(&wanted[0])?.ok_or_else(|| merge::gone(&found))?;
            asker.must_see(current.assigned_to)?;
            let current = current.expect_version(seen)?;
            let former = current.company.as_ref().map(|company| company.id);
            let settings = settings?;
            let new = input.parse(&settings, asker.today(), &current.filing)?;

            let assigned_to = asker.reassigned(nominee?, current.assigned_to)?;
            let (person, filing) = (new.person, new.filing);
            // With what they did there, which the input no longer says.
            let before = match current.company.as_ref().filter(|left| Some(left.id) != new.company) {
                Some(left) => current.value.clone().remembering(left, asker.today()),
                None => current.value.clone(),
            };
            let mut changed = Contact { company: None, person, assigned_to, kept: None, filing, ..before };
            let mut staff = new.company.map(|company| Staff::wanted(&found, keys, company)).transpose()?;
            if let Some(staff) = &mut staff {
                changed = if former == new.company { staff.keep(changed) } else { staff.welcome(asker, changed)? };
            }
            let mut transaction = scope.begin("edit_contact", id);
            let today = asker.organization.day(scope.now());
            transaction.update(&current, &changed).replace(&Retention::of_contact(&changed, today));
            if changed.person.name() != current.person.name() {
                transaction.emit(Event::RecordRenamed { record: id.to_string() });
            }
            if let Some(link) = changed.link() {
                transaction.replace(&link);
            }
            write_former(&mut transaction, &current, &changed);
            if let Some(staff) = staff {
                staff.write(&mut transaction);
            }
            if let Some(former) = current.company.as_ref().filter(|former| Some(former.id) != new.company) {
                let link = keys.company_contact(former.id, id);
                transaction.forget::<ContactLink>(|_| link);
                Staff::part_with(former, keys, &mut transaction);
            }
            transaction.emit(Event::RecordChanged { record: id.to_string() });
            Ok((transaction, (changed.known_to(&settings), current.version + 1)))
        })
        .await
}
