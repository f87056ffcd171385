//! The mail that tells the owner of an account what changed in its protection: whoever did it.

use kernel::{
    Result,
    event::{Event, Owner},
    id::MailId,
    mail::Mailbox,
    text,
};
use table::{Transaction, shared::OwnedMail};
use web::{Asker, Letter};

use super::device::device;

#[derive(Debug, Clone, Copy)]
pub(crate) enum News<'a> {
    /// By its name.
    PasskeyRegistered(&'a str),
    PasskeyRemoved(&'a str),
    TotpConfirmed,
    TotpDisabled,
    RecoveryCodesRenewed,
    PasswordChanged,
}

impl News<'_> {
    /// Subject, and what happened.
    fn french(self) -> (&'static str, String) {
        match self {
            Self::PasskeyRegistered(name) => (
                "Une clé d’accès a été ajoutée à votre compte",
                format!(
                    "La clé d’accès «\u{a0}{name}\u{a0}» vient d’être ajoutée à votre compte ABSERVICE. Elle permet de \
                     l’ouvrir sans mot de passe."
                ),
            ),
            Self::PasskeyRemoved(name) => (
                "Une clé d’accès a été supprimée de votre compte",
                format!(
                    "La clé d’accès «\u{a0}{name}\u{a0}» vient d’être supprimée de votre compte ABSERVICE. Elle ne \
                     permet plus de l’ouvrir."
                ),
            ),
            Self::TotpConfirmed => (
                "Une application d’authentification protège votre compte",
                "Une application d’authentification vient d’être associée à votre compte ABSERVICE. Un code vous sera \
                 demandé après votre mot de passe."
                    .into(),
            ),
            Self::TotpDisabled => (
                "Votre application d’authentification a été désactivée",
                "L’application d’authentification vient d’être désactivée sur votre compte ABSERVICE. Ses codes ne \
                 vous seront plus demandés."
                    .into(),
            ),
            Self::RecoveryCodesRenewed => (
                "Vos codes de secours ont été remplacés",
                "De nouveaux codes de secours viennent d’être créés pour votre compte ABSERVICE. Les anciens ne valent \
                 plus rien."
                    .into(),
            ),
            Self::PasswordChanged => (
                "Votre mot de passe a été changé",
                "Le mot de passe de votre compte ABSERVICE vient d’être changé, et vos autres sessions sont fermées."
                    .into(),
            ),
        }
    }

    /// Writes the mail in the transaction of what it tells.
    pub(crate) fn tell(self, asker: &Asker, transaction: &mut Transaction) -> Result<()> {
        let (subject, happened) = self.french();
        let at = asker.scope.now().to_zoned(asker.organization.zone());
        let mut letter = Letter::new(&asker.organization, subject, Some(&asker.name))
            .paragraph(happened)
            .fact("Quand", format!("Le {} à {:02}:{:02}", text::french_date(at.date()), at.hour(), at.minute()))
            .fact("Avec", device(asker.visitor.user_agent.as_deref().unwrap_or_default()));
        if let Some(address) = asker.visitor.address {
            letter = letter.fact("Adresse IP", address.to_string());
        }
        let letter = letter
            .button("Voir ce qui protège mon compte", format!("{}/compte/securite", asker.deps().config.public_url))
            .note(
                "Ce n’était pas vous\u{a0}? Changez aussitôt votre mot de passe, fermez vos autres sessions et supprimez \
                 ce que vous ne reconnaissez pas.",
            );
        let id = asker.scope.new_id(MailId::new);
        let to = Mailbox { name: Some(asker.name.clone()), address: asker.email.clone() };
        let mail = OwnedMail { owner: Owner::User(asker.user), mail: letter.mail(id, to)? };
        transaction.create(&mail).emit(Event::MailRequested { owner: mail.owner, mail: id });
        Ok(())
    }
}
