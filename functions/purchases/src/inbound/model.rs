//! The address to which invoices are mailed, and what became of each mail. Pure.

use jiff::{SignedDuration, Timestamp};
use kernel::id::{ReceivedInvoiceId, ReceivedMailId, UserId};
use serde::{Deserialize, Serialize};

/// For how long it is told what became of a mail: the invoices stay.
const KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);

/// What of the address only its organization knows. Whoever has it may send invoices, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundAddress {
    pub secret: String,
    pub created_at: Timestamp,
    pub created_by: UserId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedMail {
    pub id: ReceivedMailId,
    /// Of its Message-ID: the same for the same mail.
    pub mark: String,
    pub at: Timestamp,
    /// The sender, as the mail says, which nobody has proven.
    pub from: String,
    pub subject: String,
    /// What was attached and may have been an invoice.
    pub parts: Vec<PartOutcome>,
    /// Attachments that no invoice comes as: pictures, signatures, archives.
    #[serde(default)]
    pub others: u32,
    /// Why nothing of it was looked at, in French.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOutcome {
    /// As it was called.
    pub name: String,
    #[serde(flatten)]
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[schema(as = ReceivedMailOutcome)]
pub enum Outcome {
    Taken {
        /// `rin_…`
        #[schema(value_type = String)]
        invoice: ReceivedInvoiceId,
    },
    /// The seller's number came before.
    Known,
    Refused {
        /// In French.
        why: String,
    },
}

impl ReceivedMail {
    pub fn expires_at(&self) -> Timestamp {
        self.at.checked_add(KEPT).unwrap_or(Timestamp::MAX)
    }

    /// Whether somebody is to look at it: something could not be read, or there was no invoice in it.
    pub fn is_unread(&self) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|part| matches!(part.outcome, Outcome::Refused { .. }))
    }

    /// By what people know it: the first file that could not be read.
    pub fn label(&self) -> String {
        let unread = self.parts.iter().find(|part| matches!(part.outcome, Outcome::Refused { .. }));
        match (unread, &self.refused) {
            (_, Some(_)) => "message illisible".into(),
            (Some(part), _) => part.name.chars().take(80).collect(),
            (None, _) => "aucune facture jointe".into(),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use ulid::Ulid;

    use super::*;

    pub fn mail(outcomes: Vec<Outcome>) -> ReceivedMail {
        let part = |outcome: Outcome| PartOutcome { name: "Facture 12.pdf".into(), outcome };
        ReceivedMail {
            id: ReceivedMailId::from_ulid(Ulid(3)),
            mark: "ab".into(),
            at: Timestamp::UNIX_EPOCH,
            from: "facturation@papeterie.example".into(),
            subject: "Votre facture".into(),
            parts: outcomes.into_iter().map(part).collect(),
            others: 1,
            refused: None,
        }
    }

    #[test]
    fn somebody_looks_at_what_was_not_read() {
        let taken = || Outcome::Taken { invoice: ReceivedInvoiceId::from_ulid(Ulid(7)) };
        let refused = || Outcome::Refused { why: "Non".into() };
        for (outcomes, is_unread, label) in [
            (vec![taken()], false, "aucune facture jointe"),
            (vec![Outcome::Known], false, "aucune facture jointe"),
            (vec![], true, "aucune facture jointe"),
            (vec![taken(), refused()], true, "Facture 12.pdf"),
        ] {
            let mail = mail(outcomes);
            assert_eq!((mail.is_unread(), mail.label().as_str()), (is_unread, label));
        }
        let hostile = ReceivedMail { refused: Some("Trop".into()), ..mail(vec![]) };
        assert!(hostile.is_unread() && hostile.label() == "message illisible");
    }
}
