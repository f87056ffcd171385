//! On which days something comes again and again. Pure.

use jiff::{Span, ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RhythmUnit)]
pub enum Unit {
    Weekly,
    Monthly,
    Quarterly,
    HalfYearly,
    Yearly,
}

impl Unit {
    pub const ALL: [Self; 5] = [Self::Weekly, Self::Monthly, Self::Quarterly, Self::HalfYearly, Self::Yearly];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::HalfYearly => "half_yearly",
            Self::Yearly => "yearly",
        }
    }

    /// After a number of which it is the noun.
    pub const fn french(self) -> &'static str {
        match self {
            Self::Weekly => "semaine(s)",
            Self::Monthly => "mois",
            Self::Quarterly => "trimestre(s)",
            Self::HalfYearly => "semestre(s)",
            Self::Yearly => "an(s)",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// None where it is not counted in months.
    pub const fn months(self) -> Option<i32> {
        match self {
            Self::Weekly => None,
            Self::Monthly => Some(1),
            Self::Quarterly => Some(3),
            Self::HalfYearly => Some(6),
            Self::Yearly => Some(12),
        }
    }
}

/// On which days it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    pub unit: Unit,
    /// Every so many units, from 1.
    pub every: u8,
    /// None comes before it.
    pub first_on: Date,
    /// 1 to 31, the month's last day where it is shorter; that of the first day where none is said. Weeks know none.
    pub day_of_month: Option<i8>,
}

/// How a month that has no such day is treated: the last one it has (L'échéance au 31 tombe le 30, le 28 ou le 29).
fn day_in(month: Date, day: i8) -> Date {
    month.first_of_month().with().day(day.min(month.days_in_month())).build().unwrap_or(month)
}

fn later(date: Date, span: Span) -> Option<Date> {
    date.checked_add(span).ok()
}

impl Rhythm {
    /// The day of one occurrence, from 0; none beyond the calendar.
    pub fn date(&self, index: u32) -> Option<Date> {
        let steps = i64::from(index) * i64::from(self.every.max(1));
        let Some(months) = self.unit.months() else { return later(self.first_on, Span::new().try_weeks(steps).ok()?) };
        let day = self.day_of_month.unwrap_or(self.first_on.day());
        // The first such day that the first day does not come after.
        let start = if day_in(self.first_on, day) < self.first_on {
            later(self.first_on.first_of_month(), 1.month())?
        } else {
            self.first_on.first_of_month()
        };
        let month = later(start, Span::new().try_months(steps.checked_mul(i64::from(months))?).ok()?)?;
        Some(day_in(month, day))
    }

    /// The first occurrence from `index` on that does not come before a day.
    pub fn index_from(&self, index: u32, on: Date) -> Option<u32> {
        (index..).map_while(|at| Some((at, self.date(at)?))).find(|(_, date)| *date >= on).map(|(at, _)| at)
    }

    /// `Tous les 2 mois, le 31 (ou le dernier jour du mois)`.
    pub fn french(&self) -> String {
        let many = |one: &str, several: &str| match self.every {
            0 | 1 => one.to_owned(),
            every => format!("{} {every}\u{a0}{several}", one.split(' ').take(2).collect::<Vec<_>>().join(" ")),
        };
        let rhythm = match self.unit {
            Unit::Weekly => many("Toutes les semaines", "semaines"),
            Unit::Monthly => many("Tous les mois", "mois"),
            Unit::Quarterly => many("Tous les trimestres", "trimestres"),
            Unit::HalfYearly => many("Tous les semestres", "semestres"),
            Unit::Yearly => many("Tous les ans", "ans"),
        };
        match (self.unit, self.day_of_month.unwrap_or(self.first_on.day())) {
            (Unit::Weekly, _) => rhythm,
            (_, 31) => format!("{rhythm}, le dernier jour du mois"),
            (_, 1) => format!("{rhythm}, le 1er"),
            (_, day @ 29..) => format!("{rhythm}, le {day} (ou le dernier jour du mois)"),
            (_, day) => format!("{rhythm}, le {day}"),
        }
    }
}
