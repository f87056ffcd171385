//! The items of accounting: the plan, and what was asked of the worker.

use table::{Audit, Item, Key, TenantKeys};

use super::{AccountPlan, Jobs};

impl Item for AccountPlan {
    const TYPE: &'static str = "account_plan";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.account_plan()
    }
}

/// One item for all of them, so that of two who ask for the same thing at the same time one is refused.
impl Item for Jobs {
    const TYPE: &'static str = "accounting_jobs";
    /// Each act names the job that it is about.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.accounting_jobs()
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use kernel::id::{JobId, OrganizationId};
    use serde_json::json;
    use table::item::golden;
    use ulid::Ulid;

    use super::*;
    use crate::accounting::{Format, Job, Progress, Task};

    fn keys() -> TenantKeys {
        TenantKeys::of(OrganizationId::from_ulid(Ulid(1)))
    }

    #[test]
    fn a_plan_as_it_is_stored() {
        let plan = AccountPlan { year_end_month: 6, accounts: [("clients".into(), "411100".into())].into() };
        assert_eq!(
            golden(&plan, keys()).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#ACCOUNTING", "sk": "PLAN", "type": "account_plan", "v": 1,
                "year_end_month": 6, "accounts": { "clients": "411100" },
            })
        );
    }

    #[test]
    fn jobs_as_they_are_stored() {
        let job = |n, task, progress| Job {
            id: JobId::from_ulid(Ulid(n)),
            requested_at: Timestamp::UNIX_EPOCH,
            requested_by: "Camille".into(),
            task,
            progress,
        };
        let entries = Task::Entries { format: Format::Csv, from: date(2026, 1, 1), to: date(2026, 1, 31) };
        let archive = Task::Archive { from: None, to: date(2026, 1, 31) };
        let recent = vec![job(2, entries, Progress::Running { done: 5, of: 9 }), job(1, archive, Progress::Requested)];
        assert_eq!(
            golden(&Jobs { recent }, keys()).unwrap(),
            json!({
                "pk": "ORG#00000000000000000000000001#ACCOUNTING", "sk": "JOBS", "type": "accounting_jobs", "v": 1,
                "recent": [
                    {
                        "id": "job_00000000000000000000000002", "requested_at": "1970-01-01T00:00:00Z",
                        "requested_by": "Camille",
                        "task": { "task": "entries", "format": "csv", "from": "2026-01-01", "to": "2026-01-31" },
                        "progress": { "state": "running", "done": 5, "of": 9 },
                    },
                    {
                        "id": "job_00000000000000000000000001", "requested_at": "1970-01-01T00:00:00Z",
                        "requested_by": "Camille", "task": { "task": "archive", "to": "2026-01-31" },
                        "progress": { "state": "requested" },
                    },
                ],
            })
        );
    }
}
