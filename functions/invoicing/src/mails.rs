//! The mails that invoicing sends: each with its document attached.

use kernel::{
    Result,
    document::AttachedFile,
    event::Owner,
    id::{MailId, OrganizationId},
    mail::{Attachment, Mailbox, SECRET_PLACEHOLDER, SITE_PLACEHOLDER},
    reference::{ClientReference, OrganizationReference},
};
use table::{Scope, keys, shared::OwnedMail};
use web::Letter;

use crate::attachment::fits_mail;

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
        self.written(scope, vec![self.attachment(self.organization.id, file_name)], true, subject, words)
    }

    /// As [`Self::mail`], with something beside the document.
    pub fn mail_and(
        &self,
        scope: &Scope,
        beside: Option<Attachment>,
        subject: String,
        words: impl FnOnce(Letter<'a>) -> Letter<'a>,
    ) -> Result<Option<OwnedMail>> {
        let document = self.attachment(self.organization.id, file_name(self.number));
        self.written(scope, [document].into_iter().chain(beside).collect(), true, subject, words)
    }

    /// As [`Self::mail`], with the files that go with the document; where they are too much for a mail, with the words that
    /// lead to them.
    pub fn mail_beside(
        &self,
        scope: &Scope,
        files: &[AttachedFile],
        subject: String,
        words: impl FnOnce(Letter<'a>) -> Letter<'a>,
    ) -> Result<Option<OwnedMail>> {
        let mut attachments = vec![self.attachment(self.organization.id, file_name(self.number))];
        let fits = fits_mail(files);
        if fits {
            attachments.extend(files.iter().map(|file| Attachment {
                s3_key: file.s3_key.clone(),
                file_name: file.file_name.clone(),
                media_type: file.media_type.clone(),
            }));
        }
        self.written(scope, attachments, true, subject, |letter| {
            let letter = words(letter);
            if fits { letter } else { letter.paragraph(too_large(files)) }
        })
    }

    /// The mail with the document attached, to who has no page of it here.
    pub fn mail_without_link(
        &self,
        scope: &Scope,
        subject: String,
        words: impl FnOnce(Letter<'a>) -> Letter<'a>,
    ) -> Result<Option<OwnedMail>> {
        let attachment = self.attachment(self.organization.id, file_name(self.number));
        self.written(scope, vec![attachment], false, subject, words)
    }

    fn written(
        &self,
        scope: &Scope,
        attachments: Vec<Attachment>,
        has_page: bool,
        subject: String,
        words: impl FnOnce(Letter<'a>) -> Letter<'a>,
    ) -> Result<Option<OwnedMail>> {
        let Some(address) = self.client.email.clone() else { return Ok(None) };
        let names: Vec<_> = attachments.iter().map(|attachment| attachment.file_name.as_str()).collect();
        let label = if names.len() == 1 { "Pièce jointe" } else { "Pièces jointes" };
        let letter = words(Letter::new(self.organization, subject, self.client.contact.as_deref()))
            .fact(label, names.join(", "));
        // A letter is not on the portal.
        let gives_link = has_page && !matches!(self.owner, Owner::Letter(_));
        let letter = if gives_link {
            letter
                .button(self.invitation(), format!("{SITE_PLACEHOLDER}/portail?lien={SECRET_PLACEHOLDER}"))
                .note("Ce lien vous est personnel\u{a0}: qui le détient peut consulter ce document.")
        } else {
            letter
        };
        let to = Mailbox { name: self.client.contact.clone(), address };
        let mut mail = letter.mail(scope.new_id(MailId::new), to)?;
        mail.attachments = attachments;
        mail.gives_link = gives_link;
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

/// That they are to be had online, where the mail leads.
fn too_large(files: &[AttachedFile]) -> String {
    let names: Vec<_> = files.iter().map(|file| file.file_name.as_str()).collect();
    format!(
        "Les pièces jointes ({}) sont trop volumineuses pour un e-mail\u{a0}: vous pouvez les télécharger en ligne, à côté du \
         document.",
        names.join(", ")
    )
}

/// As whoever downloads the document sees it.
pub fn file_name(number: &str) -> String {
    format!("{number}.pdf")
}

/// Of a quote with its client's signature on it.
pub fn signed_file_name(number: &str) -> String {
    format!("{number}-signe.pdf")
}
