//! What of an issued invoice is given back: parts of it, whose rules are those of [`crate::portion`]. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Minor, Result, Rule, Violations,
    document::{AttachedFile, Operations},
    error::Conflict,
    id::{CreditNoteId, InvoiceId},
    legal,
    pricing::Priced,
};
use serde::{Deserialize, Serialize};

use crate::{
    attachment::AttachmentInput,
    client::Client,
    content::Words,
    invoice::{Invoice, Issued},
    portion::{self, Left, PartInput, Taken},
};

/// The prefix of its numbers: `AV-2026-0001`.
pub const SERIES: &str = "AV";
/// How many credit notes one invoice may have, and how many of its lines they may name together: what its item holds.
const CREDITS_MAX: usize = 50;
const CREDITED_LINES_MAX: usize = 1_000;

/// The same for the form and the API. Without lines, all that is left of the invoice is credited.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreditNoteInput)]
pub struct CreditInput {
    /// Why, as the client reads it.
    pub reason: String,
    #[serde(default)]
    pub lines: Vec<PartInput>,
    /// The files that leave with it, at most 10: sent as those of a draft are, and named here.
    #[serde(default)]
    pub attachments: Vec<AttachmentInput>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreditNote {
    pub id: CreditNoteId,
    pub number: String,
    pub issued_at: Timestamp,
    pub issued_on: Date,
    pub invoice: InvoiceId,
    pub invoice_number: String,
    pub invoice_issued_on: Date,
    pub client: Client,
    pub words: Words,
    pub operations: Operations,
    pub purchase_order: Option<String>,
    pub priced: Priced,
    /// The files that left with it; those of the invoice are the invoice's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
}

/// A credit note as its invoice remembers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credit {
    pub note: CreditNoteId,
    pub number: String,
    pub on: Date,
    pub gross_minor: Minor,
    pub taken: Taken,
}

/// What it has of its own.
pub struct Own {
    pub id: CreditNoteId,
    pub number: String,
    pub issued_at: Timestamp,
    pub issued_on: Date,
}

impl CreditNote {
    pub fn of(invoice: &Invoice, issued: &Issued, own: Own, reason: String, priced: Priced) -> Self {
        Self {
            id: own.id,
            number: own.number,
            issued_at: own.issued_at,
            issued_on: own.issued_on,
            invoice: invoice.id,
            invoice_number: issued.number.clone(),
            invoice_issued_on: issued.on,
            // Who was invoiced is who is credited, wherever they are by now.
            client: invoice.client.clone(),
            words: Words { subject: invoice.words.subject.clone(), introduction: Some(reason), conditions: None },
            operations: invoice.operations,
            purchase_order: invoice.purchase_order.clone(),
            priced,
            attachments: Vec::new(),
        }
    }
}

impl CreditInput {
    /// Why, what is credited, and what the invoice will remember of it.
    pub fn parse(&self, invoice: &Invoice) -> Result<(String, Priced, Taken)> {
        let issued = invoice.must_stand()?;
        let left = issued.left(&invoice.priced);
        if left.is_nothing() {
            return Err(Error::Conflict(Conflict::AlreadyCredited));
        }
        let mut wrong = Violations::default();
        let reason = wrong.take("/reason", legal::required(&self.reason, 500));
        let parts = portion::parse(&self.lines, &invoice.priced, &left, "Remise accordée", &mut wrong);
        let known: usize = issued.credits.iter().map(|credit| credit.taken.lines.len()).sum();
        if issued.credits.len() >= CREDITS_MAX || known + parts.len() > CREDITED_LINES_MAX {
            wrong.add("/lines", Rule::TooMany { max: CREDITED_LINES_MAX });
        }
        let (Some(reason), true) = (reason, wrong.is_empty()) else { return Err(wrong.into()) };
        let priced = portion::add_up(&invoice.priced, &left, &parts).map_err(Error::internal)?;
        let taken = portion::taken(parts, priced.vat.clone());
        Ok((reason, priced, taken))
    }
}

impl Issued {
    /// What is not credited yet.
    pub fn left(&self, priced: &Priced) -> Left {
        Left::of(priced, self.credits.iter().map(|credit| &credit.taken))
    }

    pub fn credited_minor(&self) -> Minor {
        Minor(self.credits.iter().map(|credit| credit.gross_minor.0).sum())
    }
}

impl Invoice {
    /// With one more credit note.
    pub fn credited(&self, credit: Credit) -> Result<Self> {
        let issued = self.must_be_issued()?;
        if !self.deducted_in.is_empty() {
            return Err(Error::Conflict(Conflict::DepositDeducted));
        }
        let credits = issued.credits.iter().cloned().chain([credit]).collect();
        let mut credited = Self { issued: Some(Issued { credits, ..issued.clone() }), ..self.clone() };
        // Nothing is due any more, so nobody is reminded.
        if credited.balance() <= Minor::ZERO
            && let Some(issued) = &mut credited.issued
        {
            issued.look_on = None;
        }
        Ok(credited)
    }
}

#[cfg(test)]
mod tests {
    use kernel::{
        Currency,
        document::{Line, Unit, VatCategory, VatRate},
        pricing::{Discount, net_of},
        vat::Treatment,
    };
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;
    use crate::invoice::tests::issued;

    fn rate(percent: &str) -> VatRate {
        VatRate {
            category: VatCategory::S,
            percent: percent.parse().unwrap(),
            exemption_reason: None,
            exemption_code: None,
        }
    }

    fn line(quantity: Decimal, unit_price: Decimal, percent: &str, currency: Currency) -> Line {
        Line {
            section: None,
            is_optional: false,
            product: None,
            is_goods: false,
            description: "Pose\nsur mesure".into(),
            quantity,
            unit: Unit::Piece,
            unit_price,
            discount_percent: Decimal::ZERO,
            discount_minor: Minor::ZERO,
            vat: rate(percent),
            net_minor: net_of(quantity, unit_price, Decimal::ZERO, Minor::ZERO, currency).unwrap(),
        }
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn invoice(discount: Option<Discount>) -> Invoice {
        let lines = vec![
            line(decimal("3"), decimal("33.33"), "20", Currency::Eur),
            line(decimal("2"), decimal("50"), "5.5", Currency::Eur),
        ];
        issued(Priced::add_up(Currency::Eur, Treatment::Domestic, lines, discount).unwrap())
    }

    fn input(lines: &[(usize, &str, &str)]) -> CreditInput {
        let lines = lines
            .iter()
            .map(|(line, quantity, amount)| PartInput {
                line: *line,
                quantity: (*quantity).into(),
                amount: (*amount).into(),
            })
            .collect();
        CreditInput { reason: "Erreur".into(), lines, ..CreditInput::default() }
    }

    /// The invoice after the credit, and the credit.
    fn credit(invoice: &Invoice, input: &CreditInput) -> Result<(Invoice, Priced)> {
        let (_, priced, taken) = input.parse(invoice)?;
        let credit = Credit {
            note: CreditNoteId::new(Timestamp::UNIX_EPOCH, 1),
            number: "AV-2026-0001".into(),
            on: jiff::civil::date(2026, 11, 25),
            gross_minor: priced.totals.gross_minor,
            taken,
        };
        Ok((invoice.credited(credit)?, priced))
    }

    #[test]
    fn a_whole_credit_leaves_nothing() {
        let invoice = invoice(Some(Discount::Percent(decimal("7"))));
        let (credited, priced) = credit(&invoice, &input(&[])).unwrap();
        assert_eq!(priced.totals, invoice.priced.totals);
        assert_eq!(credited.balance(), Minor::ZERO);
        assert!(matches!(credit(&credited, &input(&[])), Err(Error::Conflict(Conflict::AlreadyCredited))));
    }

    #[test]
    fn parts_are_told_where_they_are_wrong() {
        let invoice = invoice(None);
        let wrong = |lines: &[(usize, &str, &str)]| match credit(&invoice, &input(lines)) {
            Err(Error::Invalid(wrong)) => wrong.iter().next().map(|one| (one.pointer.clone(), one.rule.clone())),
            _ => None,
        };
        let at = |field: &str, rule| Some((format!("/lines/0/{field}"), rule));
        assert_eq!(wrong(&[(0, "1", "")]), at("line", Rule::NotFound));
        assert_eq!(wrong(&[(3, "1", "")]), at("line", Rule::NotFound));
        assert_eq!(wrong(&[(1, "", "")]), at("quantity", Rule::Required));
        assert_eq!(wrong(&[(1, "1", "1")]), at("amount", Rule::OneOfTwo));
        let range = |max: &str| Rule::OutOfRange { min: "0.0001".into(), max: max.into() };
        assert_eq!(wrong(&[(1, "3.0001", "")]), at("quantity", range("3")));
        assert_eq!(wrong(&[(1, "1", ""), (1, "1", "")]), Some(("/lines/1/line".into(), Rule::AlreadyTaken)));
        assert!(matches!(CreditInput::default().parse(&invoice), Err(Error::Invalid(_))), "without a reason");
    }

    #[test]
    fn an_amount_off_a_line_is_one_forfeit_and_leaves_its_quantity() {
        let invoice = invoice(None);
        let (credited, priced) = credit(&invoice, &input(&[(1, "", "9,99")])).unwrap();
        assert_eq!((priced.lines[0].net_minor, priced.lines[0].quantity), (Minor(999), Decimal::ONE));
        assert!(priced.lines[0].description.starts_with("Remise accordée : Pose"));
        let left = credited.must_be_issued().unwrap().left(&credited.priced);
        assert_eq!((left.lines[0].quantity, left.lines[0].net_minor), (decimal("3"), Minor(9_000)));
        let (_, rest) = credit(&credited, &input(&[])).unwrap();
        assert_eq!(rest.totals.gross_minor.0 + priced.totals.gross_minor.0, invoice.priced.totals.gross_minor.0);
    }

    proptest! {
        #[test]
        fn whatever_the_parts_all_credits_together_are_the_invoice(
            lines in proptest::collection::vec((1_u32..200_000, 0_u32..2_000_000, 0_usize..3), 1..6),
            discount in proptest::option::of(0_u32..=9_999),
            parts in proptest::collection::vec((0_usize..6, 1_u32..=100, any::<bool>()), 0..8),
            scale in 0_usize..3,
        ) {
            let currency = [Currency::Xof, Currency::Eur, Currency::Tnd][scale];
            let lines = lines.into_iter().map(|(quantity, price, at)| {
                let price = Decimal::new(price.into(), currency.scale());
                line(Decimal::new(quantity.into(), 3), price, ["20", "10", "5.5"][at], currency)
            });
            let discount = discount.map(|percent| Discount::Percent(Decimal::new(percent.into(), 2)));
            let whole = Priced::add_up(currency, Treatment::Domestic, lines.collect(), discount).unwrap();
            let mut invoice = issued(whole.clone());
            let mut sum = Minor::ZERO;
            for (at, percent, by_amount) in parts {
                let left = invoice.must_be_issued().unwrap().left(&invoice.priced);
                let Some(of_line) = left.lines.get(at) else { continue };
                let part = if by_amount {
                    let amount = Minor(of_line.net_minor.0 * i64::from(percent) / 100);
                    if amount <= Minor::ZERO { continue }
                    (at + 1, String::new(), amount.plain(currency))
                } else {
                    let quantity = (of_line.quantity * Decimal::from(percent) / Decimal::ONE_HUNDRED).trunc_with_scale(4);
                    if quantity <= Decimal::ZERO { continue }
                    (at + 1, quantity.to_string(), String::new())
                };
                let (next, priced) = credit(&invoice, &input(&[(part.0, &part.1, &part.2)])).unwrap();
                let lines: i64 = priced.lines.iter().map(|line| line.net_minor.0).sum();
                prop_assert_eq!(lines - priced.allowances_minor().0, priced.totals.net_minor.0);
                sum = Minor(sum.0 + priced.totals.gross_minor.0);
                prop_assert!(sum <= whole.totals.gross_minor);
                invoice = next;
            }
            if let Ok((done, rest)) = credit(&invoice, &input(&[])) {
                sum = Minor(sum.0 + rest.totals.gross_minor.0);
                invoice = done;
            }
            prop_assert_eq!(sum, whole.totals.gross_minor);
            prop_assert_eq!(invoice.balance(), Minor::ZERO);
        }
    }
}
