//! Time that employees worked for clients, as it was approved: each stretch of it becomes an entry of its own. Which one
//! follows from the stretch, and what is published is read afresh, so whatever comes twice, late or in another order
//! changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    Error, Result,
    id::{CompanyId, EmployeeId, SpanId, TimeEntryId},
    legal,
    reference::{Billable, BillableWeek, ClientReference, OrganizationReference, VatRegime},
};
use rust_decimal::Decimal;
use table::{Scope, Stored, meter::side_by_side};

use super::{TimeEntry, store::read_all};
use crate::client::{self, Client};

/// The entry that a stretch of time becomes.
const fn entry_of(span: SpanId) -> TimeEntryId {
    TimeEntryId::from_ulid(span.ulid())
}

/// How many entries are written at once: what fits into one transaction with the clients that they name.
const AT_ONCE: usize = 30;

/// What is to be done with one entry.
enum Step<'a> {
    Add(TimeEntry),
    Change(&'a Stored<TimeEntry>, TimeEntry),
    Remove(&'a Stored<TimeEntry>),
}

/// Takes a week over, on what is published of it. What stands on an invoice stays there as it is; what is approved no more
/// goes, unless it does. A client who is no more, or is archived, gets nothing new.
pub async fn take_over_time(scope: &Scope, employee: EmployeeId, week: &str) -> Result<()> {
    while take_over_some(scope, employee, week).await? {}
    Ok(())
}

/// Whether there was something left to do.
async fn take_over_some(scope: &Scope, employee: EmployeeId, week: &str) -> Result<bool> {
    let keys = scope.keys();
    scope
        .write(|| async {
            let mut transaction = scope.begin("take_over_time", employee);
            let published = scope.get::<BillableWeek>(&keys.billable_week(employee, week)).await?;
            let Some(published) = published else { return Ok((transaction.nothing(), false)) };
            let ids = published.entries.iter().map(|entry| entry.id).chain(published.withdrawn.iter().copied());
            let ids: Vec<TimeEntryId> = ids.map(entry_of).collect();
            let mut wanted = vec![keys.organization()];
            wanted.extend(published.entries.iter().map(|entry| keys.client_reference(entry.client)));
            let (known, found) = side_by_side(read_all(scope, &ids), scope.get_many(&wanted)).await;
            let (known, found) = (known?, found?);
            let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?.value;
            let clients: BTreeMap<CompanyId, Client> =
                found.all::<ClientReference>()?.into_iter().map(|client| (client.id, client.into())).collect();
            let today = organization.day(scope.now());
            let steps = steps(&published, &known, |billable| {
                let client = clients.get(&billable.client)?;
                let entry = worked(&published, billable, client, &organization, today);
                Some((TimeEntry { created_at: scope.now(), ..entry }, client.reference.archived))
            });
            if steps.is_empty() {
                return Ok((transaction.nothing(), false));
            }
            let mut named = BTreeSet::new();
            for step in steps.into_iter().take(AT_ONCE) {
                match step {
                    Step::Add(entry) => {
                        named.insert(entry.client);
                        transaction.create(&entry);
                    }
                    Step::Change(before, entry) => {
                        if entry.client != before.client {
                            named.insert(entry.client);
                        }
                        transaction.update(before, &entry);
                    }
                    Step::Remove(before) => drop(transaction.delete(before)),
                }
            }
            for client in named {
                client::note(&mut transaction, client);
            }
            // Whoever is approved meanwhile is taken over with what is published then.
            transaction.check(&keys.billable_week(employee, week), published.version);
            Ok((transaction, true))
        })
        .await
}

/// `entry` gives what a stretch of time is as an entry, and whether nothing new is made for its client; none where there is no
/// such client.
fn steps<'a>(
    published: &BillableWeek,
    known: &'a [Stored<TimeEntry>],
    entry: impl Fn(&Billable) -> Option<(TimeEntry, bool)>,
) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    for billable in &published.entries {
        let before = known.iter().find(|entry| entry.id == entry_of(billable.id));
        let Some((entry, is_archived)) = entry(billable) else { continue };
        match before {
            None if is_archived => {}
            None => steps.push(Step::Add(entry)),
            Some(before) if before.invoice.is_some() => {}
            Some(before) => {
                // What invoicing changed of it stays: its price, its rate, who did it.
                let kept = before.client_name.clone();
                let client_name = if entry.client == before.client { kept } else { entry.client_name };
                let changed = TimeEntry {
                    client: entry.client,
                    client_name,
                    worked_on: entry.worked_on,
                    minutes: entry.minutes,
                    description: entry.description,
                    ..before.value.clone()
                };
                if changed != before.value {
                    steps.push(Step::Change(before, changed));
                }
            }
        }
    }
    let is_withdrawn = |entry: &&Stored<TimeEntry>| published.withdrawn.iter().any(|id| entry_of(*id) == entry.id);
    let gone = known.iter().filter(is_withdrawn).filter(|entry| entry.invoice.is_none());
    steps.extend(gone.map(Step::Remove));
    steps
}

fn worked(
    week: &BillableWeek,
    billable: &Billable,
    client: &Client,
    organization: &OrganizationReference,
    today: jiff::civil::Date,
) -> TimeEntry {
    let rates = legal::vat_rates(today).iter().map(|rate| rate.value).max().unwrap_or_default();
    let content = super::TimeContent {
        worked_on: billable.worked_on,
        minutes: billable.minutes,
        description: billable.description.clone(),
        hourly_price: billable.hourly_price.unwrap_or(Decimal::ZERO),
        vat_percent: if organization.vat_regime == VatRegime::Franchise { Decimal::ZERO } else { rates },
    };
    TimeEntry::new(
        entry_of(billable.id),
        jiff::Timestamp::UNIX_EPOCH,
        client,
        week.user,
        organization.currency,
        content,
    )
}
