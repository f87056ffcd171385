//! When an invoice is due: terms of payment, and how long they may be (C. com. L441-10). Pure.

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    Rule, Violations, legal,
    reference::{ClientReference, OrganizationReference},
};

/// From what day on the days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayCount {
    /// From the day of issue.
    #[default]
    FromIssue,
    /// From the day of issue, and then to the end of that month: 45 days, end of month.
    ThenEndOfMonth,
    /// From the end of the month of issue: end of month, 45 days.
    FromEndOfMonth,
}

impl DayCount {
    pub const ALL: [Self; 3] = [Self::FromIssue, Self::ThenEndOfMonth, Self::FromEndOfMonth];

    /// The value of the API and of a form field.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FromIssue => "from_issue",
            Self::ThenEndOfMonth => "then_end_of_month",
            Self::FromEndOfMonth => "from_end_of_month",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::FromIssue => "à compter de la facture",
            Self::ThenEndOfMonth => "puis jusqu’à la fin du mois",
            Self::FromEndOfMonth => "à compter de la fin du mois",
        }
    }

    /// From the day of issue where nothing is said.
    pub fn named(name: &str) -> Result<Self, Rule> {
        match name {
            "" => Ok(Self::FromIssue),
            name => Self::ALL.into_iter().find(|count| count.name() == name).ok_or(Rule::NotAChoice),
        }
    }

    pub const fn is_from_issue(&self) -> bool {
        matches!(self, Self::FromIssue)
    }
}

/// The most that anybody may agree on with somebody whom no limit protects.
const DAYS_MAX: u16 = 365;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Terms {
    pub payment_days: u16,
    #[serde(default, skip_serializing_if = "DayCount::is_from_issue")]
    pub day_count: DayCount,
}

impl Terms {
    /// Those that are typed, at `/payment_days` and `/day_count`; none where no days are.
    pub fn parse(payment_days: &str, day_count: &str, wrong: &mut Violations) -> Option<Self> {
        let day_count = wrong.take("/day_count", DayCount::named(day_count));
        if payment_days.trim().is_empty() {
            return None;
        }
        let days = payment_days.trim().parse::<u16>().map_err(|_| Rule::NotAWholeNumber);
        let days = days.and_then(|days| match days {
            0..=DAYS_MAX => Ok(days),
            _ => Err(Rule::OutOfRange { min: "0".into(), max: DAYS_MAX.to_string() }),
        });
        Some(Self { payment_days: wrong.take("/payment_days", days)?, day_count: day_count? })
    }

    pub fn due_on(self, issued_on: Date) -> Date {
        let days = i64::from(self.payment_days).days();
        match self.day_count {
            DayCount::FromIssue => issued_on.saturating_add(days),
            DayCount::ThenEndOfMonth => issued_on.saturating_add(days).last_of_month(),
            DayCount::FromEndOfMonth => issued_on.last_of_month().saturating_add(days),
        }
    }

    /// Whether a business in France may be given so long: 60 days from issue, or 45 with the end of the month.
    pub fn are_lawful(self, on: Date) -> Result<(), Rule> {
        let max_days = match self.day_count {
            DayCount::FromIssue => legal::max_payment_days(on),
            DayCount::ThenEndOfMonth | DayCount::FromEndOfMonth => legal::max_end_of_month_days(on),
        };
        match (self.payment_days > max_days, self.day_count) {
            (false, _) => Ok(()),
            (true, DayCount::FromIssue) => Err(Rule::TermTooLong { max_days }),
            (true, _) => Err(Rule::EndOfMonthTooLong { max_days }),
        }
    }

    /// The limit protects businesses in France.
    pub fn are_lawful_with(self, client: &ClientReference, on: Date) -> Result<(), Rule> {
        let country = client.address.as_ref().map_or("FR", |address| address.country.as_str());
        if client.is_business && is_in_france(country) { self.are_lawful(on) } else { Ok(()) }
    }

    /// `45 jours fin de mois`.
    pub fn french(self) -> String {
        let days = |days: u16| if days == 1 { "1 jour".to_owned() } else { format!("{days} jours") };
        match (self.day_count, self.payment_days) {
            (DayCount::FromIssue, 0) => "à réception".to_owned(),
            (DayCount::FromIssue, n) => days(n),
            (DayCount::ThenEndOfMonth | DayCount::FromEndOfMonth, 0) => "fin de mois".to_owned(),
            (DayCount::ThenEndOfMonth, n) => format!("{} fin de mois", days(n)),
            (DayCount::FromEndOfMonth, n) => format!("fin de mois + {}", days(n)),
        }
    }

    /// As an invoice says it; the due date stands beside it.
    pub fn sentence(self) -> String {
        let days = |days: u16| if days == 1 { "1 jour".to_owned() } else { format!("{days} jours") };
        match (self.day_count, self.payment_days) {
            (DayCount::FromIssue, 0) => "Paiement à réception de la facture.".to_owned(),
            (DayCount::FromIssue, n) => format!("Paiement à {} à compter de la date d’émission.", days(n)),
            (DayCount::ThenEndOfMonth | DayCount::FromEndOfMonth, 0) => {
                "Paiement à la fin du mois d’émission.".to_owned()
            }
            (DayCount::ThenEndOfMonth, n) => {
                format!(
                    "Paiement à {} fin de mois\u{a0}: {0} à compter de la date d’émission, puis fin du mois.",
                    days(n)
                )
            }
            (DayCount::FromEndOfMonth, n) => format!("Paiement à {} à compter de la fin du mois d’émission.", days(n)),
        }
    }
}

/// Where the Code de commerce applies: France with its territories overseas (L910-1, L920-1…).
const FRANCE: [&str; 12] = ["FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF"];

pub fn is_in_france(country: &str) -> bool {
    FRANCE.contains(&country)
}

impl OrganizationReference {
    /// Where neither the document nor the client says otherwise.
    pub fn terms(&self) -> Terms {
        Terms { payment_days: self.payment_days, day_count: self.day_count }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::{document::Address, id::CompanyId};

    const fn terms(payment_days: u16, day_count: DayCount) -> Terms {
        Terms { payment_days, day_count }
    }

    #[test]
    fn the_end_of_the_month_comes_before_or_after_the_days() {
        let issued = date(2026, 1, 20);
        assert_eq!(terms(30, DayCount::FromIssue).due_on(issued), date(2026, 2, 19));
        assert_eq!(terms(0, DayCount::FromIssue).due_on(issued), issued);
        // 6 March, then the end of March; the end of January, then 45 days.
        assert_eq!(terms(45, DayCount::ThenEndOfMonth).due_on(issued), date(2026, 3, 31));
        assert_eq!(terms(45, DayCount::FromEndOfMonth).due_on(issued), date(2026, 3, 17));
    }

    #[test]
    fn the_law_has_a_limit_for_each_way_and_none_beyond_the_border() {
        let on = date(2026, 11, 25);
        assert_eq!(terms(60, DayCount::FromIssue).are_lawful(on), Ok(()));
        assert_eq!(terms(61, DayCount::FromIssue).are_lawful(on), Err(Rule::TermTooLong { max_days: 60 }));
        for count in [DayCount::ThenEndOfMonth, DayCount::FromEndOfMonth] {
            assert_eq!(terms(45, count).are_lawful(on), Ok(()));
            let refused = terms(46, count).are_lawful(on).unwrap_err();
            assert!(refused.french().contains("L441-10"), "{}", refused.french());
        }
        let client = |country: &str, is_business| ClientReference {
            id: CompanyId::from_ulid(ulid::Ulid(1)),
            name: "Client".into(),
            is_business,
            address: Some(Address { country: country.into(), ..Address::default() }),
            siret: None,
            vat_number: None,
            email: None,
            contact: None,
            assigned_to: None,
            terms: None,
            archived: false,
        };
        let long = terms(90, DayCount::FromIssue);
        assert!(long.are_lawful_with(&client("FR", true), on).is_err());
        assert!(long.are_lawful_with(&client("RE", true), on).is_err());
        assert!(long.are_lawful_with(&client("DE", true), on).is_ok());
        // L441-10 is between businesses.
        assert!(long.are_lawful_with(&client("FR", false), on).is_ok());
    }

    #[test]
    fn what_is_typed_is_read_or_told() {
        let read = |days: &str, count: &str| {
            let mut wrong = Violations::default();
            let terms = Terms::parse(days, count, &mut wrong);
            (terms, wrong.iter().map(|one| one.pointer.clone()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(read("", ""), (None, String::new()));
        assert_eq!(read(" 45 ", "then_end_of_month").0, Some(terms(45, DayCount::ThenEndOfMonth)));
        assert_eq!(read("366", "").1, "/payment_days");
        assert_eq!(read("-1", "never").1, "/day_count /payment_days");
    }

    #[test]
    fn what_was_stored_as_days_is_read_as_days() {
        let old: Terms = serde_json::from_value(serde_json::json!({ "payment_days": 45 })).unwrap();
        assert_eq!(old, terms(45, DayCount::FromIssue));
        assert_eq!(serde_json::to_value(old).unwrap(), serde_json::json!({ "payment_days": 45 }));
    }

    #[test]
    fn terms_are_said_as_people_say_them() {
        let said = |days, count| terms(days, count).french();
        assert_eq!(said(0, DayCount::FromIssue), "à réception");
        assert_eq!(said(45, DayCount::ThenEndOfMonth), "45 jours fin de mois");
        assert_eq!(said(45, DayCount::FromEndOfMonth), "fin de mois + 45 jours");
        assert!(
            terms(45, DayCount::ThenEndOfMonth)
                .sentence()
                .ends_with("45 jours à compter de la date d’émission, puis fin du mois.")
        );
    }

    proptest! {
        #[test]
        fn nothing_is_due_before_it_is_issued(day in 0_i64..40_000, days in 0_u16..=365, count in 0_usize..3) {
            let issued = date(2000, 1, 1).saturating_add(day.days());
            let due = terms(days, DayCount::ALL[count]).due_on(issued);
            prop_assert!(due >= issued);
            prop_assert!(DayCount::ALL[count] != DayCount::ThenEndOfMonth || due == due.last_of_month());
        }
    }
}
