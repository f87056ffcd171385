//! Coming and leaving, as it happens. Pressing twice changes nothing more.

use kernel::{
    Result,
    id::{EmployeeId, SpanId},
};
use serde::{Deserialize, Serialize};
use table::Stored;
use web::Asker;

use super::{
    calendar::IsoWeek,
    checks::AVERAGE_WEEKS,
    edit_time_week::{after, change},
    model::{Clocked, TimeWeek, clocked_in, clocked_out, is_forgotten},
    sight::WeekSight,
    store::{self, Read},
};

/// Whether somebody is here, and the week in which they came, or left.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Clocking {
    pub since: Option<jiff::Timestamp>,
    pub week: WeekSight,
    /// Whether they left in the minute in which they came, so that nothing is kept of it.
    #[serde(default)]
    pub is_dropped: bool,
}

impl Clocking {
    const fn new(since: Option<jiff::Timestamp>, week: WeekSight) -> Self {
        Self { since, week, is_dropped: false }
    }
}

async fn read(asker: &Asker, id: EmployeeId) -> Result<(Read, IsoWeek)> {
    let week = IsoWeek::of(asker.today());
    let read = store::read(asker, id, week.plus(-AVERAGE_WEEKS), week.plus(1), &[]).await?;
    read.rights.must_be_own()?;
    Ok((read, week))
}

/// The clocking that goes on, in this week or over midnight on Sunday.
fn open(read: &Read, week: IsoWeek, now: jiff::Timestamp) -> Option<&Stored<TimeWeek>> {
    let goes_on = |week: &&Stored<TimeWeek>| week.clocking().is_some_and(|span| !is_forgotten(span, now));
    [week, week.plus(-1)].into_iter().filter_map(|week| read.stored(week)).find(goes_on)
}

/// Since when who asks is here.
pub fn since(read: &Read, week: IsoWeek, now: jiff::Timestamp) -> Option<jiff::Timestamp> {
    open(read, week, now).and_then(|week| week.clocking()).map(|span| span.from)
}

pub async fn show_clocking(asker: &Asker, id: EmployeeId) -> Result<Clocking> {
    let (read, week) = read(asker, id).await?;
    let open = open(&read, week, asker.scope.now());
    let since = open.and_then(|week| week.clocking()).map(|span| span.from);
    Ok(Clocking::new(since, read.sight(open.cloned().unwrap_or_else(|| read.week(week)), false)))
}

pub async fn clock_in(asker: &Asker, id: EmployeeId) -> Result<Clocking> {
    let scope = &asker.scope;
    let (span, now) = (scope.new_id(SpanId::new), scope.now());
    scope
        .write(|| async {
            let (read, week) = read(asker, id).await?;
            let current = read.week(week);
            let before = read.stored(week.plus(-1)).map(|stored| &stored.value);
            let mut transaction = scope.begin("clock_in", id);
            match clocked_in(&current, before, span, now)? {
                Clocked::Nothing => {
                    let open = open(&read, week, now).cloned().unwrap_or(current);
                    let since = open.clocking().map(|span| span.from);
                    Ok((transaction.nothing(), Clocking::new(since, read.sight(open, false))))
                }
                Clocked::Changed(spans) => {
                    let changed = TimeWeek { user: read.employee.user, ..current.with_spans(spans)? };
                    transaction.save(read.stored(week), &changed);
                    if let Some(change) = change(asker, &current.spans, &changed, None) {
                        transaction.create(&change);
                    }
                    let since = changed.clocking().map(|span| span.from);
                    Ok((transaction, Clocking::new(since, read.sight(after(&read, changed), false))))
                }
            }
        })
        .await
}

pub async fn clock_out(asker: &Asker, id: EmployeeId) -> Result<Clocking> {
    let scope = &asker.scope;
    let now = scope.now();
    scope
        .write(|| async {
            let (read, week) = read(asker, id).await?;
            let before = read.week(week.plus(-1));
            let current = match open(&read, week, now) {
                Some(open) => open.clone(),
                // Left twice, just after midnight on Sunday.
                None if matches!(clocked_out(&before, now), Ok(Clocked::Nothing)) => before,
                None => read.week(week),
            };
            let mut transaction = scope.begin("clock_out", id);
            match clocked_out(&current, now)? {
                Clocked::Nothing => Ok((transaction.nothing(), Clocking::new(None, read.sight(current, false)))),
                Clocked::Changed(spans) => {
                    let changed = TimeWeek { user: read.employee.user, ..current.with_spans(spans)? };
                    transaction.save(read.stored(changed.week), &changed);
                    if let Some(change) = change(asker, &current.spans, &changed, None) {
                        transaction.create(&change);
                    }
                    let is_dropped = changed.spans.len() < current.spans.len();
                    let clocking = Clocking::new(None, read.sight(after(&read, changed), false));
                    Ok((transaction, Clocking { is_dropped, ..clocking }))
                }
            }
        })
        .await
}
