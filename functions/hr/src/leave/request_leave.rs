//! Somebody asks for leave: a draft, a draft that is changed, and the request itself, which reserves its days.

use kernel::{
    Error, Result,
    event::Event,
    id::{EmployeeId, LeaveRequestId},
};
use table::{Stored, Transaction};
use web::Asker;

use super::{
    account,
    request::{Decision, LeaveRequest, LeaveRequestInput, RequestState},
    sight::{self, Standing, day_of},
    store::{self, Read},
};

/// Asks, or leaves a draft. Who keeps the files and decides enters what is agreed already.
pub async fn request_leave(
    asker: &Asker,
    employee: EmployeeId,
    input: &LeaveRequestInput,
) -> Result<Stored<LeaveRequest>> {
    let scope = &asker.scope;
    let id = scope.new_id(LeaveRequestId::new);
    scope
        .write(|| async {
            let (read, standing) = sight::read(asker, employee).await?;
            must_ask(standing)?;
            let asked = input.parse(|id| read.leave.find(id).filter(|kind| kind.is_active))?;
            let draft = LeaveRequest::new(id, &read.employee, &asked, asker.user, scope.now());
            let mut transaction = scope.begin("request_leave", id);
            let request = match asked.is_draft {
                true => drafted(&mut transaction, &read, None, draft),
                false => submitted(asker, &mut transaction, &read, standing, None, &draft)?,
            };
            Ok((transaction, Stored { value: request, version: 1 }))
        })
        .await
}

/// Changes a draft, and asks unless it is to stay one.
pub async fn edit_leave_request(
    asker: &Asker,
    employee: EmployeeId,
    id: LeaveRequestId,
    input: &LeaveRequestInput,
    seen: Option<u64>,
) -> Result<Stored<LeaveRequest>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, standing) = sight::read(asker, employee).await?;
            must_ask(standing)?;
            let current = read.request(id)?.clone().expect_version(seen)?;
            let known = current.kind;
            let asked = input.parse(|id| read.leave.find(id).filter(|kind| kind.is_active || kind.id == known))?;
            let draft = current.edited(&asked)?;
            let mut transaction = scope.begin("edit_leave_request", id);
            let request = match asked.is_draft {
                true => drafted(&mut transaction, &read, Some(&current), draft),
                false => submitted(asker, &mut transaction, &read, standing, Some(&current), &draft)?,
            };
            Ok((transaction, Stored { value: request, version: current.version + 1 }))
        })
        .await
}

/// Asks for what a draft says.
pub async fn submit_leave_request(
    asker: &Asker,
    employee: EmployeeId,
    id: LeaveRequestId,
    seen: Option<u64>,
) -> Result<Stored<LeaveRequest>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, standing) = sight::read(asker, employee).await?;
            must_ask(standing)?;
            let current = read.request(id)?.clone().expect_version(seen)?;
            let mut transaction = scope.begin("submit_leave_request", id);
            let request = submitted(asker, &mut transaction, &read, standing, Some(&current), &current)?;
            Ok((transaction, Stored { value: request, version: current.version + 1 }))
        })
        .await
}

fn must_ask(standing: Standing) -> Result<()> {
    if standing.asks() { Ok(()) } else { Err(Error::Forbidden) }
}

fn drafted(
    transaction: &mut Transaction,
    read: &Read,
    before: Option<&Stored<LeaveRequest>>,
    draft: LeaveRequest,
) -> LeaveRequest {
    store::save(transaction, before, &draft, read);
    draft
}

/// The request and the account in one transaction: of two at once that take the same days one finds out.
fn submitted(
    asker: &Asker,
    transaction: &mut Transaction,
    read: &Read,
    standing: Standing,
    before: Option<&Stored<LeaveRequest>>,
    draft: &LeaveRequest,
) -> Result<LeaveRequest> {
    let kind = read.leave.find(draft.kind).ok_or(Error::NotFound)?;
    let now = asker.scope.now();
    let mut request = draft.submitted(kind, now)?;
    account::check(&read.facts(), draft)?;
    let is_agreed = !standing.is_own && standing.decides() && standing.decides_last(&read.leave);
    if request.state == RequestState::Pending && is_agreed {
        let decision = Decision { by: asker.user, name: asker.name.clone(), at: now, comment: None };
        request = request.approved(decision, true)?;
    }
    store::save(transaction, before, &request, read);
    read.save_account(transaction, &read.settled(&read.with(&request), day_of(asker)));
    if request.state == RequestState::Pending {
        transaction.emit(Event::LeaveRequested { employee: request.employee, request: request.id });
    } else if !standing.is_own {
        transaction.emit(super::decide_leave::told(asker, read, &request));
    }
    Ok(request)
}
