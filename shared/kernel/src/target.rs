//! The days on which payments between banks of the euro are settled (T2, formerly TARGET2). Pure.

use jiff::{ToSpan, civil::Date};

use crate::holiday::easter;

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
    fn the_days_around_easter_are_closed() {
        for closed in [date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 12, 25), date(2026, 11, 28)] {
            assert!(!is_business_day(closed), "{closed}");
        }
        // A French holiday is none of theirs.
        assert!(is_business_day(date(2026, 7, 14)) && is_business_day(date(2026, 11, 11)));
        assert_eq!(business_days_after(date(2026, 4, 2), 1), date(2026, 4, 7));
        assert_eq!(business_days_after(date(2026, 11, 27), 2), date(2026, 12, 1));
    }
}
