//! What the worker does of what was asked for. A message may come several times: each run writes the whole file anew under
//! the same key, and the first to note its end is believed.

use cloud::{Archive, Deps, Parts};
use kernel::{
    Error, Result,
    id::{ExportId, JobId},
    reference::OrganizationReference,
};
use table::{Scope, keys, ledger::LedgerHead};

use super::{
    AccountPlan, Job, Jobs, Progress, Task, archive,
    formats::{Format, Writer},
    job::KEPT,
    source::Source,
};
use crate::ledger;

pub async fn run_job(deps: &Deps, scope: &Scope, id: JobId) -> Result<()> {
    let keys = scope.keys();
    let found =
        scope.get_many(&[keys.organization(), keys.accounting_jobs(), keys.account_plan(), keys.ledger_head()]).await?;
    let organization = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?.value;
    let jobs = found.get::<Jobs>(&keys.accounting_jobs())?.ok_or(Error::NotFound)?;
    let plan = found.get::<AccountPlan>(&keys.account_plan())?.map(|plan| plan.value).unwrap_or_default();
    let of = found.get::<LedgerHead>(&keys.ledger_head())?.map_or(0, |head| head.position);
    let Some(job) = jobs.find(id).cloned() else { return Ok(()) };
    if organization.deletion.is_some() || !job.standing(scope.now()).is_under_way() {
        return Ok(());
    }
    let run = Run { deps, scope, organization: &organization, plan: &plan, job: &job, of };
    let ended = match run.task().await {
        Ok(ended) => ended,
        // What is not there now may be there when the message comes again.
        Err(error @ Error::Unavailable { .. }) => return Err(error),
        Err(error) => {
            tracing::error!(job = %id, %error, ?error, "a job failed");
            let reason = "Le journal et les documents ne concordent pas\u{a0}: lancez la vérification du journal.";
            Progress::Failed { at: scope.now(), reason: reason.into() }
        }
    };
    note(scope, id, ended).await
}

/// False where it came to its end before.
async fn note(scope: &Scope, id: JobId, progress: Progress) -> Result<()> {
    scope
        .write(|| async {
            let mut transaction = scope.begin("run_job", id);
            let read = scope.get::<Jobs>(&scope.keys().accounting_jobs()).await?.ok_or(Error::NotFound)?;
            match read.moved(id, progress.clone()) {
                Some(moved) => drop(transaction.update(&read, &moved)),
                None => transaction = transaction.nothing(),
            }
            Ok((transaction, ()))
        })
        .await
}

/// Progress is told once in so many entries, at the end of a page of so many.
const TOLD_EACH: u64 = 5_000;
const PAGE: u64 = 500;

/// One job under way.
pub struct Run<'a> {
    pub deps: &'a Deps,
    pub scope: &'a Scope,
    pub organization: &'a OrganizationReference,
    pub plan: &'a AccountPlan,
    pub job: &'a Job,
    /// How many entries the ledger had when it began.
    pub of: u64,
}

impl Run<'_> {
    async fn task(&self) -> Result<Progress> {
        match self.job.task {
            Task::Entries { format, from, to } => {
                let parts = self.begin().await?;
                let bytes = self.entries(parts, format, from, to).await?;
                Ok(self.ready(bytes))
            }
            Task::Archive { .. } => {
                let parts = self.begin().await?;
                let at = self.scope.now().to_zoned(self.organization.zone()).datetime();
                let bytes = archive::write(self, Archive::new(parts, at)).await?;
                Ok(self.ready(bytes))
            }
            Task::Verification => {
                let report = ledger::verify_ledger(self.deps, self.scope, |done| self.told(done)).await?;
                Ok(Progress::Verified { at: self.scope.now(), report })
            }
        }
    }

    /// Noted from time to time only: each is an act.
    pub async fn told(&self, done: u64) -> Result<()> {
        if done % TOLD_EACH >= PAGE && done > 0 {
            return Ok(());
        }
        note(self.scope, self.job.id, Progress::Running { done, of: self.of.max(done) }).await
    }

    async fn begin(&self) -> Result<Parts> {
        self.told(0).await?;
        let key = keys::export_s3_key(self.organization.id, ExportId::from_ulid(self.job.id.ulid()));
        self.deps.files.begin_parts(&key, self.job.task.media_type()).await
    }

    fn siren(&self) -> String {
        self.organization.legal.siret.iter().flat_map(|siret| siret.chars()).take(9).collect()
    }

    fn ready(&self, bytes: u64) -> Progress {
        let at = self.scope.now();
        let expires_at = at.saturating_add(KEPT).unwrap_or(jiff::Timestamp::MAX);
        Progress::Ready { at, bytes, file_name: self.job.task.file_name(&self.siren()), expires_at }
    }

    async fn entries(
        &self,
        mut parts: Parts,
        format: Format,
        from: jiff::civil::Date,
        to: jiff::civil::Date,
    ) -> Result<u64> {
        let mut writer = Writer::new(format);
        let mut pending = writer.header();
        let mut sent = 0;
        let mut source = Source::new(self.scope, self.organization, self.plan, (from, to)).await?;
        while let Some((entries, done)) = source.next().await? {
            for entry in &entries {
                pending.extend(writer.entry(entry));
            }
            if pending.len() >= cloud::PART_BYTES {
                sent += pending.len() as u64;
                parts.send(std::mem::take(&mut pending)).await?;
            }
            self.told(done).await?;
        }
        sent += pending.len() as u64;
        parts.send(pending).await?;
        parts.finish().await?;
        Ok(sent)
    }
}
