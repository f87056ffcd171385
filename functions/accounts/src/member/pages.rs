//! `/equipe`

use askama::Template;
use http::StatusCode;
use jiff::Timestamp;
use kernel::{
    Permission, Result,
    id::{InvitationId, UserId},
    permission::{CustomRole, MemberRole, Role},
    text,
};
use table::{Stored, meter::side_by_side};
use web::{
    Asker, Form, Id, Membership, PageResult, Shell,
    form::{Choice, FieldErrors},
    initials, member_portrait_href, page_with_status,
};

use super::{Granter, MemberInput, list_members};
use crate::{
    invitation::{InvitationInput, Standing, list_invitations},
    role::list_roles,
};

pub const PATH: &str = "/equipe";

#[derive(Template)]
#[template(path = "team.html")]
struct TeamPage {
    shell: Shell,
    form_key: String,
    members: Vec<MemberRow>,
    invitations: Vec<InvitationRow>,
    can_invite: bool,
    can_cancel: bool,
    /// Of the invitation being written.
    form: InvitationInput,
    roles: Vec<Choice>,
    errors: FieldErrors,
}

struct MemberRow {
    id: UserId,
    name: String,
    initials: String,
    portrait: Option<String>,
    email: String,
    role: String,
    joined_on: String,
    seen: String,
    is_asker: bool,
    is_visitor: bool,
    /// The roles that may be given to them; none where who asks may not change theirs.
    roles: Vec<Choice>,
    can_remove: bool,
    can_export: bool,
    can_reassign: bool,
    removal_title: &'static str,
}

struct InvitationRow {
    id: InvitationId,
    email: String,
    role: String,
    invited_by: String,
    sent_on: String,
    /// The day on which it expires; none once it has.
    expires_on: Option<String>,
    can_resend: bool,
}

/// Every role that may be given, with the one that is chosen.
fn choices(by: &Granter, own: &[Stored<CustomRole>], chosen: &str) -> Vec<Choice> {
    let system = Role::ALL.map(MemberRole::System).into_iter();
    let own = own.iter().map(|role| MemberRole::Custom(role.value.clone()));
    let granted = system.chain(own).filter(|role| by.may_grant(role));
    granted.map(|role| (role.code(), role.french().to_owned(), role.code() == chosen)).collect()
}

/// When somebody was last seen, as one says it.
fn seen(asker: &Asker, at: Option<Timestamp>) -> String {
    let Some(at) = at else { return "Jamais".into() };
    let at = at.to_zoned(asker.organization.zone());
    let today = asker.today();
    match today {
        day if day == at.date() => format!("Aujourd’hui à {:02}:{:02}", at.hour(), at.minute()),
        day if day.yesterday().ok() == Some(at.date()) => "Hier".into(),
        _ => text::short_date(at.date()),
    }
}

fn day(asker: &Asker, at: Timestamp) -> String {
    text::short_date(at.to_zoned(asker.organization.zone()).date())
}

impl TeamPage {
    async fn new(asker: &Asker, form: InvitationInput, errors: FieldErrors) -> Result<Self> {
        let scope = &asker.scope;
        let ((members, invitations), roles) =
            side_by_side(side_by_side(list_members(scope), list_invitations(scope)), list_roles(scope)).await;
        let (members, invitations, roles) = (members?, invitations?, roles?);
        let by = &Granter::new(asker.role.clone(), &asker.permissions);
        let now = scope.now();
        let mut members: Vec<_> = members.iter().map(|member| MemberRow::new(asker, by, member, &roles)).collect();
        members.sort_by_cached_key(|member| text::sorted(&member.name));
        let can_invite = asker.may(Permission::SettingsCreate);
        Ok(Self {
            shell: Shell::new(asker, "settings", "Équipe"),
            form_key: asker.form_key(),
            members,
            invitations: invitations
                .iter()
                .map(|invitation| InvitationRow {
                    id: invitation.id,
                    email: invitation.email.clone(),
                    role: invitation.role.french().to_owned(),
                    invited_by: invitation.invited_by_name.clone(),
                    sent_on: day(asker, invitation.sent_at),
                    expires_on: (invitation.standing(now) == Standing::Open).then(|| day(asker, invitation.expires_at)),
                    can_resend: can_invite && by.may_grant(&invitation.role),
                })
                .collect(),
            can_invite,
            can_cancel: asker.may(Permission::SettingsDelete),
            roles: choices(by, &roles, &form.role),
            form,
            errors,
        })
    }
}

impl MemberRow {
    fn new(asker: &Asker, by: &Granter, member: &Membership, roles: &[Stored<CustomRole>]) -> Self {
        let may_touch = member.visit.is_none() && by.may_grant(&member.role);
        let can_change = may_touch && asker.may(Permission::SettingsEdit);
        Self {
            id: member.user,
            name: member.name.clone(),
            initials: initials(&member.name),
            portrait: member.portrait.map(|portrait| member_portrait_href(member.user, portrait)),
            email: member.email.clone(),
            role: member.role.french().to_owned(),
            joined_on: day(asker, member.joined_at),
            seen: seen(asker, member.seen_at),
            is_asker: member.user == asker.user,
            removal_title: if member.user == asker.user {
                "Quitter cette entreprise\u{a0}?"
            } else {
                "Retirer ce membre\u{a0}?"
            },
            is_visitor: member.visit.is_some(),
            roles: if can_change { choices(by, roles, &member.role.code()) } else { Vec::new() },
            can_export: member.visit.is_none() && asker.may(Permission::SettingsExport),
            can_reassign: asker.may(Permission::CrmEdit) && asker.sees_all(),
            can_remove: may_touch && asker.may(Permission::SettingsDelete),
        }
    }
}

pub async fn show_team(asker: Asker) -> PageResult {
    let form = InvitationInput { role: Role::Member.code().into(), ..InvitationInput::default() };
    team_page(&asker, StatusCode::OK, form, FieldErrors::default()).await
}

/// The page with an invitation that is being written, or is refused.
pub async fn team_page(asker: &Asker, status: StatusCode, form: InvitationInput, errors: FieldErrors) -> PageResult {
    page_with_status(status, &TeamPage::new(asker, form, errors).await?)
}

pub async fn change_role(asker: Asker, Id(id): Id<UserId>, form: Form<MemberInput>) -> PageResult {
    let (member, _) = super::change_role(&asker, id, &form.input, None).await?;
    let (name, role) = (&member.name, member.role.french());
    // Who laid down the right to see this page is led elsewhere.
    let still_sees = id != asker.user || member.role.permissions().allow(Permission::SettingsView);
    let to = if still_sees { PATH } else { "/" };
    asker.done(to, format!("{name} a maintenant le rôle «\u{a0}{role}\u{a0}»."))
}

pub async fn remove_member(asker: Asker, Id(id): Id<UserId>) -> PageResult {
    let member = super::remove_member(&asker, id).await?;
    if id == asker.user {
        return asker.done("/connexion", format!("Vous avez quitté {}.", asker.organization.name));
    }
    asker.done(PATH, format!("{} ne fait plus partie de l’équipe.", member.name))
}
