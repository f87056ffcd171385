//! `/crm/contacts`

use askama::Template;
use axum::extract::{Query, RawQuery};
use http::StatusCode;
use kernel::{
    Error, Permission, Result,
    event::Person,
    id::{CompanyId, ContactId, ExportId},
    legal,
    page::PageRequest,
    text,
};
use serde::Deserialize;
use table::{Order, Stored, meter::side_by_side};
use web::{
    Asker, Assignee, Colleagues, Id, Ids, NestedForm, PageResult, Pagination, Shell, Whose,
    form::{Choice, FieldErrors, choices, countries},
    initials, page, page_with_status,
    person::{self, PersonPage, REQUESTED},
    redirect,
    tag::{TagBox, TagRow},
};

use super::{Civility, Contact, ContactInput, ContactLink, Employer, Erased, Known, Means};
use crate::{
    company::{
        Category, CompanyCard,
        pages::{day, lines},
    },
    listing::{Narrowing, Wanted},
    merge, phone,
    record::{Record, RecordKind},
    settings::{
        self, Settings,
        own_fields::{OwnField, OwnValue},
    },
};

const PATH: &str = "/crm/contacts";

/// How many companies the form offers: those added last, which one query reads.
const COMPANIES_MAX: u16 = 1_000;

#[derive(Template)]
#[template(path = "contacts.html")]
struct ContactsPage {
    shell: Shell,
    list: Narrowing,
    contacts: Vec<ContactRow>,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
    can_reassign: bool,
    whose: Whose,
}

/// A contact in a list; on the company's own page, without the company.
pub struct ContactRow {
    pub id: ContactId,
    pub name: String,
    pub company: Option<Employer>,
    /// Whether the company is linked: for who may see it.
    pub links_company: bool,
    pub job_title: String,
    pub email: String,
    pub phone: String,
    pub tags: Vec<TagRow>,
    /// Who takes care of them.
    pub assignee: Option<Assignee>,
}

impl ContactRow {
    fn of(around: &Around, settings: &Settings, contact: &Contact) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let person = &contact.person;
        Self {
            tags: settings.tags_of(&contact.filing.tags).map(TagRow::of).collect(),
            id: contact.id,
            name: person.name(),
            company: contact.company.clone(),
            links_company: around.links(contact),
            assignee: around.colleagues.assignee(contact.assigned_to),
            job_title: text(&person.job_title),
            email: text(&person.email),
            phone: phone::shown(&text(if person.phone.is_some() { &person.phone } else { &person.mobile })),
        }
    }

    pub fn of_link(link: &ContactLink) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            id: link.contact,
            name: link.name.clone(),
            company: None,
            links_company: false,
            tags: Vec::new(),
            assignee: None,
            job_title: text(&link.job_title),
            email: text(&link.email),
            phone: phone::shown(&text(&link.phone)),
        }
    }
}

#[derive(Template)]
#[template(path = "contact.html")]
struct ContactPage {
    shell: Shell,
    contact: ContactDetails,
    form_key: String,
    can_edit: bool,
    can_erase: bool,
    can_export: bool,
}

/// What is left of somebody.
#[derive(Template)]
#[template(path = "contact_erased.html")]
struct ErasedPage {
    shell: Shell,
    on: String,
    erased: Erased,
}

struct ContactDetails {
    id: ContactId,
    name: String,
    initials: String,
    company: Option<Employer>,
    links_company: bool,
    assignee: Option<Assignee>,
    /// Not for who sees only their own.
    shows_assignee: bool,
    job_title: String,
    email: String,
    phone: String,
    mobile: String,
    notes: String,
    department: String,
    /// In lines, as on an envelope.
    address: String,
    category: String,
    preferred: String,
    consent: Option<ConsentDetails>,
    tags: Vec<TagRow>,
    own: Vec<OwnValue>,
    former: Vec<FormerDetails>,
    activities_href: String,
    files_href: String,
    opportunities_href: String,
    created_on: String,
    kept: Option<KeptDetails>,
}

struct ConsentDetails {
    given: bool,
    source: String,
    on: String,
}

/// A company where they were.
struct FormerDetails {
    id: CompanyId,
    name: String,
    job_title: String,
    until: String,
    is_linked: bool,
}

struct KeptDetails {
    until: String,
    reason: String,
}

impl ContactDetails {
    fn of(asker: &Asker, around: &Around, settings: &Settings, contact: &Contact) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let (person, filing) = (&contact.person, &contact.filing);
        let panel = |name: &str| format!("/crm/panneaux/{name}/{}", contact.id);
        let former = contact.former.iter().map(|former| FormerDetails {
            id: former.id,
            name: former.name.clone(),
            job_title: text(&former.job_title),
            until: asker.organization.date(former.until),
            is_linked: around.links_to(former.id),
        });
        Self {
            department: text(&person.department),
            address: person.address.as_ref().map(lines).unwrap_or_default(),
            category: filing.category.map(|category| category.french().into()).unwrap_or_default(),
            preferred: filing.preferred.map(|means| means.french().into()).unwrap_or_default(),
            consent: filing.consent.as_ref().map(|consent| ConsentDetails {
                given: consent.given,
                source: consent.source.clone(),
                on: asker.organization.date(consent.on),
            }),
            tags: settings.tags_of(&filing.tags).map(TagRow::of).collect(),
            own: OwnValue::all(asker, settings, RecordKind::Contact, &filing.custom),
            former: former.collect(),
            activities_href: panel("activites"),
            files_href: panel("fichiers"),
            opportunities_href: panel("opportunites"),
            id: contact.id,
            name: person.name(),
            initials: initials(&person.name()),
            company: contact.company.clone(),
            links_company: around.links(contact),
            assignee: around.colleagues.assignee(contact.assigned_to),
            shows_assignee: asker.sees_all(),
            job_title: text(&person.job_title),
            email: text(&person.email),
            phone: phone::shown(&text(&person.phone)),
            mobile: phone::shown(&text(&person.mobile)),
            notes: text(&person.notes),
            created_on: day(asker, contact.created_at),
            kept: contact.kept.as_ref().map(|kept| KeptDetails {
                until: asker
                    .organization
                    .date(legal::contact_kept_until(kept.kept_on, asker.organization.day(asker.scope.now()))),
                reason: kept.reason.clone(),
            }),
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
    categories: Vec<Choice>,
    means: Vec<Choice>,
    consents: Vec<Choice>,
    countries: Vec<Choice>,
    tags: Vec<TagBox>,
    own: Vec<OwnField>,
    /// None to choose from for who sees only their own.
    assignees: Vec<Choice>,
}

impl ContactForm {
    /// `contact` is the one to change; none for a new one.
    fn new(
        asker: &Asker,
        contact: Option<ContactId>,
        version: Option<u64>,
        form: ContactInput,
        Offered { companies, colleagues, settings }: Offered,
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
            categories: choices(Category::ALL.map(|category| (category.name(), category.french())), &form.category),
            means: choices(Means::ALL.map(|means| (means.name(), means.french())), &form.preferred),
            consents: choices([("true", "Oui, accord donné"), ("false", "Non, refus exprimé")], &form.consent),
            countries: countries(if form.country.is_empty() { "FR" } else { &form.country }),
            tags: TagBox::all(&settings.tags, &form.tags),
            own: OwnField::all(&settings, RecordKind::Contact, &form.custom),
            assignees: colleagues.choices(&form.assigned_to, Permission::CrmView),
            form,
        }
    }

    /// What is seldom typed is folded away, unless something is there or wrong.
    fn shows_more(&self) -> bool {
        let form = &self.form;
        let typed = [&form.department, &form.street, &form.city, &form.preferred, &form.consent];
        let wrong = ["/department", "/street", "/complement", "/postal_code", "/city", "/country", "/preferred"];
        let consent = ["/consent", "/consent_source", "/consent_on"];
        typed.iter().any(|text| !text.is_empty())
            || wrong.iter().chain(&consent).any(|pointer| self.errors.get(pointer).is_some())
    }
}

/// What the form reads beside the contact.
struct Offered {
    companies: Vec<(CompanyId, String)>,
    colleagues: Colleagues,
    settings: Settings,
}

impl Offered {
    /// `chosen` is among the companies, if who asks may see it.
    async fn to(asker: &Asker, chosen: Option<CompanyId>) -> Result<Self> {
        let beside = side_by_side(Colleagues::of(asker), settings::SETTINGS.shown(&asker.scope));
        let (companies, (colleagues, settings)) = side_by_side(companies(asker, chosen), beside).await;
        Ok(Self { companies: companies?, colleagues: colleagues?, settings: settings?.value })
    }
}

/// What a page about contacts reads beside them: the colleagues, or for who sees only their own, the companies that are
/// theirs too.
struct Around {
    colleagues: Colleagues,
    /// None where all are.
    own_companies: Option<Vec<CompanyId>>,
}

impl Around {
    async fn of(asker: &Asker) -> Result<Self> {
        let own_companies = match asker.sees_all() {
            true => None,
            false => Some(companies(asker, None).await?.into_iter().map(|(id, _)| id).collect()),
        };
        Ok(Self { colleagues: Colleagues::of(asker).await?, own_companies })
    }

    fn links(&self, contact: &Contact) -> bool {
        contact.company.as_ref().is_some_and(|company| self.links_to(company.id))
    }

    fn links_to(&self, company: CompanyId) -> bool {
        self.own_companies.as_ref().is_none_or(|own| own.contains(&company))
    }
}

/// The form again, with what is wrong.
async fn refused(
    asker: &Asker,
    contact: Option<ContactId>,
    form: NestedForm<ContactInput>,
    error: Error,
) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let chosen = form.input.company_id.parse().ok();
    let form = ContactForm::new(asker, contact, form.version, form.input, Offered::to(asker, chosen).await?);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &ContactForm { errors, ..form })
}

/// The companies that a form offers, by name; the one that is `chosen` is among them if who asks may see it.
pub async fn companies(asker: &Asker, chosen: Option<CompanyId>) -> Result<Vec<(CompanyId, String)>> {
    let scope = &asker.scope;
    let (page, list) = (PageRequest { limit: COMPANIES_MAX, cursor: None }, scope.keys().added_companies());
    let cards = scope.list::<CompanyCard>(&list.of(asker.only()), &page, Order::Descending).await?.items;
    let mut companies: Vec<_> = cards.into_iter().map(|card| (card.value.id, card.value.name)).collect();
    if let Some(chosen) = chosen.filter(|chosen| companies.iter().all(|(id, _)| id != chosen)) {
        let card = scope.get::<CompanyCard>(&scope.keys().company_card(chosen)).await?;
        let card = card.filter(|card| asker.sees(card.assigned_to));
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

pub async fn list_contacts(asker: Asker, Query(wanted): Query<Wanted>, Pagination(request): Pagination) -> PageResult {
    let wanted = wanted.cut();
    let listing = super::list_contacts(&asker, &wanted, &request);
    let (found, around) = side_by_side(listing, Around::of(&asker)).await;
    let (found, around) = (found?, around?);
    let whose = wanted.whose(&asker, PATH, &request, &around.colleagues);
    let row = |contact: &Stored<Contact>| ContactRow::of(&around, &found.settings, contact);
    page(&ContactsPage {
        shell: Shell::new(&asker, "crm", "Contacts"),
        contacts: found.page.items.iter().map(row).collect(),
        next: found.page.next_cursor.as_ref().map(|cursor| wanted.link(PATH, request.limit, Some(cursor))),
        first: request.cursor.as_ref().map(|_| wanted.link(PATH, request.limit, None)),
        can_reassign: asker.may(Permission::CrmEdit) && asker.sees_all() && whose.colleague.is_some(),
        whose,
        list: Narrowing::new(PATH, RecordKind::Contact, wanted, &found.settings, found.only_of),
        can_create: asker.may(Permission::CrmCreate),
    })
}

pub async fn show_contact(asker: Asker, Id(id): Id<ContactId>) -> PageResult {
    let beside = side_by_side(Around::of(&asker), settings::SETTINGS.shown(&asker.scope));
    let (known, (around, settings)) = side_by_side(super::show_or_erased(&asker, id), beside).await;
    let known = match known {
        Err(Error::NotFound) => return merge::pages::elsewhere(&asker, Record::Contact(id)).await,
        known => known?,
    };
    match known {
        Known::Contact(contact) => page(&ContactPage {
            shell: Shell::new(&asker, "crm", contact.person.name()),
            contact: ContactDetails::of(&asker, &around?, &*settings?, &contact),
            form_key: asker.form_key(),
            can_edit: asker.may(Permission::CrmEdit),
            can_erase: asker.may(Permission::CrmDelete),
            can_export: asker.may(Permission::CrmExport),
        }),
        Known::Erased(erased) => page(&ErasedPage {
            shell: Shell::new(&asker, "crm", "Contact effacé"),
            on: day(&asker, erased.requested_at),
            erased,
        }),
    }
}

pub async fn erase_contact(asker: Asker, Id(id): Id<ContactId>) -> PageResult {
    super::erase_contact(&asker, id).await?;
    saved(&asker, id, "Le contact est effacé.")
}

pub async fn show_contact_exports(asker: Asker, Id(id): Id<ContactId>) -> PageResult {
    let (contact, exports) = super::list_contact_exports(&asker, id).await?;
    let place = PersonPage {
        section: "crm",
        title: "Exporter ses données".into(),
        about: "Tout ce que votre entreprise conserve sur ce contact, pour répondre à sa demande.",
        contains: person::CONTAINS,
        back_href: format!("{PATH}/{id}"),
        back_label: contact.person.name(),
    };
    person::show_person_exports(&asker, Person::Contact(id), &exports, &place)
}

pub async fn request_contact_export(asker: Asker, Id(id): Id<ContactId>) -> PageResult {
    super::request_contact_export(&asker, id).await?;
    asker.done(&person::path(Person::Contact(id)), REQUESTED)
}

/// Leads to the file.
pub async fn download_contact_export(asker: Asker, Ids((id, export)): Ids<ContactId, ExportId>) -> PageResult {
    redirect(&super::download_contact_export(&asker, id, export).await?.url)
}

pub async fn new_contact(asker: Asker, RawQuery(query): RawQuery) -> PageResult {
    let query: NewContactQuery = serde_html_form::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let chosen = query.entreprise.parse().ok();
    let offered = Offered::to(&asker, chosen).await?;
    let company = offered.companies.iter().map(|(id, _)| *id).find(|id| id.to_string() == query.entreprise);
    let form = ContactInput {
        company_id: company.map(|id| id.to_string()).unwrap_or_default(),
        assigned_to: asker.assigned(None)?.map(|user| user.to_string()).unwrap_or_default(),
        ..ContactInput::default()
    };
    let form = ContactForm::new(&asker, None, None, form, offered);
    let cancel_href = company.map_or_else(|| PATH.into(), |id| format!("/crm/entreprises/{id}"));
    page(&ContactForm { cancel_href, ..form })
}

pub async fn create_contact(asker: Asker, form: NestedForm<ContactInput>) -> PageResult {
    match super::create_contact(&asker, &form.input).await {
        Ok(contact) => saved(&asker, contact.id, "Le contact est ajouté."),
        Err(error) => refused(&asker, None, form, error).await,
    }
}

pub async fn contact_form(asker: Asker, Id(id): Id<ContactId>) -> PageResult {
    let (contact, offered) = side_by_side(super::show_contact(&asker, id), Offered::to(&asker, None)).await;
    let (contact, mut offered) = (contact?, offered?);
    // An old company may not be among those that were read.
    if let Some(company) = &contact.company
        && offered.companies.iter().all(|(id, _)| *id != company.id)
    {
        offered.companies.insert(0, (company.id, company.name.clone()));
    }
    let form = ContactInput::of(&contact);
    page(&ContactForm::new(&asker, Some(id), Some(contact.version), form, offered))
}

pub async fn edit_contact(asker: Asker, Id(id): Id<ContactId>, form: NestedForm<ContactInput>) -> PageResult {
    match super::edit_contact(&asker, id, &form.input, form.version).await {
        Ok(_) => saved(&asker, id, "Le contact est enregistré."),
        Err(error) => refused(&asker, Some(id), form, error).await,
    }
}

fn saved(asker: &Asker, id: ContactId, message: &str) -> PageResult {
    asker.done(&format!("{PATH}/{id}"), message)
}
