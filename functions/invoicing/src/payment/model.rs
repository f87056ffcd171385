//! What a payment is. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Minor, Rule, Violations,
    id::{InvoiceId, PaymentId},
    legal,
    money::AmountTooLarge,
    text,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentInput {
    /// In the currency of the invoice: `120.50`.
    pub amount: String,
    /// `YYYY-MM-DD`, not after today.
    pub paid_on: String,
    /// `bank_transfer`, `check`, `cash`, `card` or `other`.
    #[serde(default = "bank_transfer")]
    pub method: String,
    #[serde(default)]
    pub reference: String,
}

fn bank_transfer() -> String {
    Method::BankTransfer.name().into()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    BankTransfer,
    Check,
    Cash,
    Card,
    Other,
}

impl Method {
    pub const ALL: [Self; 5] = [Self::BankTransfer, Self::Check, Self::Cash, Self::Card, Self::Other];

    pub const fn name(self) -> &'static str {
        match self {
            Self::BankTransfer => "bank_transfer",
            Self::Check => "check",
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Other => "other",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::BankTransfer => "Virement",
            Self::Check => "Chèque",
            Self::Cash => "Espèces",
            Self::Card => "Carte bancaire",
            Self::Other => "Autre",
        }
    }
}

/// A payment whose fields are right.
#[derive(Debug, Clone)]
pub struct NewPayment {
    pub amount_minor: Minor,
    pub paid_on: Date,
    pub method: Method,
    pub reference: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    pub id: PaymentId,
    pub invoice: InvoiceId,
    pub amount_minor: Minor,
    pub currency: Currency,
    pub paid_on: Date,
    pub method: Method,
    pub reference: Option<String>,
    pub recorded_at: Timestamp,
}

impl PaymentInput {
    pub fn parse(&self, currency: Currency, today: Date) -> Result<NewPayment, Violations> {
        let mut wrong = Violations::default();
        let amount_minor = wrong.take("/amount", amount(&self.amount, currency));
        let paid_on = wrong.take("/paid_on", paid_on(&self.paid_on, today));
        let method = wrong.take(
            "/method",
            Method::ALL.into_iter().find(|method| method.name() == self.method).ok_or(Rule::NotAChoice),
        );
        let reference = wrong.take("/reference", legal::optional(&self.reference, |text| legal::text(text, 100)));
        let limit = legal::cash_limit(today);
        if method == Some(Method::Cash) && currency == Currency::Eur && amount_minor.is_some_and(|a| a > limit) {
            wrong.add("/method", Rule::CashLimit { max: limit.french(currency) });
        }
        match (amount_minor, paid_on, method, reference, wrong.is_empty()) {
            (Some(amount_minor), Some(paid_on), Some(method), Some(reference), true) => {
                Ok(NewPayment { amount_minor, paid_on, method, reference })
            }
            _ => Err(wrong),
        }
    }
}

fn amount(text: &str, currency: Currency) -> Result<Minor, Rule> {
    let smallest = Minor(1).to_decimal(currency);
    let most = Minor::MAX.to_decimal(currency);
    let amount: Decimal = legal::decimal(text, currency.scale(), smallest, most)?;
    Minor::round(amount, currency)
        .map_err(|AmountTooLarge| Rule::OutOfRange { min: smallest.to_string(), max: most.to_string() })
}

fn paid_on(text: &str, today: Date) -> Result<Date, Rule> {
    let on = legal::date(text)?;
    if on > today { Err(Rule::After { date: text::short_date(today) }) } else { Ok(on) }
}
