//! `/plateforme`

use askama::Template;
use axum::extract::RawQuery;
use http::StatusCode;
use jiff::Timestamp;
use kernel::{
    Error, Result,
    event::Owner,
    export::Requester,
    id::OrganizationId,
    page::PageRequest,
    permission::MemberRole,
    reference::{Deletion, OrganizationCard, OrganizationReference},
    text,
};
use serde::Deserialize;
use web::{
    Asker, Form, Id, Membership, PageResult, Pagination, Search, Shell,
    export::{ExportRow, own_requester, rows},
    form::FieldErrors,
    initials, page, page_with_status, path_in, redirect,
};

use super::{DeletionInput, KeptDocument, OrganizationDetails, TrialInput, kept_file};
use crate::export;

pub const PATH: &str = "/plateforme";
/// Those that were deleted.
pub const DELETED: &str = "/plateforme/supprimees";
/// How many exports the page of an organization lists.
const EXPORTS_SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "platform.html")]
struct PlatformPage {
    shell: Shell,
    subtitle: &'static str,
    q: String,
    organizations: Vec<OrganizationRow>,
    /// Whether these are the deleted ones.
    is_deleted: bool,
    next: Option<String>,
    first: Option<String>,
}

struct OrganizationRow {
    id: OrganizationId,
    name: String,
    created_on: String,
    is_suspended: bool,
    /// The day on which it was deleted.
    deleted_on: Option<String>,
}

impl OrganizationRow {
    fn of(asker: &Asker, card: &OrganizationCard) -> Self {
        Self {
            id: card.id,
            name: card.name.clone(),
            created_on: day(asker, card.id.given_at()),
            is_suspended: card.suspended_at.is_some(),
            deleted_on: card.deleted_at.map(|at| day(asker, at)),
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
    /// Of who is to be the first owner: of accounts, while nobody is a member.
    invitations_href: String,
    /// Where one goes who is in it already.
    href: String,
    is_member: bool,
    is_visiting: bool,
    exports: Vec<ExportRow>,
    is_exporting: bool,
    /// The day on which its trial ends, if it has one.
    trial_ends: Option<String>,
    /// Of the form by which that is set.
    trial: TrialInput,
    trial_errors: FieldErrors,
    /// Whether there is an export, without which nothing is deleted.
    can_delete: bool,
    /// Of the form by which it is deleted, where that was refused.
    errors: FieldErrors,
}

/// What is left of an organization.
#[derive(Template)]
#[template(path = "platform_deleted.html")]
struct DeletedPage {
    shell: Shell,
    export_href: String,
    name: String,
    deleted_on: String,
    /// The day since which only what the law keeps is left.
    erased_on: Option<String>,
    kept_until: String,
    siret: String,
    exports: Vec<ExportRow>,
    documents: Vec<DocumentRow>,
    next: Option<String>,
    first: Option<String>,
}

struct DocumentRow {
    number: String,
    kind: &'static str,
    issued_on: String,
    buyer: String,
    gross: String,
    href: String,
}

impl DocumentRow {
    fn of(asker: &Asker, id: OrganizationId, document: &KeptDocument) -> Self {
        Self {
            number: document.number.clone(),
            kind: document.kind.french(),
            issued_on: asker.organization.date(document.issued_on),
            buyer: document.buyer.clone(),
            gross: document.gross_minor.french(document.currency),
            href: format!("{PATH}/entreprises/{id}/document?de={}", document.owner),
        }
    }
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
    fn new(asker: &Asker, details: &OrganizationDetails, errors: FieldErrors) -> Self {
        let now = asker.scope.now();
        let OrganizationReference { id, name, legal, suspended_at, trial_ends_on, .. } = &details.organization;
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
            invitations_href: format!("{PATH}/invitations/{id}"),
            href: path_in(*id, "/"),
            is_member: own.is_some_and(|own| own.visit.is_none()),
            is_visiting: own.is_some_and(|own| own.visit.is_some()),
            exports: latest(asker, details),
            is_exporting: details.exports.is_under_way(now),
            trial_ends: trial_ends_on.map(|on| asker.organization.date(on)),
            trial: TrialInput { ends_on: trial_ends_on.map(|on| on.to_string()).unwrap_or_default() },
            trial_errors: FieldErrors::default(),
            can_delete: details.exports.ready(now).is_some(),
            errors,
        }
    }
}

fn latest(asker: &Asker, details: &OrganizationDetails) -> Vec<ExportRow> {
    rows(asker, &details.exports).into_iter().take(EXPORTS_SHOWN).collect()
}

impl DeletedPage {
    fn new(asker: &Asker, details: &OrganizationDetails, deletion: &Deletion, page: &PageRequest) -> Self {
        let OrganizationReference { id, name, legal, .. } = &details.organization;
        let path = format!("{PATH}/entreprises/{id}");
        Self {
            shell: Shell::new(asker, "platform", name.clone()),
            export_href: format!("{path}/export"),
            name: name.clone(),
            deleted_on: day(asker, deletion.at),
            erased_on: deletion.erased_at.map(|at| day(asker, at)),
            kept_until: asker.organization.date(deletion.kept_until(details.organization.zone())),
            siret: legal.siret.as_deref().map(text::siren).unwrap_or_default(),
            exports: latest(asker, details).into_iter().filter(|export| export.is_ready).collect(),
            documents: details.kept.items.iter().map(|document| DocumentRow::of(asker, *id, document)).collect(),
            next: details.kept.next_cursor.as_ref().map(|cursor| format!("{path}?cursor={cursor}")),
            first: page.cursor.as_ref().map(|_| path),
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
        subtitle: "Toutes les entreprises, les plus récentes d’abord.",
        organizations: found.items.iter().map(|card| OrganizationRow::of(&asker, card)).collect(),
        next: search.next(PATH, found.next_cursor.as_deref()),
        first: search.first(PATH),
        is_deleted: false,
        q: search.q,
    })
}

pub async fn list_deleted_organizations(asker: Asker, search: Search) -> PageResult {
    let found = super::list_deleted_organizations(&asker.deps().table, &search.page).await?;
    page(&PlatformPage {
        shell: Shell::new(&asker, "platform", "Plateforme"),
        subtitle: "Les entreprises supprimées, et ce que la loi en conserve.",
        organizations: found.items.iter().map(|card| OrganizationRow::of(&asker, card)).collect(),
        next: search.next(DELETED, found.next_cursor.as_deref()),
        first: search.first(DELETED),
        is_deleted: true,
        q: String::new(),
    })
}

pub async fn show_organization(
    asker: Asker,
    Id(id): Id<OrganizationId>,
    Pagination(request): Pagination,
) -> PageResult {
    let details = super::show_organization(&asker, id, &request).await?;
    match &details.organization.deletion {
        Some(deletion) => page(&DeletedPage::new(&asker, &details, deletion, &request)),
        None => page(&OrganizationPage::new(&asker, &details, FieldErrors::default())),
    }
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

pub async fn set_trial(asker: Asker, Id(id): Id<OrganizationId>, form: Form<TrialInput>) -> PageResult {
    match super::set_trial(&asker, id, &form.input).await {
        Ok(OrganizationReference { trial_ends_on, .. }) => {
            let told = match trial_ends_on {
                Some(on) => format!("La période d’essai se termine le {}.", asker.organization.date(on)),
                None => "Cette entreprise n’a plus de période d’essai.".into(),
            };
            asker.done(&format!("{PATH}/entreprises/{id}"), told)
        }
        Err(error @ Error::Invalid(_)) => {
            let trial_errors = FieldErrors::from_error(error)?;
            let details = super::show_organization(&asker, id, &PageRequest::default()).await?;
            let shown = OrganizationPage::new(&asker, &details, FieldErrors::default());
            let refused = OrganizationPage { trial: form.input, trial_errors, ..shown };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &refused)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn request_export(asker: Asker, Id(id): Id<OrganizationId>) -> PageResult {
    let by = Requester { platform: true, ..own_requester(&asker) };
    export::request_export(&asker.scope_in(id)?, &by, true).await?;
    asker
        .done(&format!("{PATH}/entreprises/{id}"), "L’export est demandé. Vous recevrez un e-mail dès qu’il sera prêt.")
}

/// Leads to the newest that is ready.
pub async fn download_export(asker: Asker, Id(id): Id<OrganizationId>) -> PageResult {
    let scope = &asker.scope_in(id)?;
    let exports = export::list_exports(scope).await?;
    let ready = exports.ready(scope.now()).ok_or(Error::NotFound)?;
    redirect(&export::link(scope, &asker.deps().files, ready).await?.url)
}

pub async fn delete_organization(asker: Asker, Id(id): Id<OrganizationId>, form: Form<DeletionInput>) -> PageResult {
    match super::delete_organization(&asker, id, &form.input).await {
        Ok(organization) => {
            let told = format!("{} est supprimée\u{a0}: plus personne n’y entre.", organization.name);
            asker.done(&format!("{PATH}/entreprises/{id}"), told)
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let details = super::show_organization(&asker, id, &PageRequest::default()).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &OrganizationPage::new(&asker, &details, errors))
        }
    }
}

#[derive(Default, Deserialize)]
struct Of {
    #[serde(default)]
    de: String,
}

/// A document by its id.
fn document(text: &str) -> Result<Owner> {
    text.parse::<Owner>().ok().filter(Owner::has_document).ok_or(Error::NotFound)
}

/// Leads to the file of a document that was kept.
pub async fn download_document(asker: Asker, Id(id): Id<OrganizationId>, RawQuery(query): RawQuery) -> PageResult {
    let Of { de } = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let file = kept_file(&asker.scope_in(id)?, document(&de)?).await?.file;
    redirect(&asker.deps().files.signed_link(&file.s3_key, &file.file_name, "application/pdf").await?)
}
