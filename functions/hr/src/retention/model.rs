//! For how long the file of somebody who left is kept. Pure.

use jiff::{ToSpan, civil::Date};

use crate::employee::Employee;

/// A term, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    pub from: Date,
    /// Years after the day of leaving.
    pub years: i16,
    pub source: &'static str,
}

/// The whole file: the register of staff names who left for five years (C. trav. R1221-26), copies of payslips are kept as long
/// (L3243-4), and what may still be claimed lapses within three (wages, L3245-1) to five (C. civ. art. 2224).
static FILE: &[Term] = &[Term {
    from: jiff::civil::date(2008, 6, 19),
    years: 5,
    source: "C. trav., art. R1221-26 et L3243-4\u{a0}; C. civ., art. 2224",
}];

pub fn rule(today: Date) -> &'static Term {
    FILE.iter().rev().find(|term| term.from <= today).unwrap_or(&FILE[0])
}

/// The last day on which the file of somebody who left is to be kept; none of who is here.
pub fn kept_until(employee: &Employee, today: Date) -> Option<Date> {
    let left_on = employee.left_on.filter(|left| *left < today)?;
    Some(left_on.saturating_add(rule(today).years.years()))
}

pub fn is_due(employee: &Employee, today: Date) -> bool {
    kept_until(employee, today).is_some_and(|until| until < today)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::employee::tests::employee;

    #[test]
    fn a_file_is_kept_five_years_after_leaving() {
        let today = date(2026, 11, 30);
        for (left_on, due, why) in [
            (None, false, "works here"),
            (Some(date(2026, 12, 31)), false, "leaves"),
            (Some(date(2021, 12, 1)), false, "R1221-26"),
            (Some(date(2021, 11, 30)), false, "the last day is kept"),
            (Some(date(2021, 11, 29)), true, "five years are over"),
            (Some(date(2020, 2, 29)), true, "of a leap year"),
        ] {
            let employee = Employee { left_on, ..employee() };
            assert_eq!(is_due(&employee, today), due, "{why}: {left_on:?}");
        }
    }
}
