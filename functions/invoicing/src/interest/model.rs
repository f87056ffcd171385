//! How interest runs: per day, on what is owed on that day with all taxes, at the rate of its semester. Pure.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::{
    Currency, Error, Minor, Result, Rule, Violations,
    document::{Line, Unit},
    id::InvoiceId,
    late::{self, SemesterRates},
    legal,
    letter::LetterEntry,
    money::french_percent,
    pricing::Priced,
    text,
    vat::Treatment,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    invoice::{Invoice, Issued},
    payment::{Payment, PaymentKind},
};

/// Per cent a year, at most: what is beyond is a slip of the pen.
const PERCENT_MAX: i64 = 50;
/// How many semesters an organization may enter: ten years.
const SEMESTERS_MAX: usize = 20;

/// The rates of a semester that is not published in the product yet, as the organization entered them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SemesterRate {
    /// Its first day.
    pub from: Date,
    /// Of the European Central Bank.
    pub refinancing: Decimal,
    /// The legal rate where the creditor is a business.
    pub legal: Decimal,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SemesterRateInput {
    /// `YYYY-01-01` or `YYYY-07-01`.
    pub from: String,
    /// Of the European Central Bank on that day, per cent: `2.15`.
    pub refinancing: String,
    /// The legal rate where the creditor is a business, per cent.
    pub legal: String,
}

impl SemesterRateInput {
    /// What was entered, in order; empty rows and what the product knows by now are left out.
    pub fn parse_all(inputs: &[Self], wrong: &mut Violations) -> Vec<SemesterRate> {
        if inputs.len() > SEMESTERS_MAX {
            wrong.add("/rates", Rule::TooMany { max: SEMESTERS_MAX });
            return Vec::new();
        }
        let mut rates: Vec<SemesterRate> = Vec::new();
        for (place, input) in inputs.iter().enumerate() {
            if input.refinancing.trim().is_empty() && input.legal.trim().is_empty() {
                continue;
            }
            let at = |field| format!("/rates/{place}/{field}");
            let from = legal::date(&input.from);
            let from = from.and_then(|on| if late::semester_of(on) == on { Ok(on) } else { Err(Rule::NotAChoice) });
            let percent = |typed: &str| legal::decimal(typed, 2, Decimal::ZERO, Decimal::from(PERCENT_MAX));
            let from = wrong.take(at("from"), from);
            let refinancing = wrong.take(at("refinancing"), percent(&input.refinancing));
            let legal = wrong.take(at("legal"), percent(&input.legal));
            let (Some(from), Some(refinancing), Some(legal)) = (from, refinancing, legal) else { continue };
            if rates.iter().any(|other| other.from == from) {
                wrong.add(at("from"), Rule::AlreadyTaken);
            } else if published(from).is_none() {
                rates.push(SemesterRate { from, refinancing, legal });
            }
        }
        rates.sort_by_key(|rate| rate.from);
        rates
    }

    pub fn of(rate: &SemesterRate) -> Self {
        Self { from: rate.from.to_string(), refinancing: rate.refinancing.to_string(), legal: rate.legal.to_string() }
    }
}

fn published(semester: Date) -> Option<SemesterRates> {
    late::semester_rates().iter().find(|known| known.valid_from == semester).map(|known| known.value)
}

/// The semesters that an organization is asked for: those that began, and are neither published nor before what is.
pub fn rates_asked(today: Date) -> Vec<Date> {
    let current = late::semester_of(today);
    let last = late::semester_rates().last().map_or(current, |known| known.valid_from);
    let mut asked: Vec<Date> =
        std::iter::successors(Some(late::next_semester(last)), |on| Some(late::next_semester(*on)))
            .take_while(|on| *on <= current)
            .collect();
    asked.drain(..asked.len().saturating_sub(SEMESTERS_MAX));
    asked
}

/// What is published, and what the organization entered.
#[derive(Debug, Clone, Copy)]
pub struct Rates<'a>(pub &'a [SemesterRate]);

impl Rates<'_> {
    /// The rates of the semester, and whether they are its own: else they are the last that are known.
    pub fn of(self, semester: Date) -> (SemesterRates, bool) {
        let own = |rate: &SemesterRate| SemesterRates { refinancing: rate.refinancing, legal: rate.legal };
        if let Some(rates) = published(semester) {
            return (rates, true);
        }
        if let Some(rate) = self.0.iter().find(|rate| rate.from == semester) {
            return (own(rate), true);
        }
        let published = late::semester_rates().iter().map(|known| (known.valid_from, known.value));
        let known = published.chain(self.0.iter().map(|rate| (rate.from, own(rate))));
        let before = known.filter(|(from, _)| *from <= semester).max_by_key(|(from, _)| *from);
        (before.map_or(late::semester_rates()[0].value, |(_, rates)| rates), false)
    }
}

/// Days on which one rate held, on one amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub from: Date,
    /// The last day.
    pub until: Date,
    pub days: i32,
    /// What was owed, all taxes included.
    pub base_minor: Minor,
    /// Per cent a year.
    pub percent: Decimal,
    /// Whether the rate is that of its semester; else it is the last one that is known.
    pub is_known: bool,
    pub amount_minor: Minor,
}

impl Stretch {
    /// `Du 1 janvier 2026 au 30 juin 2026 : 181 jours à 12,15 % sur 1 200,00 €, soit 72,30 €`
    pub fn french(&self, currency: Currency) -> String {
        let days = if self.days == 1 { "jour" } else { "jours" };
        format!(
            "Du {} au {}\u{a0}: {} {days} à {} sur {}, soit {}",
            text::short_date(self.from),
            text::short_date(self.until),
            self.days,
            french_percent(self.percent),
            self.base_minor.french(currency),
            self.amount_minor.french(currency)
        )
    }
}

/// What somebody who pays late owes beside the invoice, and was not asked for yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    /// In order of days.
    pub stretches: Vec<Stretch>,
    /// For recovery, between businesses, once.
    pub indemnity_minor: Minor,
    pub currency: Currency,
}

impl Interest {
    pub fn is_empty(&self) -> bool {
        self.total_minor() == Minor::ZERO
    }

    pub fn interest_minor(&self) -> Minor {
        Minor(self.stretches.iter().map(|stretch| stretch.amount_minor.0).sum())
    }

    pub fn total_minor(&self) -> Minor {
        Minor(self.interest_minor().0 + self.indemnity_minor.0)
    }

    /// Whether each rate is that of its semester.
    pub fn is_known(&self) -> bool {
        self.stretches.iter().all(|stretch| stretch.is_known)
    }

    /// The days that it is for, so that they are not asked for again.
    pub fn claim(&self) -> Claim {
        Claim {
            days: self.stretches.iter().map(|stretch| [stretch.from, stretch.until]).collect(),
            has_indemnity: self.indemnity_minor > Minor::ZERO,
        }
    }

    /// As a reminder tells it.
    pub fn paragraphs(&self, owed: Minor, today: Date) -> Vec<String> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut told = Vec::new();
        if !self.stretches.is_empty() {
            let total = self.interest_minor().french(self.currency);
            told.push(format!("Intérêts de retard au {}\u{a0}: {total}.", text::french_date(today)));
            told.extend(self.stretches.iter().map(|stretch| format!("{}.", stretch.french(self.currency))));
        }
        if self.indemnity_minor > Minor::ZERO {
            let indemnity = self.indemnity_minor.french(self.currency);
            told.push(format!("Indemnité forfaitaire pour frais de recouvrement\u{a0}: {indemnity}."));
        }
        let all = Minor(owed.0 + self.total_minor().0).french(self.currency);
        let with = match (self.stretches.is_empty(), self.indemnity_minor > Minor::ZERO) {
            (false, true) => "intérêts et indemnité compris",
            (false, false) => "intérêts compris",
            (true, _) => "indemnité comprise",
        };
        told.push(format!("Total dû à ce jour, {with}\u{a0}: {all}."));
        told
    }

    /// As the account of a letter has it.
    pub fn entries(&self, today: Date) -> Vec<LetterEntry> {
        let mut entries: Vec<LetterEntry> = self
            .stretches
            .iter()
            .map(|one| {
                let days = if one.days == 1 { "jour" } else { "jours" };
                LetterEntry {
                    on: one.until,
                    text: format!(
                        "Intérêts du {} au {}\u{a0}: {} {days} à {} sur {}",
                        text::short_date(one.from),
                        text::short_date(one.until),
                        one.days,
                        french_percent(one.percent),
                        one.base_minor.french(self.currency)
                    ),
                    due_on: None,
                    amount_minor: one.amount_minor,
                }
            })
            .collect();
        if self.indemnity_minor > Minor::ZERO {
            let text = "Indemnité forfaitaire pour frais de recouvrement".into();
            entries.push(LetterEntry { on: today, text, due_on: None, amount_minor: self.indemnity_minor });
        }
        entries
    }

    /// The lines of an invoice that asks for it.
    pub fn priced(&self, today: Date) -> Result<Priced> {
        let rate = Treatment::LateInterest.rate(today).ok_or_else(|| Error::internal("no rate of late interest"))?;
        let line = |description: String, amount: Minor| Line {
            section: None,
            is_optional: false,
            product: None,
            is_goods: false,
            description,
            quantity: Decimal::ONE,
            unit: Unit::Flat,
            unit_price: amount.to_decimal(self.currency),
            discount_percent: Decimal::ZERO,
            discount_minor: Minor::ZERO,
            vat: rate.clone(),
            net_minor: amount,
        };
        let mut lines: Vec<Line> = self
            .stretches
            .iter()
            .filter(|stretch| stretch.amount_minor > Minor::ZERO)
            .map(|stretch| {
                let days = if stretch.days == 1 { "jour" } else { "jours" };
                let description = format!(
                    "Intérêts de retard du {} au {}\n{} {days} à {} l’an sur {}",
                    text::short_date(stretch.from),
                    text::short_date(stretch.until),
                    stretch.days,
                    french_percent(stretch.percent),
                    stretch.base_minor.french(self.currency)
                );
                line(description, stretch.amount_minor)
            })
            .collect();
        if self.indemnity_minor > Minor::ZERO {
            let description = "Indemnité forfaitaire pour frais de recouvrement\nArticle D441-5 du Code de commerce";
            lines.push(line(description.into(), self.indemnity_minor));
        }
        Priced::add_up(self.currency, Treatment::LateInterest, lines, None).map_err(Error::internal)
    }
}

/// What an invoice of interest asks for of another: these days are not asked for twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// First and last day of each stretch.
    pub days: Vec<[Date; 2]>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_indemnity: bool,
}

/// The invoice whose late payment an invoice of interest is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterestOf {
    pub invoice: InvoiceId,
    pub number: String,
}

/// The first day on which interest runs: between businesses the one after the due date, without a reminder (C. com.
/// L441-10, II); from a consumer the one after the formal notice (C. civ. 1231-6, 1344). Interest bears none itself before
/// it is a year old (C. civ. 1343-2), which nobody claims here.
fn runs_from(invoice: &Invoice, issued: &Issued) -> Option<Date> {
    if invoice.interest_of.is_some() {
        return None;
    }
    let before = if invoice.client.reference.is_business { Some(issued.due_on) } else { issued.noticed_on() };
    before.map(|on| on.max(issued.due_on)).and_then(|on| on.tomorrow().ok())
}

/// What the late payment of an invoice came to until today, as it is paid and credited now. What was given back was never
/// owed; a day on which money came bears interest on the rest only.
pub fn accrued(invoice: &Invoice, payments: &[Payment], rates: Rates<'_>, today: Date) -> Result<Interest> {
    let currency = invoice.priced.currency;
    let none = Interest { stretches: Vec::new(), indemnity_minor: Minor::ZERO, currency };
    let Some(issued) = &invoice.issued else { return Ok(none) };
    let Some(start) = runs_from(invoice, issued).filter(|start| *start <= today) else { return Ok(none) };
    let end = today.tomorrow().map_err(Error::internal)?;
    let owed = invoice.owed();
    let standing: Vec<(Date, Minor)> = payments
        .iter()
        .filter(|one| matches!(one.kind, PaymentKind::Received | PaymentKind::Refunded) && one.reversed_by.is_none())
        .map(|one| (one.paid_on, one.effect()))
        .collect();
    let base_on =
        |day: Date| Minor(owed.0 - standing.iter().filter(|(on, _)| *on <= day).map(|(_, sum)| sum.0).sum::<i64>());

    let is_business = invoice.client.reference.is_business;
    let mut is_late = false;
    let mut stretches = Vec::new();
    let cuts = cuts(issued, &standing, start, end);
    for (from, next) in cuts.iter().zip(cuts.iter().skip(1)) {
        let base_minor = base_on(*from);
        if base_minor <= Minor::ZERO {
            continue;
        }
        is_late = true;
        if issued.is_claimed(*from) {
            continue;
        }
        let days = from.until(*next).map_err(Error::internal)?.get_days();
        let (known, is_known) = rates.of(late::semester_of(*from));
        let percent = if is_business { known.refinancing + late::margin(*from) } else { known.legal };
        // A year has 365 days, whatever year it is.
        let amount = base_minor.to_decimal(currency) * percent * Decimal::from(days) / Decimal::from(36_500);
        stretches.push(Stretch {
            from: *from,
            until: next.yesterday().map_err(Error::internal)?,
            days,
            base_minor,
            percent: percent.normalize(),
            is_known,
            amount_minor: Minor::round(amount, currency).map_err(Error::internal)?,
        });
    }
    let is_asked = issued.interest.values().any(|claim| claim.has_indemnity);
    let indemnity_minor = if is_business && is_late && !is_asked && currency == Currency::Eur {
        late::recovery_indemnity(issued.due_on)
    } else {
        Minor::ZERO
    };
    Ok(Interest { stretches, indemnity_minor, currency })
}

/// The days on which something changes: what is owed, the rate, or whether it was asked for already.
fn cuts(issued: &Issued, standing: &[(Date, Minor)], start: Date, end: Date) -> Vec<Date> {
    let mut cuts = BTreeSet::from([start, end]);
    cuts.extend(standing.iter().map(|(on, _)| *on));
    let semesters =
        std::iter::successors(Some(late::next_semester(late::semester_of(start))), |on| Some(late::next_semester(*on)));
    cuts.extend(semesters.take_while(|on| *on < end));
    for [from, until] in issued.interest.values().flat_map(|claim| &claim.days) {
        cuts.insert(*from);
        cuts.extend(until.tomorrow().ok());
    }
    cuts.into_iter().filter(|on| (start..=end).contains(on)).collect()
}

impl Issued {
    /// The day of the formal notice.
    fn noticed_on(&self) -> Option<Date> {
        self.reminded.iter().find(|reminded| reminded.is_notice).map(|reminded| reminded.on)
    }

    fn is_claimed(&self, day: Date) -> bool {
        let mut days = self.interest.values().flat_map(|claim| &claim.days);
        days.any(|[from, until]| (*from..=*until).contains(&day))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::{
        document::{VatCategory, VatRate},
        id::PaymentId,
    };
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use crate::{invoice, payment, reminder::Reminded};

    /// Of 1 200 €, due on 1 December 2026, issued on 1 November.
    fn late_invoice(is_business: bool) -> Invoice {
        let rate =
            VatRate { category: VatCategory::S, percent: 20.into(), exemption_reason: None, exemption_code: None };
        let line = Line {
            section: None,
            is_optional: false,
            product: None,
            is_goods: false,
            description: "Pose".into(),
            quantity: Decimal::ONE,
            unit: Unit::Flat,
            unit_price: 1_000.into(),
            discount_percent: Decimal::ZERO,
            discount_minor: Minor::ZERO,
            vat: rate,
            net_minor: Minor(100_000),
        };
        let priced = Priced::add_up(Currency::Eur, Treatment::Domestic, vec![line], None).unwrap();
        let mut invoice = invoice::tests::issued(priced);
        invoice.client.reference.is_business = is_business;
        invoice
    }

    fn paid(amount: i64, on: Date) -> Payment {
        payment::tests::received(InvoiceId::from_ulid(Ulid(2)), amount, on)
    }

    fn told(interest: &Interest) -> Vec<(String, i32, i64, String, i64)> {
        let row = |one: &Stretch| {
            (one.from.to_string(), one.days, one.base_minor.0, one.percent.to_string(), one.amount_minor.0)
        };
        interest.stretches.iter().map(row).collect()
    }

    #[test]
    fn nothing_runs_before_the_day_after_the_due_date() {
        let invoice = late_invoice(true);
        let due_on = invoice.issued.as_ref().unwrap().due_on;
        assert_eq!(due_on, date(2026, 12, 1));
        assert!(accrued(&invoice, &[], Rates(&[]), due_on).unwrap().is_empty());
        let first = accrued(&invoice, &[], Rates(&[]), date(2026, 12, 2)).unwrap();
        // 1 200 × 12.15 % / 365.
        assert_eq!(told(&first), [("2026-12-02".into(), 1, 120_000, "12.15".into(), 40)]);
        assert_eq!((first.indemnity_minor, first.is_known()), (Minor(4_000), false));
    }

    #[test]
    fn each_semester_has_its_rate_and_each_payment_its_rest() {
        let invoice = late_invoice(true);
        let own = [
            SemesterRate { from: date(2026, 7, 1), refinancing: "2.4".parse().unwrap(), legal: 3.into() },
            SemesterRate { from: date(2027, 1, 1), refinancing: 3.into(), legal: 3.into() },
        ];
        let payments = [paid(50_000, date(2027, 1, 11)), paid(70_000, date(2027, 2, 1))];
        let interest = accrued(&invoice, &payments, Rates(&own), date(2027, 3, 1)).unwrap();
        assert_eq!(
            told(&interest),
            [
                ("2026-12-02".into(), 30, 120_000, "12.4".into(), 1_223),
                ("2027-01-01".into(), 10, 120_000, "13".into(), 427),
                ("2027-01-11".into(), 21, 70_000, "13".into(), 524),
            ]
        );
        assert!(interest.is_known());
        // A payment that was taken back was none.
        let back = Payment { reversed_by: Some(PaymentId::from_ulid(Ulid(8))), ..paid(120_000, date(2026, 12, 1)) };
        assert_eq!(accrued(&invoice, &[back], Rates(&own), date(2026, 12, 11)).unwrap().stretches.len(), 1);
    }

    #[test]
    fn a_consumer_owes_the_legal_rate_from_the_notice_on_and_no_indemnity() {
        let mut invoice = late_invoice(false);
        assert!(accrued(&invoice, &[], Rates(&[]), date(2027, 6, 1)).unwrap().is_empty());
        // At whatever level: it is one by its tone.
        let last_call =
            Reminded { level: 4, on: date(2027, 1, 3), was_sent: true, is_notice: false, letter: None, mail: None };
        let notice = Reminded { level: 5, on: date(2027, 1, 15), is_notice: true, ..last_call.clone() };
        invoice.issued.as_mut().unwrap().reminded.extend([last_call, notice]);
        let interest = accrued(&invoice, &[], Rates(&[]), date(2027, 1, 25)).unwrap();
        assert_eq!(told(&interest), [("2027-01-16".into(), 10, 120_000, "2.62".into(), 86)]);
        assert_eq!(interest.indemnity_minor, Minor::ZERO);
    }

    #[test]
    fn what_was_asked_for_is_not_asked_for_again() {
        let mut invoice = late_invoice(true);
        let first = accrued(&invoice, &[], Rates(&[]), date(2026, 12, 11)).unwrap();
        let claims = &mut invoice.issued.as_mut().unwrap().interest;
        claims.insert(InvoiceId::from_ulid(Ulid(7)), first.claim());
        assert!(accrued(&invoice, &[], Rates(&[]), date(2026, 12, 11)).unwrap().is_empty());
        let second = accrued(&invoice, &[], Rates(&[]), date(2026, 12, 21)).unwrap();
        assert_eq!(told(&second), [("2026-12-12".into(), 10, 120_000, "12.15".into(), 399)]);
        assert_eq!(second.indemnity_minor, Minor::ZERO);
    }

    #[test]
    fn a_rate_that_the_product_knows_is_not_entered_and_others_begin_a_semester() {
        let parse = |from: &str, refinancing: &str| {
            let input = SemesterRateInput { from: from.into(), refinancing: refinancing.into(), legal: "2,5".into() };
            let mut wrong = Violations::default();
            let rates = SemesterRateInput::parse_all(&[input], &mut wrong);
            (rates.len(), wrong.is_empty())
        };
        assert_eq!(parse("2026-01-01", "9"), (0, true));
        assert_eq!(parse("2027-01-01", "2,4"), (1, true));
        assert_eq!(parse("2027-02-01", "2,4"), (0, false));
        assert_eq!(parse("2027-01-01", "51"), (0, false));
        assert_eq!(rates_asked(date(2027, 3, 1)), [date(2026, 7, 1), date(2027, 1, 1)]);
        assert!(rates_asked(date(2026, 3, 1)).is_empty());
    }

    proptest! {
        /// However it is paid: stretches follow each other without a gap in what is owed, and are never of more than
        /// the invoice.
        #[test]
        fn stretches_are_apart_and_within_what_is_owed(
            sums in proptest::collection::vec((1_i64..60_000, 0_i16..500), 0..5), late in 1_i16..700
        ) {
            let invoice = late_invoice(true);
            let due_on = invoice.issued.as_ref().unwrap().due_on;
            let day = |days: i16| due_on.saturating_add(jiff::ToSpan::days(i64::from(days)));
            let payments: Vec<_> = sums.iter().map(|(sum, on)| paid(*sum, day(*on))).collect();
            let interest = accrued(&invoice, &payments, Rates(&[]), day(late)).unwrap();
            let stretches = &interest.stretches;
            prop_assert!(stretches.windows(2).all(|pair| pair[0].until < pair[1].from));
            prop_assert!(stretches.iter().all(|one| one.days > 0 && one.base_minor > Minor::ZERO && one.base_minor <= Minor(120_000)));
            prop_assert!(stretches.iter().map(|one| one.days).sum::<i32>() <= i32::from(late));
            let whole = accrued(&invoice, &[], Rates(&[]), day(late)).unwrap();
            // Each stretch rounds at most half a cent.
            let slack = i64::try_from(stretches.len()).unwrap() + i64::try_from(whole.stretches.len()).unwrap();
            prop_assert!(interest.interest_minor().0 <= whole.interest_minor().0 + slack);
        }
    }
}
