//! Making two records one: which of them stays, and whether they may.

use std::{future::Future, pin::Pin};

use kernel::{
    Error, Result,
    error::Conflict,
    id::{CompanyId, ContactId, MergeId},
    page::PageRequest,
};
use serde::{Deserialize, Serialize};
use table::{
    Item, Items, Key, Order, Scope, Stored, TenantKeys,
    keys::List,
    meter::{all_at_once, side_by_side},
};
use web::Asker;

use super::{Merge, MergeInput, MergeInto, Merged, merge_companies::merge_companies, merge_contacts::merge_contacts};
use crate::{company::Company, contact::Contact, duplicate::key, record::Record};

/// Two records, the left one first, as a form shows them and an act reads them.
pub enum Pair {
    Companies([CompanySide; 2]),
    Contacts([ContactSide; 2]),
}

pub struct CompanySide {
    pub company: Stored<Company>,
    /// Whether something of invoicing names it.
    pub has_documents: bool,
    /// All that stands beside it.
    pub beside: Items,
}

pub struct ContactSide {
    pub contact: Stored<Contact>,
    pub beside: Items,
}

impl Pair {
    /// The one that stays unless somebody says otherwise: that which documents name, or else the one added first.
    pub fn winner(&self) -> Record {
        match self {
            Self::Companies([left, right]) => {
                let is_left = match (left.has_documents, right.has_documents) {
                    (true, false) => true,
                    (false, true) => false,
                    _ => left.company.id < right.company.id,
                };
                Record::Company(if is_left { left.company.id } else { right.company.id })
            }
            Self::Contacts([left, right]) => Record::Contact(left.contact.id.min(right.contact.id)),
        }
    }
}

pub async fn read_pair(asker: &Asker, left: Record, right: Record) -> Result<Pair> {
    match (left, right) {
        (Record::Company(left), Record::Company(right)) => {
            let both = [left, right];
            let sides = all_at_once(both.map(|id| read_company(asker, id)));
            let named = all_at_once(both.map(|id| has_documents(&asker.scope, id)));
            let (sides, named) = side_by_side(sides, named).await;
            let mut sides = sides.into_iter().zip(named).map(|(read, has_documents)| {
                let (company, beside) = read?;
                Ok::<_, Error>(CompanySide { company, beside, has_documents: has_documents? })
            });
            match (sides.next(), sides.next()) {
                (Some(left), Some(right)) => Ok(Pair::Companies([left?, right?])),
                _ => Err(Error::internal("two companies were read")),
            }
        }
        (Record::Contact(left), Record::Contact(right)) => {
            let (left, right) = side_by_side(read_contact(asker, left), read_contact(asker, right)).await;
            Ok(Pair::Contacts([left?, right?]))
        }
        _ => Err(Error::NotFound),
    }
}

async fn read_company(asker: &Asker, id: CompanyId) -> Result<(Stored<Company>, Items)> {
    let beside = asker.scope.collection(&asker.scope.keys().company(id).collection()).await?;
    let company = beside.first::<Company>()?.ok_or_else(|| gone(&beside))?;
    asker.must_see(company.assigned_to)?;
    company.must_not_be_erased()?;
    Ok((company, beside))
}

async fn read_contact(asker: &Asker, id: ContactId) -> Result<ContactSide> {
    let beside = asker.scope.collection(&asker.scope.keys().contact(id).collection()).await?;
    let contact = beside.first::<Contact>()?.ok_or_else(|| gone(&beside))?;
    asker.must_see(contact.assigned_to)?;
    Ok(ContactSide { contact, beside })
}

/// Why a record is not there: it was merged into another one, or there never was one.
pub fn gone(beside: &Items) -> Error {
    match beside.first::<Merged>() {
        Ok(Some(_)) => Error::Conflict(Conflict::RecordMerged),
        _ => Error::NotFound,
    }
}

/// What of invoicing lies in lists without an order by client, as far as it says whose it is.
#[derive(Debug, Serialize, Deserialize)]
struct Dealing {
    client: serde_json::Value,
}

impl Item for Dealing {
    const TYPE: &'static str = "mandate";

    /// It is read from lists, and never written.
    fn key(&self, keys: TenantKeys) -> Key {
        keys.crm_settings()
    }
}

/// Whether anything of invoicing names this company: documents, drafts, letters, its prices, reminders, mandates, time. All is
/// asked at once.
async fn has_documents(scope: &Scope, id: CompanyId) -> Result<bool> {
    let keys = scope.keys();
    let (documents, beside) = (keys.client_documents(id), [keys.client_reminders(id), keys.self_billing_mandate(id)]);
    let mut asked: Vec<Pin<Box<dyn Future<Output = Result<bool>> + Send + '_>>> = vec![
        Box::pin(async { Ok(!scope.newest_of(&documents, None, 1).await?.is_empty()) }),
        Box::pin(async { Ok(!scope.get_many(&beside).await?.is_empty()) }),
        Box::pin(names(scope, keys.mandates(), id)),
        Box::pin(names(scope, keys.recurring_invoices(), id)),
    ];
    let lists = [
        keys.letters(Some(id)),
        keys.time_entries("open", Some(id)),
        keys.time_entries("invoiced", Some(id)),
        keys.open_invoices(Some(id)),
    ];
    for list in lists {
        asked.push(Box::pin(async move {
            let first = PageRequest { limit: 1, cursor: None };
            Ok(!scope.sieve(&list, &first, Order::Ascending).await?.is_empty())
        }));
    }
    let answers = all_at_once(asked).await;
    Ok(answers.into_iter().collect::<Result<Vec<bool>>>()?.contains(&true))
}

/// Whether one item of a list, of all, is of this client: one reading for the first thousand.
async fn names(scope: &Scope, list: List, id: CompanyId) -> Result<bool> {
    let id = id.to_string();
    let mut page = PageRequest { limit: 1_000, cursor: None };
    loop {
        let found = scope.list::<Dealing>(&list, &page, Order::Ascending).await?;
        if found.items.iter().any(|dealing| dealing.client.to_string().contains(&id)) {
            return Ok(true);
        }
        match found.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return Ok(false),
        }
    }
}

/// Nothing that went into a record before, or comes out of it again, may still be under way; `but` one, which is known.
pub(crate) async fn must_be_settled(scope: &Scope, beside: [&Items; 2], but: Option<MergeId>) -> Result<()> {
    let keys = scope.keys();
    let mut wanted = Vec::new();
    for items in beside {
        let lines = items.all::<MergeInto>()?;
        wanted.extend(lines.iter().filter(|line| Some(line.merge) != but).map(|line| keys.merge(line.merge)));
    }
    // Those that are older than a hundred others are long done.
    wanted.reverse();
    wanted.truncate(100);
    if wanted.is_empty() {
        return Ok(());
    }
    let found = scope.get_many(&wanted).await?;
    let is_under_way = found.all::<Merge>()?.iter().any(|merge| merge.is_under_way());
    if is_under_way { Err(Error::Conflict(Conflict::MergeUnderWay)) } else { Ok(()) }
}

pub async fn merge_records(asker: &Asker, input: &MergeInput) -> Result<Merge> {
    let checked = input.parse()?;
    // Boxed: what is read for it nests deep.
    match (checked.left, checked.right) {
        (Record::Company(_), _) => Box::pin(merge_companies(asker, &checked)).await,
        _ => Box::pin(merge_contacts(asker, &checked)).await,
    }
}

/// What stands in the place of the loser, and beside the winner.
pub(super) fn traces(merge: &Merge) -> (Merged, MergeInto) {
    let (id, loser, winner) = (merge.id, merge.loser, merge.winner);
    (Merged { record: loser, into: winner, merge: id }, MergeInto { record: winner, merge: id, loser })
}

/// Where a record went that is not there any more, if it was merged; the last of several.
pub async fn survivor(scope: &Scope, record: Record) -> Result<Option<Record>> {
    let keys = scope.keys();
    let (mut at, mut found) = (record, None);
    // One that was merged into another, and so on: a circle is none, for the winner is there.
    for _ in 0..10 {
        match scope.get::<Merged>(&keys.merged(&key(keys, at))).await? {
            Some(merged) => {
                at = merged.into;
                found = Some(at);
            }
            None => break,
        }
    }
    Ok(found)
}
