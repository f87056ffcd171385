//! A letter about what a client owes (relance, mise en demeure, relevé de compte), frozen as it left. It is no tax document:
//! nothing is owed because of it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Currency, Minor,
    document::{Brand, Buyer, Seller},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    Reminder,
    FormalNotice,
    /// What a client was asked for and what came of it, on a day.
    Statement,
}

impl LetterKind {
    pub const ALL: [Self; 3] = [Self::Reminder, Self::FormalNotice, Self::Statement];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::FormalNotice => "formal_notice",
            Self::Statement => "statement",
        }
    }

    pub const fn french(self) -> &'static str {
        match self {
            Self::Reminder => "Relance",
            Self::FormalNotice => "Mise en demeure",
            Self::Statement => "Relevé de compte",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    pub kind: LetterKind,
    /// What it is called, and its file: `FAC-2026-0001-relance-2`.
    pub reference: String,
    /// What a client says who pays what it asks for: the numbers of the invoices that it is about, the oldest first. Empty on
    /// letters that left before it was told apart from what they are called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub payment_reference: String,
    pub dated_on: Date,
    pub currency: Currency,
    pub seller: Seller,
    /// Without the name of a contact: a letter goes to the house, or to the private person who is the client.
    pub buyer: Buyer,
    pub brand: Brand,
    pub subject: String,
    pub paragraphs: Vec<String>,
    /// The account, as it is printed.
    pub entries: Vec<LetterEntry>,
}

/// Something that adds to what is owed, or takes from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LetterEntry {
    pub on: Date,
    pub text: String,
    pub due_on: Option<Date>,
    /// Negative where it takes from what is owed.
    pub amount_minor: Minor,
}

impl Letter {
    /// What is owed in all; negative where it is owed to the client.
    pub fn due_minor(&self) -> Minor {
        Minor(self.entries.iter().map(|entry| entry.amount_minor.0).sum())
    }

    /// What stands in a transfer.
    pub fn reference_of_payment(&self) -> &str {
        if self.payment_reference.is_empty() { &self.reference } else { &self.payment_reference }
    }

    pub fn file_name(&self) -> String {
        format!("{}.pdf", self.reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_kind_is_its_stored_form() {
        for kind in LetterKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
