//! `/crm/contacts`

use askama::Template;
use axum::extract::RawQuery;
use http::StatusCode;
use kernel::{
    Error, Permission, Result,
    id::{CompanyId, ContactId},
    page::PageRequest,
    text,
};
use serde::Deserialize;
use table::{Order, Scope, meter};
use web::{
    Asker, Form, Id, PageResult, Search, Shell,
    form::{Choice, FieldErrors, choices},
    initials, page, page_with_status,
};

use super::{Civility, Contact, ContactInput, ContactLink, Employer};
use crate::company::{CompanyCard, pages::day};

const PATH: &str = "/crm/contacts";

/// How many companies the form offers: those added last, which one query reads.
const COMPANIES_MAX: u16 = 1_000;

#[derive(Template)]
#[template(path = "contacts.html")]
struct ContactsPage {
    shell: Shell,
    q: String,
    contacts: Vec<ContactRow>,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
}

/// A contact in a list; on the company's own page, without the company.
pub struct ContactRow {
    pub id: ContactId,
    pub name: String,
    pub company: Option<Employer>,
    pub job_title: String,
    pub email: String,
    pub phone: String,
}

impl ContactRow {
    fn of(contact: &Contact) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let person = &contact.person;
        Self {
            id: contact.id,
            name: person.name(),
            company: contact.company.clone(),
            job_title: text(&person.job_title),
            email: text(&person.email),
            phone: text(if person.phone.is_some() { &person.phone } else { &person.mobile }),
        }
    }

    pub fn of_link(link: &ContactLink) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            id: link.contact,
            name: link.name.clone(),
            company: None,
            job_title: text(&link.job_title),
            email: text(&link.email),
            phone: text(&link.phone),
        }
    }
}

#[derive(Template)]
#[template(path = "contact.html")]
struct ContactPage {
    shell: Shell,
    contact: ContactDetails,
    can_edit: bool,
}

struct ContactDetails {
    id: ContactId,
    name: String,
    initials: String,
    company: Option<Employer>,
    job_title: String,
    email: String,
    phone: String,
    mobile: String,
    notes: String,
    created_on: String,
}

impl ContactDetails {
    fn of(asker: &Asker, contact: &Contact) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let person = &contact.person;
        Self {
            id: contact.id,
            name: person.name(),
            initials: initials(&person.name()),
            company: contact.company.clone(),
            job_title: text(&person.job_title),
            email: text(&person.email),
            phone: text(&person.phone),
            mobile: text(&person.mobile),
            notes: text(&person.notes),
            created_on: day(asker, contact.created_at),
        }
    }
}

#[derive(Template)]
#[template(path = "contact_form.html")]
struct ContactForm {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    /// Absent for a new contact.
    version: Option<u64>,
    form: ContactInput,
    errors: FieldErrors,
    civilities: Vec<Choice>,
    companies: Vec<Choice>,
}

impl ContactForm {
    /// `contact` is the one to change; none for a new one.
    fn new(
        asker: &Asker,
        contact: Option<ContactId>,
        version: Option<u64>,
        form: ContactInput,
        companies: Vec<(CompanyId, String)>,
    ) -> Self {
        let title = if contact.is_some() { "Modifier le contact" } else { "Nouveau contact" };
        Self {
            shell: Shell::new(asker, "crm", title),
            form_key: asker.form_key(),
            action: contact.map_or_else(|| format!("{PATH}/nouveau"), |id| format!("{PATH}/{id}/modifier")),
            cancel_href: contact.map_or_else(|| PATH.into(), |id| format!("{PATH}/{id}")),
            version,
            errors: FieldErrors::default(),
            civilities: choices(Civility::ALL.map(|civility| (civility.name(), civility.french())), &form.civility),
            companies: choices(companies.into_iter().map(|(id, name)| (id.to_string(), name)), &form.company_id),
            form,
        }
    }
}

/// The form again, with what is wrong.
async fn refused(asker: &Asker, contact: Option<ContactId>, form: Form<ContactInput>, error: Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let companies = companies(&asker.scope, form.input.company_id.parse().ok()).await?;
    let form = ContactForm::new(asker, contact, form.version, form.input, companies);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ContactForm { errors, ..form })
}

/// The companies that a form offers, by name; the one that is `chosen` is among them if it exists at all.
async fn companies(scope: &Scope, chosen: Option<CompanyId>) -> Result<Vec<(CompanyId, String)>> {
    let page = PageRequest { limit: COMPANIES_MAX, cursor: None };
    let cards = scope.list::<CompanyCard>(&scope.keys().added_companies(), &page, Order::Descending).await?.items;
    let mut companies: Vec<_> = cards.into_iter().map(|card| (card.value.id, card.value.name)).collect();
    if let Some(chosen) = chosen.filter(|chosen| companies.iter().all(|(id, _)| id != chosen)) {
        let card = scope.get::<CompanyCard>(&scope.keys().company_card(chosen)).await?;
        companies.extend(card.map(|card| (card.value.id, card.value.name)));
    }
    companies.sort_by_cached_key(|(_, name)| text::sorted(name));
    Ok(companies)
}

#[derive(Default, Deserialize)]
struct NewContactQuery {
    /// Added from this company's page.
    #[serde(default)]
    entreprise: String,
}

pub async fn list_contacts(asker: Asker, search: Search) -> PageResult {
    let found = super::list_contacts(&asker.scope, &search.prefix(), &search.page).await?;
    page(&ContactsPage {
        shell: Shell::new(&asker, "crm", "Contacts"),
        contacts: found.items.iter().map(|contact| ContactRow::of(contact)).collect(),
        next: search.next(PATH, found.next_cursor.as_deref()),
        first: search.first(PATH),
        q: search.q,
        can_create: asker.may(Permission::CrmCreate),
    })
}

pub async fn show_contact(asker: Asker, Id(id): Id<ContactId>) -> PageResult {
    let contact = super::show_contact(&asker.scope, id).await?;
    page(&ContactPage {
        shell: Shell::new(&asker, "crm", contact.person.name()),
        contact: ContactDetails::of(&asker, &contact),
        can_edit: asker.may(Permission::CrmEdit),
    })
}

pub async fn new_contact(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let query: NewContactQuery = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let companies = companies(&asker.scope, query.entreprise.parse().ok()).await?;
    let company = companies.iter().map(|(id, _)| *id).find(|id| id.to_string() == query.entreprise);
    let form =
        ContactInput { company_id: company.map(|id| id.to_string()).unwrap_or_default(), ..ContactInput::default() };
    let form = ContactForm::new(&asker, None, None, form, companies);
    let cancel_href = company.map_or_else(|| PATH.into(), |id| format!("/crm/entreprises/{id}"));
    page(&ContactForm { cancel_href, ..form })
}

pub async fn create_contact(asker: Asker, form: Form<ContactInput>) -> PageResult {
    match super::create_contact(&asker.scope, &form.input).await {
        Ok(contact) => saved(&asker, contact.id, "Le contact est ajouté."),
        Err(error) => refused(&asker, None, form, error).await,
    }
}

pub async fn contact_form(asker: Asker, Id(id): Id<ContactId>) -> PageResult {
    let (contact, companies) =
        meter::side_by_side(super::show_contact(&asker.scope, id), companies(&asker.scope, None)).await;
    let (contact, mut companies) = (contact?, companies?);
    // An old company may not be among those that were read.
    if let Some(company) = &contact.company
        && companies.iter().all(|(id, _)| *id != company.id)
    {
        companies.insert(0, (company.id, company.name.clone()));
    }
    page(&ContactForm::new(&asker, Some(id), Some(contact.version), ContactInput::of(&contact), companies))
}

pub async fn edit_contact(asker: Asker, Id(id): Id<ContactId>, form: Form<ContactInput>) -> PageResult {
    match super::edit_contact(&asker.scope, id, &form.input, form.version).await {
        Ok(_) => saved(&asker, id, "Le contact est enregistré."),
        Err(error) => refused(&asker, Some(id), form, error).await,
    }
}

fn saved(asker: &Asker, id: ContactId, message: &str) -> PageResult {
    asker.done(&format!("{PATH}/{id}"), message)
}
