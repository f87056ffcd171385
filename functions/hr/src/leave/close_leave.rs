//! A request is taken back before it is decided, or cancelled after it was approved: its days are free again.

use kernel::{
    Error, Result,
    id::{EmployeeId, LeaveRequestId},
};
use table::Stored;
use web::Asker;

use super::{
    request::LeaveRequest,
    sight::{self, Standing, day_of},
    store,
};

pub async fn withdraw_leave(
    asker: &Asker,
    employee: EmployeeId,
    id: LeaveRequestId,
    seen: Option<u64>,
) -> Result<Stored<LeaveRequest>> {
    close(asker, employee, id, "withdraw_leave", seen, |standing, request| {
        if !standing.asks() {
            return Err(Error::Forbidden);
        }
        request.withdrawn()
    })
    .await
}

/// Until it begins the employee may; who decides on it may later too.
pub async fn cancel_leave(
    asker: &Asker,
    employee: EmployeeId,
    id: LeaveRequestId,
    seen: Option<u64>,
) -> Result<Stored<LeaveRequest>> {
    let today = asker.today();
    close(asker, employee, id, "cancel_leave", seen, |standing, request| {
        match (standing.decides() || (standing.keeps_files && !standing.is_own), standing.is_own) {
            (true, _) => request.cancelled(None),
            (false, true) => request.cancelled(Some(today)),
            (false, false) => Err(Error::Forbidden),
        }
    })
    .await
}

async fn close(
    asker: &Asker,
    employee: EmployeeId,
    id: LeaveRequestId,
    act: &str,
    seen: Option<u64>,
    change: impl Fn(Standing, &LeaveRequest) -> Result<LeaveRequest>,
) -> Result<Stored<LeaveRequest>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, standing) = sight::read(asker, employee).await?;
            let current = read.request(id)?.clone().expect_version(seen)?;
            let request = change(standing, &current)?;
            let mut transaction = scope.begin(act, id);
            store::save(&mut transaction, Some(&current), &request, &read);
            read.save_account(&mut transaction, &read.settled(&read.with(&request), day_of(asker)));
            Ok((transaction, Stored { value: request, version: current.version + 1 }))
        })
        .await
}
