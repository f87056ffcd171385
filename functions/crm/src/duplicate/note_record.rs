//! Noting by what a record is recognised, and which others may be the same: the worker's, after each change of it, and
//! after it went. It reads what there is by then, so late, twice or out of order it comes to the same.
//!
//! How much is done for one record is limited: of what very many share (the address of a head office) the first records
//! are looked at, and a pair is found from its other side too.

use kernel::{Result, page::PageRequest};
use table::{Items, Key, Order, Scope, Stored, TenantKeys, meter::all_at_once};

use super::{
    Duplicate, Duplicates, Identity,
    model::Way,
    store::{key, of},
};
use crate::{company::Company, contact::Contact, record::Record};

/// How many records that share one thing are looked at.
pub(super) const SHARED_MAX: u16 = 11;
/// How many pairs one transaction writes: each is two items.
const PAIRS_MAX: usize = 45;
/// How many others' identities one reading takes: five keys each.
const OTHERS_MAX: usize = 20;

/// Whether the record is there.
pub async fn note_record(scope: &Scope, record: Record) -> Result<bool> {
    if matches!(record, Record::Opportunity(_)) {
        return Ok(true);
    }
    let is_there = note_identities(scope, record).await?;
    while note_duplicates(scope, record).await? {}
    Ok(is_there)
}

/// By what it is recognised; nothing of one that is gone.
fn identities(found: &Items, keys: TenantKeys, record: Record) -> Result<Vec<Identity>> {
    let own = key(keys, record);
    Ok(match record {
        Record::Company(_) => found.get::<Company>(&own)?.map(|company| Identity::of_company(&company)),
        Record::Contact(_) => found.get::<Contact>(&own)?.map(|contact| Identity::of_contact(&contact)),
        Record::Opportunity(_) => None,
    }
    .unwrap_or_default())
}

async fn note_identities(scope: &Scope, record: Record) -> Result<bool> {
    let keys = scope.keys();
    let own = key(keys, record);
    let wanted: Vec<Key> = Way::ALL.iter().map(|way| keys.identity(&own, way.key())).chain([own.clone()]).collect();
    scope
        .write(|| async {
            let found = scope.get_many(&wanted).await?;
            let now = identities(&found, keys, record)?;
            let mut transaction = scope.begin("note_identities", record);
            let mut changes = false;
            for way in Way::ALL {
                let at = keys.identity(&own, way.key());
                let known = found.get::<Identity>(&at)?;
                match (now.iter().find(|identity| identity.way == way), known) {
                    (Some(identity), Some(known)) if *identity == known.value => continue,
                    (Some(identity), known) => drop(transaction.save(known.as_ref(), identity)),
                    (None, Some(known)) => drop(transaction.delete(&known)),
                    (None, None) => continue,
                }
                changes = true;
            }
            // What was written here is what the record says only if that did not change meanwhile.
            let version = match record {
                Record::Company(_) => found.get::<Company>(&own)?.map(|read| read.version),
                Record::Contact(_) => found.get::<Contact>(&own)?.map(|read| read.version),
                Record::Opportunity(_) => None,
            };
            if let Some(version) = version {
                transaction.check(&own, version);
            }
            let transaction = if changes { transaction.untold() } else { transaction.nothing() };
            Ok((transaction, version.is_some()))
        })
        .await
}

/// Whether there is more to do.
async fn note_duplicates(scope: &Scope, record: Record) -> Result<bool> {
    let keys = scope.keys();
    let own = key(keys, record);
    scope
        .write(|| async {
            let beside = scope.collection(&own.collection()).await?;
            let mine: Vec<Identity> = beside.all::<Identity>()?.into_iter().map(|read| read.value).collect();
            let known: Vec<Stored<Duplicate>> = beside.all()?;
            let pairs: Vec<Duplicate> = known.iter().map(|read| read.value.clone()).collect();
            let others = others(scope, record, &mine, &pairs).await?;
            let found = Duplicates::of(&mine, &others, &pairs, scope.now());

            let mut transaction = scope.begin("note_duplicates", record);
            let all = found.changed.len() + found.gone.len();
            for pair in found.changed.iter().take(PAIRS_MAX) {
                let read = known.iter().find(|read| read.other == pair.other);
                transaction.save(read, pair).replace(&pair.turned());
            }
            for other in found.gone.iter().take(PAIRS_MAX.saturating_sub(found.changed.len())) {
                if let Some(read) = known.iter().find(|read| read.other == *other) {
                    let turned = keys.duplicate(&key(keys, *other), record.ulid());
                    transaction.delete(read).forget::<Duplicate>(|_| turned);
                }
            }
            Ok((if all == 0 { transaction.nothing() } else { transaction.untold() }, all > PAIRS_MAX))
        })
        .await
}

/// The records that share something with this one, and those that it makes a pair with so far.
async fn others(
    scope: &Scope,
    record: Record,
    mine: &[Identity],
    pairs: &[Duplicate],
) -> Result<Vec<(Record, Vec<Identity>)>> {
    let keys = scope.keys();
    let page = &PageRequest { limit: SHARED_MAX, cursor: None };
    let lists = mine.iter().map(|one| keys.identities(of(record.kind()), one.way.sign().name(), &one.value));
    let reading = lists.map(|list| async move { scope.list::<Identity>(&list, page, Order::Ascending).await });
    let shared = all_at_once(reading).await;
    let mut named: Vec<Record> = pairs.iter().map(|pair| pair.other).collect();
    for found in shared {
        named.extend(found?.items.into_iter().map(|identity| identity.record));
    }
    named.retain(|other| *other != record);
    named.sort_unstable();
    named.dedup();

    let wanted: Vec<Vec<Key>> =
        named.chunks(OTHERS_MAX).map(|chunk| chunk.iter().flat_map(|other| ways(keys, *other)).collect()).collect();
    let read = all_at_once(wanted.iter().map(|keys| scope.get_many(keys))).await;
    let mut theirs = Vec::new();
    for found in read {
        theirs.extend(found?.all::<Identity>()?.into_iter().map(|read| read.value));
    }
    let of = |other: Record| theirs.iter().filter(move |identity| identity.record == other).cloned().collect();
    Ok(named.into_iter().map(|other| (other, of(other))).collect())
}

fn ways(keys: TenantKeys, record: Record) -> Vec<Key> {
    let own = key(keys, record);
    Way::ALL.iter().map(|way| keys.identity(&own, way.key())).collect()
}
