//! A week is handed in, approved, given back or contested. Each is an act on the week as it was read, so of two who decide at
//! once one does, and the other is told. Whoever it waits for, or whose it is, hears of it by the event of the same transaction.

use kernel::{
    Result,
    event::{About, Event},
    id::{EmployeeId, SpanId, UserId},
    reference::{Billable, BillableWeek},
};
use table::{Stored, Transaction, meter::side_by_side};
use web::Asker;

use super::{
    calendar::IsoWeek,
    edit_time_week::after,
    model::{ReasonInput, TimeWeek, WeekState, for_clients},
    sight::WeekSight,
    store::{self, Read},
};
use crate::employee::everybody;

/// Who acts on which week, and the version that they saw.
struct Act<'a> {
    asker: &'a Asker,
    id: EmployeeId,
    week: IsoWeek,
    seen: Option<u64>,
}

/// What an act is decided by, and what it writes.
struct Doing<'a> {
    act: &'a Act<'a>,
    read: Read,
    week: Stored<TimeWeek>,
    /// The member who is above the employee, where that was asked for.
    above: Option<UserId>,
    transaction: Transaction,
}

impl Act<'_> {
    /// `asks_above` where who is above the employee is to be told; `change` says what becomes of the week, and what is told.
    async fn done(
        &self,
        asks_above: bool,
        begin: impl Fn() -> Transaction,
        change: impl Fn(&mut Doing<'_>) -> Result<TimeWeek>,
    ) -> Result<WeekSight> {
        let Self { asker, id, week, seen } = *self;
        let scope = &asker.scope;
        let (first, last) = store::around(week);
        let billable = [scope.keys().billable_week(id, &week.to_string())];
        scope
            .write(|| async {
                let all = async { if asks_above { everybody(scope).await } else { Ok(Vec::new()) } };
                let (read, all) = side_by_side(store::read(asker, id, first, last, &billable), all).await;
                let (read, all) = (read?, all?);
                let above = all.iter().find(|other| Some(other.id) == read.employee.manager);
                let mut doing = Doing {
                    act: self,
                    week: read.week(week).expect_version(seen)?,
                    above: above.and_then(|above| above.user),
                    transaction: begin(),
                    read,
                };
                let changed = change(&mut doing)?;
                let Doing { read, mut transaction, .. } = doing;
                let changed = TimeWeek { user: read.employee.user, ..changed };
                transaction.save(read.stored(week), &changed);
                Ok((transaction, read.sight(after(&read, changed), true)))
            })
            .await
    }

    fn by(&self) -> super::model::By {
        store::by(self.asker)
    }

    fn at(&self) -> jiff::Timestamp {
        self.asker.scope.now()
    }
}

impl Doing<'_> {
    fn employee(&self) -> EmployeeId {
        self.act.id
    }

    fn name(&self) -> String {
        self.act.week.to_string()
    }

    /// For who is above the employee: whose week it is, by the number alone.
    fn for_above(&self) -> About {
        let label = format!("{} (matricule {})", self.act.week.french(), self.read.employee.number);
        self.about(label, self.above)
    }

    fn for_employee(&self) -> About {
        self.about(self.act.week.french(), self.read.employee.user)
    }

    fn about(&self, label: String, assigned_to: Option<UserId>) -> About {
        About { label: Some(label), assigned_to, ..About::default() }.by(self.act.asker.scope.tenant().actor())
    }

    fn decided(&mut self, is_approved: bool) {
        let (employee, week, about) = (self.employee(), self.name(), self.for_employee());
        self.transaction.emit(Event::TimeWeekDecided { employee, week, is_approved, about });
    }
}

/// By who fills it in.
pub async fn submit_time_week(asker: &Asker, id: EmployeeId, week: IsoWeek, seen: Option<u64>) -> Result<WeekSight> {
    let act = Act { asker, id, week, seen };
    act.done(
        true,
        || asker.scope.begin("submit_time_week", id),
        |doing| {
            doing.read.rights.must_edit()?;
            let (employee, week, about) = (doing.employee(), doing.name(), doing.for_above());
            doing.transaction.emit(Event::TimeWeekSubmitted { employee, week, about });
            doing.week.submitted(act.by(), act.at())
        },
    )
    .await
}

/// What of it is for clients is published for invoicing, and taken back where it is not any more.
pub async fn approve_time_week(asker: &Asker, id: EmployeeId, week: IsoWeek, seen: Option<u64>) -> Result<WeekSight> {
    let act = Act { asker, id, week, seen };
    act.done(
        false,
        || asker.scope.begin("approve_time_week", id),
        |doing| {
            doing.read.rights.must_decide()?;
            let changed = doing.week.approved(act.by(), act.at())?;
            let key = asker.scope.keys().billable_week(id, &doing.name());
            let published = doing.read.found.get::<BillableWeek>(&key)?;
            let billable = billable(&doing.read, &changed, published.as_ref());
            if !billable.entries.is_empty() || published.is_some() {
                doing.transaction.save(published.as_ref(), &billable);
                doing.transaction.emit(Event::TimeWeekApproved { employee: id, week: week.to_string() });
            }
            doing.decided(true);
            Ok(changed)
        },
    )
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
    let (act, reason) = (Act { asker, id, week, seen }, input.parse()?);
    act.done(
        false,
        || asker.scope.begin("reopen_time_week", id),
        |doing| {
            let takes_back = doing.read.rights.may_edit && doing.week.state == WeekState::Submitted;
            if !takes_back {
                doing.read.rights.must_decide()?;
            }
            doing.decided(false);
            doing.week.reopened(act.by(), act.at(), reason.clone())
        },
    )
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
    let (act, comment) = (Act { asker, id, week, seen }, input.parse()?);
    act.done(
        true,
        || asker.scope.begin("dispute_time_week", id),
        |doing| {
            doing.read.rights.must_be_own()?;
            let (employee, week, about) = (doing.employee(), doing.name(), doing.for_above());
            doing.transaction.emit(Event::TimeWeekDisputed { employee, week, about });
            doing.week.disputed(act.by(), act.at(), comment.clone())
        },
    )
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
    let (act, answer) = (Act { asker, id, week, seen }, input.parse()?);
    act.done(
        false,
        || asker.scope.begin("answer_time_dispute", id),
        |doing| {
            doing.read.rights.must_decide()?;
            let (employee, week, about) = (doing.employee(), doing.name(), doing.for_employee());
            doing.transaction.emit(Event::TimeDisputeAnswered { employee, week, about });
            doing.week.answered(act.by(), act.at(), answer.clone())
        },
    )
    .await
}
