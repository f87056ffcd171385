//! What the law says to who pays late, dated, with its source.

use jiff::civil::{Date, date as on_day};
use rust_decimal::Decimal;

use crate::{
    Minor,
    legal::{Dated, in_force},
};

/// What a reminder tells of the law: a business owes penalties and 40 € from the day after the due date without being
/// reminded (C. com. L441-10, D441-5); a consumer owes interest from a formal notice on (C. civ. 1231-6, 1344).
pub fn reminder_clause(is_business: bool, is_notice: bool, on: Date) -> Option<&'static str> {
    let [business, business_notice, consumer_notice] = in_force(REMINDER_CLAUSES, on).value;
    match (is_business, is_notice) {
        (true, false) => Some(business),
        (true, true) => Some(business_notice),
        (false, true) => Some(consumer_notice),
        (false, false) => None,
    }
}

/// To a business; to a business as a formal notice; to a consumer as a formal notice.
static REMINDER_CLAUSES: &[Dated<[&str; 3]>] = &[Dated {
    valid_from: on_day(2019, 4, 26),
    value: [
        "Des pénalités de retard courent de plein droit depuis le lendemain de l’échéance (article L441-10 du Code de \
         commerce). Une indemnité forfaitaire de 40 € pour frais de recouvrement est également due (article D441-5 du \
         Code de commerce).",
        "La présente vaut mise en demeure de payer (article 1344 du Code civil). Des pénalités de retard courent de plein \
         droit depuis le lendemain de l’échéance (article L441-10 du Code de commerce) et une indemnité forfaitaire de \
         40 € pour frais de recouvrement est due (article D441-5 du Code de commerce).",
        "La présente vaut mise en demeure de payer (article 1344 du Code civil). La somme due produit intérêt au taux \
         légal à compter de sa réception (article 1231-6 du Code civil).",
    ],
    source: "C. com. L441-10, D441-5 ; C. civ. 1231-6, 1344",
}];

/// What interest of a semester is computed with, per cent a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SemesterRates {
    /// Of the main refinancing operations of the European Central Bank, on the first day of the semester.
    pub refinancing: Decimal,
    /// The legal rate where the creditor is a business.
    pub legal: Decimal,
}

/// The first day of the semester in which a day is: the rate of 1 January holds until 30 June, that of 1 July until
/// 31 December (C. com. L441-10, II; CMF L313-2).
pub fn semester_of(on: Date) -> Date {
    on_day(on.year(), if on.month() < 7 { 1 } else { 7 }, 1)
}

/// The first day of the semester after.
pub fn next_semester(semester: Date) -> Date {
    let (year, month) =
        if semester.month() < 7 { (semester.year(), 7) } else { (semester.year().saturating_add(1), 1) };
    on_day(year, month, 1)
}

/// The semesters whose rates are published here, in order of date.
pub fn semester_rates() -> &'static [Dated<SemesterRates>] {
    SEMESTER_RATES
}

/// What is added to the refinancing rate where the parties agreed on no other rate, in points.
pub fn margin(on: Date) -> Decimal {
    in_force(MARGIN, on).value
}

/// What a business that pays late owes for recovery, once for each invoice, in euros.
pub fn recovery_indemnity(on: Date) -> Minor {
    in_force(RECOVERY_INDEMNITY, on).value
}

const fn hundredths(number: u32) -> Decimal {
    Decimal::from_parts(number, 0, 0, false, 2)
}

const fn semester(year: i16, month: i8, refinancing: u32, legal: u32, source: &'static str) -> Dated<SemesterRates> {
    Dated {
        valid_from: on_day(year, month, 1),
        value: SemesterRates { refinancing: hundredths(refinancing), legal: hundredths(legal) },
        source,
    }
}

static SEMESTER_RATES: &[Dated<SemesterRates>] = &[
    semester(2023, 1, 250, 206, "BCE, décision du 15-12-2022 ; arrêté du 26-12-2022"),
    semester(2023, 7, 400, 422, "BCE, décision du 15-06-2023 ; arrêté du 29-06-2023"),
    semester(2024, 1, 450, 507, "BCE, décision du 14-09-2023 ; arrêté du 20-12-2023"),
    semester(2024, 7, 425, 492, "BCE, décision du 06-06-2024 ; arrêté du 24-06-2024"),
    semester(2025, 1, 315, 371, "BCE, décision du 12-12-2024 ; arrêté du 19-12-2024"),
    semester(2025, 7, 215, 276, "BCE, décision du 05-06-2025 ; arrêté du 23-06-2025"),
    semester(2026, 1, 215, 262, "BCE, taux au 01-01-2026 ; arrêté du 1er semestre 2026"),
];

static MARGIN: &[Dated<Decimal>] = &[
    Dated {
        valid_from: on_day(2009, 1, 1),
        value: hundredths(1_000),
        source: "C. com. L441-6 ; loi 2008-776, art. 21",
    },
    Dated {
        valid_from: on_day(2019, 4, 26),
        value: hundredths(1_000),
        source: "C. com. L441-10, II ; ordonnance 2019-359",
    },
];

static RECOVERY_INDEMNITY: &[Dated<Minor>] =
    &[Dated { valid_from: on_day(2013, 1, 1), value: Minor(4_000), source: "C. com. D441-5 ; décret 2012-1115" }];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_euros_and_penalties_are_between_businesses_only() {
        let on = on_day(2026, 11, 22);
        for is_notice in [false, true] {
            assert!(reminder_clause(true, is_notice, on).unwrap().contains("D441-5"));
        }
        assert_eq!(reminder_clause(false, false, on), None);
        let consumer = reminder_clause(false, true, on).unwrap();
        assert!(consumer.contains("mise en demeure") && !consumer.contains("40") && !consumer.contains("441"));
    }

    #[test]
    fn a_semester_begins_in_january_or_july_and_none_is_left_out() {
        assert_eq!(semester_of(on_day(2026, 6, 30)), on_day(2026, 1, 1));
        assert_eq!(semester_of(on_day(2026, 7, 1)), on_day(2026, 7, 1));
        for pair in semester_rates().windows(2) {
            assert_eq!(next_semester(pair[0].valid_from), pair[1].valid_from);
        }
    }
}
