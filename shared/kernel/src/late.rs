//! What the law says to who pays late, dated, with its source.

use jiff::civil::{Date, date as on_day};

use crate::legal::{Dated, in_force};

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
}
