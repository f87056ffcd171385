//! Somebody was erased who had been merged: the copies that undoing would need go, and whoever went into them is erased too,
//! for it was the same person. The worker does it; done twice, it finds nothing left.

use kernel::{
    Result,
    event::{Event, Person},
    page::PageRequest,
};
use table::{AuditLog, Items, Scope, Stored, erasure::Erasure, meter::side_by_side};

use super::{Merge, MergeInto, Merged, Moved, run_merge::finish};
use crate::{
    company,
    contact::{self, HISTORY_MAX},
    duplicate::key,
    record::Record,
};

/// Notes of what was moved that one transaction removes.
const NOTES_MAX: usize = 80;

pub async fn forget_merges(scope: &Scope, record: Record) -> Result<()> {
    let beside = scope.collection(&key(scope.keys(), record).collection()).await?;
    Box::pin(forget(scope, &beside, true)).await
}

/// The same of a record that was deleted and not merged: nobody was erased, and nothing leads to what stands beside it.
pub async fn forget_deleted(scope: &Scope, record: Record) -> Result<()> {
    let beside = scope.collection(&key(scope.keys(), record).collection()).await?;
    match beside.first::<Merged>()? {
        Some(_) => Ok(()),
        None => Box::pin(forget(scope, &beside, false)).await,
    }
}

async fn forget(scope: &Scope, beside: &Items, is_erased: bool) -> Result<()> {
    for line in beside.all::<MergeInto>()? {
        // What still points to the loser would point to nobody.
        Box::pin(finish(scope, line.merge)).await?;
        while forget_notes(scope, line.merge).await? {}
        forget_merge(scope, &line, is_erased).await?;
    }
    Ok(())
}

/// Whether there are more of them.
async fn forget_notes(scope: &Scope, merge: kernel::id::MergeId) -> Result<bool> {
    scope
        .write(|| async {
            let (found, more) = scope.collection_page(&scope.keys().moves(merge), None).await?;
            let notes = found.all::<Moved>()?;
            let mut transaction = scope.begin("forget_merge", merge);
            for note in notes.iter().take(NOTES_MAX) {
                transaction.delete(note);
            }
            let is_followed = more.is_some() || notes.len() > NOTES_MAX;
            Ok((if notes.is_empty() { transaction.nothing() } else { transaction }, is_followed))
        })
        .await
}

async fn forget_merge(scope: &Scope, line: &Stored<MergeInto>, is_erased: bool) -> Result<()> {
    let keys = scope.keys();
    let Some(person) = person(line.loser) else { return Ok(()) };
    let lost = key(keys, line.loser);
    let (log, page) = (AuditLog::Object(line.loser.to_string()), PageRequest { limit: HISTORY_MAX, cursor: None });
    // The act that merged them tells what the loser was last; it is in the history of the winner.
    let end = AuditLog::Object(line.record.to_string());
    let wanted = [keys.merge(line.merge), keys.erasure(person), keys.merged(&lost)];
    scope
        .write(|| async {
            let history = side_by_side(scope.audit_log(&log, &page, None), scope.audit_log(&end, &page, None));
            let (found, (own, end)) = side_by_side(scope.get_many(&wanted), history).await;
            let (found, mut history) = (found?, end?.items);
            history.extend(own?.items);
            let mut transaction = scope.begin("forget_merge", line.merge);
            if let Some(merge) = found.get::<Merge>(&wanted[0])? {
                transaction.delete(&merge);
            }
            if let Some(place) = found.get::<Merged>(&wanted[2])? {
                transaction.delete(&place);
            }
            transaction.forget::<MergeInto>(|keys| keys.merge_into(&key(keys, line.record), line.merge));
            if !is_erased {
                // What went into the loser before goes too.
                transaction.emit(Event::RecordChanged { record: line.loser.to_string() });
            } else if found.get::<Erasure>(&wanted[1])?.is_none() {
                let traces = match line.loser {
                    Record::Contact(id) => contact::traces_of_former(id, &history),
                    Record::Company(id) => company::traces_of_former(id, &history),
                    Record::Opportunity(_) => return Ok((transaction.nothing(), ())),
                };
                transaction.create(&Erasure::new(person, None, scope.now(), traces)).emit(match person {
                    Person::Client(client) => Event::ClientErased { client },
                    Person::Contact(contact) => Event::ContactErased { contact },
                    Person::Member(_) | Person::User(_) => return Ok((transaction.nothing(), ())),
                });
            }
            Ok((transaction, ()))
        })
        .await
}

const fn person(record: Record) -> Option<Person> {
    match record {
        Record::Company(id) => Some(Person::Client(id)),
        Record::Contact(id) => Some(Person::Contact(id)),
        Record::Opportunity(_) => None,
    }
}
