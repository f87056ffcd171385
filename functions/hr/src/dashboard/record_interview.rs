//! Interviews that were held with somebody: recorded, and taken back where that was wrong.

use jiff::civil::Date;
use kernel::{Error, Result, Rule, id::EmployeeId};
use table::{Stored, meter::side_by_side};
use web::Asker;

use super::{Interview, InterviewInput};
use crate::employee::Employee;

/// With whom, and those that were held, the latest first.
pub async fn list_interviews(asker: &Asker, id: EmployeeId) -> Result<(Stored<Employee>, Vec<Interview>)> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    let (key, beside) = (keys.employee(id), keys.interviews(id));
    let (employee, held) = side_by_side(scope.get::<Employee>(&key), scope.collection(&beside)).await;
    let mut held: Vec<_> = held?.all::<Interview>()?.into_iter().map(|read| read.value).collect();
    held.reverse();
    Ok((employee?.ok_or(Error::NotFound)?, held))
}

/// One a day.
pub async fn record_interview(asker: &Asker, id: EmployeeId, input: &InterviewInput) -> Result<Interview> {
    let (scope, keys) = (&asker.scope, asker.scope.keys());
    scope
        .write(|| async {
            let key = keys.employee(id);
            let read = scope.get::<Employee>(&key).await?.ok_or(Error::NotFound)?;
            let (on, is_summary, note) = input.parse(read.hired_on, asker.today())?;
            let interview = Interview { employee: id, on, is_summary, note, by: asker.user, recorded_at: scope.now() };
            let mut transaction = scope.begin("record_interview", id);
            transaction.claim(&interview, || Error::field("/on", Rule::Repeated)).check(&key, read.version);
            Ok((transaction, interview))
        })
        .await
}

pub async fn remove_interview(asker: &Asker, id: EmployeeId, on: Date) -> Result<()> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let read = scope.get::<Interview>(&scope.keys().interview(id, on)).await?.ok_or(Error::NotFound)?;
            let mut transaction = scope.begin("remove_interview", id);
            transaction.delete(&read);
            Ok((transaction, ()))
        })
        .await
}
