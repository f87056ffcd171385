//! The words of the mails that invoicing sends.

use kernel::{
    event::Owner,
    id::{MailId, OrganizationId},
    mail::{Attachment, Mail, MailState, Mailbox},
    reference::{ClientReference, OrganizationReference},
};
use table::{Scope, keys, shared::OwnedMail};

/// What a mail is about.
pub struct About<'a> {
    pub owner: Owner,
    pub number: &'a str,
    pub organization: &'a OrganizationReference,
    pub client: &'a ClientReference,
}

impl About<'_> {
    /// The mail with the document attached, or none where the client has no address.
    pub fn mail(&self, scope: &Scope, subject: String, body: &str) -> Option<OwnedMail> {
        let address = self.client.email.clone()?;
        let organization = self.organization;
        let greeting = match &self.client.contact {
            Some(contact) => format!("Bonjour {contact},"),
            None => "Bonjour,".into(),
        };
        let reply_to =
            organization.legal.email.clone().map(|address| Mailbox { name: Some(organization.name.clone()), address });
        Some(OwnedMail {
            owner: self.owner,
            mail: Mail {
                id: scope.new_id(MailId::new),
                to: Mailbox { name: self.client.contact.clone(), address },
                reply_to,
                from_name: organization.name.clone(),
                subject,
                text: format!("{greeting}\n\n{body}\n\nBien cordialement,\n{}\n", organization.name),
                attachments: vec![self.attachment(organization.id)],
                state: MailState::Waiting,
            },
        })
    }

    fn attachment(&self, organization: OrganizationId) -> Attachment {
        let file_name = file_name(self.number);
        Attachment {
            s3_key: keys::s3_key(organization, self.owner, &file_name),
            file_name,
            media_type: "application/pdf".into(),
        }
    }
}

/// As whoever downloads the document sees it.
pub fn file_name(number: &str) -> String {
    format!("{number}.pdf")
}
