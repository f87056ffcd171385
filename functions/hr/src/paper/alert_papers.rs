//! The worker's part: the documents of an employee whose end is to be told.

use kernel::{
    Error, Result,
    event::{About, Event},
    id::EmployeeId,
    reference::OrganizationReference,
};
use table::{Scope, meter::side_by_side};

use super::Paper;
use crate::employee::Employee;

/// How many one transaction tells of.
const STEP_MAX: usize = 40;

/// Each is told once on each of its days. Of who left nothing is told.
pub async fn alert_papers(scope: &Scope, id: EmployeeId) -> Result<()> {
    let keys = scope.keys();
    let (wanted, beside) = ([keys.employee(id), keys.organization()], keys.papers(id));
    loop {
        let is_over = scope
            .write(|| async {
                let (found, papers) = side_by_side(scope.get_many(&wanted), scope.collection(&beside)).await;
                let (found, papers) = (found?, papers?.all::<Paper>()?);
                let organization =
                    found.first::<OrganizationReference>()?.ok_or_else(|| Error::internal("no organization"))?;
                let today = organization.day(scope.now());
                let mut transaction = scope.begin("alert_papers", id);
                let Some(employee) = found.first::<Employee>()? else { return Ok((transaction.nothing(), true)) };
                let due: Vec<_> =
                    papers.iter().filter_map(|read| read.alerted(today).map(|changed| (read, changed))).collect();
                if due.is_empty() {
                    return Ok((transaction.nothing(), true));
                }
                for (read, changed) in due.iter().take(STEP_MAX) {
                    transaction.update(read, changed);
                    if let Some(until) = read.valid_until.filter(|_| !employee.has_left(today)) {
                        let label = format!("{} ({})", read.kind.french(), employee.number);
                        transaction.emit(Event::PaperExpiring {
                            paper: read.id,
                            employee: id,
                            until,
                            is_confidential: read.is_confidential,
                            about: About { label: Some(label), ..About::default() },
                        });
                    }
                }
                Ok((transaction, due.len() <= STEP_MAX))
            })
            .await?;
        if is_over {
            return Ok(());
        }
    }
}
