//! Deleting a business to which nothing refers; a private person is erased ([`super::erase_client`]). Whatever belongs to a
//! company stands in its partition, or in the list of the activities about it, and was written with its card, so that this
//! cannot pass by it; what invoicing makes for it notes so beside it ([`ClientUse`]).

use kernel::{
    Error, Result, error::Conflict, event::Event, id::CompanyId, page::PageRequest, reference::ClientReference,
};
use table::{Item, Items, Order, meter::side_by_side, shared::ClientUse};
use web::Asker;

use super::{Company, CompanyCard, Subsidiary, group::part_with};
use crate::{
    activity::ActivityLine,
    contact::{ContactLink, FormerContact},
    duplicate::Identity,
    merge::must_be_settled,
    retention::Retention,
};

/// One is enough.
const FIRST: PageRequest = PageRequest { limit: 1, cursor: None };

pub async fn delete_company(asker: &Asker, id: CompanyId, seen: Option<u64>) -> Result<()> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let own = [keys.company(id), keys.company_card(id), keys.client_reference(id)];
    let (aggregate, documents) = (keys.company(id).collection(), keys.client_documents(id));
    let activities = keys.activities_of(id.ulid(), "");
    scope
        .write(|| async {
            let around = side_by_side(scope.collection_page(&aggregate, None), scope.newest_of(&documents, None, 1));
            let own =
                side_by_side(scope.get_many(&own), scope.list::<ActivityLine>(&activities, &FIRST, Order::Ascending));
            let ((found, activities), (around, documents)) = side_by_side(own, around).await;
            let (found, (around, _), documents) = (found?, around?, documents?);
            let current = found.first::<Company>()?.ok_or(Error::NotFound)?;
            asker.must_see(current.assigned_to)?;
            if !current.is_business {
                return Err(Error::NotFound);
            }
            let current = current.expect_version(seen)?;
            let held = around.kinds().filter_map(held_by).next();
            let documents = (!documents.is_empty()).then_some(Conflict::CompanyHasDocuments);
            let activities = (!activities?.items.is_empty()).then_some(Conflict::CompanyHasActivities);
            if let Some(reason) = held.or(documents).or(activities) {
                return Err(Error::Conflict(reason));
            }
            // What is on its way here from one that was merged into it: one trip more where there ever was one.
            must_be_settled(scope, [&around, &Items::default()], None).await?;
            let missing = || Error::internal("a company without its card or its reference");
            let card = found.first::<CompanyCard>()?.ok_or_else(missing)?;
            let reference = found.first::<ClientReference>()?.ok_or_else(missing)?;
            let mut transaction = scope.begin("delete_company", id);
            transaction
                .delete(&current)
                .delete(&card)
                .delete(&reference)
                .forget::<Retention>(|keys| keys.prospect_retention(id))
                .check_absent(&keys.client_use(id));
            if let Some(parent) = current.parent {
                part_with(&mut transaction, keys, parent, id);
            }
            transaction.emit(Event::RecordDeleted { record: id.to_string() });
            Ok((transaction, ()))
        })
        .await
}

/// What the search for duplicates notes beside a company, which goes after it.
const NOTES: [&str; 4] = ["identity", "duplicate", "merge_into", "merged"];

/// Why an item of this type in a company's partition keeps the company; none for what is the company itself.
fn held_by(kind: &str) -> Option<Conflict> {
    let own = [Company::TYPE, CompanyCard::TYPE, ClientReference::TYPE, Retention::TYPE, Identity::TYPE];
    match kind {
        kind if own.contains(&kind) || NOTES.contains(&kind) => None,
        ContactLink::TYPE | FormerContact::TYPE => Some(Conflict::CompanyHasContacts),
        Subsidiary::TYPE => Some(Conflict::CompanyHasSubsidiaries),
        ClientUse::TYPE => Some(Conflict::CompanyHasDocuments),
        kind if kind.contains("opportunity") => Some(Conflict::CompanyHasOpportunities),
        kind if kind.contains("activity") => Some(Conflict::CompanyHasActivities),
        _ => Some(Conflict::CompanyHasRecords),
    }
}
