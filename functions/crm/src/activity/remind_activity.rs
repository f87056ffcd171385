//! The time of an activity's reminder came: its member is written to, once, however often the clock asks and whoever is
//! stopped half-way.

use kernel::{
    Permission, Result,
    event::{About, Event, Owner},
    id::{ActivityId, MailId},
    mail::Mailbox,
    reference::OrganizationReference,
    text,
};
use table::{Scope, shared::OwnedMail};
use web::{Letter, Membership, path_in};

use super::{Activity, store};

/// `site` is where people reach the product.
pub async fn remind_activity(scope: &Scope, site: &str, id: ActivityId) -> Result<()> {
    let keys = scope.keys();
    scope
        .write(|| async {
            let mut transaction = scope.begin("remind_activity", id);
            let found = scope.get_many(&[keys.activity(id), keys.organization()]).await?;
            let read = found.get::<Activity>(&keys.activity(id))?;
            // Deleted, moved or done meanwhile; or somebody was faster.
            let due = read.filter(|read| read.remind_at.is_some_and(|at| at <= scope.now()));
            let (Some(read), Some(organization)) = (due, found.first::<OrganizationReference>()?) else {
                return Ok((transaction.nothing(), ()));
            };
            // The organization's clocks may have been set otherwise since it was armed.
            if let Some(later) = read.reminder(&organization.zone()).filter(|at| *at > scope.now()) {
                store::save(&mut transaction, Some(&read), &read.rearmed(later));
                return Ok((transaction, ()));
            }
            let is_open = organization.deletion.is_none() && organization.suspended_at.is_none();
            let member = match read.assigned_to.filter(|_| is_open) {
                Some(user) => scope.get::<Membership>(&keys.member(user)).await?,
                None => None,
            };
            let member = member.filter(|member| member.visit.is_none());
            let member = member.filter(|member| member.role.permissions().allow(Permission::CrmView));
            store::save(&mut transaction, Some(&read), &read.disarmed());
            if let Some(member) = member {
                let (owner, user) = (Owner::User(member.user), member.user);
                let mail = letter(&read, &organization, &member, site).mail(
                    scope.new_id(MailId::new),
                    Mailbox { name: Some(member.name.clone()), address: member.email.clone() },
                )?;
                let requested = Event::MailRequested { owner, mail: mail.id };
                transaction.create(&OwnedMail { owner, mail }).emit(requested).emit(Event::ActivityReminded {
                    activity: id,
                    user,
                    about: About {
                        label: Some(read.subject.clone()),
                        assigned_to: Some(user),
                        contact: read.contact.as_ref().map(|contact| contact.id),
                        company: read.company.as_ref().map(|company| company.id),
                        ..About::default()
                    },
                });
            }
            Ok((transaction, ()))
        })
        .await
}

/// It names none of the records: an erased contact is then in no mail.
fn letter<'a>(
    activity: &Activity,
    organization: &'a OrganizationReference,
    member: &Membership,
    site: &str,
) -> Letter<'a> {
    let day = text::french_day(activity.starts.on);
    let when = match activity.starts.time() {
        time if time.is_empty() => day,
        time => format!("{day} à {time}"),
    };
    let subject = format!("Rappel\u{a0}: {}", activity.subject);
    let path = path_in(organization.id, &format!("/crm/activites/{}", activity.id));
    let letter = Letter::new(organization, subject, Some(&member.name))
        .paragraph(format!("{}\u{a0}: «\u{a0}{}\u{a0}», {when}.", activity.kind.french(), activity.subject))
        .fact("Quand", when);
    let letter = match activity.minutes {
        Some(minutes) => letter.fact("Durée", text::french_duration(minutes.into())),
        None => letter,
    };
    let letter = match &activity.place {
        Some(place) => letter.paragraph(format!("Lieu\u{a0}: {place}")).fact("Lieu", place),
        None => letter,
    };
    letter
        .button("Ouvrir l’activité", format!("{site}{path}"))
        .note("Vous recevez ce rappel parce que cette activité vous est attribuée.")
}
