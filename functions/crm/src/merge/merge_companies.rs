//! Making two companies one: the loser goes and the winner gets what was chosen, in one transaction; what points to the loser
//! follows (`run_merge`).

use kernel::{Error, Result, error::Conflict, event::Event, id::MergeId, reference::ClientReference};
use table::shared::ClientUse;
use web::Asker;

use super::{
    CompanySide, Copies, Merge, Pair, State,
    fields::merged,
    merge_records::{must_be_settled, read_pair, traces},
    model::Checked,
};
use crate::{
    company::{
        CONTACTS_MAX, Category, Company, CompanyCard,
        group::{Above, Regrouping},
    },
    record::{Record, RecordKind},
    retention::Retention,
};

pub(super) async fn merge_companies(asker: &Asker, checked: &Checked) -> Result<Merge> {
    let scope = &asker.scope;
    let id = scope.new_id(MergeId::new);
    scope
        .write(|| async {
            let pair = Box::pin(read_pair(asker, checked.left, checked.right)).await?;
            let kept = chosen(&pair, checked.winner)?;
            let Pair::Companies([left, right]) = pair else { return Err(Error::NotFound) };
            must_be_settled(scope, [&left.beside, &right.beside], None).await?;
            let (winner, loser) = if kept == Record::Company(left.company.id) { (left, right) } else { (right, left) };
            let (before, lost) = (&winner.company.value, &loser.company.value);

            let from_loser = checked.from(Record::Company(lost.id));
            let mut after: Company = merged(RecordKind::Company, before, lost, from_loser)?;
            // No company belongs to itself, by however many others; a parent that would make it so is not taken.
            let both = [before.id, lost.id];
            let own = before.parent.filter(|parent| *parent != lost.id);
            let above = Above::of(scope, after.parent.filter(|parent| Some(*parent) != own)).await?;
            if both.into_iter().any(|one| above.contains(one)) || (above.is_empty() && after.parent != own) {
                after.parent = own;
            }
            after.must_have_lawful_terms(asker.today())?;

            let (card, lost_card) = (part::<CompanyCard>(&winner)?, part::<CompanyCard>(&loser)?);
            let (reference, lost_reference) = (part::<ClientReference>(&winner)?, part::<ClientReference>(&loser)?);
            let contacts = card.contacts.saturating_add(lost_card.contacts);
            if contacts > CONTACTS_MAX {
                return Err(Error::Conflict(Conflict::TooManyContacts));
            }
            // Room for those who follow; whoever the loser's documents would have been addressed to, if the winner has nobody.
            let (addressee, contact) = match card.addressee {
                Some(_) => (card.addressee, reference.contact.clone()),
                None => (lost_card.addressee, lost_reference.contact.clone()),
            };
            let lost_use = loser.beside.first::<ClientUse>()?;
            let is_used = winner.beside.first::<ClientUse>()?.is_some();
            let merge = Merge {
                id,
                loser: Record::Company(lost.id),
                loser_name: lost.name.clone(),
                winner: Record::Company(before.id),
                winner_name: after.name.clone(),
                assigned_to: after.assigned_to,
                created_at: scope.now(),
                state: State::first(),
                moved: 0,
                copies: Copies::Company {
                    loser: Box::new(lost.clone()),
                    before: Box::new(before.clone()),
                    after: Box::new(after.clone()),
                    addressee: lost_card.addressee,
                    used: lost_use.is_some(),
                    use_passed: lost_use.is_some() && !is_used,
                },
            };
            let (merged, into) = traces(&merge);
            let mut transaction = scope.begin("merge_companies", before.id);
            let mut regrouping = Regrouping::default();
            regrouping.change(&mut transaction, Some(before), Some(&after));
            regrouping.change(&mut transaction, Some(lost), None);
            let counted = regrouping.counted(CompanyCard { contacts, addressee, ..card.with(&after) });
            regrouping.write(&mut transaction, Some(lost.id));
            above.check(&mut transaction, &both);
            // What names the loser at this moment is found by the next reading.
            match &lost_use {
                Some(used) => drop(transaction.delete(used)),
                None => drop(transaction.check_absent(&scope.keys().client_use(lost.id))),
            }
            if lost_use.is_some() && !is_used {
                transaction.create(&ClientUse { client: before.id });
            }
            transaction
                .update(&winner.company, &after)
                .update(&card, &counted)
                .update(&reference, &after.reference(contact))
                .delete(&loser.company)
                .delete(&lost_card)
                .delete(&lost_reference)
                .forget::<Retention>(|keys| keys.prospect_retention(lost.id));
            match Retention::of_prospect(&after, asker.organization.day(scope.now())) {
                Some(retention) => drop(transaction.replace(&retention)),
                None if before.category == Category::Prospect => {
                    transaction.forget::<Retention>(|keys| keys.prospect_retention(before.id));
                }
                None => {}
            }
            transaction
                .create(&merged)
                .create(&into)
                .create(&merge)
                .emit(Event::MergeRequested { merge: id })
                .emit(Event::RecordChanged { record: merge.loser.to_string() })
                .emit(Event::RecordChanged { record: merge.winner.to_string() });
            if after.name != before.name {
                transaction.emit(Event::RecordRenamed { record: merge.winner.to_string() });
            }
            Ok((transaction, merge))
        })
        .await
}

/// The one that stays. What documents name stays, and of two that they name neither may go.
fn chosen(pair: &Pair, asked: Option<Record>) -> Result<Record> {
    let Pair::Companies([left, right]) = pair else { return Err(Error::NotFound) };
    if left.has_documents && right.has_documents {
        return Err(Error::Conflict(Conflict::BothHaveDocuments));
    }
    let winner = asked.unwrap_or_else(|| pair.winner());
    let loser = if winner == Record::Company(left.company.id) { right } else { left };
    if loser.has_documents { Err(Error::Conflict(Conflict::LoserHasDocuments)) } else { Ok(winner) }
}

fn part<T: table::Item>(side: &CompanySide) -> Result<table::Stored<T>> {
    side.beside.first::<T>()?.ok_or_else(|| Error::internal(format!("a company without its {}", T::TYPE)))
}
