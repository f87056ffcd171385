//! A week as people and programs see it: its days, what it is paid as, and what the law says against it.

use jiff::{civil::Date, tz::TimeZone};
use kernel::{Result, id::EmployeeId};
use serde::{Deserialize, Serialize};
use table::Stored;
use web::Asker;

use super::{
    calendar::IsoWeek,
    checks::{Facts, Warning, checks},
    law::{self, Age},
    measure::{Tally, Timeline, tally},
    model::{Span, TimeChange, TimeWeek},
    store::{self, Read},
};
use crate::absence::{Day, Holidays};

/// A week with what follows from it. It is what an act answers, so that a program that repeats it reads the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WeekSight {
    pub employee: EmployeeId,
    pub name: String,
    pub week: Stored<TimeWeek>,
    pub days: Vec<DaySight>,
    pub tally: Tally,
    /// Overtime since the year began, where that was counted, and how much there may be of it.
    pub year_overtime: Option<u32>,
    pub quota: u32,
    pub warnings: Vec<Warning>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DaySight {
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// What was worked from midnight to midnight.
    pub minutes: u32,
    pub night_minutes: u32,
}

pub fn day_sight(timeline: &Timeline, on: Date) -> DaySight {
    DaySight { on, minutes: timeline.on(on), night_minutes: timeline.night_on(on, law::night(Age::Adult)) }
}

impl Read {
    /// All spans that were read, with those of one week as they are to be.
    fn spans<'a>(&'a self, changed: Option<&'a TimeWeek>) -> impl Iterator<Item = &'a Span> {
        let others = self.weeks.values().filter(move |week| changed.is_none_or(|changed| changed.week != week.week));
        others.flat_map(|week| &week.spans).chain(changed.into_iter().flat_map(|week| &week.spans))
    }

    pub fn timeline(&self, changed: Option<&TimeWeek>) -> Timeline {
        Timeline::of(self.spans(changed), &self.zone)
    }

    /// Overtime of the year of a week, up to it.
    pub fn year_overtime(&self, week: IsoWeek, timeline: &Timeline) -> u32 {
        let year = IsoWeek::series(week.first_of_year(), week);
        year.map(|week| tally(&self.employee, week, timeline, &self.absences).overtime()).sum()
    }

    /// A week as it is written by who asks; `with_year` where the weeks of its year were read.
    pub fn sight(&self, week: Stored<TimeWeek>, with_year: bool) -> WeekSight {
        let timeline = self.timeline(Some(&week));
        let tally = tally(&self.employee, week.week, &timeline, &self.absences);
        let year_overtime = with_year.then(|| self.year_overtime(week.week, &timeline));
        let mut known = Holidays::default();
        let holidays: Vec<(Date, &'static str)> = week
            .week
            .days()
            .filter_map(|day| match known.day(&self.employee, &self.hr, day) {
                Day::Holiday(name) => Some((day, name)),
                Day::Worked | Day::Rest => None,
            })
            .collect();
        let facts = Facts {
            absences: &self.absences,
            holidays: &holidays,
            week: week.week,
            timeline: &timeline,
            employee: &self.employee,
            settings: &self.settings,
            tally,
            year_overtime,
        };
        WeekSight {
            employee: self.employee.id,
            name: self.employee.name(),
            days: week.week.days().map(|on| day_sight(&timeline, on)).collect(),
            tally,
            year_overtime,
            quota: self.settings.on(week.week.sunday()).quota_minutes,
            warnings: checks(&facts),
            week,
        }
    }

    /// What is written beside a week reaches into it.
    pub fn beside(&self, week: IsoWeek) -> Vec<&Span> {
        [week.plus(-1), week.plus(1)]
            .into_iter()
            .filter_map(|other| self.weeks.get(&other))
            .flat_map(|other| &other.spans)
            .filter(|span| span.to.is_some())
            .collect()
    }
}

/// A week of somebody's.
pub async fn show_time_week(asker: &Asker, id: EmployeeId, week: IsoWeek) -> Result<(WeekSight, Read)> {
    let (first, last) = store::around(week);
    let read = store::read(asker, id, first, last, &[]).await?;
    let sight = read.sight(read.week(week), true);
    Ok((sight, read))
}

/// What was changed of a week, the last first. Only the page of who may see the week asks.
pub async fn changes(asker: &Asker, id: EmployeeId, week: IsoWeek) -> Result<Vec<TimeChange>> {
    let keys = asker.scope.keys();
    let (items, _) = asker.scope.collection_page(&keys.time_changes(id, &week.to_string()), None).await?;
    Ok(items.all::<TimeChange>()?.into_iter().rev().map(|change| change.value).collect())
}

/// The zone in which an organization's days are counted.
pub fn zone(asker: &Asker) -> TimeZone {
    asker.organization.zone()
}
