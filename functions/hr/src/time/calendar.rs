//! Weeks and months as addresses and keys name them. Pure.

use std::{fmt, str::FromStr};

use jiff::{
    ToSpan,
    civil::{Date, ISOWeekDate, Weekday},
};
use kernel::{id::NotAnId, text};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The years of which there may be time.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2200;

/// A week from Monday to Sunday, which is that of the law too (C. trav. L3121-35), by its number (ISO 8601): `2026-W48`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IsoWeek {
    year: i16,
    week: i8,
}

impl IsoWeek {
    pub fn of(day: Date) -> Self {
        let iso = day.iso_week_date();
        Self { year: iso.year(), week: iso.week() }
    }

    /// The year that has most of its days.
    pub const fn year(self) -> i16 {
        self.year
    }

    pub const fn number(self) -> i8 {
        self.week
    }

    pub fn monday(self) -> Date {
        ISOWeekDate::new(self.year, self.week, Weekday::Monday).map(ISOWeekDate::date).unwrap_or_default()
    }

    pub fn sunday(self) -> Date {
        self.monday().saturating_add(6.days())
    }

    pub fn days(self) -> impl Iterator<Item = Date> {
        let monday = self.monday();
        (0..7).map(move |days| monday.saturating_add(days.days()))
    }

    #[must_use]
    pub fn plus(self, weeks: i32) -> Self {
        Self::of(self.monday().saturating_add(weeks.weeks()))
    }

    /// Both included.
    pub fn series(first: Self, last: Self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(first), |week| Some(week.plus(1))).take_while(move |week| *week <= last)
    }

    /// `semaine 48, du 23 au 29 novembre 2026`
    pub fn french(self) -> String {
        let (monday, sunday) = (self.monday(), self.sunday());
        let first = match (monday.year() == sunday.year(), monday.month() == sunday.month()) {
            (true, true) if monday.day() == 1 => "1er".to_owned(),
            (true, true) => monday.day().to_string(),
            _ => text::french_date(monday),
        };
        format!("semaine {}, du {first} au {}", self.week, text::french_date(sunday))
    }

    /// The first week of the year that has this one.
    pub fn first_of_year(self) -> Self {
        Self { week: 1, ..self }
    }
}

impl fmt::Display for IsoWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

impl FromStr for IsoWeek {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (year, week) = text.split_once("-W").ok_or(NotAnId)?;
        let year = digits(year, 4)?;
        let week = i8::try_from(digits(week, 2)?).map_err(|_| NotAnId)?;
        let exists = YEARS.contains(&year) && ISOWeekDate::new(year, week, Weekday::Monday).is_ok();
        if exists { Ok(Self { year, week }) } else { Err(NotAnId) }
    }
}

/// A month of the calendar: `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    pub fn first(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or_default()
    }

    pub fn last(self) -> Date {
        self.first().last_of_month()
    }

    pub fn days(self) -> impl Iterator<Item = Date> {
        let last = self.last();
        self.first().series(1.day()).take_while(move |day| *day <= last)
    }

    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self::of(self.first().saturating_add(months.months()))
    }

    /// The weeks that have a day of it.
    pub fn weeks(self) -> impl Iterator<Item = IsoWeek> {
        IsoWeek::series(IsoWeek::of(self.first()), IsoWeek::of(self.last()))
    }

    /// The weeks that end in it: what is counted by the week is paid with the month in which the week is over.
    pub fn weeks_ending(self) -> impl Iterator<Item = IsoWeek> {
        self.weeks().filter(move |week| Self::of(week.sunday()) == self)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (year, month) = text.split_once('-').ok_or(NotAnId)?;
        let (year, month) = (digits(year, 4)?, digits(month, 2)?);
        let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month)).ok_or(NotAnId)?;
        if YEARS.contains(&year) { Ok(Self { year, month }) } else { Err(NotAnId) }
    }
}

fn digits(text: &str, count: usize) -> Result<i16, NotAnId> {
    let right = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| right).ok_or(NotAnId)
}

macro_rules! as_text {
    ($($name:ident)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                std::borrow::Cow::<str>::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

as_text!(IsoWeek Month);

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_is_of_the_year_that_has_most_of_it() {
        for (day, week) in [
            (date(2026, 11, 23), "2026-W48"),
            (date(2026, 11, 29), "2026-W48"),
            (date(2026, 12, 31), "2026-W53"),
            (date(2027, 1, 3), "2026-W53"),
            (date(2027, 1, 4), "2027-W01"),
        ] {
            let found = IsoWeek::of(day);
            assert_eq!(found.to_string(), week);
            assert_eq!(week.parse(), Ok(found));
        }
        let week: IsoWeek = "2026-W53".parse().unwrap();
        assert_eq!(
            (week.monday(), week.sunday(), week.plus(1).to_string()),
            (date(2026, 12, 28), date(2027, 1, 3), "2027-W01".into())
        );
        for wrong in ["2027-W53", "2026-W00", "2026-48", "26-W48", "2026-W4", "2026-W+4", "0001-W01", ""] {
            assert_eq!(wrong.parse::<IsoWeek>(), Err(NotAnId), "{wrong}");
        }
    }

    #[test]
    fn the_first_of_a_month_is_an_ordinal() {
        let week = |text: &str| text.parse::<IsoWeek>().unwrap().french();
        assert_eq!(week("2026-W23"), "semaine 23, du 1er au 7\u{a0}juin\u{a0}2026");
        assert_eq!(week("2026-W48"), "semaine 48, du 23 au 29\u{a0}novembre\u{a0}2026");
    }

    #[test]
    fn a_week_is_paid_with_the_month_in_which_it_ends() {
        let month: Month = "2026-11".parse().unwrap();
        let named = |weeks: Vec<IsoWeek>| weeks.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(named(month.weeks().collect()), "2026-W44 2026-W45 2026-W46 2026-W47 2026-W48 2026-W49");
        assert_eq!(named(month.weeks_ending().collect()), "2026-W44 2026-W45 2026-W46 2026-W47 2026-W48");
        assert_eq!((month.days().count(), month.plus(2).to_string()), (30, "2027-01".into()));
        for wrong in ["2026-13", "2026-00", "2026-1", "2026", "2026-11-01"] {
            assert_eq!(wrong.parse::<Month>(), Err(NotAnId), "{wrong}");
        }
    }
}
