//! What the law says against a week as it was worked. It is told with its article as soon as something is entered, and never
//! refuses anything: what was worked is recorded. Pure.

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Time},
};
use kernel::text;
use serde::{Deserialize, Serialize};

use super::{
    absence::{AbsenceKind, Absent},
    calendar::IsoWeek,
    law::{self, Age, TimeRule, TimeSettings, told},
    measure::{Tally, Timeline},
    model::minutes_between,
};
use crate::employee::Employee;

/// One rule that a week breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Warning {
    pub rule: TimeRule,
    /// The article, as one cites it.
    pub article: String,
    /// The day, of what is said of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// What there is, in minutes; of days of work their number.
    pub found: u32,
    /// What there may be at most, or has to be at least.
    pub limit: u32,
    /// In French.
    pub message: String,
}

/// How many weeks an average is of (C. trav. L3121-22).
pub const AVERAGE_WEEKS: i32 = 12;

/// What a week is checked against.
pub struct Facts<'a> {
    pub week: IsoWeek,
    /// All that was read: the eleven weeks before at least, and the one after.
    pub timeline: &'a Timeline,
    pub employee: &'a Employee,
    pub settings: &'a TimeSettings,
    pub tally: Tally,
    /// The days on which they are away.
    pub absences: &'a [Absent],
    /// The holidays of the week, where they work, and what each is called.
    pub holidays: &'a [(Date, &'static str)],
    /// Overtime of the year up to this week, as far as it was counted.
    pub year_overtime: Option<u32>,
}

/// In the order of the week: what is said of days first.
pub fn checks(facts: &Facts<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for day in facts.week.days() {
        facts.daily(day, &mut warnings);
    }
    facts.rests(&mut warnings);
    warnings.sort_by_key(|warning| (warning.on, warning.rule));
    facts.weekly(&mut warnings);
    warnings
}

impl Facts<'_> {
    fn age(&self, day: Date) -> Age {
        Age::on(self.employee.born_on, day)
    }

    fn daily(&self, day: Date, warnings: &mut Vec<Warning>) {
        let worked = self.timeline.on(day);
        if worked == 0 {
            return;
        }
        self.away(day, worked, warnings);
        let age = self.age(day);
        let maximum = if age.is_minor() { TimeRule::MinorDailyMaximum } else { TimeRule::DailyMaximum };
        let limit = maximum.limit(day);
        if worked > limit.value {
            let who = if age.is_minor() { " avant 18 ans" } else { "" };
            warnings.push(Warning {
                rule: maximum,
                article: limit.source.into(),
                on: Some(day),
                found: worked,
                limit: limit.value,
                message: format!(
                    "{} de travail le {}\u{a0}: {} au plus par jour{who}.",
                    told(worked),
                    text::french_day(day),
                    told(limit.value)
                ),
            });
        }
        self.breaks(day, age, warnings);
        if age.is_minor() {
            let night = self.timeline.night_on(day, law::night(age));
            let limit = TimeRule::MinorNight.limit(day);
            if night > limit.value {
                warnings.push(Warning {
                    rule: TimeRule::MinorNight,
                    article: limit.source.into(),
                    on: Some(day),
                    found: night,
                    limit: limit.value,
                    message: format!(
                        "{} de nuit le {}\u{a0}: le travail de nuit est interdit avant 18 ans.",
                        told(night),
                        text::french_day(day)
                    ),
                });
            }
        }
    }

    /// A whole day of an absence, or a holiday: either may be right and the other wrong, which who enters and who decides are to say.
    fn away(&self, day: Date, worked: u32, warnings: &mut Vec<Warning>) {
        let mut warn = |rule: TimeRule, article: &str, message: String| {
            let article = article.to_owned();
            warnings.push(Warning { rule, article, on: Some(day), found: worked, limit: 0, message });
        };
        let (told, on) = (told(worked), text::french_day(day));
        if let Some(absent) = self.absences.iter().find(|absent| absent.on == day && absent.halves >= 2) {
            let article = match absent.kind {
                AbsenceKind::PaidLeave => TimeRule::Absence.limit(day).source,
                // Who is ill and is paid for it works no more.
                AbsenceKind::Sickness => "CSS, art. L323-6",
                AbsenceKind::Other => "C. trav., art. L3171-2",
            };
            let name = &absent.name;
            warn(
                TimeRule::Absence,
                article,
                format!("{told} de travail le {on}, jour d’absence validée\u{a0}: {name}."),
            );
        }
        if let Some((_, holiday)) = self.holidays.iter().find(|(on, _)| *on == day) {
            // 1 May is the one on which nobody works, save where work cannot stop.
            let is_labour_day = (day.month(), day.day()) == (5, 1);
            let article = if is_labour_day { "C. trav., art. L3133-4" } else { TimeRule::Holiday.limit(day).source };
            warn(TimeRule::Holiday, article, format!("{told} de travail le {on}, jour férié\u{a0}: {holiday}."));
        }
    }

    /// Twenty minutes at the latest once six hours are worked; the six hours count from one pause of that length to the next,
    /// over midnight as well, and are told of the day on which they began.
    fn breaks(&self, day: Date, age: Age, warnings: &mut Vec<Warning>) {
        let rule = if age.is_minor() { TimeRule::MinorBreak } else { TimeRule::Break };
        let limit = rule.limit(day);
        let least = law::break_minutes(age.is_minor(), day);
        let longest = self.runs(least).into_iter().filter(|(from, _)| self.timeline.day_of(*from) == day);
        let Some(worked) = longest.map(|(_, worked)| worked).max() else { return };
        // Who is under 18 has one beyond this time, everybody else as soon as it is reached.
        let is_missing = if age.is_minor() { worked > limit.value } else { worked >= limit.value };
        if is_missing {
            warnings.push(Warning {
                rule,
                article: limit.source.into(),
                on: Some(day),
                found: worked,
                limit: limit.value,
                message: format!(
                    "{} de travail sans pause de {} le {}\u{a0}: elle est due au plus tard après {}.",
                    told(worked),
                    told(least),
                    text::french_day(day),
                    told(limit.value)
                ),
            });
        }
    }

    /// Work that no pause of this length interrupts: since when, and how much of it.
    fn runs(&self, least: u32) -> Vec<(Timestamp, u32)> {
        let mut runs: Vec<(Timestamp, u32, Timestamp)> = Vec::new();
        for piece in self.timeline.pieces() {
            let worked = minutes_between(piece.from, piece.to);
            match runs.last_mut().filter(|(.., until)| minutes_between(*until, piece.from) < least) {
                Some((_, sum, until)) => {
                    *sum += worked;
                    *until = piece.to;
                }
                None => runs.push((piece.from, worked, piece.to)),
            }
        }
        runs.into_iter().map(|(from, worked, _)| (from, worked)).collect()
    }

    fn rests(&self, warnings: &mut Vec<Warning>) {
        // What is worked on Monday cuts short the rest that began on Sunday.
        let eve = self.week.monday().saturating_add((-1).days());
        for day in std::iter::once(eve).chain(self.week.days()) {
            let (begin, end) = (
                self.timeline.at(day, Time::midnight()),
                self.timeline.at(day.saturating_add(1.day()), Time::midnight()),
            );
            let first = self.timeline.within(begin, end).iter().find(|piece| piece.from >= begin);
            let Some(first) = first.map(|piece| piece.from) else { continue };
            let Some((rest, cut_on)) = self.rest_after(first) else { continue };
            let age = self.age(day);
            let limit = law::daily_rest(age, day);
            let on = cut_on.unwrap_or(day);
            if rest < limit.value && IsoWeek::of(on) == self.week {
                let rule = if age.is_minor() { TimeRule::MinorDailyRest } else { TimeRule::DailyRest };
                warnings.push(Warning {
                    rule,
                    article: limit.source.into(),
                    on: Some(on),
                    found: rest,
                    limit: limit.value,
                    message: format!(
                        "{} de repos après la journée du {}\u{a0}: {} consécutives au moins par période de 24 h.",
                        told(rest),
                        text::french_day(day),
                        told(limit.value)
                    ),
                });
            }
        }
    }

    /// The longest rest within the 24 hours from when somebody began, and on which day work cut it short.
    fn rest_after(&self, first: Timestamp) -> Option<(u32, Option<Date>)> {
        let end = first.checked_add(SignedDuration::from_hours(24)).ok()?;
        let pieces = self.timeline.within(first, end);
        let mut longest = (0, None);
        for (at, piece) in pieces.iter().enumerate() {
            let next = pieces.get(at + 1).map(|next| next.from);
            let rest = minutes_between(piece.to.min(end), next.unwrap_or(end));
            if rest >= longest.0 {
                // Work that goes on where the 24 hours end cuts it as well.
                let going_on = || self.timeline.pieces().iter().find(|piece| piece.from >= end).map(|piece| piece.from);
                let cut = next.or_else(|| going_on().filter(|from| minutes_between(end, *from) == 0));
                longest = (rest, cut.map(|from| self.timeline.day_of(from)));
            }
        }
        Some(longest)
    }

    fn weekly(&self, warnings: &mut Vec<Warning>) {
        let (monday, sunday) = (self.week.monday(), self.week.sunday());
        let worked = self.tally.worked;
        let is_minor = self.age(monday).is_minor();
        let maximum = if is_minor { TimeRule::MinorWeeklyMaximum } else { TimeRule::WeeklyMaximum };
        self.beyond(maximum, worked, maximum.limit(sunday).value, warnings, |limit| {
            let who = if is_minor { " avant 18 ans" } else { "" };
            format!("{} de travail dans la semaine\u{a0}: {} au plus{who}.", told(worked), told(limit))
        });
        let agreement = self.settings.on(sunday);
        let twelve = IsoWeek::series(self.week.plus(1 - AVERAGE_WEEKS), self.week);
        let sum: u32 = twelve.map(|week| self.timeline.in_week(week)).sum();
        let weeks = AVERAGE_WEEKS.unsigned_abs();
        if sum > agreement.average_minutes * weeks {
            let average = sum.div_ceil(weeks);
            self.beyond(TimeRule::AverageMaximum, average, agreement.average_minutes, warnings, |limit| {
                format!("{} par semaine en moyenne sur {weeks} semaines\u{a0}: {} au plus.", told(average), told(limit))
            });
        }
        self.weekly_rest(is_minor, warnings);
        let days = self.week.days().filter(|day| self.timeline.on(*day) > 0).count();
        let days = u32::try_from(days).unwrap_or(7);
        self.beyond(TimeRule::WorkingDays, days, TimeRule::WorkingDays.limit(sunday).value, warnings, |limit| {
            format!("{days} jours travaillés dans la semaine\u{a0}: {limit} au plus.")
        });
        self.part_time(warnings);
        if let Some(overtime) = self.year_overtime.filter(|_| self.tally.overtime() > 0) {
            self.beyond(TimeRule::Quota, overtime, agreement.quota_minutes, warnings, |limit| {
                format!(
                    "{} d’heures supplémentaires depuis le début de l’année\u{a0}: au-delà du contingent de {}, un repos compensateur est dû.",
                    told(overtime),
                    told(limit)
                )
            });
        }
    }

    fn beyond(
        &self,
        rule: TimeRule,
        found: u32,
        limit: u32,
        warnings: &mut Vec<Warning>,
        message: impl FnOnce(u32) -> String,
    ) {
        if found > limit {
            let article = rule.limit(self.week.sunday()).source.into();
            warnings.push(Warning { rule, article, on: None, found, limit, message: message(limit) });
        }
    }

    /// A day, and the hours of the daily rest beside it; two days under 18. It counts for the week that has the day.
    fn weekly_rest(&self, is_minor: bool, warnings: &mut Vec<Warning>) {
        let rule = if is_minor { TimeRule::MinorWeeklyRest } else { TimeRule::WeeklyRest };
        let limit = rule.limit(self.week.sunday());
        let begin = self.timeline.at(self.week.monday(), Time::midnight());
        let end = self.timeline.at(self.week.sunday().saturating_add(1.day()), Time::midnight());
        if self.timeline.within(begin, end).is_empty() {
            return;
        }
        let day = 24 * 60;
        let mut longest = 0;
        let pieces = self.timeline.pieces();
        let gaps = (0..=pieces.len()).map(|at| {
            let from = at.checked_sub(1).and_then(|before| pieces.get(before)).map_or(Timestamp::MIN, |piece| piece.to);
            (from, pieces.get(at).map_or(Timestamp::MAX, |piece| piece.from))
        });
        for (from, to) in gaps {
            let within = minutes_between(from.max(begin), to.min(end).max(from.max(begin)));
            if within >= day {
                longest = longest.max(minutes_between(from, to));
            } else {
                longest = longest.max(within);
            }
        }
        if longest < limit.value {
            let message = if is_minor {
                format!(
                    "{} de repos d’affilée dans la semaine\u{a0}: deux jours consécutifs avant 18 ans.",
                    told(longest)
                )
            } else {
                format!("{} de repos d’affilée dans la semaine\u{a0}: {} au moins.", told(longest), told(limit.value))
            };
            warnings.push(Warning {
                rule,
                article: limit.source.into(),
                on: None,
                found: longest,
                limit: limit.value,
                message,
            });
        }
    }

    /// Beyond a part-time contract no more than a tenth of it, or a third where an agreement says so, and never as much as a
    /// full-time one.
    fn part_time(&self, warnings: &mut Vec<Warning>) {
        let (worked, agreed, sunday) = (self.tally.worked, self.tally.agreed, self.week.sunday());
        let full = TimeRule::FullTime.limit(sunday);
        if agreed >= law::legal_week(sunday) || worked <= agreed {
            return;
        }
        let extends = self.settings.on(sunday).extends_part_time;
        let (limit, part) = if extends { (agreed / 3, "le tiers") } else { (agreed / 10, "le dixième") };
        let additional = worked - agreed;
        if additional > limit {
            let article =
                if extends { "C. trav., art. L3123-20" } else { TimeRule::AdditionalHours.limit(sunday).source };
            warnings.push(Warning {
                rule: TimeRule::AdditionalHours,
                article: article.into(),
                on: None,
                found: additional,
                limit,
                message: format!(
                    "{} d’heures complémentaires\u{a0}: {} au plus, {part} du contrat.",
                    told(additional),
                    told(limit)
                ),
            });
        }
        if worked >= full.value {
            warnings.push(Warning {
                rule: TimeRule::FullTime,
                article: full.source.into(),
                on: None,
                found: worked,
                limit: full.value,
                message: format!(
                    "{} de travail à temps partiel\u{a0}: les heures complémentaires ne peuvent pas porter la durée à {}.",
                    told(worked),
                    told(full.value)
                ),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        employee::ContractInput,
        settings::HrSettings,
        time::{
            law::tests::agreed,
            measure::tally,
            model::{
                Span, SpanInput, TimeWeek,
                tests::{EMPLOYEE, paris, row, spans_of},
            },
        },
    };

    fn employee(hours: &str, born_on: Option<Date>) -> Employee {
        let employee = crate::employee::model::tests::employee();
        let input = ContractInput { hours: hours.into(), ..ContractInput::default() };
        let contract = input.parse(employee.hired_on, &HrSettings::default(), kernel::Currency::Eur, None).unwrap();
        Employee { born_on, contracts: vec![contract], ..employee }
    }

    fn broken(week: &str, spans: &[Span], employee: &Employee, settings: &TimeSettings) -> Vec<Warning> {
        let timeline = Timeline::of(spans.iter(), &paris());
        let week = week.parse().unwrap();
        let tally = tally(employee, week, &timeline, &[]);
        let (timeline, absences, holidays) = (&timeline, &[], &[]);
        checks(&Facts { week, timeline, employee, settings, tally, absences, holidays, year_overtime: None })
    }

    #[test]
    fn hours_on_a_day_of_absence_or_a_holiday_are_told() {
        let absent = |on, halves, kind, name: &str| Absent {
            employee: EMPLOYEE,
            on,
            halves,
            minutes: 0,
            kind,
            name: name.into(),
        };
        let absences = [
            absent(date(2026, 11, 9), 2, AbsenceKind::Sickness, "Maladie"),
            absent(date(2026, 11, 10), 1, AbsenceKind::PaidLeave, "Congés payés"),
            absent(date(2026, 11, 12), 2, AbsenceKind::PaidLeave, "Congés payés"),
        ];
        let spans = spans(&[
            ("2026-11-09", "9:00", "12:00", ""),
            ("2026-11-10", "9:00", "12:00", ""),
            ("2026-11-11", "9:00", "12:00", ""),
        ]);
        let (timeline, week, employee) =
            (Timeline::of(spans.iter(), &paris()), "2026-W46".parse().unwrap(), employee("35", ADULT));
        let tally = tally(&employee, week, &timeline, &absences);
        let holidays = [(date(2026, 11, 11), "Armistice de 1918")];
        let facts = Facts {
            week,
            timeline: &timeline,
            employee: &employee,
            settings: &TimeSettings::default(),
            tally,
            absences: &absences,
            holidays: &holidays,
            year_overtime: None,
        };
        let told: Vec<_> = checks(&facts).into_iter().map(|one| (one.rule, one.message)).collect();
        assert_eq!(told.len(), 2, "half a day leaves half a day for work: {told:?}");
        assert_eq!(told[0].0, TimeRule::Absence);
        assert_eq!(
            told[0].1,
            "3\u{a0}h de travail le lundi 9\u{a0}novembre\u{a0}2026, jour d’absence validée\u{a0}: Maladie."
        );
        assert_eq!(told[1].0, TimeRule::Holiday);
        assert!(told[1].1.ends_with("jour férié\u{a0}: Armistice de 1918."), "{}", told[1].1);
    }

    fn spans(rows: &[(&str, &str, &str, &str)]) -> Vec<Span> {
        let mut all = Vec::new();
        for (number, (on, from, to, pause)) in (1_u128..).zip(rows) {
            let week = TimeWeek::new(EMPLOYEE, None, IsoWeek::of(on.parse().unwrap()));
            let row = SpanInput { break_minutes: (*pause).into(), ..row(on, from, to) };
            let mut span = spans_of(vec![row], &week).unwrap().remove(0);
            span.id = kernel::id::SpanId::from_ulid(ulid::Ulid(number));
            all.push(span);
        }
        all
    }

    const ADULT: Option<Date> = Some(date(1990, 5, 12));
    const MINOR: Option<Date> = Some(date(2009, 5, 12));
    const CHILD: Option<Date> = Some(date(2011, 5, 12));

    /// The article, when it was worked (day, from, to, pause), by whom, and whether the rule is broken.
    type Row<'a> = (&'a str, TimeRule, &'a [(&'a str, &'a str, &'a str, &'a str)], Option<Date>, bool);

    #[test]
    fn each_rule_of_a_day_just_under_at_and_over_its_limit() {
        let rows: &[Row<'_>] = &[
            ("L3121-18, under", TimeRule::DailyMaximum, &[("2026-11-24", "8:00", "18:59", "60")], ADULT, false),
            ("L3121-18, at", TimeRule::DailyMaximum, &[("2026-11-24", "8:00", "19:00", "60")], ADULT, false),
            ("L3121-18, over", TimeRule::DailyMaximum, &[("2026-11-24", "8:00", "19:01", "60")], ADULT, true),
            (
                "L3121-18, split by midnight",
                TimeRule::DailyMaximum,
                &[("2026-11-24", "18:00", "6:00", "60")],
                ADULT,
                false,
            ),
            ("L3121-16, under", TimeRule::Break, &[("2026-11-24", "8:00", "13:59", "")], ADULT, false),
            ("L3121-16, at", TimeRule::Break, &[("2026-11-24", "8:00", "14:00", "")], ADULT, true),
            ("L3121-16, over", TimeRule::Break, &[("2026-11-24", "8:00", "14:01", "")], ADULT, true),
            ("L3121-16, 19 minutes", TimeRule::Break, &[("2026-11-24", "8:00", "15:00", "19")], ADULT, true),
            ("L3121-16, 20 minutes", TimeRule::Break, &[("2026-11-24", "8:00", "15:00", "20")], ADULT, false),
            (
                "L3121-16, between two",
                TimeRule::Break,
                &[("2026-11-24", "8:00", "12:00", ""), ("2026-11-24", "12:20", "16:00", "")],
                ADULT,
                false,
            ),
            (
                "L3121-16, too short between two",
                TimeRule::Break,
                &[("2026-11-24", "8:00", "12:00", ""), ("2026-11-24", "12:19", "16:00", "")],
                ADULT,
                true,
            ),
            (
                "L3131-1, under",
                TimeRule::DailyRest,
                &[("2026-11-24", "9:00", "18:00", "60"), ("2026-11-25", "4:59", "9:00", "")],
                ADULT,
                true,
            ),
            (
                "L3131-1, at",
                TimeRule::DailyRest,
                &[("2026-11-24", "9:00", "18:00", "60"), ("2026-11-25", "5:00", "9:00", "")],
                ADULT,
                false,
            ),
            (
                "L3131-1, over",
                TimeRule::DailyRest,
                &[("2026-11-24", "9:00", "18:00", "60"), ("2026-11-25", "5:01", "9:00", "")],
                ADULT,
                false,
            ),
            (
                "L3131-1, from Sunday to Monday",
                TimeRule::DailyRest,
                &[("2026-11-22", "14:00", "22:00", "60"), ("2026-11-23", "8:00", "12:00", "")],
                ADULT,
                true,
            ),
            (
                "L3131-1, a long day",
                TimeRule::DailyRest,
                &[("2026-11-24", "8:00", "12:00", ""), ("2026-11-24", "18:00", "21:01", "")],
                ADULT,
                true,
            ),
            ("L3162-1, at", TimeRule::MinorDailyMaximum, &[("2026-11-24", "8:00", "17:00", "60")], MINOR, false),
            ("L3162-1, over", TimeRule::MinorDailyMaximum, &[("2026-11-24", "8:00", "17:01", "60")], MINOR, true),
            ("L3162-3, at", TimeRule::MinorBreak, &[("2026-11-24", "8:00", "12:30", "")], MINOR, false),
            ("L3162-3, over", TimeRule::MinorBreak, &[("2026-11-24", "8:00", "12:31", "")], MINOR, true),
            ("L3162-3, 29 minutes", TimeRule::MinorBreak, &[("2026-11-24", "8:00", "15:00", "29")], MINOR, true),
            ("L3162-3, 30 minutes", TimeRule::MinorBreak, &[("2026-11-24", "8:00", "15:00", "30")], MINOR, false),
            (
                "L3164-1, under",
                TimeRule::MinorDailyRest,
                &[("2026-11-24", "9:00", "17:00", "60"), ("2026-11-25", "8:00", "12:00", "")],
                MINOR,
                false,
            ),
            (
                "L3164-1, 12 hours",
                TimeRule::MinorDailyRest,
                &[("2026-11-24", "12:00", "20:00", "60"), ("2026-11-25", "8:00", "12:00", "")],
                MINOR,
                false,
            ),
            (
                "L3164-1, less than 12 hours",
                TimeRule::MinorDailyRest,
                &[("2026-11-24", "12:00", "20:01", "60"), ("2026-11-25", "8:00", "12:00", "")],
                MINOR,
                true,
            ),
            (
                "L3164-1, less than 14 hours under 16",
                TimeRule::MinorDailyRest,
                &[("2026-11-24", "12:00", "18:01", "60"), ("2026-11-25", "8:00", "12:00", "")],
                CHILD,
                true,
            ),
            ("L3163-1, at", TimeRule::MinorNight, &[("2026-11-24", "18:00", "22:00", "")], MINOR, false),
            ("L3163-1, over", TimeRule::MinorNight, &[("2026-11-24", "18:00", "22:01", "")], MINOR, true),
            ("L3163-1, under 16", TimeRule::MinorNight, &[("2026-11-24", "18:00", "20:01", "")], CHILD, true),
        ];
        for (article, rule, worked, born_on, expected) in rows {
            let warnings = broken("2026-W48", &spans(worked), &employee("35", *born_on), &TimeSettings::default());
            let told = warnings.iter().find(|warning| warning.rule == *rule);
            assert_eq!(told.is_some(), *expected, "{article}: {warnings:?}");
            if let Some(told) = told {
                let number = article.split(',').next().unwrap();
                assert!(told.article.contains(number), "{article}: {}", told.article);
            }
        }
    }

    /// `days` of the week of this Monday, from 8:00 for so many minutes, with a pause in which nobody misses one.
    fn days(monday: Date, minutes: &[u32]) -> Vec<Span> {
        let mut all = Vec::new();
        for (day, minutes) in minutes.iter().enumerate().filter(|(_, minutes)| **minutes > 0) {
            let from = monday
                .saturating_add(i32::try_from(day).unwrap().days())
                .at(8, 0, 0, 0)
                .to_zoned(paris())
                .unwrap()
                .timestamp();
            let number = u128::from(from.as_second().unsigned_abs());
            all.push(Span {
                id: kernel::id::SpanId::from_ulid(ulid::Ulid(number)),
                from,
                to: Some(from + i64::from(minutes + 60).minutes()),
                break_minutes: 60,
                note: None,
                client: None,
                clocked: false,
            });
        }
        all
    }

    const MONDAY: Date = date(2026, 11, 23);

    /// The article, the minutes of each day, the hours of the contract, by whom, under which agreement, and whether it is broken.
    type WeekRow<'a> = (&'a str, TimeRule, [u32; 7], &'a str, Option<Date>, &'a TimeSettings, bool);

    #[test]
    fn each_rule_of_a_week_just_under_at_and_over_its_limit() {
        let h = 60;
        let short = |saturday: u32| [8 * h, 8 * h, 8 * h, 8 * h, 8 * h, saturday, 0];
        let part = |friday: u32| [6 * h, 6 * h, 6 * h, 6 * h, friday, 0, 0];
        let law = TimeSettings::default();
        let agreed = agreed();
        let rows: [WeekRow<'_>; 19] = [
            ("L3121-20, under", TimeRule::WeeklyMaximum, short(8 * h - 1), "35", ADULT, &law, false),
            ("L3121-20, at", TimeRule::WeeklyMaximum, short(8 * h), "35", ADULT, &law, false),
            ("L3121-20, over", TimeRule::WeeklyMaximum, short(8 * h + 1), "35", ADULT, &law, true),
            (
                "L3162-1, under",
                TimeRule::MinorWeeklyMaximum,
                [7 * h, 7 * h, 7 * h, 7 * h, 7 * h - 1, 0, 0],
                "35",
                MINOR,
                &law,
                false,
            ),
            (
                "L3162-1, at",
                TimeRule::MinorWeeklyMaximum,
                [7 * h, 7 * h, 7 * h, 7 * h, 7 * h, 0, 0],
                "35",
                MINOR,
                &law,
                false,
            ),
            (
                "L3162-1, over",
                TimeRule::MinorWeeklyMaximum,
                [7 * h, 7 * h, 7 * h, 7 * h, 7 * h + 1, 0, 0],
                "35",
                MINOR,
                &law,
                true,
            ),
            ("L3132-1, six days", TimeRule::WorkingDays, [h; 7], "35", ADULT, &law, true),
            ("L3132-1, at", TimeRule::WorkingDays, [h, h, h, h, h, h, 0], "35", ADULT, &law, false),
            ("L3164-2, two days", TimeRule::MinorWeeklyRest, [h, h, h, h, h, 0, 0], "35", MINOR, &law, false),
            ("L3164-2, one day", TimeRule::MinorWeeklyRest, [h, h, h, 0, h, 0, h], "35", MINOR, &law, true),
            ("L3123-28, at a tenth", TimeRule::AdditionalHours, part(4 * h + 168), "28", ADULT, &law, false),
            ("L3123-28, over a tenth", TimeRule::AdditionalHours, part(4 * h + 169), "28", ADULT, &law, true),
            (
                "L3123-20, over a tenth by agreement",
                TimeRule::AdditionalHours,
                part(4 * h + 169),
                "28",
                ADULT,
                &agreed,
                false,
            ),
            (
                "L3123-20, at a third",
                TimeRule::AdditionalHours,
                [5 * h, 5 * h, 5 * h, 5 * h, 8 * h, 0, 0],
                "21",
                ADULT,
                &agreed,
                false,
            ),
            (
                "L3123-20, over a third",
                TimeRule::AdditionalHours,
                [5 * h, 5 * h, 5 * h, 5 * h, 8 * h + 1, 0, 0],
                "21",
                ADULT,
                &agreed,
                true,
            ),
            (
                "L3123-9, under",
                TimeRule::FullTime,
                [7 * h, 7 * h, 7 * h, 7 * h, 7 * h - 1, 0, 0],
                "34",
                ADULT,
                &law,
                false,
            ),
            ("L3123-9, at", TimeRule::FullTime, [7 * h, 7 * h, 7 * h, 7 * h, 7 * h, 0, 0], "34", ADULT, &law, true),
            (
                "L3123-9, of a full-time contract",
                TimeRule::FullTime,
                [7 * h, 7 * h, 7 * h, 7 * h, 8 * h, 0, 0],
                "35",
                ADULT,
                &law,
                false,
            ),
            ("L3132-2, a week that is free", TimeRule::WeeklyRest, [0; 7], "35", ADULT, &law, false),
        ];
        for (article, rule, minutes, hours, born_on, settings, expected) in rows {
            let warnings = broken("2026-W48", &days(MONDAY, &minutes), &employee(hours, born_on), settings);
            let told = warnings.iter().find(|warning| warning.rule == rule);
            assert_eq!(told.is_some(), expected, "{article}: {warnings:?}");
            if let Some(told) = told {
                let number = article.split(',').next().unwrap();
                assert!(told.article.contains(number), "{article}: {}", told.article);
            }
        }
    }

    #[test]
    fn thirty_five_hours_of_rest_a_week() {
        let six = |saturday: &'static str, monday: &'static str| {
            let mut rows = vec![
                ("2026-11-23", "10:00", "12:00", ""),
                ("2026-11-24", "10:00", "12:00", ""),
                ("2026-11-25", "10:00", "12:00", ""),
                ("2026-11-26", "10:00", "12:00", ""),
                ("2026-11-27", "10:00", "12:00", ""),
                ("2026-11-28", "10:00", saturday, ""),
            ];
            if !monday.is_empty() {
                rows.push(("2026-11-30", monday, "12:00", ""));
            }
            let warnings = broken("2026-W48", &spans(&rows), &employee("35", ADULT), &TimeSettings::default());
            warnings.iter().find(|warning| warning.rule == TimeRule::WeeklyRest).map(|warning| warning.found)
        };
        assert_eq!(six("20:00", "7:00"), None, "at: L3132-2");
        assert_eq!(six("20:01", "7:00"), Some(35 * 60 - 1), "under: L3132-2");
        assert_eq!(six("19:59", "7:00"), None, "over: L3132-2");
        assert_eq!(six("23:00", ""), None, "nobody knows yet when the rest ends");
    }

    #[test]
    fn forty_four_hours_on_average_over_twelve_weeks() {
        let h = 60;
        let all = |more: u32| {
            let weeks = (0..12).flat_map(|week| {
                let monday = MONDAY.saturating_add((-7 * week).days());
                days(monday, &[9 * h, 9 * h, 9 * h, 9 * h, 8 * h + if week == 5 { more } else { 0 }, 0, 0])
            });
            weeks.collect::<Vec<_>>()
        };
        let found = |more: u32, settings: &TimeSettings| {
            let warnings = broken("2026-W48", &all(more), &employee("35", ADULT), settings);
            warnings
                .into_iter()
                .find(|warning| warning.rule == TimeRule::AverageMaximum)
                .map(|warning| (warning.found, warning.article))
        };
        let law = TimeSettings::default();
        assert_eq!(found(0, &law), None, "at: L3121-22");
        assert_eq!(found(1, &law), Some((44 * h + 1, "C. trav., art. L3121-22".into())), "over: L3121-22");
        assert_eq!(found(1, &agreed()), None, "46 hours by agreement: L3121-23");
        // What is older than twelve weeks counts no more.
        let mut spans = all(0);
        spans.extend(days(MONDAY.saturating_add((-7 * 12).days()), &[10 * h, 10 * h, 10 * h, 10 * h, 8 * h, 0, 0]));
        spans.sort_by_key(|span| span.from);
        let warnings = broken("2026-W48", &spans, &employee("35", ADULT), &law);
        assert!(warnings.iter().all(|warning| warning.rule != TimeRule::AverageMaximum));
    }

    #[test]
    fn the_quota_of_a_year() {
        let spans = days(MONDAY, &[8 * 60, 8 * 60, 8 * 60, 8 * 60, 8 * 60, 0, 0]);
        let timeline = Timeline::of(spans.iter(), &paris());
        let (employee, settings) = (employee("35", ADULT), TimeSettings::default());
        let week: IsoWeek = "2026-W48".parse().unwrap();
        let tally = tally(&employee, week, &timeline, &[]);
        for (article, overtime, expected) in
            [("under: D3121-24", 219 * 60, 0), ("at: D3121-24", 220 * 60, 0), ("over: D3121-24", 220 * 60 + 1, 1)]
        {
            let facts = Facts {
                week,
                timeline: &timeline,
                employee: &employee,
                settings: &settings,
                tally,
                absences: &[],
                holidays: &[],
                year_overtime: Some(overtime),
            };
            let told = checks(&facts).into_iter().filter(|warning| warning.rule == TimeRule::Quota).count();
            assert_eq!(told, expected, "{article}");
        }
    }
}
