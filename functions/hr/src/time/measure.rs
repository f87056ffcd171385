//! How much was worked, when, and as what it is paid. Pure.

use std::collections::BTreeMap;

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use super::{
    absence::{AbsenceKind, Absent},
    calendar::{IsoWeek, Month},
    law,
    model::{Span, minutes_between},
};
use crate::employee::Employee;

/// Work without a break in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// All that somebody worked, as far as it was read, in its order.
#[derive(Debug, Clone)]
pub struct Timeline {
    pieces: Vec<Piece>,
    zone: TimeZone,
}

/// Nobody noted when a break was: it is taken to have been in the middle.
fn pieces(span: &Span) -> Vec<Piece> {
    let Some(to) = span.to.filter(|to| *to > span.from) else { return Vec::new() };
    let worked = i64::from(span.minutes());
    let first = worked / 2;
    let after = |minutes: i64| span.from.saturating_add(minutes.minutes()).unwrap_or(to);
    if span.break_minutes == 0 {
        return vec![Piece { from: span.from, to }];
    }
    let (before, then) = (after(first), after(first + i64::from(span.break_minutes)));
    let both = [Piece { from: span.from, to: before }, Piece { from: then, to }];
    both.into_iter().filter(|piece| piece.to > piece.from).collect()
}

impl Timeline {
    pub fn of<'a>(spans: impl Iterator<Item = &'a Span>, zone: &TimeZone) -> Self {
        let mut pieces: Vec<Piece> = spans.flat_map(pieces).collect();
        pieces.sort_by_key(|piece| piece.from);
        Self { pieces, zone: zone.clone() }
    }

    pub const fn pieces(&self) -> &Vec<Piece> {
        &self.pieces
    }

    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The first instant of a day, or one in it.
    pub fn at(&self, day: Date, time: Time) -> Timestamp {
        day.to_datetime(time).to_zoned(self.zone.clone()).map(|zoned| zoned.timestamp()).unwrap_or_default()
    }

    pub fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// Minutes that were worked from one instant to another.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> u32 {
        let within = |piece: &Piece| minutes_between(piece.from.max(from), piece.to.min(to).max(piece.from.max(from)));
        // Pieces are in their order and do not overlap.
        let first = self.pieces.partition_point(|piece| piece.to <= from);
        self.pieces[first..].iter().take_while(|piece| piece.from < to).map(within).sum()
    }

    /// A day is from midnight to midnight, of 23 or 25 hours where the clock changes.
    pub fn on(&self, day: Date) -> u32 {
        self.between(self.at(day, Time::midnight()), self.at(day.saturating_add(1.day()), Time::midnight()))
    }

    pub fn in_week(&self, week: IsoWeek) -> u32 {
        self.between(
            self.at(week.monday(), Time::midnight()),
            self.at(week.sunday().saturating_add(1.day()), Time::midnight()),
        )
    }

    /// What of a day was in the night: from its midnight until the morning, and in its evening.
    pub fn night_on(&self, day: Date, (evening, morning): (Time, Time)) -> u32 {
        let next = day.saturating_add(1.day());
        self.between(self.at(day, Time::midnight()), self.at(day, morning))
            + self.between(self.at(day, evening), self.at(next, Time::midnight()))
    }

    /// The pieces that touch this time.
    pub fn within(&self, from: Timestamp, to: Timestamp) -> &[Piece] {
        let first = self.pieces.partition_point(|piece| piece.to <= from);
        let last = self.pieces.partition_point(|piece| piece.from < to);
        self.pieces.get(first..last.max(first)).unwrap_or_default()
    }
}

/// A week's time by what it is paid as, in minutes. What is worked is each minute once in one of `normal`, `additional_*`
/// and `overtime_*`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tally {
    pub worked: u32,
    pub normal: u32,
    /// Beyond a part-time contract, up to a tenth of it: +10 % (C. trav. L3123-29).
    pub additional_first: u32,
    /// Beyond that: +25 %.
    pub additional_second: u32,
    /// The hours 36 to 43 of a week (C. trav. L3121-36, or an agreement).
    pub overtime_first: u32,
    /// From the 44th on.
    pub overtime_second: u32,
    /// Of what is worked, what was in the night.
    pub night: u32,
    /// Paid leave, as it counts towards the week.
    pub leave: u32,
    /// What was agreed for the week.
    pub agreed: u32,
}

impl Tally {
    pub const fn overtime(&self) -> u32 {
        self.overtime_first + self.overtime_second
    }

    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            worked: self.worked + other.worked,
            normal: self.normal + other.normal,
            additional_first: self.additional_first + other.additional_first,
            additional_second: self.additional_second + other.additional_second,
            overtime_first: self.overtime_first + other.overtime_first,
            overtime_second: self.overtime_second + other.overtime_second,
            night: self.night + other.night,
            leave: self.leave + other.leave,
            agreed: self.agreed + other.agreed,
        }
    }
}

/// A week's minutes by what they are paid as. `agreed` is what the contract says of a week, `leave` what days of paid leave
/// stand for. Overtime counts from 35 hours (C. trav. L3121-28), which days of paid leave count towards since the Cour de
/// cassation said so; of who works part of the time, additional hours count from their contract on what they worked, and
/// what goes beyond 35 hours is paid as overtime all the same.
pub fn classified(worked: u32, leave: u32, agreed: u32, on: Date) -> Tally {
    let legal = law::legal_week(on);
    let is_part_time = agreed < legal;
    let before = if !is_part_time && law::leave_counts(on) { leave } else { 0 };
    let from = if is_part_time { agreed } else { legal };
    let tenth = if is_part_time { (agreed + agreed / 10).min(legal) } else { legal };
    let second = legal + law::first_overtime(on);
    // What is worked stands behind the leave on a line, on which the rates begin at these places.
    let part = |first: u32, last: u32| (before + worked).min(last).saturating_sub(before.max(first));
    Tally {
        worked,
        normal: part(0, from),
        additional_first: part(from, tenth),
        additional_second: part(tenth, legal),
        overtime_first: part(legal, second),
        overtime_second: part(second, u32::MAX),
        night: 0,
        leave,
        agreed,
    }
}

/// What the contracts of a week's days say of a week: that of each day for its part. None before somebody was hired.
pub fn agreed_minutes(employee: &Employee, week: IsoWeek) -> Option<u32> {
    let days: Vec<u32> = week
        .days()
        .filter(|day| *day >= employee.hired_on && employee.left_on.is_none_or(|left_on| *day <= left_on))
        .filter_map(|day| employee.contract_on(day).map(|contract| u32::from(contract.week_minutes)))
        .collect();
    let count = u32::try_from(days.len()).ok().filter(|count| *count > 0)?;
    Some(days.iter().sum::<u32>().div_ceil(count))
}

/// What a day is by the contract that holds on it: of a day on which they work, its part of the week.
pub fn agreed_on(employee: &Employee, day: Date) -> u32 {
    let Some(contract) = employee.contract_on(day) else { return 0 };
    let days = contract.week.numbers();
    let is_worked = days.contains(&day.weekday().to_monday_one_offset().to_string());
    let count = u32::try_from(days.len()).unwrap_or(1).max(1);
    if is_worked { u32::from(contract.week_minutes) / count } else { 0 }
}

/// What the days of paid leave of a week stand for.
pub fn leave_minutes(employee: &Employee, week: IsoWeek, absences: &[Absent]) -> u32 {
    let of_week = absences.iter().filter(|absent| absent.kind.is_paid_leave() && IsoWeek::of(absent.on) == week);
    of_week.map(|absent| agreed_on(employee, absent.on) * u32::from(absent.halves.min(2)) / 2).sum()
}

/// A week as it is paid, by the contract, the age and the law of its days.
pub fn tally(employee: &Employee, week: IsoWeek, timeline: &Timeline, absences: &[Absent]) -> Tally {
    let on = week.sunday();
    let agreed = agreed_minutes(employee, week).unwrap_or_else(|| law::legal_week(on));
    let leave = leave_minutes(employee, week, absences);
    let night = week.days().map(|day| timeline.night_on(day, law::night(law::Age::Adult))).sum();
    Tally { night, ..classified(timeline.in_week(week), leave, agreed, on) }
}

/// What of a month goes to who makes the pay slips, of one employee.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthTally {
    /// What was worked on its days.
    pub worked: u32,
    pub night: u32,
    /// Of the weeks that end in it, by what they are paid as.
    pub paid: Tally,
    /// By kind and name, in half days.
    pub absences: Vec<(AbsenceKind, String, u32)>,
    /// The same of what is taken by hours, in minutes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<(AbsenceKind, String, u32)>,
}

/// A month by its days, and what is counted by the week by the weeks that end in it.
pub fn month(employee: &Employee, month: Month, timeline: &Timeline, absences: &[Absent]) -> MonthTally {
    let night = law::night(law::Age::Adult);
    let away = |length: fn(&Absent) -> u32| {
        let mut away: BTreeMap<(AbsenceKind, String), u32> = BTreeMap::new();
        for absent in absences.iter().filter(|absent| Month::of(absent.on) == month && length(absent) > 0) {
            *away.entry((absent.kind, absent.name.clone())).or_default() += length(absent);
        }
        away.into_iter().map(|((kind, name), length)| (kind, name, length)).collect()
    };
    let weeks = month.weeks_ending().map(|week| tally(employee, week, timeline, absences));
    MonthTally {
        worked: month.days().map(|day| timeline.on(day)).sum(),
        night: month.days().map(|day| timeline.night_on(day, night)).sum(),
        paid: weeks.fold(Tally::default(), Tally::plus),
        absences: away(|absent| absent.halves.into()),
        hours: away(|absent| absent.minutes.into()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::time::model::tests::{paris, row, spans_of};
    use crate::time::model::{SpanInput, TimeWeek};

    const ON: Date = date(2026, 11, 29);

    fn hours(hours: u32) -> u32 {
        hours * 60
    }

    /// Worked, leave, agreed; normal, +10 %, +25 % of part time, +25 %, +50 %.
    type Row = (&'static str, [u32; 3], [u32; 5]);

    #[test]
    fn hours_are_paid_as_the_law_says() {
        let h = hours;
        let rows: [Row; 19] = [
            ("L3121-28, under", [h(35) - 1, 0, h(35)], [h(35) - 1, 0, 0, 0, 0]),
            ("L3121-28, at", [h(35), 0, h(35)], [h(35), 0, 0, 0, 0]),
            ("L3121-28, over", [h(35) + 1, 0, h(35)], [h(35), 0, 0, 1, 0]),
            ("L3121-36, at the 43rd", [h(43), 0, h(35)], [h(35), 0, 0, h(8), 0]),
            ("L3121-36, from the 44th", [h(43) + 1, 0, h(35)], [h(35), 0, 0, h(8), 1]),
            ("L3121-36, of 39 hours", [h(39), 0, h(39)], [h(35), 0, 0, h(4), 0]),
            ("L3121-28, nothing worked", [0, 0, h(35)], [0, 0, 0, 0, 0]),
            ("Cass. 23-14.455, under", [h(28), h(7), h(35)], [h(28), 0, 0, 0, 0]),
            ("Cass. 23-14.455, over", [h(32), h(7), h(35)], [h(28), 0, 0, h(4), 0]),
            ("Cass. 23-14.455, from the 44th", [h(40), h(7), h(35)], [h(28), 0, 0, h(8), h(4)]),
            ("Cass. 23-14.455, a week of leave and a day", [h(5), h(35), h(35)], [0, 0, 0, h(5), 0]),
            ("L3123-29, under the contract", [h(28) - 1, 0, h(28)], [h(28) - 1, 0, 0, 0, 0]),
            ("L3123-29, at the contract", [h(28), 0, h(28)], [h(28), 0, 0, 0, 0]),
            ("L3123-29, over", [h(28) + 1, 0, h(28)], [h(28), 1, 0, 0, 0]),
            ("L3123-29, a tenth", [h(28) + 168, 0, h(28)], [h(28), 168, 0, 0, 0]),
            ("L3123-29, over a tenth", [h(28) + 169, 0, h(28)], [h(28), 168, 1, 0, 0]),
            ("L3123-9 and L3121-28, over 35 hours", [h(36), 0, h(28)], [h(28), 168, 252, h(1), 0]),
            ("L3123-29, a tenth that reaches 35 hours", [h(35), 0, h(34)], [h(34), 60, 0, 0, 0]),
            ("L3123-29, leave of who works part of the time", [h(24), h(7), h(28)], [h(24), 0, 0, 0, 0]),
        ];
        for (article, [worked, leave, agreed], expected) in rows {
            let tally = classified(worked, leave, agreed, ON);
            let found = [
                tally.normal,
                tally.additional_first,
                tally.additional_second,
                tally.overtime_first,
                tally.overtime_second,
            ];
            assert_eq!(found, expected, "{article}");
        }
        // Before it was judged so, leave counted for nothing.
        assert_eq!(classified(h(32), h(7), h(35), date(2025, 9, 9)).overtime(), 0);
    }

    fn timeline(week: &str, rows: Vec<SpanInput>) -> Timeline {
        let week = TimeWeek::new(crate::time::model::tests::EMPLOYEE, None, week.parse().unwrap());
        Timeline::of(spans_of(rows, &week).unwrap().iter(), &paris())
    }

    #[test]
    fn the_night_is_from_nine_to_six_and_a_day_from_midnight_to_midnight() {
        let night = law::night(law::Age::Adult);
        for (article, from, to, on, next) in [
            ("L3122-20, under", "20:00", "21:00", (60, 0), (0, 0)),
            ("L3122-20, over", "20:00", "21:01", (61, 1), (0, 0)),
            ("L3122-20, over midnight", "22:00", "06:00", (120, 120), (360, 360)),
            ("L3122-20, the morning", "23:00", "06:01", (60, 60), (361, 360)),
        ] {
            let timeline = timeline("2026-W48", vec![row("2026-11-24", from, to)]);
            let (first, second) = (date(2026, 11, 24), date(2026, 11, 25));
            assert_eq!((timeline.on(first), timeline.night_on(first, night)), on, "{article}");
            assert_eq!((timeline.on(second), timeline.night_on(second, night)), next, "{article}");
        }
        // Of the night that has an hour more, and of the one that has one less.
        for (week, on, minutes) in [("2026-W43", "2026-10-24", 600), ("2026-W13", "2026-03-28", 480)] {
            let timeline = timeline(week, vec![row(on, "21:00", "06:00")]);
            let first: Date = on.parse().unwrap();
            let nights = timeline.night_on(first, night) + timeline.night_on(first.saturating_add(1.day()), night);
            assert_eq!(nights, minutes, "{on}");
        }
    }

    #[test]
    fn a_break_is_in_the_middle() {
        let row = SpanInput { break_minutes: "30".into(), ..row("2026-11-24", "8:00", "12:30") };
        let timeline = timeline("2026-W48", vec![row]);
        let told: Vec<_> = timeline.pieces().iter().map(|piece| minutes_between(piece.from, piece.to)).collect();
        assert_eq!((told, timeline.on(date(2026, 11, 24))), (vec![120, 120], 240));
    }

    #[test]
    fn a_week_is_of_the_contracts_of_its_days() {
        use crate::employee::ContractInput;
        let employee = crate::employee::model::tests::employee();
        let week = |week: &str| week.parse().unwrap();
        assert_eq!(agreed_minutes(&employee, week("2024-W10")), Some(2_100));
        assert_eq!(agreed_minutes(&employee, week("2024-W09")), None, "they were not there");
        let amendment = ContractInput { from: "2026-11-26".into(), hours: "28".into(), ..ContractInput::default() };
        let amendment =
            amendment.parse(employee.hired_on, &crate::settings::HrSettings::default(), kernel::Currency::Eur, None);
        let employee = employee.with_contract(amendment.unwrap()).unwrap();
        assert_eq!(agreed_minutes(&employee, week("2026-W47")), Some(2_100));
        assert_eq!(agreed_minutes(&employee, week("2026-W48")), Some((3 * 2_100 + 4 * 1_680) / 7));
        assert_eq!(agreed_minutes(&employee, week("2026-W49")), Some(1_680));
        assert_eq!((agreed_on(&employee, date(2026, 11, 25)), agreed_on(&employee, date(2026, 11, 28))), (420, 0));
    }

    #[test]
    fn a_day_of_paid_leave_stands_for_what_would_have_been_worked() {
        let employee = crate::employee::model::tests::employee();
        let away = |on: &str, halves: u8, kind: AbsenceKind| Absent {
            employee: employee.id,
            on: on.parse().unwrap(),
            halves,
            minutes: 0,
            kind,
            name: "Absence".into(),
        };
        let absences = [
            away("2026-11-23", 2, AbsenceKind::PaidLeave),
            away("2026-11-24", 1, AbsenceKind::PaidLeave),
            away("2026-11-25", 2, AbsenceKind::Sickness),
            // Counted as a day of leave, and worked by nobody.
            away("2026-11-28", 2, AbsenceKind::PaidLeave),
            away("2026-11-30", 2, AbsenceKind::PaidLeave),
        ];
        let week = "2026-W48".parse().unwrap();
        assert_eq!(leave_minutes(&employee, week, &absences), 420 + 210);
        let rows = [("26", "17:00"), ("27", "17:00")];
        let rows = rows.map(|(day, to)| row(&format!("2026-11-{day}"), "8:00", to));
        let tally = tally(&employee, week, &timeline("2026-W48", rows.into()), &absences);
        assert_eq!((tally.worked, tally.leave, tally.overtime()), (1_080, 630, 0));
    }

    proptest! {
        #[test]
        fn each_minute_is_paid_once_and_no_overtime_is_less_than_none(
            worked in 0_u32..=168 * 60, leave in 0_u32..=40 * 60, agreed in 60_u32..=48 * 60, early in any::<bool>()
        ) {
            let on = if early { date(2025, 1, 1) } else { ON };
            let tally = classified(worked, leave, agreed, on);
            let parts = [tally.normal, tally.additional_first, tally.additional_second, tally.overtime_first, tally.overtime_second];
            prop_assert_eq!(parts.iter().sum::<u32>(), worked);
            prop_assert!(parts.iter().all(|part| *part <= worked));
            prop_assert_eq!(tally.overtime() > 0, worked > 0 && worked + if agreed >= 2_100 && !early { leave } else { 0 } > 2_100);
        }

        #[test]
        fn no_minute_is_lost_between_days_and_weeks(
            rows in prop::collection::vec((0_i8..7, 0_i8..24, 0_i8..60, 1_i64..700, 0_i64..60), 1..8)
        ) {
            use kernel::id::SpanId;
            let (mut spans, mut free) = (Vec::new(), Timestamp::MIN);
            let week: IsoWeek = "2026-W43".parse().unwrap();
            let mut rows = rows;
            rows.sort_unstable();
            for (number, (day, hour, minute, lasts, rest)) in (1_u128..).zip(rows) {
                let from = week.monday().saturating_add(i32::from(day).days()).at(hour, minute, 0, 0);
                let from = from.to_zoned(paris()).unwrap().timestamp();
                if from < free {
                    continue;
                }
                let to = from + (lasts + 1).minutes();
                free = to;
                spans.push(Span {
                    id: SpanId::from_ulid(ulid::Ulid(number)), from, to: Some(to),
                    break_minutes: u16::try_from(rest.min(lasts)).unwrap(), note: None, client: None, clocked: false,
                });
            }
            let timeline = Timeline::of(spans.iter(), &paris());
            let worked: u32 = spans.iter().map(Span::minutes).sum();
            let days: u32 = week.days().chain([week.plus(1).monday()]).map(|day| timeline.on(day)).sum();
            prop_assert_eq!(days, worked);
            prop_assert_eq!(timeline.in_week(week) + timeline.on(week.plus(1).monday()), worked);
            let night: u32 = week.days().map(|day| timeline.night_on(day, law::night(law::Age::Adult))).sum();
            prop_assert!(night <= worked);
        }
    }
}
