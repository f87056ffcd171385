//! Giving several records to a member: each is an act of its own, as if it alone were given.

use kernel::{
    Error, Permission, Result,
    event::Event,
    id::{ActivityId, CompanyId, ContactId, OpportunityId, UserId},
    reference::ClientReference,
};
use table::{
    idempotency::Idempotency,
    meter::{all_at_once, side_by_side},
};
use web::Asker;

use super::Reassignment;
use crate::{
    activity::{self, Activity, Status},
    company::{Company, CompanyCard},
    contact::Contact,
    opportunity::store::{self, Told},
    retention::Retention,
};

/// How many of the chosen are theirs now. What is not there any more is passed over. Done twice, it changes nothing more.
pub async fn reassign_records(asker: &Asker, input: &Reassignment) -> Result<usize> {
    let chosen = input.parse()?;
    if !asker.sees_all() {
        return Err(Error::NotFound);
    }
    let asker = &Asker { scope: asker.scope.clone().with_idempotency(Idempotency::None), ..asker.clone() };
    let companies = all_at_once(chosen.companies.into_iter().map(|id| reassign_company(asker, id, chosen.to)));
    let contacts = all_at_once(chosen.contacts.into_iter().map(|id| reassign_contact(asker, id, chosen.to)));
    let opportunities =
        all_at_once(chosen.opportunities.into_iter().map(|id| reassign_opportunity(asker, id, chosen.to)));
    let activities = all_at_once(chosen.activities.into_iter().map(|id| reassign_activity(asker, id, chosen.to)));
    let clients = side_by_side(companies, contacts);
    let work = side_by_side(opportunities, activities);
    let ((companies, contacts), (opportunities, activities)) = side_by_side(clients, work).await;
    let mut given = 0;
    for done in companies.into_iter().chain(contacts).chain(opportunities).chain(activities) {
        match done {
            Ok(()) => given += 1,
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(given)
}

async fn reassign_company(asker: &Asker, id: CompanyId, to: UserId) -> Result<()> {
    let scope = &asker.scope;
    let keys = scope.keys();
    let wanted = [keys.company(id), keys.company_card(id), keys.client_reference(id), keys.prospect_retention(id)];
    scope
        .write(|| async {
            let reading = asker.nominee(Some(to), Permission::CrmView);
            let (found, nominee) = side_by_side(scope.get_many(&wanted), reading).await;
            let found = found?;
            let current = found.first::<Company>()?.ok_or(Error::NotFound)?;
            let assigned_to = nominated(asker.reassigned(nominee?, current.assigned_to))?;
            let mut transaction = scope.begin("reassign_company", id);
            if assigned_to == current.assigned_to {
                return Ok((transaction.nothing(), ()));
            }
            let card = found.first::<CompanyCard>()?.ok_or_else(|| Error::internal("a company without its card"))?;
            let reference =
                found.first::<ClientReference>()?.ok_or_else(|| Error::internal("a company without its reference"))?;
            let changed = Company { assigned_to, ..current.value.clone() };
            if let Some(line) = changed.subsidiary() {
                transaction.replace(&line);
            }
            transaction
                .update(&current, &changed)
                .update(&card, &CompanyCard { assigned_to, ..card.value.clone() })
                .update(&reference, &ClientReference { assigned_to, ..reference.value.clone() });
            if let Some(retention) = found.first::<Retention>()? {
                transaction.update(&retention, &Retention { assigned_to, ..retention.value.clone() });
            }
            transaction.emit(Event::RecordChanged { record: id.to_string() });
            Ok((transaction, ()))
        })
        .await
}

async fn reassign_contact(asker: &Asker, id: ContactId, to: UserId) -> Result<()> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let wanted = [keys.contact(id), keys.contact_retention(id)];
    scope
        .write(|| async {
            let reading = asker.nominee(Some(to), Permission::CrmView);
            let (found, nominee) = side_by_side(scope.get_many(&wanted), reading).await;
            let found = found?;
            let current = found.get::<Contact>(&wanted[0])?.ok_or(Error::NotFound)?;
            let assigned_to = nominated(asker.reassigned(nominee?, current.assigned_to))?;
            let mut transaction = scope.begin("reassign_contact", id);
            if assigned_to == current.assigned_to {
                return Ok((transaction.nothing(), ()));
            }
            let changed = Contact { assigned_to, ..current.value.clone() };
            transaction.update(&current, &changed);
            if let Some(link) = changed.link() {
                transaction.replace(&link);
            }
            for line in changed.former_lines() {
                transaction.replace(&line);
            }
            // It is no activity: since when nothing of them changed stays as it was.
            if let Some(retention) = found.get::<Retention>(&wanted[1])? {
                transaction.update(&retention, &Retention { assigned_to, ..retention.value.clone() });
            }
            transaction.emit(Event::RecordChanged { record: id.to_string() });
            Ok((transaction, ()))
        })
        .await
}

async fn reassign_opportunity(asker: &Asker, id: OpportunityId, to: UserId) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let reading = asker.nominee(Some(to), Permission::CrmView);
            let (current, nominee) = side_by_side(store::read(scope, id), reading).await;
            let current = current?;
            let assigned_to = nominated(asker.reassigned(nominee?, current.assigned_to))?;
            let mut transaction = scope.begin("reassign_opportunity", id);
            if assigned_to == current.assigned_to {
                return Ok((transaction.nothing(), ()));
            }
            store::change(&mut transaction, &current, &current.given_to(assigned_to), Told::Whole)?;
            Ok((transaction, ()))
        })
        .await
}

/// Of what is planned; what was done was theirs.
async fn reassign_activity(asker: &Asker, id: ActivityId, to: UserId) -> Result<()> {
    let scope = &asker.scope;
    let key = scope.keys().activity(id);
    scope
        .write(|| async {
            let reading = asker.nominee(Some(to), Permission::CrmView);
            let (current, nominee) = side_by_side(scope.get::<Activity>(&key), reading).await;
            let current = current?.filter(|current| current.status == Status::Planned).ok_or(Error::NotFound)?;
            let assigned_to = nominated(asker.reassigned(nominee?, current.assigned_to))?;
            let mut transaction = scope.begin("reassign_activity", id);
            if assigned_to == current.assigned_to {
                return Ok((transaction.nothing(), ()));
            }
            let changed = Activity { assigned_to, ..current.value.clone() };
            activity::save(&mut transaction, Some(&current), &changed);
            Ok((transaction, ()))
        })
        .await
}

/// The field is called otherwise here.
fn nominated(assigned_to: Result<Option<UserId>>) -> Result<Option<UserId>> {
    assigned_to.map_err(|error| match error {
        Error::Invalid(_) => Error::field("/to", kernel::Rule::NotFound),
        other => other,
    })
}
