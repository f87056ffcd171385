//! The holidays of the Code du travail, for any year and wherever one works in France. Pure.

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// Where a work site lies, as far as its holidays are others than elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    #[default]
    Mainland,
    /// Bas-Rhin, Haut-Rhin and Moselle, in a commune with a Protestant or a mixed church (C. trav. L3134-13).
    AlsaceMoselle,
    /// The same, in a commune that has neither: Good Friday is worked there.
    AlsaceMoselleWithoutChurch,
    Guadeloupe,
    Martinique,
    Guyane,
    Reunion,
    Mayotte,
    SaintBarthelemy,
    SaintMartin,
}

/// A day on which the law says that it is a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Holiday {
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// In French.
    pub name: &'static str,
    /// The article that says so.
    pub source: &'static str,
}

const EVERYWHERE: &str = "C. trav., art. L3133-1";
const ALSACE_MOSELLE: &str = "C. trav., art. L3134-13";
const OVERSEAS: &str = "C. trav., art. L3422-2";

/// Of each year: month, day, name.
const FIXED: [(i8, i8, &str); 8] = [
    (1, 1, "Jour de l’An"),
    (5, 1, "Fête du Travail"),
    (5, 8, "Victoire de 1945"),
    (7, 14, "Fête nationale"),
    (8, 15, "Assomption"),
    (11, 1, "Toussaint"),
    (11, 11, "Armistice de 1918"),
    (12, 25, "Noël"),
];

/// Which an organization may have worked as the day of solidarity (C. trav. L3133-7).
pub const WHIT_MONDAY: &str = "Lundi de Pentecôte";

/// Days after Easter Sunday.
const AROUND_EASTER: [(i64, &str); 3] = [(1, "Lundi de Pâques"), (39, "Ascension"), (50, WHIT_MONDAY)];

const ABOLITION: &str = "Abolition de l’esclavage";

impl Region {
    pub const ALL: [Self; 10] = [
        Self::Mainland,
        Self::AlsaceMoselle,
        Self::AlsaceMoselleWithoutChurch,
        Self::Guadeloupe,
        Self::Martinique,
        Self::Guyane,
        Self::Reunion,
        Self::Mayotte,
        Self::SaintBarthelemy,
        Self::SaintMartin,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Mainland => "mainland",
            Self::AlsaceMoselle => "alsace_moselle",
            Self::AlsaceMoselleWithoutChurch => "alsace_moselle_without_church",
            Self::Guadeloupe => "guadeloupe",
            Self::Martinique => "martinique",
            Self::Guyane => "guyane",
            Self::Reunion => "reunion",
            Self::Mayotte => "mayotte",
            Self::SaintBarthelemy => "saint_barthelemy",
            Self::SaintMartin => "saint_martin",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Mainland => "France métropolitaine",
            Self::AlsaceMoselle => "Alsace-Moselle",
            Self::AlsaceMoselleWithoutChurch => "Alsace-Moselle, commune sans temple protestant ni église mixte",
            Self::Guadeloupe => "Guadeloupe",
            Self::Martinique => "Martinique",
            Self::Guyane => "Guyane",
            Self::Reunion => "La Réunion",
            Self::Mayotte => "Mayotte",
            Self::SaintBarthelemy => "Saint-Barthélemy",
            Self::SaintMartin => "Saint-Martin",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|region| region.name() == name)
    }

    /// The day on which the abolition of slavery is commemorated there: month, day. Saint-Martin moved it from 27 to
    /// 28 May in 2018 (loi 2017-256).
    const fn abolition(self, year: i16) -> Option<(i8, i8)> {
        Some(match self {
            Self::Mayotte => (4, 27),
            Self::Martinique => (5, 22),
            Self::Guadeloupe => (5, 27),
            Self::SaintMartin => (5, if year < 2018 { 27 } else { 28 }),
            Self::Guyane => (6, 10),
            Self::SaintBarthelemy => (10, 9),
            Self::Reunion => (12, 20),
            Self::Mainland | Self::AlsaceMoselle | Self::AlsaceMoselleWithoutChurch => return None,
        })
    }
}

/// The holidays of a year, in their order. One day may be two of them: in 2008 Ascension fell on 1 May. Empty for a year that
/// no calendar has.
pub fn holidays(year: i16, region: Region) -> Vec<Holiday> {
    let Some(sunday) = easter(year) else { return Vec::new() };
    let on = |month, day| Date::new(year, month, day).ok();
    let after_easter = |days: i64| sunday.checked_add(days.days()).ok();
    let mut all: Vec<Holiday> = Vec::new();
    let mut add = |date: Option<Date>, name, source| all.extend(date.map(|date| Holiday { date, name, source }));
    for (month, day, name) in FIXED {
        add(on(month, day), name, EVERYWHERE);
    }
    for (days, name) in AROUND_EASTER {
        add(after_easter(days), name, EVERYWHERE);
    }
    if region == Region::AlsaceMoselle {
        add(after_easter(-2), "Vendredi saint", ALSACE_MOSELLE);
    }
    if matches!(region, Region::AlsaceMoselle | Region::AlsaceMoselleWithoutChurch) {
        add(on(12, 26), "Saint-Étienne", ALSACE_MOSELLE);
    }
    if let Some((month, day)) = region.abolition(year) {
        add(on(month, day), ABOLITION, OVERSEAS);
    }
    all.sort_by_key(|holiday| holiday.date);
    all
}

pub fn is_holiday(date: Date, region: Region) -> bool {
    holidays(date.year(), region).iter().any(|holiday| holiday.date == date)
}

/// Western Easter Sunday (Meeus, Jones and Butcher).
pub fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use super::*;

    /// Easter by Gauss's way with the tables of the Julian and Gregorian calendars, which shares nothing with the other.
    fn easter_by_gauss(year: i16) -> Date {
        let y = i32::from(year);
        let century = y / 100;
        let moon = (15 + century - century / 4 - (13 + 8 * century) / 25) % 30;
        let sun = (4 + century - century / 4) % 7;
        let (a, b, c) = (y % 19, y % 4, y % 7);
        let d = (19 * a + moon) % 30;
        let e = (2 * b + 4 * c + 6 * d + sun) % 7;
        let late = (d == 29 && e == 6) || (d == 28 && e == 6 && (11 * moon + 11) % 30 < 19);
        let days = i64::from(22 + d + e - if late { 7 } else { 0 });
        date(year, 2, 28).last_of_month().checked_add(days.days()).unwrap()
    }

    #[test]
    fn easter_is_the_same_by_two_ways_from_1900_to_2200() {
        for year in 1900..=2200 {
            assert_eq!(easter(year), Some(easter_by_gauss(year)), "{year}");
        }
        for (year, month, day) in [(2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2026, 4, 5), (2038, 4, 25)] {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
    }

    #[test]
    fn the_eleven_days_of_each_year_from_2000_to_2100() {
        for year in 2000..=2100 {
            let days = holidays(year, Region::Mainland);
            assert_eq!(days.len(), 11, "{year}");
            let named = |name: &str| days.iter().find(|day| day.name == name).map(|day| day.date).unwrap();
            let sunday = easter_by_gauss(year);
            assert_eq!(named("Lundi de Pâques").yesterday().unwrap(), sunday);
            assert_eq!(named("Ascension").weekday(), Weekday::Thursday);
            assert_eq!(named("Ascension").duration_since(sunday).as_hours() / 24, 39);
            assert_eq!(named("Lundi de Pentecôte").weekday(), Weekday::Monday);
            assert_eq!(named("Lundi de Pentecôte").duration_since(sunday).as_hours() / 24, 50);
            assert!(days.is_sorted_by_key(|day| day.date));
        }
    }

    #[test]
    fn days_that_only_some_have() {
        let of = |region, year| -> Vec<Date> {
            let common = holidays(year, Region::Mainland);
            holidays(year, region).iter().filter(|day| !common.contains(day)).map(|day| day.date).collect()
        };
        assert_eq!(of(Region::AlsaceMoselle, 2026), [date(2026, 4, 3), date(2026, 12, 26)]);
        assert_eq!(of(Region::AlsaceMoselleWithoutChurch, 2026), [date(2026, 12, 26)]);
        assert_eq!(of(Region::Guadeloupe, 2026), [date(2026, 5, 27)]);
        assert_eq!(of(Region::Martinique, 2026), [date(2026, 5, 22)]);
        assert_eq!(of(Region::Guyane, 2026), [date(2026, 6, 10)]);
        assert_eq!(of(Region::Reunion, 2026), [date(2026, 12, 20)]);
        assert_eq!(of(Region::Mayotte, 2026), [date(2026, 4, 27)]);
        assert_eq!(of(Region::SaintBarthelemy, 2026), [date(2026, 10, 9)]);
        assert_eq!(of(Region::SaintMartin, 2017), [date(2017, 5, 27)]);
        assert_eq!(of(Region::SaintMartin, 2018), [date(2018, 5, 28)]);
        assert!(
            is_holiday(date(2026, 12, 26), Region::AlsaceMoselle) && !is_holiday(date(2026, 12, 26), Region::Mainland)
        );
    }
}
