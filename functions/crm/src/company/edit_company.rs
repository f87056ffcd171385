//! Changing a company, and what others hold of it: the reference, its name with its contacts, its line on its parent.

use kernel::{Error, Permission, Result, Rule, event::Event, id::CompanyId, reference::ClientReference};
use table::{Patch, meter::side_by_side};
use web::Asker;

use super::{
    Category, Company, CompanyCard, CompanyInput, Reading,
    group::{Parent, part_with},
    model,
};
use crate::{
    contact::{Contact, ContactLink},
    merge,
    retention::Retention,
    settings,
};

/// Replaces the company. `seen` is the version that the client filled its form in on.
pub async fn edit_company(
    asker: &Asker,
    id: CompanyId,
    input: &CompanyInput,
    seen: Option<u64>,
) -> Result<(Company, u64)> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let own = [keys.company(id), keys.company_card(id), keys.client_reference(id)];
    let above = input.named_parent(id).map(|parent| Parent::keys(keys, parent));
    let merged = keys.merged(&own[0]);
    let wanted: Vec<_> = own.iter().chain(above.iter().flatten()).chain([&merged]).cloned().collect();
    let contacts = keys.company_people(id);
    scope
        .write(|| async {
            let named = model::named(&input.assigned_to).unwrap_or_default();
            let records = side_by_side(scope.get_many(&wanted), scope.collection(&contacts));
            let beside = side_by_side(settings::SETTINGS.shown(scope), asker.nominee(named, Permission::CrmView));
            let ((found, contacts), (settings, nominee)) = side_by_side(records, beside).await;
            let found = found?;
            let current = found.get::<Company>(&own[0])?.ok_or_else(|| merge::gone(&found))?;
            asker.must_see(current.assigned_to)?;
            current.must_not_be_erased()?;
            let current = current.expect_version(seen)?;
            let card =
                found.get::<CompanyCard>(&own[1])?.ok_or_else(|| Error::internal("a company without its card"))?;
            let reference = found
                .get::<ClientReference>(&own[2])?
                .ok_or_else(|| Error::internal("a company without its reference"))?;
            let settings = settings?;
            let reading = Reading { settings: &settings, currency: asker.organization.currency };
            let mut changed = input.parse_change(&current, reading)?;
            changed.must_have_lawful_terms(asker.today())?;
            changed.assigned_to = asker.reassigned(nominee?, current.assigned_to)?;
            let mut transaction = scope.begin("edit_company", id);
            transaction.update(&current, &changed).update(&card, &card.with(&changed));
            if changed.parent != current.parent {
                if let Some(named) = changed.parent {
                    Parent::of(asker, &found, named, (id, card.subsidiaries)).await?.take(&mut transaction)?;
                }
                if let Some(former) = current.parent {
                    part_with(&mut transaction, keys, former, id);
                }
            }
            if let Some(line) = changed.subsidiary().filter(|line| current.subsidiary().as_ref() != Some(line)) {
                transaction.replace(&line);
            }
            let today = asker.organization.day(scope.now());
            match Retention::of_prospect(&changed, today) {
                Some(retention) => drop(transaction.replace(&retention)),
                None if current.category == Category::Prospect => {
                    transaction.forget::<Retention>(|keys| keys.prospect_retention(id));
                }
                None => {}
            }
            let published = changed.reference(reference.contact.clone());
            if published != reference.value {
                transaction.update(&reference, &published);
            }
            transaction.emit(Event::RecordChanged { record: id.to_string() });
            if changed.name != current.name {
                transaction.emit(Event::RecordRenamed { record: id.to_string() });
                // Every act on a contact of the company writes its card, so these are still its contacts.
                let links = contacts?.all::<ContactLink>()?;
                // One act writes only so much: where it has many contacts and goes to another parent, one after the other.
                if changed.parent != current.parent && links.len() > transaction.room() {
                    return Err(Error::field("/parent_id", Rule::OneAfterTheOther));
                }
                for link in links {
                    transaction
                        .patch(Patch::of::<Contact>(keys.contact(link.contact)).set("company.name", &changed.name));
                }
            }
            Ok((transaction, (changed.known_to(&settings), current.version + 1)))
        })
        .await
}
