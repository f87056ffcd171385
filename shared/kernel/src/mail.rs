//! A mail as an item: written in the transaction that causes it, sent by the mailer, kept beside what it
//! is about.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Sealed,
    id::{MailId, OrganizationId},
};

/// What stands in a mail for its secret, in links too: `https://…/invitations/{secret}`.
pub const SECRET_PLACEHOLDER: &str = "{secret}";

/// What stands in such a mail for the address of the product, which invoicing's workers do not know.
pub const SITE_PLACEHOLDER: &str = "{site}";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mail {
    pub id: MailId,
    pub to: Mailbox,
    /// Where an answer goes: the organization, not the platform.
    pub reply_to: Option<Mailbox>,
    /// The organization's name; the address is the platform's.
    pub from_name: String,
    pub subject: String,
    pub text: String,
    /// The same words for who reads HTML.
    pub html: Option<String>,
    /// What the mailer puts where text and HTML say [`SECRET_PLACEHOLDER`]; removed once the mail is sent.
    pub secret: Option<Sealed>,
    /// Its secret is a link to the document that it is about, drawn as it leaves: before that nobody has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gives_link: bool,
    pub attachments: Vec<Attachment>,
    pub state: MailState,
    /// What became of it since it was sent.
    #[serde(default, skip_serializing_if = "Fate::is_unknown")]
    pub fate: Fate,
}

impl Mail {
    /// The purpose for which the secret of this mail is sealed: for no other mail, of no other tenant.
    pub fn secret_purpose(organization: OrganizationId, mail: MailId) -> String {
        format!("mail/{organization}/{mail}")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    pub name: Option<String>,
    pub address: String,
}

/// A file in the tenant's part of the bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub s3_key: String,
    pub file_name: String,
    pub media_type: String,
}

/// What SES told of a mail that it took. Whoever reads it without pictures is not known to have opened it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fate {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// For the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Failed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    pub at: Timestamp,
    pub why: MailFailure,
}

/// Why a mail did not arrive, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailFailure {
    /// Tried for as long as it is tried: the mailbox is full, its server did not answer.
    Undelivered,
    /// SES did not send it on.
    Rejected,
    /// Whoever got it said that it is unwanted.
    Complained,
    /// There is no such address, or it is on the list of those that refused before.
    Refused,
}

impl MailFailure {
    pub const fn french(self) -> &'static str {
        match self {
            Self::Undelivered => "boîte pleine ou serveur injoignable",
            Self::Rejected => "refusé par le service d’envoi",
            Self::Complained => "signalé comme indésirable",
            Self::Refused => "adresse refusée",
        }
    }
}

impl Fate {
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// With what is told now, in whatever order it comes: the first of each stands, and the worst of what failed.
    #[must_use]
    pub fn and(&self, told: &Self) -> Self {
        let earliest = |a: Option<Timestamp>, b: Option<Timestamp>| a.into_iter().chain(b).min();
        let failed = match (self.failed, told.failed) {
            (Some(was), Some(is)) if is.why > was.why => Some(is),
            (was, is) => was.or(is),
        };
        Self {
            delivered_at: earliest(self.delivered_at, told.delivered_at),
            opened_at: earliest(self.opened_at, told.opened_at),
            failed,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MailState {
    Waiting,
    /// A worker is handing it to SES. After `until` another may look whether SES took it.
    Sending {
        until: Timestamp,
    },
    Sent {
        at: Timestamp,
        ses_message_id: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_a_mail_is_the_same_in_whatever_order_it_is_told() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let delivered = Fate { delivered_at: Some(at(2)), ..Fate::default() };
        let opened = Fate { opened_at: Some(at(9)), ..Fate::default() };
        let again = Fate { opened_at: Some(at(5)), ..Fate::default() };
        let failed = |second, why| Fate { failed: Some(Failed { at: at(second), why }), ..Fate::default() };
        let (soft, hard) = (failed(3, MailFailure::Undelivered), failed(4, MailFailure::Refused));
        let told = [&delivered, &opened, &again, &soft, &hard, &hard];
        let forth = told.iter().fold(Fate::default(), |fate, one| fate.and(one));
        let back = told.iter().rev().fold(Fate::default(), |fate, one| fate.and(one));
        assert_eq!(forth, back);
        assert_eq!((forth.opened_at, forth.failed), (Some(at(5)), hard.failed));
    }
}
