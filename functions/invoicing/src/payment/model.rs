//! What a payment is. Pure.

use jiff::{Timestamp, ToSpan, civil::Date};
use kernel::{
    Currency, Error, Minor, Result, Rule, Violations,
    error::Conflict,
    id::{CompanyId, InvoiceId, PaymentId, ReceiptId},
    legal,
    money::AmountTooLarge,
    text,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{card::Charge, content::flag};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentInput {
    /// In the currency of the invoice: `120.50`.
    pub amount: String,
    /// `YYYY-MM-DD`, not after today.
    pub paid_on: String,
    /// `bank_transfer`, `check`, `cash`, `card`, `direct_debit` or `other`.
    #[serde(default = "bank_transfer")]
    pub method: String,
    #[serde(default)]
    pub reference: String,
    /// `true` to take more than is due: the rest is owed to the client.
    #[serde(default)]
    pub allow_overpayment: String,
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
    DirectDebit,
    Other,
    /// What one invoice had too much settles another: no money moves.
    Credit,
}

impl Method {
    /// Those that a person chooses from.
    pub const ALL: [Self; 6] =
        [Self::BankTransfer, Self::Check, Self::Cash, Self::Card, Self::DirectDebit, Self::Other];

    /// One that a person chose.
    pub fn named(name: &str) -> std::result::Result<Self, Rule> {
        Self::ALL.into_iter().find(|method| method.name() == name).ok_or(Rule::NotAChoice)
    }

    /// CMF L112-6 and D112-3.
    pub fn must_be_lawful(self, amount: Minor, currency: Currency, cash: Cash) -> std::result::Result<(), Rule> {
        let Cash { limit, taken } = cash;
        if self != Self::Cash || currency != Currency::Eur || amount.0.saturating_add(taken.0) <= limit.0 {
            return Ok(());
        }
        let max = limit.french(currency);
        match taken {
            Minor::ZERO => Err(Rule::CashLimit { max }),
            taken => Err(Rule::CashTaken { max, taken: taken.french(currency) }),
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::BankTransfer => "bank_transfer",
            Self::Check => "check",
            Self::Cash => "cash",
            Self::Card => "card",
            Self::DirectDebit => "direct_debit",
            Self::Other => "other",
            Self::Credit => "credit",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::BankTransfer => "Virement",
            Self::Check => "Chèque",
            Self::Cash => "Espèces",
            Self::Card => "Carte bancaire",
            Self::DirectDebit => "Prélèvement",
            Self::Other => "Autre",
            Self::Credit => "Compensation",
        }
    }
}

/// What may be paid in cash of one debt, and what of it was: splitting a debt raises no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cash {
    pub limit: Minor,
    pub taken: Minor,
}

impl Cash {
    /// Of what moves at once.
    pub fn at_once(self) -> Self {
        Self { taken: Minor::ZERO, ..self }
    }
}

/// A payment whose fields are right.
#[derive(Debug, Clone)]
pub struct NewPayment {
    pub amount_minor: Minor,
    pub paid_on: Date,
    pub method: Method,
    pub reference: Option<String>,
    pub allow_overpayment: bool,
}

/// Which way the money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    #[default]
    Received,
    /// Back to the client.
    Refunded,
    /// The counter-entry of a payment that was not one.
    Reversal,
    /// The counter-entry of a refund that never arrived.
    RefundReversal,
}

/// Of which document money is, as lists of payments name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfInvoice {
    pub number: String,
    pub client: CompanyId,
    pub client_name: String,
}

/// Written once; a mistake is mended by a counter-entry, never by deletion (CGI art. 286, I, 3° bis).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    pub id: PaymentId,
    pub invoice: InvoiceId,
    #[serde(default)]
    pub kind: PaymentKind,
    /// Always positive; `kind` says which way.
    pub amount_minor: Minor,
    pub currency: Currency,
    pub paid_on: Date,
    pub method: Method,
    pub reference: Option<String>,
    pub recorded_at: Timestamp,
    /// A counter-entry: the payment that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<PaymentId>,
    /// The counter-entry that took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversed_by: Option<PaymentId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<OfInvoice>,
    /// Recorded with others, with which it is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptId>,
    /// Made through the provider of payments by card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<Charge>,
}

impl Payment {
    /// A payment of an invoice as it is recorded now.
    pub fn new(
        id: PaymentId,
        invoice: InvoiceId,
        kind: PaymentKind,
        currency: Currency,
        new: NewPayment,
        recorded_at: Timestamp,
    ) -> Self {
        let NewPayment { amount_minor, paid_on, method, reference, .. } = new;
        Self {
            id,
            invoice,
            kind,
            amount_minor,
            currency,
            paid_on,
            method,
            reference,
            recorded_at,
            reverses: None,
            reversed_by: None,
            of: None,
            receipt: None,
            charge: None,
        }
    }

    /// What it adds to what was paid.
    pub fn effect(&self) -> Minor {
        match self.kind {
            PaymentKind::Received | PaymentKind::RefundReversal => self.amount_minor,
            PaymentKind::Refunded | PaymentKind::Reversal => Minor(-self.amount_minor.0),
        }
    }

    pub fn can_be_reversed(&self) -> bool {
        self.reversed_by.is_none() && matches!(self.kind, PaymentKind::Received | PaymentKind::Refunded)
    }

    /// Takes it back, once: as it is then, and its counter-entry. What takes something back itself stays.
    pub fn reversed(&self, by: PaymentId, reason: &str, today: Date, recorded_at: Timestamp) -> Result<(Self, Self)> {
        let kind = match (self.kind, self.reversed_by) {
            (PaymentKind::Received, None) => PaymentKind::Reversal,
            (PaymentKind::Refunded, None) => PaymentKind::RefundReversal,
            _ => return Err(Error::Conflict(Conflict::PaymentReversed)),
        };
        let counter = Self {
            id: by,
            kind,
            reverses: Some(self.id),
            paid_on: today,
            reference: Some(reason.into()),
            recorded_at,
            ..self.clone()
        };
        Ok((Self { reversed_by: Some(by), ..self.clone() }, counter))
    }
}

impl PaymentInput {
    /// `issued` is when its invoice was.
    pub fn parse(
        &self,
        currency: Currency,
        cash: Cash,
        issued: Date,
        today: Date,
    ) -> std::result::Result<NewPayment, Violations> {
        let mut wrong = Violations::default();
        let amount_minor = wrong.take("/amount", amount(&self.amount, currency));
        let paid_on = wrong.take("/paid_on", paid_on(&self.paid_on, Some(issued), today));
        let method = wrong.take("/method", Method::named(&self.method));
        let reference = wrong.take("/reference", legal::optional(&self.reference, |text| legal::text(text, 100)));
        let allow_overpayment = wrong.take("/allow_overpayment", flag(&self.allow_overpayment));
        if let (Some(method), Some(amount)) = (method, amount_minor) {
            wrong.take("/method", method.must_be_lawful(amount, currency, cash));
        }
        match (amount_minor, paid_on, method, reference, allow_overpayment, wrong.is_empty()) {
            (Some(amount_minor), Some(paid_on), Some(method), Some(reference), Some(allow_overpayment), true) => {
                Ok(NewPayment { amount_minor, paid_on, method, reference, allow_overpayment })
            }
            _ => Err(wrong),
        }
    }
}

pub fn amount(text: &str, currency: Currency) -> std::result::Result<Minor, Rule> {
    let smallest = Minor(1).to_decimal(currency);
    let most = Minor::MAX.to_decimal(currency);
    let amount: Decimal = legal::decimal(text, currency.scale(), smallest, most)?;
    Minor::round(amount, currency)
        .map_err(|AmountTooLarge| Rule::OutOfRange { min: smallest.to_string(), max: most.to_string() })
}

/// What is paid in advance is invoiced after it; not by more than a year, or the year is a slip of the pen. `issued` is
/// none of what a bank dated.
pub fn paid_on(text: &str, issued: Option<Date>, today: Date) -> std::result::Result<Date, Rule> {
    let on = legal::date(text)?;
    let earliest = issued.and_then(|issued| issued.checked_sub(1.year()).ok());
    match earliest {
        _ if on > today => Err(Rule::After { date: text::short_date(today) }),
        Some(earliest) if on < earliest => Err(Rule::Before { date: text::short_date(earliest) }),
        _ => Ok(on),
    }
}

#[cfg(test)]
pub mod tests {
    use ulid::Ulid;

    use super::*;

    /// A transfer that came.
    pub fn received(invoice: InvoiceId, amount: i64, on: Date) -> Payment {
        Payment {
            id: PaymentId::from_ulid(Ulid(9)),
            invoice,
            kind: PaymentKind::Received,
            amount_minor: Minor(amount),
            currency: Currency::Eur,
            paid_on: on,
            method: Method::BankTransfer,
            reference: None,
            recorded_at: Timestamp::UNIX_EPOCH,
            reverses: None,
            reversed_by: None,
            of: None,
            receipt: None,
            charge: None,
        }
    }
}
