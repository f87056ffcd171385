//! A line of a bank statement, and what became of it. Pure.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{
    Currency, Error, Minor, Result,
    error::Conflict,
    id::{BankLineId, ExpenseId, InvoiceId, ReceiptId, random_of},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ulid::Ulid;

/// How many lines one file has.
pub const MAX_LINES: usize = 2_000;
const LABEL_MAX: usize = 300;
const NAME_MAX: usize = 100;

/// As a file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// An IBAN, or what the person calls the account.
    pub account: String,
    pub booked_on: Date,
    /// Positive where it came, negative where it went.
    pub amount_minor: Minor,
    pub currency: Currency,
    pub label: String,
    pub counterparty: Option<String>,
    /// Where it went, where the bank says so: an IBAN, then its keyed hash, which alone is kept.
    pub counterparty_account: Option<String>,
    /// What tells it from others, where the bank says so.
    pub bank_reference: Option<String>,
    /// What the one who paid, or whom we debited, gave along with it.
    pub end_to_end: Option<String>,
    /// Why a direct debit or a transfer came back: `AC04`.
    pub returned: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BankLine {
    pub id: BankLineId,
    pub account: String,
    pub booked_on: Date,
    pub amount_minor: Minor,
    pub currency: Currency,
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterparty: Option<String>,
    /// A keyed hash of the IBAN to which it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterparty_account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_to_end: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<String>,
    pub imported_at: Timestamp,
    pub state: LineState,
    /// What purchases said last: by which version of which expense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<(ExpenseId, u64)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum LineState {
    Open,
    Ignored {
        on: Date,
    },
    /// The receipt that it is, and the invoices of that in their order.
    Matched {
        receipt: ReceiptId,
        invoices: Vec<InvoiceId>,
    },
    /// The expense that it paid, as purchases say.
    Spent {
        expense: ExpenseId,
    },
}

impl LineState {
    pub const NAMES: [&str; 3] = ["open", "matched", "ignored"];

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Matched { .. } | Self::Spent { .. } => "matched",
            Self::Ignored { .. } => "ignored",
        }
    }
}

impl StatementLine {
    /// What is the same for the same line however often it is imported; `occurrence` tells lines apart that are alike in
    /// one file.
    fn id(&self, occurrence: usize) -> BankLineId {
        let mut hash = Sha256::new();
        let reference = self.bank_reference.as_deref().unwrap_or_default();
        // A reference says more than a label, which a bank may word otherwise the next time.
        let label = if reference.is_empty() { self.label.as_str() } else { "" };
        for part in [&self.account, &self.booked_on.to_string(), reference, label, self.currency.code()] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        hash.update(self.amount_minor.0.to_be_bytes());
        hash.update((occurrence as u64).to_be_bytes());
        let random = random_of(&hash.finalize());
        let at = self.booked_on.to_zoned(TimeZone::UTC).map(|at| at.timestamp()).unwrap_or_default();
        BankLineId::new(at, random)
    }
}

/// The lines of a file as they are kept, each with an id of its own that the next import gives it again.
pub fn kept(lines: Vec<StatementLine>, imported_at: Timestamp) -> Vec<BankLine> {
    let mut seen: HashMap<Ulid, usize> = HashMap::new();
    let cut = |text: String, max: usize| text.chars().take(max).collect::<String>();
    let keep = |line: StatementLine| {
        let count = seen.entry(line.id(0).ulid()).or_default();
        let id = line.id(*count);
        *count += 1;
        BankLine {
            id,
            account: cut(line.account, NAME_MAX),
            booked_on: line.booked_on,
            amount_minor: line.amount_minor,
            currency: line.currency,
            label: cut(line.label, LABEL_MAX),
            counterparty: line.counterparty.map(|name| cut(name, NAME_MAX)),
            counterparty_account: line.counterparty_account,
            end_to_end: line.end_to_end.map(|reference| cut(reference, NAME_MAX)),
            returned: line.returned.map(|reason| cut(reason, 4)),
            imported_at,
            state: LineState::Open,
            told: None,
        }
    };
    lines.into_iter().map(keep).collect()
}

impl BankLine {
    pub fn must_be_open(&self) -> Result<()> {
        if self.state == LineState::Open { Ok(()) } else { Err(Error::Conflict(Conflict::LineSettled)) }
    }

    pub fn matched(&self, receipt: ReceiptId, invoices: Vec<InvoiceId>) -> Result<Self> {
        self.must_be_open()?;
        Ok(Self { state: LineState::Matched { receipt, invoices }, ..self.clone() })
    }

    pub fn ignored(&self, on: Date) -> Result<Self> {
        self.must_be_open()?;
        Ok(Self { state: LineState::Ignored { on }, ..self.clone() })
    }

    /// Ignored no more. What is matched opens again with its receipt.
    pub fn reopened(&self) -> Result<Self> {
        match self.state {
            LineState::Ignored { .. } => Ok(self.unmatched()),
            LineState::Open | LineState::Matched { .. } | LineState::Spent { .. } => {
                Err(Error::Conflict(Conflict::LineSettled))
            }
        }
    }

    /// What purchases say of it; none where they said so before, or said something later, or it is settled otherwise.
    pub fn spent(&self, expense: ExpenseId, v: u64, is_spent: bool) -> Option<Self> {
        if self.told.is_some_and(|(known, at)| known == expense && at >= v) {
            return None;
        }
        let told = Some((expense, v));
        match (&self.state, is_spent) {
            (LineState::Open | LineState::Ignored { .. }, true) => {
                Some(Self { state: LineState::Spent { expense }, told, ..self.clone() })
            }
            (LineState::Spent { expense: known }, false) if *known == expense => {
                Some(Self { state: LineState::Open, told, ..self.clone() })
            }
            // Only what comes too late is remembered by it.
            (LineState::Open, false) => Some(Self { told, ..self.clone() }),
            _ => None,
        }
    }

    pub fn unmatched(&self) -> Self {
        Self { state: LineState::Open, ..self.clone() }
    }
}

/// Text of a file on one line: whatever was between words is one space.
pub fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
pub mod tests {
    use jiff::civil::date;

    use super::*;

    pub fn line(amount: i64, label: &str) -> StatementLine {
        StatementLine {
            account: "FR7630006000011234567890189".into(),
            booked_on: date(2026, 11, 20),
            amount_minor: Minor(amount),
            currency: Currency::Eur,
            label: label.into(),
            counterparty: None,
            counterparty_account: None,
            bank_reference: None,
            end_to_end: None,
            returned: None,
        }
    }

    #[test]
    fn the_same_line_is_the_same_whenever_it_is_imported_and_two_alike_are_two() {
        let once = kept(vec![line(100, "VIR A"), line(100, "VIR A"), line(100, "VIR B")], Timestamp::UNIX_EPOCH);
        let again = kept(vec![line(100, "VIR B"), line(100, "VIR A"), line(100, "VIR A")], Timestamp::UNIX_EPOCH);
        let ids = |lines: &[BankLine]| {
            let mut ids: Vec<_> = lines.iter().map(|line| line.id.to_string()).collect();
            ids.sort();
            ids.dedup();
            ids
        };
        assert_eq!(ids(&once).len(), 3);
        assert_eq!(ids(&once), ids(&again));
        let of_bank =
            |reference: &str, label: &str| StatementLine { bank_reference: Some(reference.into()), ..line(100, label) };
        // The bank may word it otherwise the next time.
        assert_eq!(of_bank("R1", "VIR A").id(0), of_bank("R1", "VIREMENT A").id(0));
        assert_ne!(of_bank("R1", "VIR A").id(0), of_bank("R2", "VIR A").id(0));
        assert_ne!(line(100, "VIR A").id(0), line(-100, "VIR A").id(0));
    }

    #[test]
    fn what_purchases_say_counts_in_their_order_whenever_it_comes() {
        let open = kept(vec![line(-100, "PRLV A")], Timestamp::UNIX_EPOCH).remove(0);
        let (one, other) = (ExpenseId::from_ulid(Ulid(1)), ExpenseId::from_ulid(Ulid(2)));
        let spent = open.spent(one, 2, true).unwrap();
        assert_eq!(spent.state, LineState::Spent { expense: one });
        assert!(spent.spent(one, 2, true).is_none() && spent.must_be_open().is_err() && spent.reopened().is_err());
        assert!(spent.spent(other, 5, true).is_none() && spent.spent(other, 5, false).is_none());
        let free = spent.spent(one, 3, false).unwrap();
        assert_eq!(free.state, LineState::Open);
        // What was said before comes after it.
        assert!(free.spent(one, 2, true).is_none());
        let early = open.spent(one, 3, false).unwrap();
        assert!(early.spent(one, 2, true).is_none());
        assert_eq!(free.spent(other, 1, true).unwrap().state, LineState::Spent { expense: other });
    }

    #[test]
    fn a_line_is_settled_once() {
        let open = kept(vec![line(100, "VIR A")], Timestamp::UNIX_EPOCH).remove(0);
        let ignored = open.ignored(date(2026, 11, 25)).unwrap();
        assert!(ignored.ignored(date(2026, 11, 25)).is_err() && open.reopened().is_err());
        assert_eq!(ignored.reopened().unwrap(), open);
    }
}
