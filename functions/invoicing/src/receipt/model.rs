//! How money of one client is spread over their invoices. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Currency, Error, Minor, Result, Rule, Violations,
    error::Conflict,
    id::{BankLineId, CompanyId, InvoiceId, PaymentId, ReceiptId},
    legal,
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{
    content::flag,
    invoice::Invoice,
    payment::{self, Method},
};

/// How many invoices one receipt settles. Each takes eight writes at most (payment, ledger entry, the event that it was paid or
/// the payment that is taken back, the event of the payment, invoice, its line on its client, its reminder that waits, the end
/// of a payment by card); beside them stand receipt, head of the ledger and the event that it went on, figures, line of the
/// bank, audit entry and idempotency record: a transaction has 100.
pub const PARTS_MAX: usize = 11;

/// How many lines its invoices have together: a transaction has 4 MB.
const LINES_MAX: usize = 4_000;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptInput {
    /// All that was received, in the currency of the invoices: `1200.50`.
    pub amount: String,
    /// `YYYY-MM-DD`, not after today.
    pub paid_on: String,
    /// `bank_transfer`, `check`, `cash`, `card`, `direct_debit` or `other`.
    pub method: String,
    #[serde(default)]
    pub reference: String,
    /// Invoices of one client, each once; 11 at most.
    pub parts: Vec<ReceiptPartInput>,
    /// `true` where more was received than the parts take: the rest stays on the last of them, a credit of the client.
    #[serde(default)]
    pub keep_excess: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptPartInput {
    /// `inv_…`
    pub invoice_id: String,
    /// At most what is due. `0` on the last one, where it only takes what is too much.
    pub amount: String,
}

/// A receipt whose fields are right.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReceipt {
    pub amount_minor: Minor,
    pub paid_on: Date,
    pub method: Method,
    pub reference: Option<String>,
    /// What each invoice takes, in the order of the input; the excess is in the last.
    pub parts: Vec<Minor>,
    pub excess_minor: Minor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    Received,
    /// Money that went back to the client, of what invoices had too much.
    Refunded,
    /// No money moved: what one invoice had too much settles another.
    Applied,
}

/// Written once; taken back by counter-entries of all its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    pub id: ReceiptId,
    pub kind: ReceiptKind,
    pub client: CompanyId,
    pub client_name: String,
    pub amount_minor: Minor,
    pub currency: Currency,
    pub paid_on: Date,
    pub method: Method,
    pub reference: Option<String>,
    pub parts: Vec<ReceiptPart>,
    /// What of it no invoice took when it came.
    #[serde(default, skip_serializing_if = "Minor::is_zero")]
    pub excess_minor: Minor,
    pub recorded_at: Timestamp,
    /// The line of the bank that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_line: Option<BankLineId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversed: Option<ReceiptReversal>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceiptPart {
    pub invoice: InvoiceId,
    pub number: String,
    /// What it adds to what is paid of the invoice; negative where a credit is taken.
    pub effect_minor: Minor,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceiptReversal {
    pub on: Date,
    pub reason: String,
}

/// The payment of the part at this place, counted from zero: named after its receipt, so that whoever knows the receipt
/// and its invoices reads all of it at once.
pub fn payment_id(receipt: Ulid, place: usize) -> PaymentId {
    PaymentId::from_ulid(Ulid(receipt.0.wrapping_add(place as u128 + 1)))
}

impl Receipt {
    pub fn payment_id(&self, place: usize) -> PaymentId {
        payment_id(self.id.ulid(), place)
    }

    pub fn reversed(&self, on: Date, reason: &str) -> Result<Self> {
        match self.reversed {
            None => Ok(Self { reversed: Some(ReceiptReversal { on, reason: reason.into() }), ..self.clone() }),
            Some(_) => Err(Error::Conflict(Conflict::ReceiptReversed)),
        }
    }
}

impl ReceiptInput {
    /// Which invoices it names, so that they can be read.
    pub fn invoices(&self) -> std::result::Result<Vec<InvoiceId>, Violations> {
        let mut wrong = Violations::default();
        if self.parts.is_empty() {
            wrong.add("/parts", Rule::Required);
        }
        if self.parts.len() > PARTS_MAX {
            wrong.add("/parts", Rule::TooManyInvoices { max: PARTS_MAX });
        }
        let mut invoices = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            let pointer = format!("/parts/{at}/invoice_id");
            let id = wrong.take(&pointer, part.invoice_id.trim().parse().map_err(|_| Rule::NotFound));
            if id.is_some_and(|id| invoices.contains(&id)) {
                wrong.add(&pointer, Rule::Repeated);
            }
            invoices.extend(id);
        }
        if wrong.is_empty() { Ok(invoices) } else { Err(wrong) }
    }

    /// `invoices` are those that it names, as they are now; `issued` when the last of them was, none of what a bank dated.
    pub fn parse(
        &self,
        invoices: &[&Invoice],
        issued: Option<Date>,
        today: Date,
    ) -> std::result::Result<NewReceipt, Violations> {
        let mut wrong = Violations::default();
        let currency = invoices.first().map(|invoice| invoice.priced.currency).unwrap_or_default();
        let amount = wrong.take("/amount", payment::amount(&self.amount, currency));
        let paid_on = wrong.take("/paid_on", payment::paid_on(&self.paid_on, issued, today));
        let method = wrong.take("/method", Method::named(&self.method));
        let reference = wrong.take("/reference", legal::optional(&self.reference, |text| legal::text(text, 100)));
        let keep_excess = wrong.take("/keep_excess", flag(&self.keep_excess)).unwrap_or_default();
        // What is paid at once is one, over however many invoices.
        if let (Some(method), Some(amount), Some(first)) = (method, amount, invoices.first()) {
            wrong.take("/method", method.must_be_lawful(amount, currency, first.cash(today).at_once()));
        }
        if invoices.iter().map(|invoice| invoice.priced.lines.len()).sum::<usize>() > LINES_MAX {
            wrong.add("/parts", Rule::TooMany { max: self.parts.len() / 2 });
        }
        let mut parts = self.typed_parts(invoices, currency, &mut wrong);
        let (Some(amount_minor), true) = (amount, wrong.is_empty()) else { return Err(wrong) };
        let spread = Minor::checked_sum(parts.iter().copied()).unwrap_or(Minor::MAX);
        let excess_minor = Minor(amount_minor.0 - spread.0);
        if excess_minor < Minor::ZERO {
            wrong.add("/amount", Rule::BeyondReceived { received: amount_minor.french(currency) });
        } else if excess_minor > Minor::ZERO && !keep_excess {
            wrong.add("/amount", Rule::NotSpread { left: excess_minor.french(currency) });
        }
        // A part of nothing is there to take what is too much, or for nothing.
        let needed = parts.len() - usize::from(excess_minor > Minor::ZERO);
        for (at, part) in parts.iter().enumerate().take(needed) {
            if part.is_zero() {
                wrong.add(format!("/parts/{at}/amount"), Rule::Required);
            }
        }
        if let Some(last) = parts.last_mut() {
            last.0 += excess_minor.0;
        }
        for (at, (part, invoice)) in parts.iter().zip(invoices).enumerate() {
            if let Some(method) = method {
                let lawful = method.must_be_lawful(*part, currency, invoice.cash(today));
                wrong.take(format!("/parts/{at}/amount"), lawful);
            }
        }
        match (paid_on, method, reference, wrong.is_empty()) {
            (Some(paid_on), Some(method), Some(reference), true) => {
                Ok(NewReceipt { amount_minor, paid_on, method, reference, parts, excess_minor })
            }
            _ => Err(wrong),
        }
    }

    fn typed_parts(&self, invoices: &[&Invoice], currency: Currency, wrong: &mut Violations) -> Vec<Minor> {
        let client = invoices.first().map(|invoice| invoice.client.reference.id);
        let mut parts = Vec::new();
        for (at, (part, invoice)) in self.parts.iter().zip(invoices).enumerate() {
            let of_invoice = format!("/parts/{at}/invoice_id");
            if Some(invoice.client.reference.id) != client {
                wrong.add(&of_invoice, Rule::OtherClient);
            }
            if invoice.priced.currency != currency {
                wrong.add(&of_invoice, Rule::OtherCurrency);
            }
            let amount = if is_zero(&part.amount) { Ok(Minor::ZERO) } else { payment::amount(&part.amount, currency) };
            let due = Minor(invoice.balance().0.max(0));
            let amount = amount.and_then(|amount| match amount > due {
                true => Err(Rule::MoreThanDue { due: due.french(currency) }),
                false => Ok(amount),
            });
            parts.extend(wrong.take(format!("/parts/{at}/amount"), amount));
        }
        parts
    }
}

fn is_zero(text: &str) -> bool {
    let text = text.trim();
    text.contains('0') && text.chars().all(|letter| matches!(letter, '0' | '.' | ','))
}

/// How much of an amount each of these balances takes, in their order.
pub fn proposed(amount: Minor, balances: impl IntoIterator<Item = Minor>) -> Vec<Minor> {
    let mut left = amount;
    let take = |balance: Minor| {
        let taken = Minor(balance.0.min(left.0).max(0));
        left.0 -= taken.0;
        taken
    };
    balances.into_iter().map(take).collect()
}
