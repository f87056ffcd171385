//! A week is handed in, approved, given back or contested. Each is an act on the week as it was read, so of two who decide at
//! once one does, and the other is told.

use kernel::{
    Result,
    event::Event,
    id::{EmployeeId, SpanId},
    reference::{Billable, BillableWeek},
};
use table::{Stored, Transaction};
use web::Asker;

use super::{
    calendar::IsoWeek,
    edit_time_week::after,
    model::{ReasonInput, TimeWeek, for_clients},
    sight::WeekSight,
    store::{self, Read},
};

async fn read(asker: &Asker, id: EmployeeId, week: IsoWeek, seen: Option<u64>) -> Result<(Read, Stored<TimeWeek>)> {
    let (first, last) = store::around(week);
    let billable = asker.scope.keys().billable_week(id, &week.to_string());
    let read = store::read(asker, id, first, last, &[billable]).await?;
    let current = read.week(week).expect_version(seen)?;
    Ok((read, current))
}

fn written(transaction: Transaction, read: &Read, changed: TimeWeek) -> (Transaction, WeekSight) {
    let mut transaction = transaction;
    let changed = TimeWeek { user: read.employee.user, ..changed };
    transaction.save(read.stored(changed.week), &changed);
    (transaction, read.sight(after(read, changed), true))
}

/// By who fills it in.
pub async fn submit_time_week(asker: &Asker, id: EmployeeId, week: IsoWeek, seen: Option<u64>) -> Result<WeekSight> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, current) = read(asker, id, week, seen).await?;
            read.rights.must_edit()?;
            let changed = current.submitted(store::by(asker), scope.now())?;
            Ok(written(scope.begin("submit_time_week", id), &read, changed))
        })
        .await
}

/// What of it is for clients is published for invoicing, and taken back where it is not any more.
pub async fn approve_time_week(asker: &Asker, id: EmployeeId, week: IsoWeek, seen: Option<u64>) -> Result<WeekSight> {
    let scope = &asker.scope;
    scope
        .write(|| async {
            let (read, current) = read(asker, id, week, seen).await?;
            read.rights.must_decide()?;
            let changed = current.approved(store::by(asker), scope.now())?;
            let mut transaction = scope.begin("approve_time_week", id);
            let key = scope.keys().billable_week(id, &week.to_string());
            let published = read.found.get::<BillableWeek>(&key)?;
            let billable = billable(&read, &changed, published.as_ref());
            if !billable.entries.is_empty() || published.is_some() {
                transaction.save(published.as_ref(), &billable);
                transaction.emit(Event::TimeWeekApproved { employee: id, week: week.to_string() });
            }
            Ok(written(transaction, &read, changed))
        })
        .await
}

fn billable(read: &Read, week: &TimeWeek, published: Option<&Stored<BillableWeek>>) -> BillableWeek {
    let entries: Vec<Billable> = for_clients(week, &read.zone)
        .into_iter()
        .map(|(id, (client, worked_on, minutes, description))| Billable {
            id,
            client,
            worked_on,
            minutes,
            description,
            hourly_price: read.settings.hourly_price,
        })
        .collect();
    let is_left = |id: &SpanId| entries.iter().all(|entry| entry.id != *id);
    let before = published.map(|published| &published.value);
    let of_before = before
        .into_iter()
        .flat_map(|before| before.entries.iter().map(|entry| entry.id).chain(before.withdrawn.iter().copied()));
    BillableWeek {
        employee: week.employee,
        week: week.week.to_string(),
        user: read.employee.user,
        withdrawn: of_before.filter(is_left).collect(),
        entries,
    }
}

/// By who decides, for a reason that the employee reads; and by who handed it in, until somebody decided.
pub async fn reopen_time_week(
    asker: &Asker,
    id: EmployeeId,
    week: IsoWeek,
    input: &ReasonInput,
    seen: Option<u64>,
) -> Result<WeekSight> {
    let scope = &asker.scope;
    let reason = input.parse()?;
    scope
        .write(|| async {
            let (read, current) = read(asker, id, week, seen).await?;
            let takes_back = read.rights.may_edit && current.state == super::model::WeekState::Submitted;
            if !takes_back {
                read.rights.must_decide()?;
            }
            let changed = current.reopened(store::by(asker), scope.now(), reason.clone())?;
            Ok(written(scope.begin("reopen_time_week", id), &read, changed))
        })
        .await
}

/// The employee says what is wrong with a week that was approved.
pub async fn dispute_time_week(
    asker: &Asker,
    id: EmployeeId,
    week: IsoWeek,
    input: &ReasonInput,
    seen: Option<u64>,
) -> Result<WeekSight> {
    let scope = &asker.scope;
    let comment = input.parse()?;
    scope
        .write(|| async {
            let (read, current) = read(asker, id, week, seen).await?;
            read.rights.must_be_own()?;
            let changed = current.disputed(store::by(asker), scope.now(), comment.clone())?;
            Ok(written(scope.begin("dispute_time_week", id), &read, changed))
        })
        .await
}

/// The week stays as it was approved; the employee reads why.
pub async fn answer_time_dispute(
    asker: &Asker,
    id: EmployeeId,
    week: IsoWeek,
    input: &ReasonInput,
    seen: Option<u64>,
) -> Result<WeekSight> {
    let scope = &asker.scope;
    let answer = input.parse()?;
    scope
        .write(|| async {
            let (read, current) = read(asker, id, week, seen).await?;
            read.rights.must_decide()?;
            let changed = current.answered(store::by(asker), scope.now(), answer.clone())?;
            Ok(written(scope.begin("answer_time_dispute", id), &read, changed))
        })
        .await
}
