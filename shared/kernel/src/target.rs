//! The days on which payments between banks of the euro are settled (T2, formerly TARGET2). Pure.

use jiff::{ToSpan, civil::Date};

/// Western Easter Sunday (Meeus, Jones and Butcher).
fn easter(year: i16) -> Option<Date> {
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

/// Neither Saturday, Sunday, 1 January, Good Friday, Easter Monday, 1 May, 25 nor 26 December (ECB, T2 calendar).
pub fn is_business_day(date: Date) -> bool {
    let fixed = matches!((date.month(), date.day()), (1 | 5, 1) | (12, 25 | 26));
    let around_easter = easter(date.year()).is_some_and(|sunday| {
        [-2, 1].into_iter().any(|days: i64| sunday.checked_add(days.days()).is_ok_and(|holiday| holiday == date))
    });
    !fixed && !around_easter && date.weekday().to_monday_one_offset() <= 5
}

/// The business day that comes `count` business days after a day.
pub fn business_days_after(date: Date, count: u8) -> Date {
    let mut day = date;
    let mut left = count;
    while left > 0 {
        let Ok(next) = day.tomorrow() else { return day };
        day = next;
        left -= u8::from(is_business_day(day));
    }
    day
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn easter_moves_and_the_days_around_it_are_closed() {
        for (year, month, day) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)] {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
        for closed in [date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 12, 25), date(2026, 11, 28)] {
            assert!(!is_business_day(closed), "{closed}");
        }
        // A French holiday is none of theirs.
        assert!(is_business_day(date(2026, 7, 14)) && is_business_day(date(2026, 11, 11)));
        assert_eq!(business_days_after(date(2026, 4, 2), 1), date(2026, 4, 7));
        assert_eq!(business_days_after(date(2026, 11, 27), 2), date(2026, 12, 1));
    }
}
