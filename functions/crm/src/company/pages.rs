//! `/crm/entreprises`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use jiff::Timestamp;
use kernel::{
    Error, Permission, Result, country,
    document::Address,
    event::Person,
    id::{CompanyId, ContactId, ExportId},
    money::french_decimal,
    terms::{DayCount, Terms},
};
use table::{Stored, meter::side_by_side};
use web::{
    Asker, Assignee, Colleagues, Form, Id, Ids, NestedForm, PageResult, Pagination, Shell, Whose,
    form::{Choice, FieldErrors, choices, countries},
    initials, page, page_with_status,
    person::{self, PersonPage, REQUESTED},
    redirect,
    tag::{TagBox, TagRow},
};

use super::{AddressInput, Category, Company, CompanyCard, CompanyInput, OtherAddress, Usage, model::ADDRESSES_MAX};
use crate::{
    contact::pages::{ContactRow, companies},
    listing::{Narrowing, Wanted},
    merge, phone,
    record::{Record, RecordKind},
    settings::{
        self, Settings,
        own_fields::{OwnField, OwnValue},
        tag_pages::Nothing,
    },
};

const PATH: &str = "/crm/entreprises";

#[derive(Template)]
#[template(path = "companies.html")]
struct CompaniesPage {
    shell: Shell,
    list: Narrowing,
    companies: Vec<CompanyRow>,
    next: Option<String>,
    first: Option<String>,
    active_href: String,
    archived_href: String,
    is_archived: bool,
    can_create: bool,
    can_reassign: bool,
    whose: Whose,
}

/// A company in a list.
pub struct CompanyRow {
    pub id: CompanyId,
    pub name: String,
    pub category: Badge,
    pub city: String,
    pub email: String,
    pub phone: String,
    pub created_on: String,
    pub tags: Vec<TagRow>,
    /// Who takes care of it.
    pub assignee: Option<Assignee>,
}

pub struct Badge {
    pub kind: &'static str,
    pub label: &'static str,
}

impl From<Category> for Badge {
    fn from(category: Category) -> Self {
        let kind = match category {
            Category::Client => "success",
            Category::Prospect => "info",
            Category::Partner | Category::Supplier | Category::Other => "neutral",
        };
        Self { kind, label: category.french() }
    }
}

impl CompanyRow {
    fn of(asker: &Asker, colleagues: &Colleagues, settings: &Settings, company: &Company) -> Self {
        Self {
            assignee: colleagues.assignee(company.assigned_to),
            tags: settings.tags_of(&company.tags).map(TagRow::of).collect(),
            email: company.email.clone().unwrap_or_default(),
            phone: company.phone.as_deref().map(phone::shown).unwrap_or_default(),
            ..Self::of_card(asker, &company.card())
        }
    }

    pub fn of_card(asker: &Asker, card: &CompanyCard) -> Self {
        Self {
            id: card.id,
            name: card.name.clone(),
            category: card.category.into(),
            city: card.city.clone().unwrap_or_default(),
            email: String::new(),
            phone: String::new(),
            created_on: day(asker, card.created_at),
            tags: Vec::new(),
            assignee: None,
        }
    }
}

#[derive(Template)]
#[template(path = "company.html")]
struct CompanyPage {
    shell: Shell,
    company: CompanyDetails,
    contacts: Vec<ContactRow>,
    former: Vec<FormerRow>,
    subsidiaries: Vec<SubsidiaryRow>,
    form_key: String,
    errors: FieldErrors,
    can_edit: bool,
    can_export: bool,
    can_erase: bool,
    can_delete: bool,
    can_view_documents: bool,
    can_create_document: bool,
}

/// Somebody who was there.
struct FormerRow {
    id: ContactId,
    name: String,
    job_title: String,
    until: String,
}

/// A company that belongs to it.
struct SubsidiaryRow {
    id: CompanyId,
    name: String,
    category: Badge,
    city: String,
}

/// A further address, in lines.
struct AddressLines {
    title: String,
    lines: String,
}

#[derive(Template)]
#[template(path = "panel_parent.html")]
struct ParentPanel {
    id: CompanyId,
    name: String,
    city: String,
    /// Whether it is linked: for who may see it.
    is_linked: bool,
}

struct CompanyDetails {
    id: CompanyId,
    version: u64,
    name: String,
    initials: String,
    category: Badge,
    /// The panel that invoicing fills.
    documents_href: String,
    /// Those of the CRM.
    activities_href: String,
    files_href: String,
    opportunities_href: String,
    parent_href: Option<String>,
    /// In lines, as on an envelope.
    address: String,
    email: String,
    phone: String,
    website: String,
    siret: String,
    vat_number: String,
    is_business: bool,
    /// The day on which the private person was erased.
    erased_on: Option<String>,
    notes: String,
    /// Empty where they are those of the organization.
    terms: String,
    industry: String,
    employees: String,
    revenue: String,
    addresses: Vec<AddressLines>,
    tags: Vec<TagRow>,
    own: Vec<OwnValue>,
    /// The day on which it was archived.
    archived_on: Option<String>,
    created_on: String,
    assignee: Option<Assignee>,
    /// Not for who sees only their own.
    shows_assignee: bool,
}

impl CompanyDetails {
    fn of(asker: &Asker, colleagues: &Colleagues, settings: &Settings, company: &Stored<Company>) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let panel = |name: &str| format!("/crm/panneaux/{name}/{}", company.id);
        let revenue = company.revenue_minor.map(|minor| minor.french(asker.organization.currency));
        Self {
            id: company.id,
            version: company.version,
            activities_href: panel("activites"),
            files_href: panel("fichiers"),
            opportunities_href: panel("opportunites"),
            parent_href: company.parent.map(|parent| format!("{}/{parent}", panel("maison-mere"))),
            industry: text(&company.industry),
            employees: company.employees.map(|count| french_decimal(count.into())).unwrap_or_default(),
            revenue: revenue.unwrap_or_default(),
            addresses: company.addresses.iter().map(AddressLines::of).collect(),
            tags: settings.tags_of(&company.tags).map(TagRow::of).collect(),
            own: OwnValue::all(asker, settings, RecordKind::Company, &company.custom),
            archived_on: company.archived_at.map(|at| day(asker, at)),
            name: company.name.clone(),
            initials: initials(&company.name),
            category: company.category.into(),
            documents_href: format!("/facturation/panneaux/clients/{}", company.id),
            address: company.address.as_ref().map(lines).unwrap_or_default(),
            email: text(&company.email),
            phone: phone::shown(&text(&company.phone)),
            website: text(&company.website),
            siret: kernel::text::siren(&text(&company.siret)),
            vat_number: text(&company.vat_number),
            is_business: company.is_business,
            erased_on: company.erased_at.map(|at| day(asker, at)),
            notes: text(&company.notes),
            terms: company.terms.map(Terms::french).unwrap_or_default(),
            created_on: day(asker, company.created_at),
            assignee: colleagues.assignee(company.assigned_to),
            shows_assignee: asker.sees_all(),
        }
    }
}

impl AddressLines {
    fn of(other: &OtherAddress) -> Self {
        let usage = other.usage.french();
        Self {
            title: other
                .label
                .as_ref()
                .map_or_else(|| usage.into(), |label| format!("{label} ({})", usage.to_lowercase())),
            lines: lines(&other.address),
        }
    }
}

/// As on an envelope.
pub fn lines(address: &Address) -> String {
    let town = format!("{} {}", address.postal_code, address.city);
    let country = match address.country.as_str() {
        country::DEFAULT => "",
        code => country::french(code).unwrap_or(code),
    };
    let complement = address.complement.as_deref().unwrap_or_default();
    let lines = [address.street.as_str(), complement, town.trim(), country];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A day as the organization's calendar has it.
pub fn day(asker: &Asker, at: Timestamp) -> String {
    asker.organization.date(asker.organization.day(at))
}

#[derive(Template)]
#[template(path = "company_form.html")]
struct CompanyForm {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    /// Absent for a new company.
    version: Option<u64>,
    form: CompanyInput,
    errors: FieldErrors,
    categories: Vec<Choice>,
    kinds: Vec<Choice>,
    countries: Vec<Choice>,
    day_counts: Vec<Choice>,
    parents: Vec<Choice>,
    addresses: Vec<AddressRow>,
    blank_address: AddressRow,
    addresses_max: usize,
    currency_symbol: &'static str,
    tags: Vec<TagBox>,
    own: Vec<OwnField>,
    /// None to choose from for who sees only their own.
    assignees: Vec<Choice>,
}

/// A further address in the form.
struct AddressRow {
    input: AddressInput,
    usages: Vec<Choice>,
    countries: Vec<Choice>,
}

impl AddressRow {
    fn of(input: &AddressInput) -> Self {
        let chosen = if input.usage.is_empty() { Usage::default().name() } else { &input.usage };
        let country = if input.country.is_empty() { "FR" } else { &input.country };
        Self {
            usages: choices(Usage::ALL.map(|usage| (usage.name(), usage.french())), chosen),
            countries: countries(country),
            input: input.clone(),
        }
    }
}

/// What the form reads beside the company.
struct Around {
    colleagues: Colleagues,
    settings: Settings,
    /// The companies that it may belong to.
    companies: Vec<(CompanyId, String)>,
}

impl Around {
    /// `chosen` is among the companies, if who asks may see it.
    async fn of(asker: &Asker, chosen: Option<CompanyId>) -> Result<Self> {
        let beside = side_by_side(Colleagues::of(asker), settings::SETTINGS.shown(&asker.scope));
        let (companies, (colleagues, settings)) = side_by_side(companies(asker, chosen), beside).await;
        Ok(Self { colleagues: colleagues?, settings: settings?.value, companies: companies? })
    }

    /// With the company that one belongs to already, whoever's it is. An old one may not be among those that were read, and
    /// is then read by itself: one trip more.
    async fn with_parent(mut self, asker: &Asker, parent: Option<CompanyId>) -> Result<Self> {
        if let Some(parent) = parent.filter(|parent| self.companies.iter().all(|(id, _)| id != parent)) {
            let card = asker.scope.get::<CompanyCard>(&asker.scope.keys().company_card(parent)).await?;
            self.companies.extend(card.map(|card| (parent, card.value.name)));
        }
        Ok(self)
    }
}

impl CompanyForm {
    /// `company` is the one to change; none for a new one.
    fn new(
        asker: &Asker,
        company: Option<CompanyId>,
        version: Option<u64>,
        form: CompanyInput,
        around: Around,
    ) -> Self {
        let title = if company.is_some() { "Modifier l’entreprise" } else { "Nouvelle entreprise" };
        let parents = around.companies.into_iter().filter(|(id, _)| Some(*id) != company);
        Self {
            shell: Shell::new(asker, "crm", title),
            form_key: asker.form_key(),
            action: company.map_or_else(|| format!("{PATH}/nouvelle"), |id| format!("{PATH}/{id}/modifier")),
            cancel_href: company.map_or_else(|| PATH.into(), |id| format!("{PATH}/{id}")),
            version,
            errors: FieldErrors::default(),
            categories: choices(Category::ALL.map(|category| (category.name(), category.french())), &form.category),
            countries: countries(&form.country),
            kinds: choices([("true", "Professionnel"), ("false", "Particulier")], &form.is_business),
            day_counts: choices(DayCount::ALL.map(|count| (count.name(), count.french())), &form.day_count),
            parents: choices(parents.map(|(id, name)| (id.to_string(), name)), &form.parent_id),
            addresses: form.addresses.iter().map(AddressRow::of).collect(),
            blank_address: AddressRow::of(&AddressInput::default()),
            addresses_max: ADDRESSES_MAX,
            currency_symbol: asker.organization.currency.symbol(),
            tags: TagBox::all(&around.settings.tags, &form.tags),
            own: OwnField::all(&around.settings, RecordKind::Company, &form.custom),
            assignees: around.colleagues.choices(&form.assigned_to, Permission::CrmView),
            form,
        }
    }

    /// What is seldom typed is folded away, unless something is there or wrong.
    fn shows_more(&self) -> bool {
        let form = &self.form;
        let typed = [&form.industry, &form.employees, &form.revenue, &form.parent_id, &form.payment_days];
        let wrong = ["/industry", "/employees", "/revenue", "/parent_id", "/payment_days", "/day_count"];
        typed.iter().any(|text| !text.is_empty()) || wrong.iter().any(|pointer| self.errors.get(pointer).is_some())
    }

    fn shows_addresses(&self) -> bool {
        !self.addresses.is_empty() || self.errors.get("/addresses").is_some()
    }
}

/// The form again, with what is wrong.
async fn refused(
    asker: &Asker,
    company: Option<CompanyId>,
    form: NestedForm<CompanyInput>,
    error: Error,
) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let around = Around::of(asker, form.input.parent_id.parse().ok()).await?;
    let form = CompanyForm::new(asker, company, form.version, form.input, around);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &CompanyForm { errors, ..form })
}

pub async fn list_companies(asker: Asker, Query(wanted): Query<Wanted>, Pagination(request): Pagination) -> PageResult {
    let wanted = wanted.cut();
    let listing = super::list_companies(&asker, &wanted, &request);
    let (found, colleagues) = side_by_side(listing, Colleagues::of(&asker)).await;
    let (found, colleagues) = (found?, colleagues?);
    let whose = wanted.whose(&asker, PATH, &request, &colleagues);
    let row = |company: &Stored<Company>| CompanyRow::of(&asker, &colleagues, &found.settings, company);
    let in_state = |state: &str| Wanted { state: state.into(), ..wanted.clone() }.link(PATH, request.limit, None);
    page(&CompaniesPage {
        shell: Shell::new(&asker, "crm", "Entreprises"),
        companies: found.page.items.iter().map(row).collect(),
        next: found.page.next_cursor.as_ref().map(|cursor| wanted.link(PATH, request.limit, Some(cursor))),
        first: request.cursor.as_ref().map(|_| wanted.link(PATH, request.limit, None)),
        active_href: in_state(""),
        archived_href: in_state("archived"),
        is_archived: wanted.state == "archived",
        can_reassign: asker.may(Permission::CrmEdit) && asker.sees_all() && whose.colleague.is_some(),
        whose,
        list: Narrowing::new(PATH, RecordKind::Company, wanted, &found.settings, found.only_of),
        can_create: asker.may(Permission::CrmCreate),
    })
}

async fn company_page(asker: &Asker, id: CompanyId, errors: FieldErrors) -> Result<CompanyPage> {
    let beside = side_by_side(Colleagues::of(asker), settings::SETTINGS.shown(&asker.scope));
    let (found, (colleagues, settings)) = side_by_side(super::show_company(asker, id), beside).await;
    let found = found?;
    let company = &found.company;
    let is_erased = company.erased_at.is_some();
    let is_person = !company.is_business && !is_erased;
    let former = found.former.into_iter().map(|line| FormerRow {
        id: line.contact,
        name: line.name,
        job_title: line.job_title.unwrap_or_default(),
        until: asker.organization.date(line.until),
    });
    let subsidiaries = found.subsidiaries.into_iter().map(|line| SubsidiaryRow {
        id: line.company,
        name: line.name,
        category: line.category.into(),
        city: line.city.unwrap_or_default(),
    });
    Ok(CompanyPage {
        shell: Shell::new(asker, "crm", company.name.clone()),
        company: CompanyDetails::of(asker, &colleagues?, &*settings?, company),
        contacts: found.contacts.iter().map(ContactRow::of_link).collect(),
        former: former.collect(),
        subsidiaries: subsidiaries.collect(),
        form_key: asker.form_key(),
        errors,
        can_edit: asker.may(Permission::CrmEdit) && !is_erased,
        can_export: asker.may(Permission::CrmExport) && is_person,
        can_erase: asker.may(Permission::CrmDelete) && is_person,
        can_delete: asker.may(Permission::CrmDelete) && company.is_business,
        can_view_documents: asker.may(Permission::InvoicingView),
        can_create_document: asker.may(Permission::InvoicingCreate) && !is_erased && company.archived_at.is_none(),
    })
}

pub async fn show_company(asker: Asker, Id(id): Id<CompanyId>) -> PageResult {
    match company_page(&asker, id, FieldErrors::default()).await {
        Err(Error::NotFound) => merge::pages::elsewhere(&asker, Record::Company(id)).await,
        found => page(&found?),
    }
}

/// The company that one belongs to, on its page.
pub async fn show_parent(asker: Asker, Ids((id, parent)): Ids<CompanyId, CompanyId>) -> PageResult {
    let card = super::show_company::parent(&asker, id, parent).await?;
    page(&ParentPanel {
        is_linked: asker.sees(card.assigned_to),
        id: card.id,
        name: card.name,
        city: card.city.unwrap_or_default(),
    })
}

pub async fn archive_company(asker: Asker, Id(id): Id<CompanyId>, form: Form<Nothing>) -> PageResult {
    super::archive_company(&asker, id, form.version).await?;
    saved(&asker, id, "L’entreprise est archivée.")
}

pub async fn restore_company(asker: Asker, Id(id): Id<CompanyId>, form: Form<Nothing>) -> PageResult {
    super::restore_company(&asker, id, form.version).await?;
    saved(&asker, id, "L’entreprise est rétablie.")
}

pub async fn delete_company(asker: Asker, Id(id): Id<CompanyId>, form: Form<Nothing>) -> PageResult {
    match super::delete_company(&asker, id, form.version).await {
        Ok(()) => asker.done(PATH, "L’entreprise est supprimée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::CONFLICT, &company_page(&asker, id, errors).await?)
        }
    }
}

pub async fn erase_client(asker: Asker, Id(id): Id<CompanyId>) -> PageResult {
    super::erase_client(&asker, id).await?;
    saved(&asker, id, "Le client est effacé.")
}

pub async fn show_client_exports(asker: Asker, Id(id): Id<CompanyId>) -> PageResult {
    let (company, exports) = super::list_client_exports(&asker, id).await?;
    let place = PersonPage {
        section: "crm",
        title: "Exporter ses données".into(),
        about: "Tout ce que votre entreprise conserve sur ce client, pour répondre à sa demande.",
        contains: person::CONTAINS,
        back_href: format!("{PATH}/{id}"),
        back_label: company.name.clone(),
    };
    person::show_person_exports(&asker, Person::Client(id), &exports, &place)
}

pub async fn request_client_export(asker: Asker, Id(id): Id<CompanyId>) -> PageResult {
    super::request_client_export(&asker, id).await?;
    asker.done(&person::path(Person::Client(id)), REQUESTED)
}

/// Leads to the file.
pub async fn download_client_export(asker: Asker, Ids((id, export)): Ids<CompanyId, ExportId>) -> PageResult {
    redirect(&super::download_client_export(&asker, id, export).await?.url)
}

pub async fn new_company(asker: Asker) -> PageResult {
    let assigned_to = asker.assigned(None)?.map(|user| user.to_string()).unwrap_or_default();
    let form = CompanyInput { country: "FR".into(), assigned_to, ..CompanyInput::default() };
    page(&CompanyForm::new(&asker, None, None, form, Around::of(&asker, None).await?))
}

pub async fn create_company(asker: Asker, form: NestedForm<CompanyInput>) -> PageResult {
    match super::create_company(&asker, &form.input).await {
        Ok(company) => saved(&asker, company.id, "L’entreprise est ajoutée."),
        Err(error) => refused(&asker, None, form, error).await,
    }
}

pub async fn company_form(asker: Asker, Id(id): Id<CompanyId>) -> PageResult {
    let reading = super::show_company::read(&asker, id);
    let (company, around) = side_by_side(reading, Around::of(&asker, None)).await;
    let company = company?;
    let around = around?.with_parent(&asker, company.parent).await?;
    let form = CompanyInput::of(&company, asker.organization.currency);
    let form = CompanyInput { revenue: form.revenue.replace('.', ","), ..form };
    page(&CompanyForm::new(&asker, Some(id), Some(company.version), form, around))
}

pub async fn edit_company(asker: Asker, Id(id): Id<CompanyId>, form: NestedForm<CompanyInput>) -> PageResult {
    match super::edit_company(&asker, id, &form.input, form.version).await {
        Ok(_) => saved(&asker, id, "L’entreprise est enregistrée."),
        Err(error) => refused(&asker, Some(id), form, error).await,
    }
}

fn saved(asker: &Asker, id: CompanyId, message: &str) -> PageResult {
    asker.done(&format!("{PATH}/{id}"), message)
}
