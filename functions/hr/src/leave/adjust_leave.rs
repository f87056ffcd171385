//! What who keeps the files says of somebody's leave: a correction, the days for leave that was split, that they were told of
//! leave which sickness kept them from.

use kernel::{Error, Result, event::Event, id::EmployeeId};
use table::Stored;
use web::Asker;

use super::{
    account::{AdjustmentInput, InformedInput, LeaveAccount},
    sight::{self, day_of},
    store::Read,
};

pub async fn adjust_leave(
    asker: &Asker,
    employee: EmployeeId,
    input: &AdjustmentInput,
) -> Result<Stored<LeaveAccount>> {
    change(asker, employee, "adjust_leave", |read| {
        let adjustment = input.parse(&read.leave, read.settings.counting, asker.user, asker.today())?;
        let account = read.account.adjusted(adjustment).map_err(|rule| Error::field("/days", rule))?;
        Ok((account, None))
    })
    .await
}

pub async fn inform_of_leave(
    asker: &Asker,
    employee: EmployeeId,
    input: &InformedInput,
) -> Result<Stored<LeaveAccount>> {
    change(asker, employee, "inform_of_leave", |read| {
        let informed = input.parse(&read.leave, read.settings.counting, asker.today())?;
        let told = Event::LeaveInformed { employee, leave_type: informed.kind, year: informed.year };
        Ok((read.account.with_informed(informed), Some(told)))
    })
    .await
}

async fn change(
    asker: &Asker,
    employee: EmployeeId,
    act: &str,
    change: impl Fn(&Read) -> Result<(LeaveAccount, Option<Event>)>,
) -> Result<Stored<LeaveAccount>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (mut read, _) = sight::read(asker, employee).await?;
            let (account, event) = change(&read)?;
            read.account = account;
            let account = read.settled(read.facts().requests, day_of(asker));
            let mut transaction = scope.begin(act, employee);
            read.save_account(&mut transaction, &account);
            if let Some(event) = event {
                transaction.emit(event);
            }
            let version = read.stored.as_ref().map_or(1, |stored| stored.version + 1);
            Ok((transaction, Stored { value: account, version }))
        })
        .await
}
