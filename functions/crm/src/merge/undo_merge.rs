//! Making two records of one again: the loser comes back as it was, and the winner gets back what the merge changed of it and
//! nobody changed since; what was moved follows (`run_merge`). A merge that went on since must be undone before.

use kernel::{Error, Result, error::Conflict, event::Event, id::MergeId, reference::ClientReference};
use table::{Items, Stored, meter::side_by_side, shared::ClientUse};
use web::Asker;

use super::{
    Copies, Merge, MergeInto, Merged, State, Step,
    fields::restored,
    merge_contacts::{Staffs, relink},
    merge_records::must_be_settled,
};
use crate::{
    company::{
        Category, Company, CompanyCard,
        group::{Above, Regrouping},
    },
    contact::{Contact, Employer, write_former},
    duplicate::key,
    retention::Retention,
};

/// What is there of both.
struct Read {
    merge: Stored<Merge>,
    winner: Items,
    loser: Items,
    /// Of contacts: the companies where they were before the merge and after it.
    staffs: Staffs,
}

async fn read(asker: &Asker, id: MergeId) -> Result<Read> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let merge = scope.get::<Merge>(&keys.merge(id)).await?.ok_or(Error::NotFound)?;
    asker.must_see(merge.assigned_to)?;
    merge.must_be_undoable(scope.now())?;
    let staffs = async {
        match &merge.copies {
            Copies::Company { .. } => Ok(Staffs::default()),
            Copies::Contact { loser, before, after } => {
                Staffs::read(scope, [&loser.company, &before.company, &after.company]).await
            }
        }
    };
    let (winner, loser) = (key(keys, merge.winner).collection(), key(keys, merge.loser).collection());
    let both = side_by_side(scope.collection(&winner), scope.collection(&loser));
    let ((winner, loser), staffs) = side_by_side(both, staffs).await;
    let (winner, loser, staffs) = (winner?, loser?, staffs?);
    must_be_settled(scope, [&winner, &loser], Some(id)).await?;
    Ok(Read { merge, winner, loser, staffs })
}

pub async fn undo_merge(asker: &Asker, id: MergeId) -> Result<Merge> {
    asker
        .scope
        .write(|| async {
            let read = Box::pin(read(asker, id)).await?;
            match read.merge.copies.clone() {
                Copies::Company { loser, before, after, .. } => {
                    undo_companies(asker, &read, *loser, &before, &after).await
                }
                Copies::Contact { loser, before, after } => undo_contacts(asker, read, *loser, &before, &after),
            }
        })
        .await
}

fn not_undoable() -> Error {
    Error::Conflict(Conflict::MergeNotUndoable)
}

async fn undo_companies(
    asker: &Asker,
    read: &Read,
    mut loser: Company,
    before: &Company,
    after: &Company,
) -> Result<(table::Transaction, Merge)> {
    let scope = &asker.scope;
    let now = read.winner.first::<Company>()?.filter(|company| company.erased_at.is_none()).ok_or_else(not_undoable)?;
    asker.must_see(now.assigned_to)?;
    let card = read.winner.first::<CompanyCard>()?.ok_or_else(not_undoable)?;
    let reference = read.winner.first::<ClientReference>()?.ok_or_else(not_undoable)?;
    let mut winner: Company = restored(&now.value, before, after)?;
    // To whom they belonged, as far as those are there, and do not belong to them since.
    let theirs = Above::of(scope, loser.parent.filter(|parent| *parent != now.id)).await?;
    loser.parent = loser.parent.filter(|parent| *parent == now.id || !theirs.is_empty());
    let mut own = Above::default();
    if winner.parent != now.parent {
        let is_circle = match winner.parent {
            Some(parent) if parent == loser.id => loser.parent == Some(now.id) || theirs.contains(now.id),
            Some(parent) => {
                own = Above::of(scope, Some(parent)).await?;
                own.is_empty() || own.contains(now.id)
            }
            None => false,
        };
        winner.parent = if is_circle { now.parent } else { winner.parent };
    }
    let today = asker.organization.day(scope.now());

    let mut transaction = scope.begin("undo_companies", now.id);
    let mut regrouping = Regrouping::default();
    regrouping.change(&mut transaction, Some(&now), Some(&winner));
    regrouping.change(&mut transaction, None, Some(&loser));
    // What was the loser's comes back bit by bit.
    let (kept, lost) = (regrouping.counted(card.with(&winner)), regrouping.counted(loser.card()));
    regrouping.write(&mut transaction, None);
    theirs.and(own).check(&mut transaction, &[now.id]);
    if let Copies::Company { used, use_passed, .. } = read.merge.copies {
        if used {
            transaction.create(&ClientUse { client: loser.id });
        }
        // Named again since, its version has risen.
        if let Some(mark) = read.winner.first::<ClientUse>()?.filter(|mark| use_passed && mark.version == 1) {
            transaction.delete(&mark);
        }
    }
    transaction.update(&now, &winner).update(&card, &kept).create(&loser).create(&lost).create(&loser.reference(None));
    let published = winner.reference(reference.contact.clone());
    if published != reference.value {
        transaction.update(&reference, &published);
    }
    for company in [&winner, &loser] {
        if let Some(retention) = Retention::of_prospect(company, today) {
            transaction.replace(&retention);
        }
    }
    if now.category == Category::Prospect && winner.category != Category::Prospect {
        transaction.forget::<Retention>(|keys| keys.prospect_retention(winner.id));
    }
    if winner.name != now.name {
        transaction.emit(Event::RecordRenamed { record: read.merge.winner.to_string() });
    }
    let merge = finish(read, &mut transaction)?;
    Ok((transaction, merge))
}

fn undo_contacts(
    asker: &Asker,
    read: Read,
    loser: Contact,
    before: &Contact,
    after: &Contact,
) -> Result<(table::Transaction, Merge)> {
    let scope = &asker.scope;
    let now = read.winner.first::<Contact>()?.ok_or_else(not_undoable)?;
    asker.must_see(now.assigned_to)?;
    let winner: Contact = restored(&now.value, before, after)?;
    let at = |employer: &Option<Employer>| employer.as_ref().map(|employer| employer.id);
    let mut staffs = read.staffs.clone();
    // A company that has another name since is still the same; where somebody moved them since, they stay.
    let winner = if at(&now.company) == at(&after.company) {
        staffs.release(&now);
        staffs.employ_if_possible(winner, at(&before.company))
    } else {
        Contact { company: now.company.clone(), ..winner }
    };
    let to = at(&loser.company);
    let loser = staffs.employ_if_possible(loser, to);

    let today = asker.organization.day(scope.now());
    let mut transaction = scope.begin("undo_contacts", now.id);
    transaction
        .update(&now, &winner)
        .replace(&Retention::of_contact(&winner, today))
        .create(&loser)
        .replace(&Retention::of_contact(&loser, today));
    relink(&mut transaction, scope.keys(), Some(&now), &winner);
    relink(&mut transaction, scope.keys(), None, &loser);
    write_former(&mut transaction, &now, &winner);
    write_former(&mut transaction, &Contact { former: Vec::new(), ..loser.clone() }, &loser);
    if winner.person.name() != now.person.name() {
        transaction.emit(Event::RecordRenamed { record: read.merge.winner.to_string() });
    }
    staffs.write(&mut transaction);
    let merge = finish(&read, &mut transaction)?;
    Ok((transaction, merge))
}

/// What stood in the loser's place goes, and what was moved is to be taken back.
fn finish(read: &Read, transaction: &mut table::Transaction) -> Result<Merge> {
    let merge = &read.merge;
    let place = read.loser.first::<Merged>()?.filter(|place| place.merge == merge.id).ok_or_else(not_undoable)?;
    let undone = Merge { state: State::Undoing { step: Step::Return, cursor: None }, ..merge.value.clone() };
    let into = transaction.keys().merge_into(&key(transaction.keys(), merge.winner), merge.id);
    transaction
        .delete(&place)
        .forget::<MergeInto>(|_| into)
        .update(merge, &undone)
        .emit(Event::MergeRequested { merge: merge.id })
        .emit(Event::RecordChanged { record: merge.loser.to_string() })
        .emit(Event::RecordChanged { record: merge.winner.to_string() });
    Ok(undone)
}
