//! The mail that invites.

use cloud::Deps;
use kernel::{
    Result,
    event::Owner,
    id::MailId,
    mail::{Mail, Mailbox, SECRET_PLACEHOLDER},
    reference::OrganizationReference,
    text,
};
use table::{Scope, shared::OwnedMail};
use web::{Asker, Letter, credentials::Secret};

use super::Invitation;

/// With the link in it sealed: only the mailer reads it.
pub(super) async fn write(
    asker: &Asker,
    organization: &OrganizationReference,
    invitation: &Invitation,
    secret: &Secret,
) -> Result<OwnedMail> {
    let (deps, scope): (&Deps, &Scope) = (asker.deps(), &asker.scope);
    let role = invitation.role.french();
    let until = text::french_date(invitation.expires_at.to_zoned(organization.zone()).date());
    let href = format!("{}/invitation?jeton={SECRET_PLACEHOLDER}", deps.config.public_url);
    let letter = Letter::new(organization, format!("{} vous invite à rejoindre son équipe", organization.name), None)
        .paragraph(format!(
            "{} vous invite à rejoindre l’espace de {} sur ABSERVICE, le logiciel avec lequel l’entreprise gère ses \
             clients, ses devis et ses factures.",
            asker.name, organization.name
        ))
        .paragraph(format!("Vous y aurez le rôle «\u{a0}{role}\u{a0}»."))
        .fact("Entreprise", &organization.name)
        .fact("Rôle", role)
        .fact("Votre adresse", &invitation.email)
        .button("Accepter l’invitation", href)
        .note(format!("Ce lien vous est personnel et vaut jusqu’au {until}."))
        .note("Vous n’attendiez pas cette invitation\u{a0}? Ignorez ce message\u{a0}: rien ne sera créé à votre nom.");
    let id = scope.new_id(MailId::new);
    let mail = letter.mail(id, Mailbox { name: None, address: invitation.email.clone() })?;
    let purpose = Mail::secret_purpose(organization.id, id);
    let sealed = deps.vault.seal(&purpose, secret.text.as_bytes()).await?;
    Ok(OwnedMail { owner: Owner::Invitation(invitation.id), mail: Mail { secret: Some(sealed), ..mail } })
}
