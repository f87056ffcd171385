//! Days of leave as they are earned and taken: exact. Pure.

use std::{
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub},
};

use kernel::{Rule, legal};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Halves;

/// What a day is divided into: a twelfth, a hundredth and four fifths of a twelfth of it, times the halves of days of a
/// month of 28, 29, 30 or 31, are whole numbers, so that months add up to what a year gives and nothing is rounded on the way.
const PER_DAY: i64 = 4_530_960_000;

/// Days, and parts of days; of what is taken by hours, hours and parts of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(i64);

impl Quantity {
    pub const ZERO: Self = Self(0);

    pub const fn days(days: i64) -> Self {
        Self(days * PER_DAY)
    }

    pub const fn halves(halves: i64) -> Self {
        Self(halves * (PER_DAY / 2))
    }

    /// So much of a whole: `numerator` of `denominator` parts; what is no whole part of ours is cut off.
    pub fn part(self, numerator: i64, denominator: i64) -> Self {
        let product = i128::from(self.0) * i128::from(numerator);
        let quotient = product.checked_div(i128::from(denominator)).unwrap_or_default();
        Self(i64::try_from(quotient).unwrap_or_default())
    }

    /// As it is typed, with two decimals at most.
    pub fn parse(text: &str, min: i64, max: i64) -> Result<Self, Rule> {
        let days = legal::decimal(text, 2, Decimal::from(min), Decimal::from(max))?;
        let hundredths = (days * Decimal::ONE_HUNDRED).normalize();
        let hundredths = i64::try_from(hundredths.mantissa()).map_err(|_| Rule::NotANumber)?;
        Ok(Self::days(1).part(hundredths, 100))
    }

    /// The whole days that it begins (C. trav. L3141-7).
    pub const fn rounded_up(self) -> Self {
        let begun = self.0.rem_euclid(PER_DAY);
        if begun == 0 { self } else { Self(self.0 - begun + PER_DAY) }
    }

    /// The whole half days in it: what can be taken.
    pub const fn whole_halves(self) -> i64 {
        self.0.div_euclid(PER_DAY / 2)
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The half days that it begins.
    pub const fn rounded_up_to_halves(self) -> Self {
        let begun = self.0.rem_euclid(PER_DAY / 2);
        if begun == 0 { self } else { Self(self.0 - begun + PER_DAY / 2) }
    }

    /// Of what is counted in hours: so many minutes.
    pub fn minutes(minutes: u16) -> Self {
        Self::days(1).part(minutes.into(), 60)
    }

    /// The same the other way round, the nearest.
    pub const fn in_minutes(self) -> i64 {
        let unit = PER_DAY / 60;
        self.0.signum() * ((self.0.abs() + unit / 2) / unit)
    }

    /// In hundredths of a day, the nearest.
    fn hundredths(self) -> i64 {
        let (parts, unit) = (self.0.abs(), PER_DAY / 100);
        self.0.signum() * ((parts + unit / 2) / unit)
    }

    /// `17,5`, `2,08`, `−3`.
    pub fn french(self) -> String {
        self.plain().replace('.', ",").replace('-', "−")
    }

    /// `17.5`
    pub fn plain(self) -> String {
        let hundredths = self.hundredths();
        let sign = if hundredths < 0 { "-" } else { "" };
        let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
        match rest {
            0 => format!("{sign}{whole}"),
            rest if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
            rest => format!("{sign}{whole}.{rest:02}"),
        }
    }
}

impl From<Halves> for Quantity {
    fn from(halves: Halves) -> Self {
        Self::halves(halves.0.into())
    }
}

impl Add for Quantity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Quantity {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Quantity {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_add_up_whatever_their_rate() {
        // 30 jours ouvrables or 25 jours ouvrés in twelve months (C. trav. L3141-3), 24 and 20 of sickness (L3141-5-1).
        for (year, sick) in [(30, 24), (25, 20)] {
            let month = Quantity::days(year).part(1, 12);
            assert_eq!((0..12).map(|_| month).sum::<Quantity>(), Quantity::days(year));
            assert_eq!((0..12).map(|_| month.part(4, 5)).sum::<Quantity>(), Quantity::days(sick));
            for days in [28, 29, 30, 31] {
                let halves: Quantity = (0..days * 2).map(|_| month.part(4, 5 * 2 * days)).sum();
                assert_eq!(halves, month.part(4, 5), "a month of {days} days");
            }
        }
        for (typed, days) in [("0,83", 28), ("1.5", 31)] {
            let month = Quantity::parse(typed, 0, 10).unwrap();
            assert_eq!((0..days * 2).map(|_| month.part(1, 2 * days)).sum::<Quantity>(), month);
        }
    }

    #[test]
    fn they_read_as_people_write_them() {
        let twelfth = Quantity::days(25).part(1, 12);
        assert_eq!((twelfth.french(), twelfth.rounded_up().plain()), ("2,08".into(), "3".into()));
        assert_eq!((Quantity::halves(35).french(), (-Quantity::halves(1)).plain()), ("17,5".into(), "-0.5".into()));
        assert_eq!((-Quantity::days(5)).french(), "−5");
        assert_eq!(Quantity::days(4).rounded_up(), Quantity::days(4));
        assert_eq!((Quantity::days(-1) - twelfth).rounded_up(), Quantity::days(-3));
        assert_eq!((twelfth.whole_halves(), Quantity::parse("1,255", 0, 9).is_err()), (4, true));
    }
}
