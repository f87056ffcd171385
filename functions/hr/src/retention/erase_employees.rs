//! Erasing the files of those who left long ago: each is an act of its own. The act leaves nothing of them in the file; the worker
//! removes what stands beside it, in steps, and then the file.

use kernel::{Error, Result, Rule, Violations, error::Conflict, event::Event, id::EmployeeId, page::PageRequest};
use serde::Deserialize;
use table::{
    Order, Scope, Stored,
    idempotency::Idempotency,
    meter::{self, side_by_side},
};
use web::Asker;

use super::model::is_due;
use crate::{
    employee::{Employee, EmployeeNumber, EmployeeOf, everybody},
    expense::{ExpenseReport, ReportState},
    paper::erase_papers,
};

/// As many as are done in one request.
const CHOSEN_MAX: usize = 10;
/// How many items one step changes.
const STEP_MAX: usize = 80;

/// The boxes that were checked; the same for the form and the API.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ErasureInput {
    /// `emp_…`, 10 at most.
    #[serde(deserialize_with = "web::form::column")]
    pub employees: Vec<String>,
}

impl ErasureInput {
    fn parse(&self) -> Result<Vec<EmployeeId>, Violations> {
        let mut wrong = Violations::default();
        let chosen = match self.employees.len() {
            0 => Err(Rule::Required),
            count if count > CHOSEN_MAX => Err(Rule::TooMany { max: CHOSEN_MAX }),
            _ => self.employees.iter().map(|id| id.parse().map_err(|_| Rule::NotAnId)).collect(),
        };
        let mut chosen: Vec<EmployeeId> = wrong.take("/employees", chosen).ok_or(wrong)?;
        chosen.sort_unstable();
        chosen.dedup();
        Ok(chosen)
    }
}

/// How many are erased now. Whose file is not due stays, and is told; who is gone already is passed over.
pub async fn erase_employees(asker: &Asker, input: &ErasureInput) -> Result<usize> {
    let chosen = input.parse()?;
    let asker = &Asker { scope: asker.scope.clone().with_idempotency(Idempotency::None), ..asker.clone() };
    let mut erased = 0;
    for done in meter::all_at_once(chosen.into_iter().map(|id| erase_employee(asker, id))).await {
        match done {
            Ok(()) => erased += 1,
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(erased)
}

async fn erase_employee(asker: &Asker, id: EmployeeId) -> Result<()> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let key = keys.employee(id);
    scope
        .write(|| async {
            let (read, all) = side_by_side(scope.get::<Employee>(&key), everybody(scope)).await;
            let (read, all) = (read?.filter(|read| read.erased_at.is_none()).ok_or(Error::NotFound)?, all?);
            if !is_due(&read, asker.today()) {
                return Err(Error::Conflict(Conflict::EmployeeKept));
            }
            let number = read.number_claim().number;
            let mut transaction = scope.begin("erase_employee", id);
            transaction.redact(&read, &read.erased(scope.now())).emit(Event::EmployeeErased { employee: id });
            transaction.forget::<EmployeeNumber>(|keys| keys.employee_number(&number));
            if let Some(user) = read.user {
                transaction.forget::<EmployeeOf>(|keys| keys.employee_of(user));
            }
            // Whom they were above has nobody there any more.
            for below in all.iter().filter(|other| other.manager == Some(id)).take(STEP_MAX) {
                transaction.update(below, &Employee { manager: None, ..below.value.clone() });
            }
            Ok((transaction, ()))
        })
        .await
}

/// The worker's part: documents with what the bucket has of them, reports that were never approved, whatever else stands beside
/// the file, and last the file. What was approved stays, under the number: it proves an expense of the organization's (C. com.
/// L123-22). Done twice, or again after it was stopped, it finds the rest.
pub async fn forget_employee(scope: &Scope, id: EmployeeId) -> Result<()> {
    let key = scope.keys().employee(id);
    // Of somebody who was not erased nothing is removed, whatever the event says.
    if scope.get::<Employee>(&key).await?.is_none_or(|read| read.erased_at.is_none()) {
        return Ok(());
    }
    erase_papers(scope, id).await?;
    erase_reports(scope, id).await?;
    erase_beside(scope, id).await?;
    scope
        .write(|| async {
            let mut transaction = scope.begin("forget_employee", id);
            let Some(read) = scope.get::<Employee>(&key).await? else { return Ok((transaction.nothing(), ())) };
            transaction.erase(&read);
            Ok((transaction, ()))
        })
        .await
}

async fn erase_reports(scope: &Scope, id: EmployeeId) -> Result<()> {
    let list = scope.keys().expense_reports(Some(id));
    let mut page = PageRequest { limit: 100, cursor: None };
    loop {
        let read = scope.list::<ExpenseReport>(&list, &page, Order::Ascending).await?;
        for report in read.items {
            if matches!(report.state, ReportState::Draft | ReportState::Submitted | ReportState::Refused) {
                erase_report(scope, &report).await?;
            }
        }
        match read.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return Ok(()),
        }
    }
}

async fn erase_report(scope: &Scope, report: &Stored<ExpenseReport>) -> Result<()> {
    let id = report.id;
    scope
        .write(|| async {
            let mut transaction = scope.begin("erase_expense_report", id);
            let Some(report) = scope.get::<ExpenseReport>(&scope.keys().expense_report(id)).await? else {
                return Ok((transaction.nothing(), ()));
            };
            transaction.erase(&report).emit(Event::ReceiptsDeleted { report: id, upload: None });
            Ok((transaction, ()))
        })
        .await
}

/// Whatever stands beside the file: interviews, kilometres, leave, time.
async fn erase_beside(scope: &Scope, id: EmployeeId) -> Result<()> {
    let own = scope.keys().employee(id);
    loop {
        let is_over = scope
            .write(|| async {
                let found = scope.found(&own.collection()).await?;
                let beside: Vec<_> = found.iter().filter(|found| found.key() != own).collect();
                let mut transaction = scope.begin("erase_beside_employee", id);
                if beside.is_empty() {
                    return Ok((transaction.nothing(), true));
                }
                for found in beside.iter().take(STEP_MAX) {
                    transaction.clear(found);
                }
                Ok((transaction, beside.len() <= STEP_MAX))
            })
            .await?;
        if is_over {
            return Ok(());
        }
    }
}
