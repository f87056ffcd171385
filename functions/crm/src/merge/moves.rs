//! What follows a merge, kind by kind: one function that moves a chunk of it, and one that takes single things back. Each fills
//! the transaction that also says how far the merge has come, and reads afresh what it changes; so a chunk is done whole or
//! not at all, and what somebody changed meanwhile is read again.
//!
//! A new kind of thing that points to a company or contact adds a [`Step`], its function here and in [`step`], a
//! [`MovedKind`] and its arm in [`back`].

use kernel::{
    Error, Result,
    id::{CompanyId, ContactId},
    page::PageRequest,
    reference::ClientReference,
};
use table::{Item, Key, Order, Scope, Stored, Transaction};

use super::{Copies, FormerPlace, Merge, Moved, MovedKind, State, Step, Thing, model::Next};
use crate::{
    activity::{self, Activity, ActivityLine},
    attached::AttachedFile,
    company::{
        Company, CompanyCard, Subsidiary,
        group::{self, Above},
    },
    contact::{Contact, ContactLink, Employer, FormerContact, write_former},
    duplicate::key,
    opportunity::{
        Opportunity, OpportunityLink,
        store::{self, Told},
    },
    record::Record,
};

/// Things of one chunk: each may be five writes of the hundred that a transaction has.
pub const CHUNK: usize = 15;
/// Of activities, which have a line for each record that they are about: seven writes.
const ACTIVITIES: u16 = 12;
/// Of what is taken back, whatever it is.
const RETURNED: usize = 12;

/// What a chunk did.
pub struct Chunk {
    /// How many things were moved, less those that were taken back.
    pub moved: i64,
    pub next: Next,
}

const OVER: Chunk = Chunk { moved: 0, next: Next::Over };

/// Does a chunk of the step at which a merge is.
pub async fn step(scope: &Scope, merge: &Merge, transaction: &mut Transaction) -> Result<Chunk> {
    let (step, cursor) = match &merge.state {
        State::Moving { step, cursor } | State::Undoing { step, cursor } => (*step, cursor.as_deref()),
        State::Done { .. } | State::Undone { .. } => return Ok(OVER),
    };
    // Boxed: each reads and writes other things.
    match step {
        Step::Contacts => Box::pin(move_contacts(scope, merge, transaction)).await,
        Step::Former => Box::pin(move_former(scope, merge, transaction)).await,
        Step::Subsidiaries => Box::pin(move_subsidiaries(scope, merge, transaction)).await,
        Step::Opportunities => Box::pin(move_opportunities(scope, merge, transaction)).await,
        Step::Files => Box::pin(move_files(scope, merge, transaction)).await,
        Step::Activities => Box::pin(move_activities(scope, merge, cursor, transaction)).await,
        Step::Return => Box::pin(back(scope, merge, transaction)).await,
        Step::Names => Box::pin(rename_contacts(scope, merge, cursor, transaction)).await,
    }
}

fn note(merge: &Merge, kind: MovedKind, record: Thing, transaction: &mut Transaction) {
    note_former(merge, kind, record, Vec::new(), transaction);
}

fn note_former(merge: &Merge, kind: MovedKind, record: Thing, former: Vec<FormerPlace>, transaction: &mut Transaction) {
    transaction.replace(&Moved { merge: merge.id, kind, record, former, expires_at: merge.undoable_until() });
}

/// The one of the two to which things are to point from now on.
struct Target {
    name: String,
    /// Of a company: to whom it belongs.
    parent: Option<CompanyId>,
}

impl Target {
    /// None where it is gone, or nothing is left of it: what points to the other one is then forgotten with that. The chunk
    /// holds only while it is called so.
    async fn of(scope: &Scope, record: Record, transaction: &mut Transaction) -> Result<Option<Self>> {
        let key = key(scope.keys(), record);
        let (version, target) = match record {
            Record::Company(_) => match scope.get::<Company>(&key).await? {
                Some(read) if read.erased_at.is_none() => {
                    (read.version, Self { parent: read.parent, name: read.value.name })
                }
                _ => return Ok(None),
            },
            Record::Contact(_) => match scope.get::<Contact>(&key).await? {
                Some(read) => (read.version, Self { parent: None, name: read.person.name() }),
                None => return Ok(None),
            },
            Record::Opportunity(_) => return Ok(None),
        };
        transaction.check(&key, version);
        Ok(Some(target))
    }

    /// As [`Self::of`], of the loser of an undone merge. Who deletes it at the same time reads again, and finds what came.
    async fn to_return(scope: &Scope, merge: &Merge, transaction: &mut Transaction) -> Result<Option<Self>> {
        let target = Self::of(scope, merge.loser, transaction).await?;
        if let (Some(_), Record::Company(id)) = (&target, merge.loser) {
            group::hold(transaction, id);
        }
        Ok(target)
    }
}

/// Those of these items that are there.
async fn read<T: Item>(scope: &Scope, keys: Vec<Key>) -> Result<Vec<Stored<T>>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    scope.get_many(&keys).await?.all::<T>()
}

/// Again from the beginning while more follows: what was moved is not there any more.
const fn next(is_followed: bool) -> Next {
    if is_followed { Next::At(None) } else { Next::Over }
}

/// The lines of a company's contacts after one of them, as many as a chunk has; and whether more follow.
async fn links(scope: &Scope, company: CompanyId, after: Option<&str>) -> Result<(Vec<ContactId>, bool)> {
    let (found, more) = scope.collection_page(&scope.keys().company_people(company), after).await?;
    let found = found.all::<ContactLink>()?;
    let is_followed = more.is_some() || found.len() > CHUNK;
    Ok((found.iter().take(CHUNK).map(|link| link.contact).collect(), is_followed))
}

/// Those of these contacts that are there and with this company.
async fn contacts(scope: &Scope, ids: &[ContactId], at: CompanyId) -> Result<Vec<Stored<Contact>>> {
    let keys = ids.iter().map(|id| scope.keys().contact(*id)).collect();
    let mut contacts = read::<Contact>(scope, keys).await?;
    contacts.retain(|contact| contact.company.as_ref().is_some_and(|company| company.id == at));
    contacts.sort_by_key(|contact| contact.id);
    Ok(contacts)
}

/// The contacts of the loser go to the winner, whose number of contacts they are already of. A line that no contact stands
/// behind goes too.
async fn move_contacts(scope: &Scope, merge: &Merge, transaction: &mut Transaction) -> Result<Chunk> {
    let Some((loser, winner)) = merge.companies() else { return Ok(OVER) };
    let keys = scope.keys();
    let (ids, is_followed) = links(scope, loser, None).await?;
    let card = scope.get::<CompanyCard>(&keys.company_card(winner)).await?;
    let Some(card) = card.filter(|_| !ids.is_empty()) else { return Ok(OVER) };
    transaction.check(&keys.company_card(winner), card.version);
    let mut moved = 0;
    for contact in contacts(scope, &ids, loser).await? {
        let addressee = card.addressee == Some(contact.id);
        let employer = Employer { id: winner, name: card.name.clone(), addressee };
        // Who was there before, went and came back was there before with the winner.
        let (changed, places) = contact.value.clone().with_former(loser, winner);
        transfer(&contact, changed, employer, transaction);
        note_former(merge, MovedKind::Contact, Thing::Contact(contact.id), places, transaction);
        moved += 1;
    }
    for id in ids {
        let link = keys.company_contact(loser, id);
        transaction.forget::<ContactLink>(|_| link);
    }
    Ok(Chunk { moved, next: next(is_followed) })
}

/// Somebody is with another company from now on; their line with the former one is the caller's.
fn transfer(contact: &Stored<Contact>, changed: Contact, to: Employer, transaction: &mut Transaction) {
    let changed = Contact { company: Some(to), ..changed };
    transaction.update(contact, &changed);
    write_former(transaction, contact, &changed);
    if let Some(link) = changed.link() {
        transaction.replace(&link);
    }
}

/// Those who were with the loser were with the winner. What the company was called then stays.
async fn move_former(scope: &Scope, merge: &Merge, transaction: &mut Transaction) -> Result<Chunk> {
    let Some((loser, winner)) = merge.companies() else { return Ok(OVER) };
    let keys = scope.keys();
    let (found, more) = scope.collection_page(&keys.company_people(loser), None).await?;
    let lines = found.all::<FormerContact>()?;
    let chunk = lines.get(..CHUNK).unwrap_or(&lines);
    if chunk.is_empty() || Target::of(scope, merge.winner, transaction).await?.is_none() {
        return Ok(OVER);
    }
    let mut moved = 0;
    let mut rest: Vec<ContactId> = chunk.iter().map(|line| line.contact).collect();
    for contact in read::<Contact>(scope, chunk.iter().map(|line| keys.contact(line.contact)).collect()).await? {
        let (changed, places) = contact.value.clone().with_former(loser, winner);
        if places.is_empty() {
            continue;
        }
        transaction.update(&contact, &changed);
        write_former(transaction, &contact, &changed);
        note_former(merge, MovedKind::Former, Thing::Contact(contact.id), places, transaction);
        // Of somebody who is there again there is no line to be taken away with it.
        if contact.former_lines().iter().any(|line| line.company == loser) {
            rest.retain(|id| *id != contact.id);
        }
        moved += 1;
    }
    for id in rest {
        transaction.forget::<FormerContact>(|keys| keys.former_contact(loser, id));
    }
    Ok(Chunk { moved, next: next(more.is_some() || lines.len() > CHUNK) })
}

/// The companies that belong to the loser belong to the winner; to nobody where the winner is below them.
async fn move_subsidiaries(scope: &Scope, merge: &Merge, transaction: &mut Transaction) -> Result<Chunk> {
    let Some((loser, winner)) = merge.companies() else { return Ok(OVER) };
    let keys = scope.keys();
    let (found, more) = scope.collection_page(&keys.subsidiaries(loser), None).await?;
    let lines = found.all::<Subsidiary>()?;
    let chunk = lines.get(..CHUNK).unwrap_or(&lines);
    if chunk.is_empty() {
        return Ok(OVER);
    }
    let Some(target) = Target::of(scope, merge.winner, transaction).await? else { return Ok(OVER) };
    let above = Above::of(scope, target.parent).await?;
    let (mut moved, mut taken, mut changed) = (0, 0, Vec::new());
    for company in read::<Company>(scope, chunk.iter().map(|line| keys.company(line.company)).collect()).await? {
        if company.parent != Some(loser) || company.id == winner {
            continue;
        }
        let is_above = above.contains(company.id);
        let parent = if is_above { None } else { Some(winner) };
        let kind = if is_above { MovedKind::Released } else { MovedKind::Subsidiary };
        taken += i64::from(!is_above);
        belong(&company, parent, transaction);
        note(merge, kind, Thing::Company(company.id), transaction);
        changed.push(company.id);
        moved += 1;
    }
    for line in chunk {
        transaction.forget::<Subsidiary>(|keys| keys.subsidiary(loser, line.company));
    }
    above.check(transaction, &changed);
    if taken > 0 {
        group::count(transaction, keys, winner, taken);
    }
    Ok(Chunk { moved, next: next(more.is_some() || lines.len() > CHUNK) })
}

/// A company belongs to another one, or to nobody; its former line is the caller's, and the numbers.
fn belong(company: &Stored<Company>, parent: Option<CompanyId>, transaction: &mut Transaction) {
    let changed = Company { parent, ..company.value.clone() };
    transaction.update(company, &changed);
    if let Some(line) = changed.subsidiary() {
        transaction.replace(&line);
    }
}

/// The opportunities with the loser are with the winner.
async fn move_opportunities(scope: &Scope, merge: &Merge, transaction: &mut Transaction) -> Result<Chunk> {
    let keys = scope.keys();
    let lines = match merge.loser {
        Record::Company(id) => keys.company_opportunities(id),
        Record::Contact(id) => keys.contact_opportunities(id),
        Record::Opportunity(_) => return Ok(OVER),
    };
    let (found, more) = scope.collection_page(&lines, None).await?;
    let lines = found.all::<OpportunityLink>()?;
    let chunk = lines.get(..CHUNK).unwrap_or(&lines);
    if chunk.is_empty() {
        return Ok(OVER);
    }
    let Some(target) = Target::of(scope, merge.winner, transaction).await? else { return Ok(OVER) };
    let mut moved = 0;
    let mut rest: Vec<_> = chunk.iter().map(|line| line.opportunity).collect();
    for opportunity in read::<Opportunity>(scope, rest.iter().map(|id| keys.opportunity(*id)).collect()).await? {
        if let Some(changed) = opportunity.with_other(merge.loser, merge.winner, &target.name) {
            store::change(transaction, &opportunity, &changed, Told::Whole)?;
            note(merge, MovedKind::Opportunity, Thing::Opportunity(opportunity.id), transaction);
            rest.retain(|id| *id != opportunity.id);
            moved += 1;
        }
    }
    // A line behind which there is nothing goes too.
    for id in rest {
        transaction.forget::<OpportunityLink>(|_| store::link_key(keys, merge.loser, id));
    }
    Ok(Chunk { moved, next: next(more.is_some() || lines.len() > CHUNK) })
}

/// The files of the loser are the winner's; in the bucket they stay where they are.
async fn move_files(scope: &Scope, merge: &Merge, transaction: &mut Transaction) -> Result<Chunk> {
    let keys = scope.keys();
    let (found, more) = scope.collection_page(&keys.attached_files(&key(keys, merge.loser)), None).await?;
    let files = found.all::<AttachedFile>()?;
    if files.is_empty() || Target::of(scope, merge.winner, transaction).await?.is_none() {
        return Ok(OVER);
    }
    let mut moved = 0;
    for file in files.iter().take(CHUNK) {
        transaction.delete(file).create(&file.value.clone().moved(merge.winner));
        note(merge, MovedKind::File, Thing::File(file.id), transaction);
        moved += 1;
    }
    Ok(Chunk { moved, next: next(more.is_some() || files.len() > CHUNK) })
}

/// What is planned with the loser, or was done, is the winner's. What somebody completes meanwhile changes its place in the
/// list: it is gone through until nothing is left in it.
async fn move_activities(
    scope: &Scope,
    merge: &Merge,
    cursor: Option<&str>,
    transaction: &mut Transaction,
) -> Result<Chunk> {
    let keys = scope.keys();
    let page = PageRequest { limit: ACTIVITIES, cursor: cursor.map(str::to_owned) };
    let list = keys.activities_of(merge.loser.ulid(), "");
    let found = scope.list::<ActivityLine>(&list, &page, Order::Ascending).await?;
    let mut moved = 0;
    if !found.items.is_empty() {
        let Some(target) = Target::of(scope, merge.winner, transaction).await? else { return Ok(OVER) };
        let wanted = found.items.iter().map(|line| keys.activity(line.activity.id)).collect();
        for activity in read::<Activity>(scope, wanted).await? {
            if let Some(changed) = activity.about_other(merge.loser, merge.winner, &target.name, scope.now()) {
                activity::save(transaction, Some(&activity), &changed);
                note(merge, MovedKind::Activity, Thing::Activity(activity.id), transaction);
                moved += 1;
            }
        }
    }
    let next = match found.next_cursor {
        None if cursor.is_none() && moved == 0 => Next::Over,
        after => Next::At(after),
    };
    Ok(Chunk { moved, next })
}

/// The contacts of the winner carry its name, which may have changed with the merge.
async fn rename_contacts(
    scope: &Scope,
    merge: &Merge,
    cursor: Option<&str>,
    transaction: &mut Transaction,
) -> Result<Chunk> {
    let Some((_, winner)) = merge.companies() else { return Ok(OVER) };
    let keys = scope.keys();
    let (ids, is_followed) = links(scope, winner, cursor).await?;
    let card = scope.get::<CompanyCard>(&keys.company_card(winner)).await?;
    let (Some(card), Some(last)) = (card, ids.last()) else { return Ok(OVER) };
    let last = keys.company_contact(winner, *last).parts().1.to_owned();
    transaction.check(&keys.company_card(winner), card.version);
    for contact in contacts(scope, &ids, winner).await? {
        if let Some(employer) = contact.company.clone().filter(|employer| employer.name != card.name) {
            let employer = Employer { name: card.name.clone(), ..employer };
            transaction.update(&contact, &Contact { company: Some(employer), ..contact.value.clone() });
        }
    }
    Ok(Chunk { moved: 0, next: if is_followed { Next::At(Some(last)) } else { Next::Over } })
}

/// Takes back what was moved and still points to the winner, of one kind at a time; of all of it the note goes.
async fn back(scope: &Scope, merge: &Merge, transaction: &mut Transaction) -> Result<Chunk> {
    let (found, more) = scope.collection_page(&scope.keys().moves(merge.id), None).await?;
    let moved = found.all::<Moved>()?;
    let Some(kind) = moved.first().map(|moved| moved.kind) else { return Ok(OVER) };
    let chunk: Vec<&Stored<Moved>> = moved.iter().filter(|moved| moved.kind == kind).take(RETURNED).collect();
    match kind {
        MovedKind::Contact => Box::pin(give_contacts_back(scope, merge, &chunk, transaction)).await?,
        MovedKind::Former => Box::pin(give_former_back(scope, merge, &chunk, transaction)).await?,
        MovedKind::Subsidiary | MovedKind::Released => {
            Box::pin(give_subsidiaries_back(scope, merge, &chunk, transaction)).await?;
        }
        MovedKind::Opportunity => Box::pin(give_opportunities_back(scope, merge, &chunk, transaction)).await?,
        MovedKind::Activity => Box::pin(give_activities_back(scope, merge, &chunk, transaction)).await?,
        MovedKind::File => Box::pin(give_files_back(scope, merge, &chunk, transaction)).await?,
    }
    for moved in &chunk {
        transaction.delete(moved);
    }
    let is_followed = more.is_some() || moved.len() > chunk.len();
    let moved = -i64::try_from(chunk.len()).map_err(Error::internal)?;
    Ok(Chunk { moved, next: next(is_followed) })
}

/// Those of the things that a chunk of one kind names that are still there.
async fn things_of<T: Item>(scope: &Scope, merge: &Merge, chunk: &[&Stored<Moved>]) -> Result<Vec<Stored<T>>> {
    let keys = scope.keys();
    let key_of = |thing: Thing| match thing {
        Thing::Company(id) => keys.company(id),
        Thing::Contact(id) => keys.contact(id),
        Thing::Opportunity(id) => keys.opportunity(id),
        Thing::Activity(id) => keys.activity(id),
        Thing::File(id) => keys.attached_file(&key(keys, merge.winner), id),
    };
    read(scope, chunk.iter().map(|moved| key_of(moved.record)).collect()).await
}

/// Where a contact was with the loser, as it was noted.
fn places_of(chunk: &[&Stored<Moved>], id: ContactId) -> Vec<FormerPlace> {
    let noted = chunk.iter().find(|moved| moved.record == Thing::Contact(id));
    noted.map(|moved| moved.former.clone()).unwrap_or_default()
}

fn contacts_of(chunk: &[&Stored<Moved>]) -> Vec<ContactId> {
    let ids = chunk.iter().filter_map(|moved| match moved.record {
        Thing::Contact(id) => Some(id),
        _ => None,
    });
    ids.collect()
}

async fn give_contacts_back(
    scope: &Scope,
    merge: &Merge,
    chunk: &[&Stored<Moved>],
    transaction: &mut Transaction,
) -> Result<()> {
    let (Some((loser, winner)), Copies::Company { addressee, .. }) = (merge.companies(), &merge.copies) else {
        return Ok(());
    };
    let contacts = contacts(scope, &contacts_of(chunk), winner).await?;
    if contacts.is_empty() {
        return Ok(());
    }
    let keys = scope.keys();
    let wanted = [
        keys.company_card(loser),
        keys.client_reference(loser),
        keys.company_card(winner),
        keys.client_reference(winner),
    ];
    let found = scope.get_many(&wanted).await?;
    let (Some(to), Some(to_reference), Some(from), Some(from_reference)) = (
        found.get::<CompanyCard>(&wanted[0])?,
        found.get::<ClientReference>(&wanted[1])?,
        found.get::<CompanyCard>(&wanted[2])?,
        found.get::<ClientReference>(&wanted[3])?,
    ) else {
        // One of the companies went again meanwhile: the contacts stay where they are.
        return Ok(());
    };
    let (mut there, mut here) = (to.value.clone(), from.value.clone());
    let (mut there_named, mut here_named) = (to_reference.contact.clone(), from_reference.contact.clone());
    for contact in &contacts {
        let is_theirs = *addressee == Some(contact.id) && there.addressee.is_none() && contact.person.email.is_some();
        if is_theirs {
            there.addressee = Some(contact.id);
            there_named = Some(contact.person.name());
        }
        if here.addressee == Some(contact.id) {
            (here.addressee, here_named) = (None, None);
        }
        there.contacts = there.contacts.saturating_add(1);
        here.contacts = here.contacts.saturating_sub(1);
        let employer = Employer { id: loser, name: there.name.clone(), addressee: is_theirs };
        let places = places_of(chunk, contact.id);
        let changed = contact.value.clone().with_former_back(&places, winner, loser);
        transfer(contact, changed, employer, transaction);
        let link = keys.company_contact(winner, contact.id);
        transaction.forget::<ContactLink>(|_| link);
    }
    transaction.update(&to, &there).update(&from, &here);
    for (read, named) in [(to_reference, there_named), (from_reference, here_named)] {
        if read.contact != named {
            transaction.update(&read, &ClientReference { contact: named, ..read.value.clone() });
        }
    }
    Ok(())
}

async fn give_former_back(
    scope: &Scope,
    merge: &Merge,
    chunk: &[&Stored<Moved>],
    transaction: &mut Transaction,
) -> Result<()> {
    let Some((loser, winner)) = merge.companies() else { return Ok(()) };
    if Target::to_return(scope, merge, transaction).await?.is_none() {
        return Ok(());
    }
    for contact in things_of::<Contact>(scope, merge, chunk).await? {
        let places = places_of(chunk, contact.id);
        let changed = contact.value.clone().with_former_back(&places, winner, loser);
        if changed != contact.value {
            transaction.update(&contact, &changed);
            write_former(transaction, &contact, &changed);
        }
    }
    Ok(())
}

async fn give_subsidiaries_back(
    scope: &Scope,
    merge: &Merge,
    chunk: &[&Stored<Moved>],
    transaction: &mut Transaction,
) -> Result<()> {
    let Some((loser, winner)) = merge.companies() else { return Ok(()) };
    let Some(target) = Target::of(scope, merge.loser, transaction).await? else { return Ok(()) };
    let keys = scope.keys();
    let above = Above::of(scope, target.parent).await?;
    let released =
        |id| chunk.iter().any(|moved| moved.kind == MovedKind::Released && moved.record == Thing::Company(id));
    let (mut from_winner, mut to_loser, mut changed) = (0, 0, Vec::new());
    for company in things_of::<Company>(scope, merge, chunk).await? {
        let parent = if released(company.id) { None } else { Some(winner) };
        // What is above the loser by now stays where it is.
        if company.parent != parent || company.id == loser || above.contains(company.id) {
            continue;
        }
        belong(&company, Some(loser), transaction);
        if parent.is_some() {
            transaction.forget::<Subsidiary>(|keys| keys.subsidiary(winner, company.id));
            from_winner -= 1;
        }
        to_loser += 1;
        changed.push(company.id);
    }
    above.check(transaction, &changed);
    for (company, by) in [(winner, from_winner), (loser, to_loser)] {
        if by != 0 {
            group::count(transaction, keys, company, by);
        }
    }
    Ok(())
}

async fn give_opportunities_back(
    scope: &Scope,
    merge: &Merge,
    chunk: &[&Stored<Moved>],
    transaction: &mut Transaction,
) -> Result<()> {
    let Some(target) = Target::to_return(scope, merge, transaction).await? else { return Ok(()) };
    for opportunity in things_of::<Opportunity>(scope, merge, chunk).await? {
        if let Some(changed) = opportunity.with_other(merge.winner, merge.loser, &target.name) {
            store::change(transaction, &opportunity, &changed, Told::Whole)?;
        }
    }
    Ok(())
}

async fn give_activities_back(
    scope: &Scope,
    merge: &Merge,
    chunk: &[&Stored<Moved>],
    transaction: &mut Transaction,
) -> Result<()> {
    let Some(target) = Target::to_return(scope, merge, transaction).await? else { return Ok(()) };
    for activity in things_of::<Activity>(scope, merge, chunk).await? {
        if let Some(changed) = activity.about_other(merge.winner, merge.loser, &target.name, scope.now()) {
            activity::save(transaction, Some(&activity), &changed);
        }
    }
    Ok(())
}

async fn give_files_back(
    scope: &Scope,
    merge: &Merge,
    chunk: &[&Stored<Moved>],
    transaction: &mut Transaction,
) -> Result<()> {
    if Target::to_return(scope, merge, transaction).await?.is_none() {
        return Ok(());
    }
    for file in things_of::<AttachedFile>(scope, merge, chunk).await? {
        transaction.delete(&file).create(&file.value.clone().moved(merge.loser));
    }
    Ok(())
}
