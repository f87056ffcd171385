//! The mails that invoicing sends: each with its document attached.

use kernel::{
    Result,
    event::Owner,
    id::{MailId, OrganizationId},
    mail::{Attachment, Mailbox, SECRET_PLACEHOLDER, SITE_PLACEHOLDER},
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
    /// The mail with the document attached and a link to it, which the mailer draws as it leaves; none where the client
    /// has no address. `words` writes it.
    pub fn mail(
        &self,
        scope: &Scope,
        subject: String,
        words: impl FnOnce(Letter<'a>) -> Letter<'a>,
    ) -> Result<Option<OwnedMail>> {
        self.mail_with(scope, file_name(self.number), subject, words)
    }

    /// As [`Self::mail`], with another of the document's files.
    pub fn mail_with(
        &self,
        scope: &Scope,
        file_name: String,
        subject: String,
        words: impl FnOnce(Letter<'a>) -> Letter<'a>,
    ) -> Result<Option<OwnedMail>> {
        let Some(address) = self.client.email.clone() else { return Ok(None) };
        let attachment = self.attachment(self.organization.id, file_name);
        let letter = words(Letter::new(self.organization, subject, self.client.contact.as_deref()))
            .fact("Pièce jointe", &attachment.file_name);
        // A letter is not on the portal.
        let gives_link = !matches!(self.owner, Owner::Letter(_));
        let letter = if gives_link {
            letter
                .button(self.invitation(), format!("{SITE_PLACEHOLDER}/portail?lien={SECRET_PLACEHOLDER}"))
                .note("Ce lien vous est personnel\u{a0}: qui le détient peut consulter ce document.")
        } else {
            letter
        };
        let to = Mailbox { name: self.client.contact.clone(), address };
        let mut mail = letter.mail(scope.new_id(MailId::new), to)?;
        mail.attachments.push(attachment);
        mail.gives_link = gives_link;
        Ok(Some(OwnedMail { owner: self.owner, mail }))
    }

    /// The mail with the document attached, to who has no page of it here.
    pub fn mail_without_link(
        &self,
        scope: &Scope,
        subject: String,
        words: impl FnOnce(Letter<'a>) -> Letter<'a>,
    ) -> Result<Option<OwnedMail>> {
        let Some(address) = self.client.email.clone() else { return Ok(None) };
        let attachment = self.attachment(self.organization.id, file_name(self.number));
        let letter = words(Letter::new(self.organization, subject, self.client.contact.as_deref()))
            .fact("Pièce jointe", &attachment.file_name);
        let to = Mailbox { name: self.client.contact.clone(), address };
        let mut mail = letter.mail(scope.new_id(MailId::new), to)?;
        mail.attachments.push(attachment);
        Ok(Some(OwnedMail { owner: self.owner, mail }))
    }

    const fn invitation(&self) -> &'static str {
        match self.owner {
            Owner::Quote(_) => "Consulter le devis en ligne",
            Owner::CreditNote(_) => "Consulter l’avoir en ligne",
            Owner::Invoice(_) | Owner::Letter(_) | Owner::SelfBilled(_) | Owner::User(_) | Owner::Invitation(_) => {
                "Consulter la facture en ligne"
            }
        }
    }

    fn attachment(&self, organization: OrganizationId, file_name: String) -> Attachment {
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

/// Of a quote with its client's signature on it.
pub fn signed_file_name(number: &str) -> String {
    format!("{number}-signe.pdf")
}
