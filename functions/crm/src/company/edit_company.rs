//! Changing a company, and what others hold of it: the reference, and its name with its contacts.

use kernel::{Error, Permission, Result, id::CompanyId, reference::ClientReference};
use table::{Patch, meter::side_by_side};
use web::Asker;

use super::{Category, Company, CompanyCard, CompanyInput, model};
use crate::{
    contact::{Contact, ContactLink},
    retention::Retention,
};

/// Replaces the company. `seen` is the version that the client filled its form in on.
pub async fn edit_company(
    asker: &Asker,
    id: CompanyId,
    input: &CompanyInput,
    seen: Option<u64>,
) -> Result<(Company, u64)> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    scope
        .write(|| async {
            let named = model::named(&input.assigned_to).unwrap_or_default();
            let aggregate = keys.company(id).collection();
            let (found, nominee) =
                side_by_side(scope.collection(&aggregate), asker.nominee(named, Permission::CrmView)).await;
            let found = found?;
            let current = found.first::<Company>()?.ok_or(Error::NotFound)?;
            asker.must_see(current.assigned_to)?;
            current.must_not_be_erased()?;
            let current = current.expect_version(seen)?;
            let card = found.first::<CompanyCard>()?.ok_or_else(|| Error::internal("a company without its card"))?;
            let reference =
                found.first::<ClientReference>()?.ok_or_else(|| Error::internal("a company without its reference"))?;
            let mut changed = input.parse(id, current.created_at)?;
            changed.must_have_lawful_terms(asker.today())?;
            changed.assigned_to = asker.reassigned(nominee?, current.assigned_to)?;
            let mut transaction = scope.begin("edit_company", id);
            transaction.update(&current, &changed).update(&card, &card.with(&changed));
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
            if changed.name != current.name {
                // Every act on a contact of the company writes its card, so these are still its contacts.
                for link in found.all::<ContactLink>()? {
                    transaction
                        .patch(Patch::of::<Contact>(keys.contact(link.contact)).set("company.name", &changed.name));
                }
            }
            Ok((transaction, (changed, current.version + 1)))
        })
        .await
}
