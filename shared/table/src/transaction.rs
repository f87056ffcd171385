//! One act, written whole or not at all: the items it changes, its audit entry, its events, its idempotency
//! record.

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem},
};
use jiff::civil::Date;
use kernel::{
    Actor, Error, Result,
    event::{Envelope, Event},
    id::{AuditId, EventId},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    Audit, Item, Key, Scope, Stored, TenantKeys,
    audit::AuditEntry,
    changes::{self, Change, Fields, Operation},
    client::failure,
    codec,
    idempotency::Idempotency,
    ledger::{Closed, LedgerEntry, LedgerHead, LedgerKind},
    meter,
    outbox::OutboxEvent,
    patch::Patch,
    sequence::Sequence,
    walk::Found,
};

/// What DynamoDB takes in one transaction.
pub const WRITES_MAX: usize = 100;

/// What it means that one write's condition did not hold.
#[derive(Debug)]
pub(crate) enum Lost {
    /// Somebody was faster: read afresh and decide again.
    Race,
    /// The idempotency record is there already: the act was done.
    Done,
    /// What must be unique is taken.
    Taken(Error),
}

#[derive(Debug)]
enum OnConflict {
    Race,
    Done,
    Taken(fn() -> Error),
}

#[derive(Debug)]
pub struct Transaction {
    scope: Scope,
    /// None once there turned out to be nothing to do.
    entry: Option<AuditEntry>,
    writes: Vec<(TransactWriteItem, OnConflict)>,
    /// Series of which numbers were taken, as they were read and as they are after it.
    sequences: Vec<(Option<Stored<Sequence>>, Sequence)>,
    /// The end of the ledger, as it was read and as it is after what was appended.
    ledger: Option<(Option<Stored<LedgerHead>>, LedgerHead)>,
    /// The last position that was appended, closings left out: who follows the ledger is told once.
    appended: Option<u64>,
    /// What is added to sums, by their key: once each, however often the act adds to them.
    tallies: Vec<(Key, Patch, BTreeMap<&'static str, i64>)>,
    /// What the act does not change and still rests upon.
    checked: Vec<(Key, u64)>,
    fault: Option<Error>,
}

impl Transaction {
    pub(crate) fn new(scope: Scope, act: &str, object: String) -> Self {
        let at = scope.now();
        let entry = AuditEntry {
            id: AuditId::new(at, scope.random()),
            at,
            actor: scope.tenant().actor().clone(),
            act: act.into(),
            object,
            changed: Vec::new(),
            omitted: 0,
            request_id: scope.origin().request_id.clone(),
            user_agent: scope.origin().user_agent.clone(),
            redacted_by: None,
        };
        Self {
            scope,
            entry: Some(entry),
            writes: Vec::new(),
            sequences: Vec::new(),
            ledger: None,
            appended: None,
            tallies: Vec::new(),
            checked: Vec::new(),
            fault: None,
        }
    }

    /// Of the tenant that it is an act of.
    pub fn keys(&self) -> TenantKeys {
        self.scope.keys()
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        self.scope.tenant().actor()
    }

    /// Writes an item that must not be there yet.
    pub fn create<T: Item>(&mut self, item: &T) -> &mut Self {
        self.note(Operation::Create, None, Some(item));
        self.put(item, 1, "attribute_not_exists(pk)", None, OnConflict::Race)
    }

    /// As [`Self::create`], where being there already is the client's error and not a race.
    pub fn claim<T: Item>(&mut self, item: &T, taken: fn() -> Error) -> &mut Self {
        self.note(Operation::Create, None, Some(item));
        self.put(item, 1, "attribute_not_exists(pk)", None, OnConflict::Taken(taken))
    }

    /// Replaces an item that must still be as it was read.
    pub fn update<T: Item>(&mut self, read: &Stored<T>, item: &T) -> &mut Self {
        self.note(Operation::Update, Some(&read.value), Some(item));
        self.put(item, read.version + 1, "v = :v", Some(read.version), OnConflict::Race)
    }

    /// Creates or replaces, on what was read.
    pub fn save<T: Item>(&mut self, read: Option<&Stored<T>>, item: &T) -> &mut Self {
        match read {
            Some(read) => self.update(read, item),
            None => self.create(item),
        }
    }

    /// Writes an item that nobody else decides upon (a projection of an aggregate written beside it).
    pub fn replace<T: Item>(&mut self, item: &T) -> &mut Self {
        self.note(Operation::Update, None, Some(item));
        match codec::encode(item, self.keys(), 1) {
            Ok(attributes) => {
                let put = Put::builder().table_name(&*self.scope.table().name).set_item(Some(attributes)).build();
                self.push(put.map(|put| TransactWriteItem::builder().put(put).build()), OnConflict::Race)
            }
            Err(error) => self.failed(error),
        }
    }

    /// Removes an item that nobody else decides upon, as [`Self::replace`] writes it.
    pub fn forget<T: Item>(&mut self, key: impl FnOnce(TenantKeys) -> Key) -> &mut Self {
        let key = key(self.keys());
        let id = key.ulid().map(|ulid| ulid.to_string());
        self.noted(Change::unread(T::TYPE, T::AUDIT, Operation::Delete, id, Fields::new()));
        let delete =
            Delete::builder().table_name(&*self.scope.table().name).set_key(Some(codec::key_attributes(&key))).build();
        self.push(delete.map(|delete| TransactWriteItem::builder().delete(delete).build()), OnConflict::Race)
    }

    /// Changes single attributes of an item that is not read.
    pub fn patch(&mut self, patch: Patch) -> &mut Self {
        self.noted(patch.change());
        let update = patch.build(&self.scope.table().name);
        self.push(update.map(|update| TransactWriteItem::builder().update(update).build()), OnConflict::Race)
    }

    /// There turned out to be nothing to do: writes nothing, not even the audit entry.
    pub fn nothing(mut self) -> Self {
        self.entry = None;
        self.writes.clear();
        self.sequences.clear();
        self.ledger = None;
        self.appended = None;
        self.tallies.clear();
        self.fault = None;
        self
    }

    /// What is written repeats what acts said that the log knows: it is not told again.
    pub fn untold(mut self) -> Self {
        self.entry = None;
        self
    }

    /// Written without an entry in the audit log: what a system tells somebody, and whether they looked at it, is no act
    /// that others may read of.
    pub fn unlogged(mut self) -> Self {
        self.entry = None;
        self
    }

    pub fn delete<T: Item>(&mut self, read: &Stored<T>) -> &mut Self {
        self.remove(read, OnConflict::Race)
    }

    /// As [`Self::delete`], and the log does not keep what the item held.
    pub fn erase<T: Item>(&mut self, read: &Stored<T>) -> &mut Self {
        let id = read.value.key(self.keys()).ulid().map(|ulid| ulid.to_string());
        self.noted(Change::unread(T::TYPE, T::AUDIT, Operation::Delete, id, Fields::new()));
        self.remove_noted(read, OnConflict::Race)
    }

    /// As [`Self::update`], and the log keeps which fields changed, but not what they held.
    pub fn redact<T: Item>(&mut self, read: &Stored<T>, item: &T) -> &mut Self {
        match Change::of(Operation::Update, Some(&read.value), Some(item)) {
            Ok(change) => self.noted(change.map(Change::untold)),
            Err(error) => drop(self.failed(error)),
        }
        self.put(item, read.version + 1, "v = :v", Some(read.version), OnConflict::Race)
    }

    /// The log keeps that these of its entries were redacted.
    pub(crate) fn tell_redacted(&mut self, entries: &[AuditId]) {
        let entries = entries.iter().map(|id| Value::from(id.to_string())).collect::<Vec<_>>();
        let after = Fields::from([("entries".into(), entries.into())]);
        let (before, named_only) = (Fields::new(), Vec::new());
        let operation = Operation::Update;
        self.noted(Some(Change { item: "audit".into(), operation, id: None, label: None, before, after, named_only }));
    }

    /// The entry of this act.
    pub(crate) fn entry_id(&self) -> Option<AuditId> {
        self.entry.as_ref().map(|entry| entry.id)
    }

    /// Removes what may be used once; where somebody was faster, it was used.
    pub fn spend<T: Item>(&mut self, read: &Stored<T>, used: fn() -> Error) -> &mut Self {
        self.remove(read, OnConflict::Taken(used))
    }

    fn remove<T: Item>(&mut self, read: &Stored<T>, on_conflict: OnConflict) -> &mut Self {
        self.note(Operation::Delete, Some(&read.value), None);
        self.remove_noted(read, on_conflict)
    }

    fn remove_noted<T: Item>(&mut self, read: &Stored<T>, on_conflict: OnConflict) -> &mut Self {
        let key = read.value.key(self.keys());
        let delete = Delete::builder()
            .table_name(&*self.scope.table().name)
            .set_key(Some(codec::key_attributes(&key)))
            .condition_expression("v = :v")
            .expression_attribute_values(":v", AttributeValue::N(read.version.to_string()))
            .build();
        self.push(delete.map(|delete| TransactWriteItem::builder().delete(delete).build()), on_conflict)
    }

    /// Removes an item of whatever type, unless it changed since it was found. Gone already is as well.
    pub fn clear(&mut self, found: &Found) -> &mut Self {
        let key = found.key();
        let id = key.ulid().map(|ulid| ulid.to_string());
        self.noted(Change::unread(found.kind(), Audit::Whole, Operation::Delete, id, Fields::new()));
        let Some(version) = found.version() else {
            return self.failed(Error::internal(format!("{} without a version", found.kind())));
        };
        let delete = Delete::builder()
            .table_name(&*self.scope.table().name)
            .set_key(Some(codec::key_attributes(&key)))
            .condition_expression("attribute_not_exists(pk) OR v = :v")
            .expression_attribute_values(":v", version)
            .build();
        self.push(delete.map(|delete| TransactWriteItem::builder().delete(delete).build()), OnConflict::Race)
    }

    /// The act holds only if an item that it does not change is still as it was read. Said twice, it is checked once.
    pub fn check(&mut self, key: &Key, version: u64) -> &mut Self {
        let checked = (key.clone(), version);
        if self.checked.contains(&checked) {
            return self;
        }
        self.checked.push(checked);
        let check = ConditionCheck::builder()
            .table_name(&*self.scope.table().name)
            .set_key(Some(codec::key_attributes(key)))
            .condition_expression("v = :v")
            .expression_attribute_values(":v", AttributeValue::N(version.to_string()))
            .build();
        self.push(check.map(|check| TransactWriteItem::builder().condition_check(check).build()), OnConflict::Race)
    }

    /// As [`Self::check`], of an item that was not there when it was looked for.
    pub fn check_absent(&mut self, key: &Key) -> &mut Self {
        self.check_there(key, "attribute_not_exists(pk)")
    }

    /// As [`Self::check`], of an item that must be there, whatever it says.
    pub fn check_present(&mut self, key: &Key) -> &mut Self {
        self.check_there(key, "attribute_exists(pk)")
    }

    fn check_there(&mut self, key: &Key, condition: &str) -> &mut Self {
        let check = ConditionCheck::builder()
            .table_name(&*self.scope.table().name)
            .set_key(Some(codec::key_attributes(key)))
            .condition_expression(condition)
            .build();
        self.push(check.map(|check| TransactWriteItem::builder().condition_check(check).build()), OnConflict::Race)
    }

    /// Tells the world, once this is written.
    pub fn emit(&mut self, event: Event) -> &mut Self {
        let at = self.scope.now();
        let id = EventId::new(at, self.scope.random());
        let organization = self.scope.tenant().organization();
        self.create(&OutboxEvent { envelope: Envelope { id, organization, at, event } })
    }

    /// Takes the next number of a series, `IF next = n`; one after the other where several are taken in one act.
    pub fn take_number(&mut self, series: &str, read: Option<&Stored<Sequence>>) -> String {
        if let Some((_, current)) = self.sequences.iter_mut().find(|(_, current)| current.series == series) {
            return current.take();
        }
        let mut current = read.map_or_else(|| Sequence { series: series.into(), next: 1 }, |read| read.value.clone());
        let number = current.take();
        self.sequences.push((read.cloned(), current));
        number
    }

    /// Appends to the tenant's ledger, behind what this act appended before.
    pub fn append_to_ledger(
        &mut self,
        head: Option<&Stored<LedgerHead>>,
        kind: LedgerKind,
        number: &str,
        content: serde_json::Value,
    ) -> &mut Self {
        let (read, current) = self
            .ledger
            .take()
            .unwrap_or_else(|| (head.cloned(), head.map(|head| head.value.clone()).unwrap_or_default()));
        match current.next(self.scope.now(), kind, number, content) {
            Ok(entry) => {
                self.create(&entry);
                self.appended = Some(entry.position);
                self.ledger = Some((read, current.after(&entry)));
                self
            }
            Err(error) => self.failed(error),
        }
    }

    /// Adds to sums. `patch` is [`Patch::tally`] with what the item says besides.
    pub fn tally(&mut self, key: Key, patch: Patch, sums: &[(&'static str, i64)]) -> &mut Self {
        let at = self.tallies.iter().position(|(known, ..)| *known == key).unwrap_or_else(|| {
            self.tallies.push((key, patch, BTreeMap::new()));
            self.tallies.len() - 1
        });
        if let Some((.., known)) = self.tallies.get_mut(at) {
            for (name, by) in sums {
                *known.entry(name).or_default() += by;
            }
        }
        self
    }

    /// How many writes there is room for, beside those that come with every act.
    pub fn room(&self) -> usize {
        // The head of the ledger, and the event that tells of it.
        let ledger = usize::from(self.ledger.is_some()) + usize::from(self.appended.is_some());
        let closing = self.sequences.len() + ledger + self.tallies.len();
        // The audit entry and the record of the outcome.
        WRITES_MAX.saturating_sub(self.writes.len() + closing + 2)
    }

    /// Appends the closing of a period, made on this head; `closed` is how far the ledger is closed with it.
    pub fn close_period(
        &mut self,
        head: &Stored<LedgerHead>,
        closing: &LedgerEntry,
        closed: Closed,
        look_on: Option<Date>,
    ) -> &mut Self {
        self.create(closing);
        self.ledger = Some((Some(head.clone()), LedgerHead { closed, look_on, ..head.after(closing) }));
        self
    }

    /// Writes what this act took of the series, left of the ledger and added to sums.
    fn close(&mut self) {
        for (_, patch, sums) in std::mem::take(&mut self.tallies) {
            let patch = sums.into_iter().fold(patch, |patch, (name, by)| patch.add(name, by));
            self.patch(patch);
        }
        for (read, sequence) in std::mem::take(&mut self.sequences) {
            self.save(read.as_ref(), &sequence);
        }
        if let Some((read, head)) = self.ledger.take() {
            self.save(read.as_ref(), &head);
        }
        if let Some(position) = self.appended.take() {
            self.emit(Event::LedgerAppended { position });
        }
    }

    fn note<T: Item>(&mut self, operation: Operation, before: Option<&T>, after: Option<&T>) {
        match Change::of(operation, before, after) {
            Ok(change) => self.noted(change),
            Err(error) => drop(self.failed(error)),
        }
    }

    fn noted(&mut self, change: Option<Change>) {
        if let Some(entry) = &mut self.entry {
            entry.changed.extend(change);
        }
    }

    fn put<T: Item>(
        &mut self,
        item: &T,
        version: u64,
        condition: &str,
        expected: Option<u64>,
        on_conflict: OnConflict,
    ) -> &mut Self {
        self.put_in(self.keys(), item, version, condition, expected, on_conflict)
    }

    fn put_in<T: Item>(
        &mut self,
        keys: TenantKeys,
        item: &T,
        version: u64,
        condition: &str,
        expected: Option<u64>,
        on_conflict: OnConflict,
    ) -> &mut Self {
        match codec::encode(item, keys, version) {
            Ok(attributes) => {
                let put = Put::builder()
                    .table_name(&*self.scope.table().name)
                    .set_item(Some(attributes))
                    .condition_expression(condition)
                    .set_expression_attribute_values(
                        expected.map(|v| [(":v".into(), AttributeValue::N(v.to_string()))].into()),
                    )
                    .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::None)
                    .build();
                self.push(put.map(|put| TransactWriteItem::builder().put(put).build()), on_conflict)
            }
            Err(error) => self.failed(error),
        }
    }

    fn push<E: std::fmt::Display>(
        &mut self,
        write: std::result::Result<TransactWriteItem, E>,
        on_conflict: OnConflict,
    ) -> &mut Self {
        match write {
            Ok(write) => {
                self.writes.push((write, on_conflict));
                self
            }
            Err(error) => self.failed(Error::internal(error)),
        }
    }

    /// The first fault of building is told at commit, so that building reads as a list.
    fn failed(&mut self, error: Error) -> &mut Self {
        self.fault.get_or_insert(error);
        self
    }

    /// Stores the outcome for a repetition of the request.
    pub(crate) fn remember<T: Serialize>(&mut self, outcome: &T) -> Result<()> {
        if let Idempotency::Claimed(claim) = self.scope.idempotency() {
            let outcome = serde_json::to_string(outcome).map_err(Error::internal)?;
            let (home, record) = (claim.home, claim.record(outcome, self.scope.now()));
            self.put_in(home, &record, 1, "attribute_not_exists(pk)", None, OnConflict::Done);
        }
        Ok(())
    }

    /// Writes it all; `Ok(Err(lost))` where a condition did not hold.
    pub(crate) async fn commit(mut self) -> Result<std::result::Result<(), Lost>> {
        self.close();
        if let Some(mut entry) = self.entry.take() {
            (entry.changed, entry.omitted) = changes::fitted(std::mem::take(&mut entry.changed));
            self.put(&entry, 1, "attribute_not_exists(pk)", None, OnConflict::Race);
        }
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        if self.writes.is_empty() {
            return Ok(Ok(()));
        }
        if self.writes.len() > WRITES_MAX {
            return Err(Error::internal(format!("{} writes in one transaction", self.writes.len())));
        }
        let (writes, meanings): (Vec<_>, Vec<_>) = self.writes.into_iter().unzip();
        meter::count();
        let sent =
            self.scope.table().client.transact_write_items().set_transact_items(Some(writes)).send().await.map(drop);
        match sent {
            Ok(()) => Ok(Ok(())),
            Err(error) => match lost(&error, &meanings) {
                Some(lost) => Ok(Err(lost)),
                None => Err(failure(error)),
            },
        }
    }
}

/// Reads the reasons of a cancelled transaction. A done request or a taken name says more than a race, so
/// they win.
fn lost<R>(error: &SdkError<TransactWriteItemsError, R>, meanings: &[OnConflict]) -> Option<Lost> {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
        return None;
    };
    let mut raced = false;
    let mut taken = None;
    for (reason, meaning) in cancelled.cancellation_reasons().iter().zip(meanings) {
        match (reason.code(), meaning) {
            (Some("ConditionalCheckFailed"), OnConflict::Done) => return Some(Lost::Done),
            (Some("ConditionalCheckFailed"), OnConflict::Taken(error)) => taken = Some(error()),
            (
                Some(
                    "ConditionalCheckFailed"
                    | "TransactionConflict"
                    | "ThrottlingError"
                    | "ProvisionedThroughputExceeded",
                ),
                _,
            ) => raced = true,
            _ => {}
        }
    }
    taken.map(Lost::Taken).or(raced.then_some(Lost::Race))
}

/// How often an act is tried again on a fresh reading.
const ATTEMPTS_MAX: u32 = 40;

/// Waits before another attempt: full jitter, so that writers of one tenant spread out.
pub(crate) async fn wait_before(attempt: u32, random: u128) -> bool {
    if attempt >= ATTEMPTS_MAX {
        return false;
    }
    let ceiling = (4_u64 << attempt.min(6)).min(250);
    let pause = (random % u128::from(ceiling)) as u64;
    tokio::time::sleep(Duration::from_millis(1 + pause)).await;
    true
}
