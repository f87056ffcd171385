//! `/plateforme`

use askama::Template;
use jiff::Timestamp;
use kernel::{
    id::OrganizationId,
    permission::MemberRole,
    reference::{OrganizationCard, OrganizationReference},
    text,
};
use web::{Asker, Id, Membership, PageResult, Search, Shell, initials, page, path_in, redirect};

use super::OrganizationDetails;

pub const PATH: &str = "/plateforme";

#[derive(Template)]
#[template(path = "platform.html")]
struct PlatformPage {
    shell: Shell,
    q: String,
    organizations: Vec<OrganizationRow>,
    next: Option<String>,
    first: Option<String>,
}

struct OrganizationRow {
    id: OrganizationId,
    name: String,
    created_on: String,
    is_suspended: bool,
}

impl OrganizationRow {
    fn of(asker: &Asker, card: &OrganizationCard) -> Self {
        Self {
            id: card.id,
            name: card.name.clone(),
            created_on: day(asker, card.id.given_at()),
            is_suspended: card.suspended_at.is_some(),
        }
    }
}

#[derive(Template)]
#[template(path = "platform_organization.html")]
struct OrganizationPage {
    shell: Shell,
    /// Not `id`: the components of the page have one of their own.
    organization: OrganizationId,
    name: String,
    created_on: String,
    /// The day since which it is suspended.
    suspended_on: Option<String>,
    siret: String,
    city: String,
    email: String,
    phone: String,
    members: Vec<MemberRow>,
    /// How many of them are no visitors.
    members_count: usize,
    /// Where one goes who is in it already.
    href: String,
    is_member: bool,
    is_visiting: bool,
}

struct MemberRow {
    name: String,
    initials: String,
    email: String,
    role: String,
    is_owner: bool,
    is_visitor: bool,
    seen_on: String,
}

impl MemberRow {
    fn of(asker: &Asker, member: &Membership) -> Self {
        Self {
            name: member.name.clone(),
            initials: initials(&member.name),
            email: member.email.clone(),
            role: member.role.french().to_owned(),
            is_owner: MemberRole::is_owner(&member.role),
            is_visitor: member.visit.is_some(),
            seen_on: member.seen_at.map_or_else(|| "Jamais".into(), |at| day(asker, at)),
        }
    }
}

impl OrganizationPage {
    fn new(asker: &Asker, details: &OrganizationDetails) -> Self {
        let OrganizationReference { id, name, legal, suspended_at, .. } = &details.organization;
        let own = details.members.iter().find(|member| member.user == asker.user);
        let mut members: Vec<_> = details.members.iter().map(|member| MemberRow::of(asker, member)).collect();
        members.sort_by_cached_key(|member| (!member.is_owner, text::sorted(&member.name)));
        Self {
            shell: Shell::new(asker, "platform", name.clone()),
            organization: *id,
            name: name.clone(),
            created_on: day(asker, id.given_at()),
            suspended_on: suspended_at.map(|at| day(asker, at)),
            siret: legal.siret.as_deref().map(text::siren).unwrap_or_default(),
            city: legal.address.as_ref().map(|address| address.city.clone()).unwrap_or_default(),
            email: legal.email.clone().unwrap_or_default(),
            phone: legal.phone.clone().unwrap_or_default(),
            members_count: members.iter().filter(|member| !member.is_visitor).count(),
            members,
            href: path_in(*id, "/"),
            is_member: own.is_some_and(|own| own.visit.is_none()),
            is_visiting: own.is_some_and(|own| own.visit.is_some()),
        }
    }
}

fn day(asker: &Asker, at: Timestamp) -> String {
    text::short_date(at.to_zoned(asker.organization.zone()).date())
}

pub async fn list_organizations(asker: Asker, search: Search) -> PageResult {
    let found = super::list_organizations(&asker.deps().table, &search.prefix(), &search.page).await?;
    page(&PlatformPage {
        shell: Shell::new(&asker, "platform", "Plateforme"),
        organizations: found.items.iter().map(|card| OrganizationRow::of(&asker, card)).collect(),
        next: search.next(PATH, found.next_cursor.as_deref()),
        first: search.first(PATH),
        q: search.q,
    })
}

pub async fn show_organization(asker: Asker, Id(id): Id<OrganizationId>) -> PageResult {
    let details = super::show_organization(&asker, id).await?;
    page(&OrganizationPage::new(&asker, &details))
}

pub async fn enter_organization(asker: Asker, Id(id): Id<OrganizationId>) -> PageResult {
    super::enter_organization(&asker, id).await?;
    redirect(&path_in(id, "/"))
}

pub async fn leave_organization(asker: Asker, Id(id): Id<OrganizationId>) -> PageResult {
    super::leave_organization(&asker, id).await?;
    asker.done(&format!("{PATH}/entreprises/{id}"), "La visite est terminée.")
}

pub async fn suspend_organization(asker: Asker, Id(id): Id<OrganizationId>) -> PageResult {
    let organization = super::suspend_organization(&asker, id).await?;
    let told =
        format!("{} est suspendue\u{a0}: plus personne n’y entre, ses données sont conservées.", organization.name);
    asker.done(&format!("{PATH}/entreprises/{id}"), told)
}

pub async fn resume_organization(asker: Asker, Id(id): Id<OrganizationId>) -> PageResult {
    let organization = super::resume_organization(&asker, id).await?;
    asker.done(&format!("{PATH}/entreprises/{id}"), format!("{} est rétablie.", organization.name))
}
