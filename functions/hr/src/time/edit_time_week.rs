//! What was worked in a week, as it is filled in or corrected.

use kernel::{
    Permission, Result,
    id::{CompanyId, EmployeeId, SpanId, TimeChangeId},
    reference::ClientReference,
};
use table::{Items, Stored};
use web::Asker;

use super::{
    calendar::IsoWeek,
    model::{CLIENTS_MAX, Reading, Span, TimeChange, TimeWeek, WeekInput, differing},
    sight::WeekSight,
    store::{self, Read},
};

/// Whether who asks may name clients at all.
pub fn may_name_clients(asker: &Asker) -> bool {
    asker.may(Permission::InvoicingView) || asker.may(Permission::CrmView)
}

/// `seen` is the version that the client filled its form in on; 0 is that of a week in which nothing stands yet.
pub async fn edit_time_week(
    asker: &Asker,
    id: EmployeeId,
    week: IsoWeek,
    input: &WeekInput,
    seen: Option<u64>,
) -> Result<WeekSight> {
    let scope = &asker.scope;
    let keys = scope.keys();
    let clients: Vec<_> = input.clients().into_iter().take(CLIENTS_MAX).map(|id| keys.client_reference(id)).collect();
    let (first, last) = store::around(week);
    scope
        .write(|| async {
            let read = store::read(asker, id, first, last, &clients).await?;
            read.rights.must_edit()?;
            let current = read.week(week).expect_version(seen)?;
            current.must_be_open()?;
            let found = &read.found;
            let knows = |client: CompanyId| is_known(asker, found, client);
            let upon = Reading {
                current: &current,
                beside: read.beside(week),
                zone: read.zone.clone(),
                now: scope.now(),
                employed: (read.employee.hired_on, read.employee.employed_until()),
                knows: &knows,
                is_own: read.rights.is_own,
            };
            let (spans, reason) = input.parse(&upon, || scope.new_id(SpanId::new))?;
            let changed = TimeWeek { user: read.employee.user, ..current.with_spans(spans)? };
            let mut transaction = scope.begin("edit_time_week", id);
            let Some(change) = change(asker, &current.spans, &changed, reason) else {
                return Ok((transaction.nothing(), read.sight(current, true)));
            };
            transaction.save(read.stored(week), &changed).create(&change);
            Ok((transaction, read.sight(after(&read, changed), true)))
        })
        .await
}

fn is_known(asker: &Asker, found: &Items, client: CompanyId) -> bool {
    let reference = found.get::<ClientReference>(&asker.scope.keys().client_reference(client)).ok().flatten();
    may_name_clients(asker) && reference.is_some_and(|client| !client.archived && asker.sees(client.assigned_to))
}

/// A week as it is once this is written.
pub fn after(read: &Read, changed: TimeWeek) -> Stored<TimeWeek> {
    let version = read.stored(changed.week).map_or(0, |stored| stored.version) + 1;
    Stored { value: changed, version }
}

/// What to remember of a change; none where nothing differs.
pub fn change(asker: &Asker, before: &[Span], changed: &TimeWeek, reason: Option<String>) -> Option<TimeChange> {
    let (before, after) = differing(before, &changed.spans);
    if before.is_empty() && after.is_empty() {
        return None;
    }
    Some(TimeChange {
        id: asker.scope.new_id(TimeChangeId::new),
        employee: changed.employee,
        user: changed.user,
        week: changed.week,
        at: asker.scope.now(),
        by: store::by(asker),
        reason,
        before,
        after,
    })
}
