//! Yes or no, once: whoever decides writes on the version that they read, and on the account, so that of two at once one is told
//! that it was decided.

use kernel::{
    Error, Result, Rule,
    event::{About, Event},
    id::{EmployeeId, LeaveRequestId},
    legal,
};
use serde::{Deserialize, Serialize};
use table::{Stored, Transaction};
use web::Asker;

use super::{
    request::{Decision, LeaveRequest, RequestState},
    sight::{self, Standing, day_of},
    store::{self, Read},
};

/// What is said with a decision.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = LeaveDecisionInput)]
pub struct DecisionInput {
    /// Read by the employee; required of a refusal.
    pub comment: String,
}

impl DecisionInput {
    fn comment(&self) -> Result<Option<String>> {
        legal::optional(&self.comment, |text| legal::text(text, 1_000)).map_err(|rule| Error::field("/comment", rule))
    }
}

pub async fn approve_leave(
    asker: &Asker,
    employee: EmployeeId,
    id: LeaveRequestId,
    input: &DecisionInput,
    seen: Option<u64>,
) -> Result<Stored<LeaveRequest>> {
    decide(
        asker,
        employee,
        id,
        || asker.scope.begin("approve_leave", id),
        seen,
        |read, standing, request| {
            let is_last = standing.decides_last(&read.leave);
            request.approved(decision(asker, input.comment()?), is_last)
        },
    )
    .await
}

pub async fn refuse_leave(
    asker: &Asker,
    employee: EmployeeId,
    id: LeaveRequestId,
    input: &DecisionInput,
    seen: Option<u64>,
) -> Result<Stored<LeaveRequest>> {
    decide(
        asker,
        employee,
        id,
        || asker.scope.begin("refuse_leave", id),
        seen,
        |_, _, request| {
            let comment = input.comment()?.ok_or_else(|| Error::field("/comment", Rule::Required))?;
            request.refused(decision(asker, Some(comment)))
        },
    )
    .await
}

fn decision(asker: &Asker, comment: Option<String>) -> Decision {
    Decision { by: asker.user, name: asker.name.clone(), at: asker.scope.now(), comment }
}

async fn decide(
    asker: &Asker,
    employee: EmployeeId,
    id: LeaveRequestId,
    begin: impl Fn() -> Transaction,
    seen: Option<u64>,
    change: impl Fn(&Read, Standing, &LeaveRequest) -> Result<LeaveRequest>,
) -> Result<Stored<LeaveRequest>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, standing) = sight::read(asker, employee).await?;
            let current = read.request(id)?.clone().expect_version(seen)?;
            if !standing.decides() {
                return Err(Error::Forbidden);
            }
            let request = change(&read, standing, &current)?;
            let mut transaction = begin();
            store::save(&mut transaction, Some(&current), &request, &read);
            read.save_account(&mut transaction, &read.settled(&read.with(&request), day_of(asker)));
            transaction.emit(match request.state {
                // Another yes is wanted.
                RequestState::Pending => Event::LeaveRequested { employee, request: id },
                _ => told(asker, &read, &request),
            });
            Ok((transaction, Stored { value: request, version: current.version + 1 }))
        })
        .await
}

/// What the employee is told of a decision: never of what kind the leave is.
pub fn told(asker: &Asker, read: &Read, request: &LeaveRequest) -> Event {
    let about = About { label: Some(request.span.french()), assigned_to: read.employee.user, ..About::default() }
        .by(asker.scope.tenant().actor());
    let (employee, request_id) = (request.employee, request.id);
    match request.state {
        RequestState::Refused => Event::LeaveRefused { employee, request: request_id, about },
        _ => Event::LeaveApproved { employee, request: request_id, about },
    }
}
