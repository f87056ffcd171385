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
