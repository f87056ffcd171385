//! A month of somebody's time: what goes to the annex of their pay slip (C. trav. D3171-13).

use kernel::{Result, id::EmployeeId};
use web::{Asker, spreadsheet::Spreadsheet};

use super::{
    absence::Absent,
    calendar::{IsoWeek, Month},
    law::hours,
    measure::{self, MonthTally, Tally, tally},
    model::WeekState,
    sight::{DaySight, day_sight},
    store::{self, Read},
};

pub struct Recap {
    pub month: Month,
    pub days: Vec<DaySight>,
    /// The weeks that end in it.
    pub weeks: Vec<(IsoWeek, WeekState, Tally)>,
    pub tally: MonthTally,
    pub absences: Vec<Absent>,
    pub year_overtime: u32,
    pub quota: u32,
    pub read: Read,
}

pub async fn show_recap(asker: &Asker, id: EmployeeId, month: Month) -> Result<Recap> {
    let last = IsoWeek::of(month.last());
    let counted = IsoWeek::of(month.first()).min(last);
    let last_ending = month.weeks_ending().last().unwrap_or(last);
    let first = last_ending.first_of_year().min(counted).plus(-1);
    let read = store::read(asker, id, first, last, &[]).await?;
    let timeline = read.timeline(None);
    let state = |week| read.stored(week).map_or(WeekState::Draft, |stored| stored.state);
    let weeks =
        month.weeks_ending().map(|week| (week, state(week), tally(&read.employee, week, &timeline, &read.absences)));
    Ok(Recap {
        month,
        days: month.days().map(|day| day_sight(&timeline, day)).collect(),
        weeks: weeks.collect(),
        tally: measure::month(&read.employee, month, &timeline, &read.absences),
        absences: read.absences.iter().filter(|absent| Month::of(absent.on) == month).cloned().collect(),
        year_overtime: read.year_overtime(last_ending, &timeline),
        quota: read.settings.on(month.last()).quota_minutes,
        read,
    })
}

/// Hours as a French spreadsheet reads them: `7,5`.
pub fn french_hours(minutes: u32) -> String {
    hours(minutes).replace('.', ",")
}

/// Half days as days: `2,5`.
pub fn french_days(halves: u32) -> String {
    format!("{}{}", halves / 2, if halves % 2 == 1 { ",5" } else { "" })
}

impl Recap {
    /// Day by day, then the weeks that end in the month.
    pub fn to_csv(&self) -> Result<Vec<u8>> {
        let header = [
            "Période",
            "Heures travaillées",
            "Heures de nuit",
            "Heures complémentaires",
            "Heures supplémentaires",
            "Absence",
        ];
        let mut sheet = Spreadsheet::new(Vec::new(), &header)?;
        for day in &self.days {
            let away = self.absences.iter().filter(|absent| absent.on == day.on);
            let away: Vec<_> = away.map(Absent::french).collect();
            let cells = [kernel::text::short_date(day.on), french_hours(day.minutes), french_hours(day.night_minutes)];
            sheet.row(cells.into_iter().chain([String::new(), String::new(), away.join(", ")]))?;
        }
        for (week, _, tally) in &self.weeks {
            sheet.row([
                format!("Semaine {} de {}", week.number(), week.year()),
                french_hours(tally.worked),
                french_hours(tally.night),
                french_hours(tally.additional_first + tally.additional_second),
                french_hours(tally.overtime()),
                String::new(),
            ])?;
        }
        sheet.finish()
    }
}
