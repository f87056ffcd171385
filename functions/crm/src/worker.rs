//! The worker of the CRM: what takes longer than a request may (files of records, in and out; two records that become one),
//! what follows from an act (a new name, an erasure, a file that is gone, others that may be the same), and what the clock
//! makes due.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use cloud::{Deps, worker};
use kernel::{
    Error, Result,
    event::{Event, Person},
};
use table::Scope;

use crate::{
    activity, attached,
    company::Company,
    contact::{self, Contact},
    duplicate, exchange, import, merge,
    opportunity::{self, Opportunity},
    record::Record,
};

pub async fn handle(deps: Deps, event: SqsEvent) -> Result<SqsBatchResponse> {
    let site = deps.config.public_url.as_str();
    let deps = &deps;
    Ok(worker::each(deps, "crm", event, |scope, envelope| async move {
        match envelope.event {
            Event::ImportRequested { import } => import::run_import(deps, &scope, import).await,
            Event::RecordExportRequested { export } => exchange::write_record_export(deps, &scope, export).await,
            Event::ContactErased { contact } => {
                Box::pin(forget(&scope, Record::Contact(contact))).await?;
                Box::pin(contact::redact_log(&scope, Person::Contact(contact))).await?;
                Box::pin(look_again(&scope, Record::Contact(contact))).await
            }
            Event::ClientErased { client } => {
                contact::forget_employer(&scope, client).await?;
                Box::pin(forget(&scope, Record::Company(client))).await?;
                Box::pin(contact::redact_log(&scope, Person::Client(client))).await?;
                Box::pin(look_again(&scope, Record::Company(client))).await
            }
            Event::RecordRenamed { record } => {
                let record = record.parse::<Record>().map_err(|_| Error::internal("not a record of ours"))?;
                opportunity::renamed(&scope, record).await?;
                match name_of(&scope, record).await? {
                    Some(name) => activity::renamed(&scope, record, &name).await,
                    None => Ok(()),
                }
            }
            Event::RecordDeleted { record } => {
                let record = record.parse::<Record>().map_err(|_| Error::internal("not a record of ours"))?;
                activity::forgotten(&scope, record).await?;
                attached::forget_files(&scope, record).await?;
                duplicate::note_record(&scope, record).await?;
                merge::forget_deleted(&scope, record).await
            }
            Event::ActivityDue { activity } => activity::remind_activity(&scope, site, activity).await,
            Event::AttachedDeleted { file } => attached::forget_versions(deps, &scope, file).await,
            Event::RecordChanged { record } => match record.parse() {
                Ok(record) => match duplicate::note_record(&scope, record).await? {
                    true => Ok(()),
                    false => merge::forget_deleted(&scope, record).await,
                },
                Err(_) => Err(Error::internal(format!("no record: {record}"))),
            },
            Event::DuplicateSearchRequested {} => duplicate::run_search(&scope).await,
            Event::MergeRequested { merge } => Box::pin(merge::run_merge(&scope, merge)).await,
            other => Err(Error::internal(format!("not for this worker: {other:?}"))),
        }
    })
    .await)
}

/// As a record is called by now; none where it is gone.
async fn name_of(scope: &Scope, record: Record) -> Result<Option<String>> {
    let keys = scope.keys();
    Ok(match record {
        Record::Company(id) => scope.get::<Company>(&keys.company(id)).await?.map(|read| read.value.name),
        Record::Contact(id) => scope.get::<Contact>(&keys.contact(id)).await?.map(|read| read.person.name()),
        Record::Opportunity(id) => scope.get::<Opportunity>(&keys.opportunity(id)).await?.map(|read| read.value.name),
    })
}

/// What stands around a record of whom somebody was erased, and would tell of them.
async fn forget(scope: &Scope, record: Record) -> Result<()> {
    opportunity::renamed(scope, record).await?;
    activity::forgotten(scope, record).await?;
    attached::forget_files(scope, record).await?;
    duplicate::note_record(scope, record).await?;
    merge::forget_merges(scope, record).await
}

/// As of a record that was deleted, once more and later: the list of activities about it, an index, may not have had yet
/// what was added just before.
async fn look_again(scope: &Scope, record: Record) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("look_again", record);
            transaction.emit(Event::RecordDeleted { record: record.to_string() });
            Ok((transaction.untold(), ()))
        })
        .await
}
