//! Asking for a file, an archive or a verification: the worker does it.

use kernel::{Error, Result, error::Conflict, event::Event, id::JobId, reference::OrganizationReference};
use table::Scope;

use super::{AccountPlan, Format, Job, JobInput, Jobs, Progress, Task};

pub async fn request_job(
    scope: &Scope,
    organization: &OrganizationReference,
    by: &str,
    input: &JobInput,
) -> Result<Job> {
    let keys = scope.keys();
    let id = scope.new_id(JobId::new);
    scope
        .write(|| async {
            let found = scope.get_many(&[keys.accounting_jobs(), keys.account_plan()]).await?;
            let plan = found.get::<AccountPlan>(&keys.account_plan())?.map(|plan| plan.value).unwrap_or_default();
            let task = input.parse(&plan, scope.clock().today(&organization.zone()))?;
            // The file is named after the SIREN.
            if matches!(task, Task::Entries { format: Format::Fec, .. }) && organization.legal.siret.is_none() {
                return Err(Error::Conflict(Conflict::SellerIncomplete));
            }
            let former = found.get::<Jobs>(&keys.accounting_jobs())?;
            let current = former.as_ref().map(|former| former.value.clone()).unwrap_or_default();
            let requested_at = scope.now();
            let job = Job { id, requested_at, requested_by: by.into(), task, progress: Progress::Requested };
            let requested = current.requested(job.clone(), requested_at)?;
            let mut transaction = scope.begin("request_job", id);
            transaction.save(former.as_ref(), &requested).emit(Event::JobRequested { job: id });
            Ok((transaction, job))
        })
        .await
}

pub async fn list_jobs(scope: &Scope) -> Result<Jobs> {
    let found = scope.get::<Jobs>(&scope.keys().accounting_jobs()).await?;
    Ok(found.map(|found| found.value).unwrap_or_default())
}
