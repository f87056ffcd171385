//! `/crm/entreprises`

use askama::Template;
use http::StatusCode;
use jiff::Timestamp;
use kernel::{
    Error, Permission, country,
    document::Address,
    event::Person,
    id::{CompanyId, ExportId},
    terms::{DayCount, Terms},
};
use table::meter::side_by_side;
use web::{
    Asker, Assignee, Colleagues, Form, Id, Ids, PageResult, Search, Shell, Whose,
    form::{Choice, FieldErrors, choices, countries},
    initials, page, page_with_status,
    person::{self, PersonPage, REQUESTED},
    redirect,
};

use super::{Category, Company, CompanyCard, CompanyInput};
use crate::contact::pages::ContactRow;

const PATH: &str = "/crm/entreprises";

#[derive(Template)]
#[template(path = "companies.html")]
struct CompaniesPage {
    shell: Shell,
    q: String,
    companies: Vec<CompanyRow>,
    next: Option<String>,
    first: Option<String>,
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
    fn of(asker: &Asker, colleagues: &Colleagues, company: &Company) -> Self {
        Self {
            assignee: colleagues.assignee(company.assigned_to),
            email: company.email.clone().unwrap_or_default(),
            phone: company.phone.clone().unwrap_or_default(),
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
    form_key: String,
    can_edit: bool,
    can_export: bool,
    can_erase: bool,
    can_view_documents: bool,
    can_create_document: bool,
}

struct CompanyDetails {
    id: CompanyId,
    name: String,
    initials: String,
    category: Badge,
    /// The panel that invoicing fills.
    documents_href: String,
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
    created_on: String,
    assignee: Option<Assignee>,
    /// Not for who sees only their own.
    shows_assignee: bool,
}

impl CompanyDetails {
    fn of(asker: &Asker, colleagues: &Colleagues, company: &Company) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            id: company.id,
            name: company.name.clone(),
            initials: initials(&company.name),
            category: company.category.into(),
            documents_href: format!("/facturation/panneaux/clients/{}", company.id),
            address: company.address.as_ref().map(lines).unwrap_or_default(),
            email: text(&company.email),
            phone: text(&company.phone),
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

fn lines(address: &Address) -> String {
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
    /// None to choose from for who sees only their own.
    assignees: Vec<Choice>,
}

impl CompanyForm {
    /// `company` is the one to change; none for a new one.
    fn new(
        asker: &Asker,
        company: Option<CompanyId>,
        version: Option<u64>,
        form: CompanyInput,
        colleagues: &Colleagues,
    ) -> Self {
        let title = if company.is_some() { "Modifier l’entreprise" } else { "Nouvelle entreprise" };
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
            assignees: colleagues.choices(&form.assigned_to, Permission::CrmView),
            form,
        }
    }
}

/// The form again, with what is wrong.
async fn refused(asker: &Asker, company: Option<CompanyId>, form: Form<CompanyInput>, error: Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let form = CompanyForm::new(asker, company, form.version, form.input, &Colleagues::of(asker).await?);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &CompanyForm { errors, ..form })
}

pub async fn list_companies(asker: Asker, search: Search) -> PageResult {
    let (of, prefix) = (asker.whose(&search.assigned_to)?, search.prefix());
    let listing = super::list_companies(&asker.scope, of, &prefix, &search.page);
    let (found, colleagues) = side_by_side(listing, Colleagues::of(&asker)).await;
    let (found, colleagues) = (found?, colleagues?);
    let whose = Whose::of(&asker, &search, PATH, &colleagues);
    page(&CompaniesPage {
        shell: Shell::new(&asker, "crm", "Entreprises"),
        companies: found.items.iter().map(|company| CompanyRow::of(&asker, &colleagues, company)).collect(),
        next: search.next(PATH, found.next_cursor.as_deref()),
        first: search.first(PATH),
        can_reassign: asker.may(Permission::CrmEdit) && asker.sees_all() && whose.colleague.is_some(),
        whose,
        q: search.q,
        can_create: asker.may(Permission::CrmCreate),
    })
}

pub async fn show_company(asker: Asker, Id(id): Id<CompanyId>) -> PageResult {
    let (found, colleagues) = side_by_side(super::show_company(&asker, id), Colleagues::of(&asker)).await;
    let found = found?;
    let is_erased = found.company.erased_at.is_some();
    let is_person = !found.company.is_business && !is_erased;
    page(&CompanyPage {
        shell: Shell::new(&asker, "crm", found.company.name.clone()),
        company: CompanyDetails::of(&asker, &colleagues?, &found.company),
        contacts: found.contacts.iter().map(ContactRow::of_link).collect(),
        form_key: asker.form_key(),
        can_edit: asker.may(Permission::CrmEdit) && !is_erased,
        can_export: asker.may(Permission::CrmExport) && is_person,
        can_erase: asker.may(Permission::CrmDelete) && is_person,
        can_view_documents: asker.may(Permission::InvoicingView),
        can_create_document: asker.may(Permission::InvoicingCreate) && !is_erased,
    })
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
    page(&CompanyForm::new(&asker, None, None, form, &Colleagues::of(&asker).await?))
}

pub async fn create_company(asker: Asker, form: Form<CompanyInput>) -> PageResult {
    match super::create_company(&asker, &form.input).await {
        Ok(company) => saved(&asker, company.id, "L’entreprise est ajoutée."),
        Err(error) => refused(&asker, None, form, error).await,
    }
}

pub async fn company_form(asker: Asker, Id(id): Id<CompanyId>) -> PageResult {
    let (company, colleagues) = side_by_side(super::show_company::read(&asker, id), Colleagues::of(&asker)).await;
    let company = company?;
    page(&CompanyForm::new(&asker, Some(id), Some(company.version), CompanyInput::of(&company), &colleagues?))
}

pub async fn edit_company(asker: Asker, Id(id): Id<CompanyId>, form: Form<CompanyInput>) -> PageResult {
    match super::edit_company(&asker, id, &form.input, form.version).await {
        Ok(_) => saved(&asker, id, "L’entreprise est enregistrée."),
        Err(error) => refused(&asker, Some(id), form, error).await,
    }
}

fn saved(asker: &Asker, id: CompanyId, message: &str) -> PageResult {
    asker.done(&format!("{PATH}/{id}"), message)
}
