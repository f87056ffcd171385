//! When periods of the ledger are closed, and what a closing says. Pure.
//!
//! A day on which something was entered is closed, the days without anything together with the next one; every month and
//! every financial year is closed, whatever happened in it (BOI-TVA-DECLA-30-10-30). The day of an entry is that of its
//! writing, where the organization is. Nothing is ever entered into a day that is over: the ledger's time does not go back.

use jiff::{ToSpan, civil::Date};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use table::ledger::{Closed, ClosedPeriod, LedgerEntry, LedgerKind};

use super::totals::Sums;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ClosingSpan)]
pub enum Span {
    Day,
    Month,
    Year,
}

impl Span {
    pub const fn kind(self) -> LedgerKind {
        match self {
            Self::Day => LedgerKind::DayClosed,
            Self::Month => LedgerKind::MonthClosed,
            Self::Year => LedgerKind::YearClosed,
        }
    }

    pub const fn of(kind: LedgerKind) -> Option<Self> {
        match kind {
            LedgerKind::DayClosed => Some(Self::Day),
            LedgerKind::MonthClosed => Some(Self::Month),
            LedgerKind::YearClosed => Some(Self::Year),
            _ => None,
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Day => "Clôture journalière",
            Self::Month => "Clôture mensuelle",
            Self::Year => "Clôture annuelle",
        }
    }

    /// What the closing of a period that ends on this day is called.
    pub fn number(self, to: Date) -> String {
        match self {
            Self::Day => format!("CLO-J-{to}"),
            Self::Month => format!("CLO-M-{}", to.strftime("%Y-%m")),
            Self::Year => format!("CLO-A-{}", to.strftime("%Y-%m")),
        }
    }
}

/// A period that is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub span: Span,
    pub from: Date,
    pub to: Date,
}

/// What a closing's entry says, beside its signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    pub from: Date,
    pub to: Date,
    /// The last entry that is in it. A day has all since the one before it covers, a month its days, a year its months.
    pub covered: u64,
    pub totals: Sums,
    /// Of all that was ever entered.
    pub grand_totals: Sums,
    /// The public key that checks the signature, in hexadecimal.
    pub key: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub signature: String,
}

impl Closing {
    pub fn of(entry: &LedgerEntry) -> Result<Self> {
        Self::deserialize(&entry.content)
            .map_err(|error| Error::internal(format!("closing {}: {error}", entry.position)))
    }
}

/// The period to be closed next, over by `today` or not. `first` is the day of the first entry that no closing covers;
/// none where there is none. None where the ledger has never begun.
pub fn next(closed: &Closed, first: Option<Date>, year_end_month: i8) -> Result<Option<Period>> {
    let begun = closed.day.map(|day| day.to).or(first);
    let Some(begun) = begun else { return Ok(None) };
    let after = |period: ClosedPeriod| period.to.tomorrow().map_err(Error::internal);
    let month_from = match closed.month {
        Some(month) => after(month)?,
        None => begun.first_of_month(),
    };
    let year_to = |on: Date| year_end(on, year_end_month);
    let year_from = match closed.year {
        Some(year) => after(year)?,
        None => year_to(begun)?.tomorrow().and_then(|on| on.checked_sub(1.year())).map_err(Error::internal)?,
    };
    let day = first.map(|on| -> Result<Period> {
        let from = closed.day.map(after).transpose()?.map_or(on, |from| from.min(on));
        Ok(Period { span: Span::Day, from, to: on })
    });
    let month = Period { span: Span::Month, from: month_from, to: month_from.last_of_month() };
    let year = Period { span: Span::Year, from: year_from, to: year_to(year_from)? };
    let periods = [day.transpose()?, Some(month), Some(year)];
    Ok(periods.into_iter().flatten().min_by_key(|period| (period.to, period.span)))
}

/// The last day of the financial year that this day is in.
pub fn year_end(on: Date, month: i8) -> Result<Date> {
    let year = if on.month() > month { on.year() + 1 } else { on.year() };
    Date::new(year, month, 1).map(Date::last_of_month).map_err(Error::internal)
}

/// The first day of the financial year that ends on this day.
pub fn year_start(to: Date) -> Result<Date> {
    to.tomorrow().and_then(|on| on.checked_sub(1.year())).map_err(Error::internal)
}

/// How far the ledger is closed once this closing stands.
pub fn closed_with(closed: &Closed, period: Period, position: u64, covered: u64) -> Closed {
    let done = Some(ClosedPeriod { to: period.to, position });
    let closed = closed.clone();
    match period.span {
        Span::Day => Closed { covered, day: done, ..closed },
        Span::Month => Closed { month: done, ..closed },
        Span::Year => Closed { year: done, ..closed },
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// All closings up to a day, where something was entered on these days.
    fn closings(days: &[Date], today: Date, year_end_month: i8) -> Vec<(Span, Date, Date)> {
        let (mut closed, mut made) = (Closed::default(), Vec::new());
        let mut left = days.iter().copied().filter(|on| *on < today).peekable();
        let mut position = 0;
        while let Some(period) = next(&closed, left.peek().copied(), year_end_month).unwrap() {
            if period.to >= today {
                break;
            }
            if period.span == Span::Day {
                left.next();
            }
            position += 1;
            closed = closed_with(&closed, period, position, 0);
            made.push((period.span, period.from, period.to));
        }
        made
    }

    #[test]
    fn days_with_entries_months_and_years_are_closed_in_their_order() {
        let days = [date(2026, 11, 30), date(2026, 12, 2), date(2027, 1, 5)];
        assert_eq!(
            closings(&days, date(2027, 1, 6), 12),
            [
                (Span::Day, date(2026, 11, 30), date(2026, 11, 30)),
                (Span::Month, date(2026, 11, 1), date(2026, 11, 30)),
                (Span::Day, date(2026, 12, 1), date(2026, 12, 2)),
                (Span::Month, date(2026, 12, 1), date(2026, 12, 31)),
                (Span::Year, date(2026, 1, 1), date(2026, 12, 31)),
                (Span::Day, date(2026, 12, 3), date(2027, 1, 5)),
            ]
        );
    }

    #[test]
    fn months_without_anything_are_closed_too() {
        let made = closings(&[date(2026, 1, 15)], date(2026, 5, 1), 6);
        let months: Vec<_> = made.iter().filter(|(span, ..)| *span == Span::Month).map(|(_, from, _)| *from).collect();
        assert_eq!(months, [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]);
        assert!(closings(&[], date(2026, 5, 1), 6).is_empty(), "a ledger that never began");
    }

    #[test]
    fn a_financial_year_ends_with_the_month_that_the_organization_says() {
        let made = closings(&[date(2026, 6, 30)], date(2026, 7, 2), 6);
        assert_eq!(made.last(), Some(&(Span::Year, date(2025, 7, 1), date(2026, 6, 30))));
        assert_eq!(year_end(date(2026, 7, 1), 6).unwrap(), date(2027, 6, 30));
        assert_eq!(year_end(date(2027, 2, 28), 2).unwrap(), date(2027, 2, 28));
        assert_eq!(year_start(date(2028, 2, 29)).unwrap(), date(2027, 3, 1));
        assert_eq!(Span::Year.number(date(2026, 6, 30)), "CLO-A-2026-06");
    }

    proptest! {
        #[test]
        fn closings_follow_each_other_without_gap_whenever_they_are_made(
            offsets in proptest::collection::btree_set(0_i32..800, 1..30), month in 1_i8..=12, stops in 0_i32..900,
        ) {
            let begun = date(2026, 1, 1);
            let days: Vec<Date> = offsets.iter().map(|days| begun.checked_add(days.days()).unwrap()).collect();
            let today = begun.checked_add(stops.days()).unwrap();
            let made = closings(&days, today, month);
            for span in [Span::Day, Span::Month, Span::Year] {
                let of_span: Vec<_> = made.iter().filter(|(made, ..)| *made == span).collect();
                for pair in of_span.windows(2) {
                    prop_assert_eq!(pair[0].2.tomorrow().unwrap(), pair[1].1);
                }
                let mut numbers: Vec<_> = of_span.iter().map(|(_, _, to)| span.number(*to)).collect();
                numbers.dedup();
                prop_assert_eq!(numbers.len(), of_span.len());
            }
            let closed_days = made.iter().filter(|(span, ..)| *span == Span::Day).count();
            prop_assert_eq!(closed_days, days.iter().filter(|on| **on < today).count());
        }
    }
}
