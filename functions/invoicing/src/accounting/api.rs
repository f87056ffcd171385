//! `/api/v1/accounting`

use std::collections::BTreeMap;

use axum::Json as Plain;
use http::StatusCode;
use jiff::{Timestamp, civil::Date};
use kernel::{
    Error,
    id::{ExportId, JobId},
};
use serde::Serialize;
use table::{Stored, keys};
use web::{Answer, Asker, Failure, Id, IfMatch, Json, seen};

use super::{
    AccountPlan, Job, JobInput, Progress,
    plan::{AccountPlanInput, USES},
};
use crate::{document::DownloadView, ledger::check::Report};

#[derive(Serialize, utoipa::ToSchema)]
pub struct AccountPlanView {
    year_end_month: i8,
    /// The account or journal of every use.
    accounts: BTreeMap<&'static str, String>,
}

impl AccountPlanView {
    fn answer(plan: &Stored<AccountPlan>) -> Answer<Self> {
        let accounts = USES.iter().map(|usage| (usage.name, plan.of(usage).to_owned())).collect();
        seen(Self { year_end_month: plan.year_end_month, accounts }, plan.version)
    }
}

/// The accounts and journals that accounting files use, and the month with which the financial year ends.
#[utoipa::path(get, path = "/api/v1/accounting/plan", tag = "invoicing", operation_id = "show_account_plan",
    responses((status = 200, body = AccountPlanView)))]
pub async fn show_account_plan(asker: Asker) -> Result<Answer<AccountPlanView>, Failure> {
    Ok(AccountPlanView::answer(&super::read_plan(&asker.scope).await?))
}

/// Replaces it. What is left out is as usual in the plan comptable général.
#[utoipa::path(put, path = "/api/v1/accounting/plan", tag = "invoicing", operation_id = "edit_account_plan",
    request_body = AccountPlanInput, responses((status = 200, body = AccountPlanView)))]
pub async fn edit_account_plan(
    asker: Asker,
    IfMatch(version): IfMatch,
    Json(input): Json<AccountPlanInput>,
) -> Result<Answer<AccountPlanView>, Failure> {
    Ok(AccountPlanView::answer(&super::edit_plan(&asker.scope, &input, version).await?))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct JobView {
    /// `job_…`
    #[schema(value_type = String)]
    id: JobId,
    #[schema(value_type = String, format = DateTime)]
    requested_at: Timestamp,
    requested_by: String,
    /// `fec`, `entries`, `archive` or `verification`.
    task: &'static str,
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// `requested`, `running`, `ready`, `verified`, `failed`, `expired` or `interrupted`.
    status: &'static str,
    /// While it is running: entries of the ledger that are done, and about how many there are.
    done: Option<u64>,
    of: Option<u64>,
    /// While its file can be downloaded.
    file_name: Option<String>,
    bytes: Option<u64>,
    /// Of a verification that is done.
    report: Option<Report>,
    /// Why it failed, in French.
    reason: Option<String>,
}

impl JobView {
    fn of(asker: &Asker, job: &Job) -> Self {
        let now = asker.scope.now();
        let (from, to) = job.task.period().unzip();
        let (file_name, bytes) = job.file(now).map(|(name, bytes)| (name.to_owned(), bytes)).unzip();
        let (done, of) = match job.progress {
            Progress::Running { done, of } => (Some(done), Some(of)),
            _ => (None, None),
        };
        let (report, reason) = match &job.progress {
            Progress::Verified { report, .. } => (Some(report.clone()), None),
            Progress::Failed { reason, .. } => (None, Some(reason.clone())),
            _ => (None, None),
        };
        Self {
            id: job.id,
            requested_at: job.requested_at,
            requested_by: job.requested_by.clone(),
            task: job.task.name(),
            from,
            to,
            status: job.standing(now).code(),
            done,
            of,
            file_name,
            bytes,
            report,
            reason,
        }
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct JobList {
    /// The newest first.
    items: Vec<JobView>,
}

/// The files and verifications that were asked for lately.
#[utoipa::path(get, path = "/api/v1/accounting/jobs", tag = "invoicing", operation_id = "list_jobs",
    responses((status = 200, body = JobList)))]
pub async fn list_jobs(asker: Asker) -> Result<Plain<JobList>, Failure> {
    let jobs = super::list_jobs(&asker.scope).await?;
    Ok(Plain(JobList { items: jobs.recent.iter().map(|job| JobView::of(&asker, job)).collect() }))
}

/// Asks for the FEC of a financial year, entries in the format of an accounting package, an archive, or a verification of
/// the ledger: one of each at a time. A file is kept for seven days.
#[utoipa::path(post, path = "/api/v1/accounting/jobs", tag = "invoicing", operation_id = "request_job",
    request_body = JobInput, responses((status = 202, body = JobView)))]
pub async fn request_job(asker: Asker, Json(input): Json<JobInput>) -> Result<(StatusCode, Plain<JobView>), Failure> {
    let job = super::request_job(&asker.scope, &asker.organization, &asker.name, &input).await?;
    Ok((StatusCode::ACCEPTED, Plain(JobView::of(&asker, &job))))
}

/// How far one is, and what it found.
#[utoipa::path(get, path = "/api/v1/accounting/jobs/{id}", tag = "invoicing", operation_id = "show_job",
    params(("id" = String, Path, description = "`job_…`")), responses((status = 200, body = JobView)))]
pub async fn show_job(asker: Asker, Id(id): Id<JobId>) -> Result<Plain<JobView>, Failure> {
    let jobs = super::list_jobs(&asker.scope).await?;
    Ok(Plain(JobView::of(&asker, jobs.find(id).ok_or(Error::NotFound)?)))
}

/// A link to its file, once it is ready.
#[utoipa::path(get, path = "/api/v1/accounting/jobs/{id}/file", tag = "invoicing", operation_id = "download_job",
    params(("id" = String, Path, description = "`job_…`")), responses((status = 200, body = DownloadView)))]
pub async fn download_job(asker: Asker, Id(id): Id<JobId>) -> Result<Plain<DownloadView>, Failure> {
    Ok(Plain(link(&asker, id).await?))
}

/// A job that has no file, or has it no longer, is no file.
pub async fn link(asker: &Asker, id: JobId) -> kernel::Result<DownloadView> {
    let jobs = super::list_jobs(&asker.scope).await?;
    let job = jobs.find(id).ok_or(Error::NotFound)?;
    let (file_name, _) = job.file(asker.scope.now()).ok_or(Error::NotFound)?;
    let key = keys::export_s3_key(asker.organization.id, ExportId::from_ulid(id.ulid()));
    let url = asker.deps().files.signed_link(&key, file_name, job.task.media_type()).await?;
    Ok(DownloadView { url, file_name: file_name.into() })
}
