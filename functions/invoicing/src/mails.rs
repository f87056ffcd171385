//! The mails that invoicing sends: each with its document attached.

use kernel::{
    Result,
    event::Owner,
    id::{MailId, OrganizationId},
    mail::{Attachment, Mailbox},
    reference::{ClientReference, OrganizationReference},
};
use table::{Scope, keys, shared::OwnedMail};
use web::Letter;

/// What a mail is about.
pub struct About<'n, 'a> {
    pub owner: Owner,
    pub number: &'n str,
    pub organization: &'a OrganizationReference,
    pub client: &'a ClientReference,
}

impl<'a> About<'_, 'a> {
    /// The mail with the document attached, or none where the client has no address; `words` writes it.
    pub fn mail(
        &self,
        scope: &Scope,
        subject: String,
        words: impl FnOnce(Letter<'a>) -> Letter<'a>,
    ) -> Result<Option<OwnedMail>> {
        let Some(address) = self.client.email.clone() else { return Ok(None) };
        let attachment = self.attachment(self.organization.id);
        let letter = words(Letter::new(self.organization, subject, self.client.contact.as_deref()))
            .fact("Pièce jointe", &attachment.file_name);
        let to = Mailbox { name: self.client.contact.clone(), address };
        let mut mail = letter.mail(scope.new_id(MailId::new), to)?;
        mail.attachments.push(attachment);
        Ok(Some(OwnedMail { owner: self.owner, mail }))
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
