//! `/ventes/fournisseurs`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{Error, Permission, id::SupplierId, page::PAGE_SIZE, text};
use table::Stored;
use web::{
    Asker, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{Supplier, SupplierInput, Wanted, store};
use crate::{Nothing, expense::pages::categories};

pub const PATH: &str = "/ventes/fournisseurs";

#[derive(Template)]
#[template(path = "suppliers.html")]
struct SuppliersPage {
    shell: Shell,
    wanted: Wanted,
    sorts: Vec<Choice>,
    suppliers: Vec<SupplierRow>,
    is_archived: bool,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
}

struct SupplierRow {
    id: SupplierId,
    name: String,
    siren: String,
    vat_number: String,
    email: String,
    category: String,
}

impl SupplierRow {
    fn of(supplier: &Supplier) -> Self {
        Self {
            id: supplier.id,
            name: supplier.name.clone(),
            siren: supplier.siren.as_deref().map(text::siren).unwrap_or_default(),
            vat_number: supplier.vat_number.clone().unwrap_or_default(),
            email: supplier.email.clone().unwrap_or_default(),
            category: supplier.category.map(|category| category.french().to_owned()).unwrap_or_default(),
        }
    }
}

impl Wanted {
    fn link(&self, limit: u16, cursor: Option<&str>) -> String {
        let limit = (limit != PAGE_SIZE).then(|| limit.to_string());
        let fields = [
            ("q", self.q.as_str()),
            ("state", &self.state),
            ("sort", &self.sort),
            ("limit", limit.as_deref().unwrap_or_default()),
            ("cursor", cursor.unwrap_or_default()),
        ];
        web::form::link(PATH, &fields)
    }
}

const SORTS: [(&str, &str); 2] = [("name", "Nom, de A à Z"), ("-name", "Nom, de Z à A")];

pub async fn list_suppliers(
    asker: Asker,
    Query(mut wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> PageResult {
    wanted.q = wanted.q.trim().chars().take(100).collect();
    let found = super::list_suppliers(&asker.scope, &wanted, &request).await?;
    page(&SuppliersPage {
        shell: Shell::new(&asker, "sales", "Fournisseurs"),
        sorts: choices(SORTS, &wanted.sort),
        suppliers: found.items.iter().map(|read| SupplierRow::of(read)).collect(),
        is_archived: wanted.is_archived()?,
        next: found.next_cursor.map(|cursor| wanted.link(request.limit, Some(&cursor))),
        first: request.cursor.as_ref().map(|_| wanted.link(request.limit, None)),
        can_create: asker.may(Permission::SalesCreate),
        wanted,
    })
}

#[derive(Template)]
#[template(path = "supplier_form.html")]
struct SupplierFormPage {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    version: Option<u64>,
    form: SupplierInput,
    errors: FieldErrors,
    categories: Vec<Choice>,
    has_iban: bool,
    iban_hint: String,
}

/// What of an edited supplier the form says besides its fields.
struct Edited {
    id: SupplierId,
    version: Option<u64>,
    iban_end: Option<String>,
}

impl SupplierFormPage {
    fn new(asker: &Asker, edited: Option<Edited>, form: SupplierInput, errors: FieldErrors) -> Self {
        let title = if edited.is_some() { "Modifier le fournisseur" } else { "Nouveau fournisseur" };
        let href = edited.as_ref().map(|edited| format!("{PATH}/{}", edited.id));
        let iban_end = edited.as_ref().and_then(|edited| edited.iban_end.clone());
        Self {
            shell: Shell::new(asker, "sales", title),
            form_key: asker.form_key(),
            action: href.as_ref().map_or_else(|| format!("{PATH}/nouveau"), |href| format!("{href}/modifier")),
            cancel_href: href.unwrap_or_else(|| PATH.into()),
            version: edited.and_then(|edited| edited.version),
            categories: categories(&form.category),
            has_iban: iban_end.is_some(),
            iban_hint: iban_end
                .map(|end| format!("Celui qui est enregistré se termine par {end} : laissez vide pour le garder."))
                .unwrap_or_default(),
            form,
            errors,
        }
    }
}

pub async fn new_supplier(asker: Asker) -> PageResult {
    page(&SupplierFormPage::new(&asker, None, SupplierInput::default(), FieldErrors::default()))
}

pub async fn create_supplier(asker: Asker, form: Form<SupplierInput>) -> PageResult {
    match super::create_supplier(&asker, &form.input).await {
        Ok(supplier) => asker.done(&format!("{PATH}/{}", supplier.id), "Le fournisseur est ajouté."),
        Err(error) => {
            let page = SupplierFormPage::new(&asker, None, form.input, FieldErrors::from_error(error)?);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn change_supplier(asker: Asker, Id(id): Id<SupplierId>) -> PageResult {
    let read = store::read(&asker.scope, id).await?;
    let edited = Edited { id, version: Some(read.version), iban_end: read.iban_end.clone() };
    page(&SupplierFormPage::new(&asker, Some(edited), SupplierInput::of(&read), FieldErrors::default()))
}

pub async fn edit_supplier(asker: Asker, Id(id): Id<SupplierId>, form: Form<SupplierInput>) -> PageResult {
    match super::edit_supplier(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le fournisseur est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let iban_end = store::read(&asker.scope, id).await?.iban_end.clone();
            let edited = Edited { id, version: form.version, iban_end };
            let page = SupplierFormPage::new(&asker, Some(edited), form.input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

#[derive(Template)]
#[template(path = "supplier.html")]
struct SupplierPage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    base: String,
    version: u64,
    supplier: SupplierRow,
    /// The company of the CRM that it is.
    company: Option<(String, String)>,
    phone: String,
    notes: String,
    iban_end: String,
    created_on: String,
    archived_on: String,
    is_archived: bool,
    can_edit: bool,
    can_delete: bool,
    may_view_crm: bool,
}

impl SupplierPage {
    fn new(asker: &Asker, read: &Stored<Supplier>, errors: FieldErrors) -> Self {
        let organization = &asker.organization;
        Self {
            shell: Shell::new(asker, "sales", read.name.clone()),
            form_key: asker.form_key(),
            base: format!("{PATH}/{}", read.id),
            version: read.version,
            supplier: SupplierRow::of(read),
            company: read.company.map(|id| id.to_string()).zip(read.company_name.clone()),
            phone: read.phone.clone().unwrap_or_default(),
            notes: read.notes.clone().unwrap_or_default(),
            iban_end: read.iban_end.clone().unwrap_or_default(),
            created_on: organization.date(organization.day(read.created_at)),
            archived_on: read.archived_on.map(|on| organization.date(on)).unwrap_or_default(),
            is_archived: read.archived_on.is_some(),
            can_edit: asker.may(Permission::SalesEdit),
            can_delete: asker.may(Permission::SalesDelete) && !read.is_used,
            may_view_crm: asker.may(Permission::CrmView),
            errors,
        }
    }
}

async fn show(asker: &Asker, id: SupplierId, status: StatusCode, errors: FieldErrors) -> PageResult {
    let read = store::read(&asker.scope, id).await?;
    page_with_status(status, &SupplierPage::new(asker, &read, errors))
}

pub async fn show_supplier(asker: Asker, Id(id): Id<SupplierId>) -> PageResult {
    show(&asker, id, StatusCode::OK, FieldErrors::default()).await
}

async fn refused(asker: &Asker, id: SupplierId, error: Error) -> PageResult {
    show(asker, id, StatusCode::CONFLICT, FieldErrors::from_error(error)?).await
}

pub async fn archive_supplier(asker: Asker, Id(id): Id<SupplierId>, form: Form<Nothing>) -> PageResult {
    match super::turn_supplier(&asker, id, true, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le fournisseur est archivé : il n’est plus proposé."),
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn restore_supplier(asker: Asker, Id(id): Id<SupplierId>, form: Form<Nothing>) -> PageResult {
    match super::turn_supplier(&asker, id, false, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le fournisseur est de nouveau proposé."),
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn delete_supplier(asker: Asker, Id(id): Id<SupplierId>, form: Form<Nothing>) -> PageResult {
    match super::delete_supplier(&asker.scope, id, form.version).await {
        Ok(()) => asker.done(PATH, "Le fournisseur est supprimé."),
        Err(error) => refused(&asker, id, error).await,
    }
}
