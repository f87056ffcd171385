//! The mails of notifications. They name no client and no contact: what leaves the product is out of an erasure's reach, and
//! the page that they lead to says more to who may see it.

use cloud::Deps;
use kernel::{Result, event::Owner, id::MailId, mail::Mailbox, reference::OrganizationReference};
use table::{Scope, shared::OwnedMail};
use web::{Letter, Membership, path_in};

use crate::{notification::Notification, notification::pages::PATH as CENTRE, preferences::pages::PATH as PREFERENCES};

fn address(deps: &Deps, organization: &OrganizationReference, path: &str) -> String {
    format!("{}{}", deps.config.public_url, path_in(organization.id, path))
}

fn why(deps: &Deps, organization: &OrganizationReference) -> String {
    format!(
        "Vous recevez cet e-mail selon vos préférences de notification. Pour les changer\u{a0}: {}",
        address(deps, organization, PREFERENCES)
    )
}

fn owned(scope: &Scope, letter: &Letter<'_>, member: &Membership) -> Result<OwnedMail> {
    let to = Mailbox { name: Some(member.name.clone()), address: member.email.clone() };
    Ok(OwnedMail { owner: Owner::User(member.user), mail: letter.mail(scope.new_id(MailId::new), to)? })
}

/// One notification, as it is told.
pub fn at_once(
    deps: &Deps,
    scope: &Scope,
    organization: &OrganizationReference,
    member: &Membership,
    one: &Notification,
) -> Result<OwnedMail> {
    let title = one.nameless_title();
    let letter = Letter::new(organization, format!("{title} – {}", organization.name), Some(&member.name))
        .paragraph(format!("{title}."))
        .button("Ouvrir dans ABSERVICE", address(deps, organization, &one.link))
        .note(why(deps, organization));
    owned(scope, &letter, member)
}

/// What somebody has not read of a day.
pub fn digest(
    deps: &Deps,
    scope: &Scope,
    organization: &OrganizationReference,
    member: &Membership,
    told: &[Notification],
    more: u32,
) -> Result<OwnedMail> {
    let count = told.len() + usize::try_from(more).unwrap_or_default();
    let subject = match count {
        1 => format!("Votre résumé\u{a0}: une notification – {}", organization.name),
        count => format!("Votre résumé\u{a0}: {count} notifications – {}", organization.name),
    };
    let mut letter = Letter::new(organization, subject, Some(&member.name))
        .paragraph("Voici ce qui s’est passé et que vous n’avez pas encore lu.");
    for category in crate::notification::Category::ALL {
        let of_it: Vec<_> = told.iter().filter(|one| one.category == category).collect();
        if !of_it.is_empty() {
            let titles: Vec<_> = of_it.iter().map(|one| one.nameless_title()).collect();
            letter = letter.paragraph(format!("{}\u{a0}: {}.", category.french(), titles.join("\u{a0}; ")));
        }
    }
    let letter = match more {
        0 => letter,
        1 => letter.paragraph("Et une autre notification."),
        more => letter.paragraph(format!("Et {more} autres notifications.")),
    };
    let letter =
        letter.button("Voir les notifications", address(deps, organization, CENTRE)).note(why(deps, organization));
    owned(scope, &letter, member)
}
