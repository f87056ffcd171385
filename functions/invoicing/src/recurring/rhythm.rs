//! The period that each invoice of a recurring one is for, and the words that name it. Pure.

use jiff::{ToSpan, civil::Date};
pub use kernel::rhythm::{Rhythm, Unit};
use kernel::text::{self, DateFormat};
use serde::{Deserialize, Serialize};

/// Which period an invoice is for, as its words name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeriodRule {
    /// Whole months, beginning with that of the invoice.
    Starting,
    /// Whole months, ending with that of the invoice.
    Ending,
    /// Whole months, up to the one before the invoice's.
    Before,
    /// Whole months, from the one after the invoice's.
    After,
    /// From the day of the invoice to the day before the next.
    DayToDay,
}

impl PeriodRule {
    pub const ALL: [Self; 5] = [Self::Starting, Self::Ending, Self::Before, Self::After, Self::DayToDay];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ending => "ending",
            Self::Before => "before",
            Self::After => "after",
            Self::DayToDay => "day_to_day",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Starting => "Elle commence avec le mois de la facture",
            Self::Ending => "Elle se termine avec le mois de la facture",
            Self::Before => "Elle s’achève le mois précédent (à terme échu)",
            Self::After => "Elle commence le mois suivant (à échoir)",
            Self::DayToDay => "De date à date, à partir du jour de la facture",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

/// Both days are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

impl Period {
    /// That of the occurrence on `date`, which `next` follows.
    pub fn of(rhythm: &Rhythm, rule: PeriodRule, date: Date, next: Option<Date>) -> Self {
        let every = i64::from(rhythm.every.max(1));
        let day_before = |date: Date| date.yesterday().unwrap_or(date);
        let Some(months) = rhythm.unit.months() else {
            let days = every * 7;
            let shift = match rule {
                PeriodRule::Starting | PeriodRule::DayToDay => 0,
                PeriodRule::Ending => 1 - days,
                PeriodRule::Before => -days,
                PeriodRule::After => 1,
            };
            let from = date.saturating_add(shift.days());
            return Self { from, to: from.saturating_add((days - 1).days()) };
        };
        let months = i64::from(months) * every;
        let shift = match rule {
            PeriodRule::DayToDay => {
                let next = next.unwrap_or_else(|| date.saturating_add(months.months()));
                return Self { from: date, to: day_before(next) };
            }
            PeriodRule::Starting => 0,
            PeriodRule::Ending => 1 - months,
            PeriodRule::Before => -months,
            PeriodRule::After => 1,
        };
        let from = date.first_of_month().saturating_add(shift.months());
        Self { from, to: day_before(from.saturating_add(months.months())) }
    }

    fn is_whole_months(&self) -> bool {
        self.from.day() == 1 && self.to.day() == self.to.days_in_month()
    }

    /// How many months it spans.
    fn months(&self) -> i32 {
        i32::from(self.to.year() - self.from.year()) * 12 + i32::from(self.to.month() - self.from.month()) + 1
    }

    /// `novembre 2026`, `4e trimestre 2026`, `2026`, `octobre à novembre 2026`, `du 15/11/2026 au 14/12/2026`.
    pub fn french(&self, format: DateFormat) -> String {
        if !self.is_whole_months() {
            return format!("du {} au {}", format.show(self.from), format.show(self.to));
        }
        match (self.months(), self.from.month()) {
            (1, _) => text::french_month(self.from),
            (3, 1 | 4 | 7 | 10) => format!("{} {}", self.quarter(), self.from.year()),
            (12, 1) => self.from.year().to_string(),
            _ if self.from.year() == self.to.year() => {
                format!("{} à {}", month(self.from), text::french_month(self.to))
            }
            _ => format!("{} à {}", text::french_month(self.from), text::french_month(self.to)),
        }
    }

    fn quarter(&self) -> String {
        match (self.from.month() + 2) / 3 {
            1 => "1er trimestre".into(),
            quarter => format!("{quarter}e trimestre"),
        }
    }
}

/// `novembre`.
fn month(date: Date) -> String {
    text::french_month(date).split('\u{a0}').next().unwrap_or_default().to_owned()
}

/// What stands in braces in the words of a recurring invoice: without accents and in any case.
pub const PLACEHOLDERS: [&str; 7] = ["mois", "annee", "trimestre", "periode", "debut", "fin", "numero"];

/// The first thing in braces that is no placeholder.
pub fn unknown_placeholder(text: &str) -> Option<String> {
    parts(text).find_map(|part| match part {
        Part::Braced(name) if !PLACEHOLDERS.contains(&text::folded(name).as_str()) => Some(name.to_owned()),
        _ => None,
    })
}

enum Part<'a> {
    Text(&'a str),
    /// What stands between braces.
    Braced(&'a str),
}

fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.strip_prefix('{').and_then(|after| after.find('}'));
        if let Some(end) = end {
            let name = &rest[1..=end];
            rest = &rest[end + 2..];
            return Some(Part::Braced(name));
        }
        // Up to the next brace; one that nothing closes is text.
        let next = rest.char_indices().skip(1).find(|(_, letter)| *letter == '{').map_or(rest.len(), |(at, _)| at);
        let (text, after) = rest.split_at(next);
        rest = after;
        Some(Part::Text(text))
    })
}

/// The words of the occurrence that is made as the `number`th, from 1.
pub fn filled(text: &str, period: Period, number: u32, format: DateFormat) -> String {
    parts(text)
        .map(|part| match part {
            Part::Text(text) => text.to_owned(),
            Part::Braced(name) => match text::folded(name).as_str() {
                "mois" => month(period.from),
                "annee" => period.from.year().to_string(),
                "trimestre" => period.quarter(),
                "periode" => period.french(format),
                "debut" => format.show(period.from),
                "fin" => format.show(period.to),
                "numero" => number.to_string(),
                _ => format!("{{{name}}}"),
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn rhythm(unit: Unit, every: u8, first_on: Date, day_of_month: Option<i8>) -> Rhythm {
        Rhythm { unit, every, first_on, day_of_month }
    }

    fn dates(rhythm: Rhythm, count: u32) -> Vec<String> {
        (0..count).map(|at| rhythm.date(at).unwrap().to_string()).collect()
    }

    #[test]
    fn the_31st_is_the_last_day_of_a_shorter_month_and_the_31st_again_after_it() {
        let rhythm = rhythm(Unit::Monthly, 1, date(2027, 1, 31), None);
        assert_eq!(dates(rhythm, 4), ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]);
        assert_eq!(rhythm.date(13).unwrap(), date(2028, 2, 29));
    }

    #[test]
    fn a_day_of_the_month_that_is_past_in_the_first_one_begins_in_the_next() {
        assert_eq!(dates(rhythm(Unit::Monthly, 1, date(2026, 11, 15), Some(1)), 2), ["2026-12-01", "2027-01-01"]);
        assert_eq!(dates(rhythm(Unit::Monthly, 1, date(2026, 11, 15), Some(31)), 2), ["2026-11-30", "2026-12-31"]);
        assert_eq!(dates(rhythm(Unit::Yearly, 1, date(2026, 11, 15), Some(15)), 2), ["2026-11-15", "2027-11-15"]);
    }

    #[test]
    fn every_so_many_weeks_quarters_and_years() {
        assert_eq!(
            dates(rhythm(Unit::Weekly, 2, date(2026, 12, 24), None), 3),
            ["2026-12-24", "2027-01-07", "2027-01-21"]
        );
        assert_eq!(
            dates(rhythm(Unit::Quarterly, 1, date(2026, 11, 30), None), 3),
            ["2026-11-30", "2027-02-28", "2027-05-30"]
        );
        assert_eq!(dates(rhythm(Unit::Yearly, 1, date(2028, 2, 29), None), 5)[4], "2032-02-29");
        assert_eq!(dates(rhythm(Unit::HalfYearly, 1, date(2026, 1, 1), None), 2), ["2026-01-01", "2026-07-01"]);
    }

    proptest! {
        #[test]
        fn occurrences_come_in_order_none_before_the_first_day_and_none_is_left_out(
            unit in 0_usize..5, every in 1_u8..=12, offset in 0_i32..800, day in proptest::option::of(1_i8..=31)
        ) {
            let first_on = date(2026, 1, 1).saturating_add(offset.days());
            let rhythm = rhythm(Unit::ALL[unit], every, first_on, day);
            let all: Vec<Date> = (0..60).map_while(|at| rhythm.date(at)).collect();
            prop_assert!(all[0] >= first_on);
            prop_assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
            for (at, on) in all.iter().enumerate() {
                prop_assert_eq!(rhythm.index_from(0, *on), Some(at as u32));
                prop_assert_eq!(rhythm.index_from(0, on.tomorrow().unwrap()), Some(at as u32 + 1));
            }
            if unit > 0 {
                let wanted = day.unwrap_or(first_on.day());
                prop_assert!(all.iter().all(|on| on.day() == wanted.min(on.days_in_month())));
            }
        }

        #[test]
        fn periods_follow_each_other_without_a_gap(
            unit in 0_usize..5, every in 1_u8..=4, offset in 0_i32..800, rule in 0_usize..5, day in proptest::option::of(1_i8..=31)
        ) {
            let rhythm = rhythm(Unit::ALL[unit], every, date(2026, 1, 1).saturating_add(offset.days()), day);
            let period = |at: u32| Period::of(&rhythm, PeriodRule::ALL[rule], rhythm.date(at).unwrap(), rhythm.date(at + 1));
            for at in 0..30 {
                prop_assert!(period(at).from <= period(at).to);
                prop_assert_eq!(period(at).to.tomorrow().unwrap(), period(at + 1).from);
            }
        }

        #[test]
        fn no_text_is_lost_or_breaks_the_filling(text in ".{0,60}") {
            let period = Period { from: date(2026, 11, 1), to: date(2026, 11, 30) };
            if !text.contains('{') {
                prop_assert_eq!(filled(&text, period, 1, DateFormat::Slashes), text);
            } else {
                filled(&text, period, 1, DateFormat::Slashes);
                unknown_placeholder(&text);
            }
        }
    }

    #[test]
    fn a_period_is_named_as_people_name_it() {
        let named = |unit, every, on: Date, rule| {
            let rhythm = rhythm(unit, every, on, None);
            Period::of(&rhythm, rule, on, rhythm.date(1)).french(DateFormat::Slashes).replace('\u{a0}', " ")
        };
        for (unit, every, on, rule, wanted) in [
            (Unit::Monthly, 1, date(2026, 11, 30), PeriodRule::Starting, "novembre 2026"),
            (Unit::Monthly, 1, date(2027, 1, 1), PeriodRule::Before, "décembre 2026"),
            (Unit::Monthly, 1, date(2026, 11, 25), PeriodRule::After, "décembre 2026"),
            (Unit::Quarterly, 1, date(2026, 12, 31), PeriodRule::Ending, "4e trimestre 2026"),
            (Unit::Quarterly, 1, date(2027, 1, 5), PeriodRule::Starting, "1er trimestre 2027"),
            (Unit::Quarterly, 1, date(2026, 11, 1), PeriodRule::Starting, "novembre 2026 à janvier 2027"),
            (Unit::HalfYearly, 1, date(2026, 7, 1), PeriodRule::Starting, "juillet à décembre 2026"),
            (Unit::Yearly, 1, date(2027, 1, 1), PeriodRule::Before, "2026"),
            (Unit::Yearly, 1, date(2026, 3, 15), PeriodRule::DayToDay, "du 15/03/2026 au 14/03/2027"),
            (Unit::Weekly, 2, date(2026, 11, 23), PeriodRule::Before, "du 09/11/2026 au 22/11/2026"),
        ] {
            assert_eq!(named(unit, every, on, rule), wanted, "{unit:?} {on} {rule:?}");
        }
    }

    #[test]
    fn words_are_filled_and_what_is_in_no_braces_stays() {
        let period = Period { from: date(2026, 11, 1), to: date(2026, 11, 30) };
        let text = "Forfait {Mois} {année} — n° {numéro}, {PÉRIODE} ({début} → {fin}), {trimestre} { et }";
        let filled = filled(text, period, 3, DateFormat::Slashes).replace('\u{a0}', " ");
        assert_eq!(
            filled,
            "Forfait novembre 2026 — n° 3, novembre 2026 (01/11/2026 → 30/11/2026), 4e trimestre { et }"
        );
        assert_eq!(unknown_placeholder("Forfait {mois} {moi}"), Some("moi".into()));
        assert_eq!(unknown_placeholder("Forfait {mois} { ouvert"), None);
    }

    #[test]
    fn a_rhythm_reads_french() {
        let french = |unit, every, day| rhythm(unit, every, date(2026, 11, 15), day).french().replace('\u{a0}', " ");
        assert_eq!(french(Unit::Monthly, 1, Some(31)), "Tous les mois, le dernier jour du mois");
        assert_eq!(french(Unit::Weekly, 2, None), "Toutes les 2 semaines");
        assert_eq!(french(Unit::Yearly, 1, Some(1)), "Tous les ans, le 1er");
        assert_eq!(french(Unit::Quarterly, 3, Some(30)), "Tous les 3 trimestres, le 30 (ou le dernier jour du mois)");
    }
}
