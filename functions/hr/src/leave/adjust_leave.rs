//! What who keeps the files says of somebody's leave: a correction, the days for leave that was split, that they were told of
//! leave which sickness kept them from.

use kernel::{Error, Result, event::Event, id::EmployeeId};
use table::{Stored, Transaction};
use web::Asker;

use super::{
    account::{AdjustmentInput, Balances, InformedInput, LeaveAccount, Why, check_informed, split_due},
    sight::{self, day_of},
    store::Read,
};

pub async fn adjust_leave(
    asker: &Asker,
    employee: EmployeeId,
    input: &AdjustmentInput,
) -> Result<Stored<LeaveAccount>> {
    change(
        asker,
        employee,
        || asker.scope.begin("adjust_leave", employee),
        |read| {
            let mut adjustment = input.parse(&read.leave, read.settings.counting, asker.user, asker.today())?;
            if adjustment.why == Why::Split {
                let due = split_due(&read.facts(), adjustment, asker.today());
                adjustment = due.map_err(|rule| Error::field("/days", rule))?;
            }
            let account = read.account.adjusted(adjustment).map_err(|rule| Error::field("/days", rule))?;
            Ok((account, None))
        },
    )
    .await
}

pub async fn inform_of_leave(
    asker: &Asker,
    employee: EmployeeId,
    input: &InformedInput,
) -> Result<Stored<LeaveAccount>> {
    change(
        asker,
        employee,
        || asker.scope.begin("inform_of_leave", employee),
        |read| {
            let informed = input.parse(&read.leave, read.settings.counting, asker.today())?;
            check_informed(&read.facts(), &Balances::of(&read.facts()), &informed)?;
            let told = Event::LeaveInformed { employee, leave_type: informed.kind, year: informed.year };
            Ok((read.account.with_informed(informed), Some(told)))
        },
    )
    .await
}

async fn change(
    asker: &Asker,
    employee: EmployeeId,
    begin: impl Fn() -> Transaction,
    change: impl Fn(&Read) -> Result<(LeaveAccount, Option<Event>)>,
) -> Result<Stored<LeaveAccount>> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (mut read, _) = sight::read(asker, employee).await?;
            let (account, event) = change(&read)?;
            read.account = account;
            let account = read.settled(read.facts().requests, day_of(asker));
            let mut transaction = begin();
            read.save_account(&mut transaction, &account);
            if let Some(event) = event {
                transaction.emit(event);
            }
            let version = read.stored.as_ref().map_or(1, |stored| stored.version + 1);
            Ok((transaction, Stored { value: account, version }))
        })
        .await
}
