//! `/facturation/catalogue`

use askama::Template;
use axum::extract::Query;
use http::StatusCode;
use kernel::{
    Error, Permission,
    document::Unit,
    id::ProductId,
    money::{french_percent, french_price},
    page::{PAGE_SIZE, Page},
};
use table::{Stored, meter::side_by_side};
use web::{
    Asker, Form, Id, PageResult, Pagination, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
    tag::{TagBox, TagRow},
};

use super::{
    Product, ProductInput, ProductKind, Wanted,
    list_products::FOUND_MAX,
    named,
    picture::pages::{PictureBox, picture_href},
    store::{self, Shelf},
};
use crate::{
    catalogue::{self, Branch, Catalogue, pages::category_choices},
    content::{LineInput, vat_choices},
    price_list::{
        self, PriceList,
        pages::{PriceRow, PricesForm},
    },
    quote::pages::Nothing,
    stock::pages::StockRow,
};

pub const PATH: &str = "/facturation/catalogue";

// ---- the list -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "products.html")]
struct ProductsPage {
    shell: Shell,
    wanted: Wanted,
    kinds: Vec<Choice>,
    categories: Vec<Choice>,
    tags: Vec<Choice>,
    sorts: Vec<Choice>,
    products: Vec<ProductRow>,
    is_archived: bool,
    is_narrowed: bool,
    /// More was found than is shown.
    is_cut: bool,
    active_href: String,
    archived_href: String,
    next: Option<String>,
    first: Option<String>,
    can_create: bool,
    can_import: bool,
    can_export: bool,
    export_href: String,
}

struct ProductRow {
    id: ProductId,
    reference: String,
    name: String,
    kind: &'static str,
    unit: &'static str,
    price: String,
    vat: String,
    category: String,
    tags: Vec<TagRow>,
    picture: Option<String>,
}

/// The name of a category alone: the column is narrow.
fn category_name(catalogue: &Catalogue, product: &Product) -> String {
    product.category.and_then(|id| catalogue.category(id)).map(|category| category.name.clone()).unwrap_or_default()
}

fn tags_of(catalogue: &Catalogue, product: &Product) -> Vec<TagRow> {
    catalogue.tags.iter().filter(|tag| product.tags.contains(&tag.id)).map(TagRow::of).collect()
}

impl ProductRow {
    fn of(catalogue: &Catalogue, product: &Product) -> Self {
        Self {
            id: product.id,
            reference: product.reference.clone(),
            name: product.name.clone(),
            kind: product.kind.french(),
            unit: product.unit.french(),
            price: french_price(product.unit_price, product.currency),
            vat: french_percent(product.vat_percent),
            category: category_name(catalogue, product),
            tags: tags_of(catalogue, product),
            picture: picture_href(product),
        }
    }
}

const SORTS: [(&str, &str); 4] = [
    ("name", "Nom, de A à Z"),
    ("-name", "Nom, de Z à A"),
    ("reference", "Référence, de A à Z"),
    ("-reference", "Référence, de Z à A"),
];

impl Wanted {
    fn link(&self, state: &str, limit: u16, cursor: Option<&str>) -> String {
        let limit = (limit != PAGE_SIZE).then(|| limit.to_string());
        let fields = [
            ("q", self.q.as_str()),
            ("kind", &self.kind),
            ("category", &self.category),
            ("tag", &self.tag),
            ("state", state),
            ("sort", &self.sort),
            ("limit", limit.as_deref().unwrap_or_default()),
            ("cursor", cursor.unwrap_or_default()),
        ];
        web::form::link(PATH, &fields)
    }
}

fn kinds(chosen: &str) -> Vec<Choice> {
    choices(ProductKind::ALL.map(|kind| (kind.name(), kind.french())), chosen)
}

pub async fn list_products(
    asker: Asker,
    Query(mut wanted): Query<Wanted>,
    Pagination(request): Pagination,
) -> PageResult {
    wanted.q = wanted.q.trim().chars().take(100).collect();
    let (found, is_cut, catalogue) = match wanted.q.as_str() {
        "" => {
            let (page, catalogue) = super::list_products(&asker.scope, &wanted, &request).await?;
            (page, false, catalogue)
        }
        _ => {
            let (found, catalogue) = super::find_products(&asker.scope, &wanted, FOUND_MAX).await?;
            (Page { items: found.products, next_cursor: None }, found.is_cut, catalogue)
        }
    };
    let link = |state: &str, cursor: Option<&str>| wanted.link(state, request.limit, cursor);
    page(&ProductsPage {
        shell: Shell::new(&asker, "invoicing", "Catalogue"),
        kinds: kinds(&wanted.kind),
        categories: category_choices(&catalogue, &wanted.category),
        tags: choices(catalogue.tags.iter().map(|tag| (tag.id.to_string(), tag.name.clone())), &wanted.tag),
        sorts: choices(SORTS, &wanted.sort),
        products: found.items.iter().map(|product| ProductRow::of(&catalogue, product)).collect(),
        is_archived: wanted.state == "archived",
        is_narrowed: [&wanted.q, &wanted.kind, &wanted.category, &wanted.tag].iter().any(|one| !one.is_empty()),
        is_cut,
        active_href: link("", None),
        archived_href: link("archived", None),
        next: found.next_cursor.map(|cursor| link(&wanted.state, Some(&cursor))),
        first: request.cursor.as_ref().map(|_| link(&wanted.state, None)),
        can_create: asker.may(Permission::InvoicingCreate),
        can_import: asker.may(Permission::InvoicingCreate) && asker.may(Permission::InvoicingEdit),
        can_export: asker.may(Permission::InvoicingExport),
        export_href: format!("{PATH}/export{}", if wanted.state == "archived" { "?state=archived" } else { "" }),
        wanted,
    })
}

// ---- the form -------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "product_form.html")]
struct ProductFormPage {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    /// Absent for a new product.
    version: Option<u64>,
    form: ProductInput,
    errors: FieldErrors,
    kinds: Vec<Choice>,
    units: Vec<Choice>,
    vat_rates: Vec<Choice>,
    categories: Vec<Choice>,
    tags: Vec<TagBox>,
    currency_symbol: &'static str,
}

impl ProductFormPage {
    fn new(
        asker: &Asker,
        catalogue: &Catalogue,
        edited: Option<(ProductId, Option<u64>)>,
        form: ProductInput,
        errors: FieldErrors,
    ) -> Self {
        let title = if edited.is_some() { "Modifier le produit" } else { "Nouveau produit" };
        let one = |id| format!("{PATH}/produits/{id}");
        let kind = if form.kind.is_empty() { ProductKind::default().name() } else { &form.kind };
        let mut vat_rates = choices(vat_choices(asker.organization.vat_regime, asker.today()), &form.vat_percent);
        // A rate that is in force no more is shown, and refused when it is sent.
        if vat_rates.iter().all(|(.., chosen)| !chosen) && !form.vat_percent.is_empty() {
            vat_rates.push((form.vat_percent.clone(), format!("{} %", form.vat_percent.replace('.', ",")), true));
        }
        Self {
            shell: Shell::new(asker, "invoicing", title),
            form_key: asker.form_key(),
            action: edited.map_or_else(|| format!("{PATH}/nouveau"), |(id, _)| format!("{}/modifier", one(id))),
            cancel_href: edited.map_or_else(|| PATH.into(), |(id, _)| one(id)),
            version: edited.and_then(|(_, version)| version),
            kinds: kinds(kind),
            units: choices(Unit::ALL.map(|unit| (unit.name(), unit_label(unit))), &form.unit),
            vat_rates,
            categories: category_choices(catalogue, &form.category_id),
            tags: TagBox::all(&catalogue.tags, &form.tag_ids),
            currency_symbol: asker.organization.currency.symbol(),
            form,
            errors,
        }
    }
}

/// With its code of UN/ECE Recommendation 20, by which invoices name it.
fn unit_label(unit: Unit) -> String {
    format!("{} ({})", unit.french(), unit.unece())
}

pub async fn new_product(asker: Asker) -> PageResult {
    let catalogue = catalogue::CATALOGUE.shown(&asker.scope).await?;
    let vat_percent = LineInput::blank(asker.organization.vat_regime).vat_percent;
    let form = ProductInput { vat_percent, ..ProductInput::default() };
    page(&ProductFormPage::new(&asker, &catalogue, None, form, FieldErrors::default()))
}

pub async fn create_product(asker: Asker, form: Form<ProductInput>) -> PageResult {
    match super::create_product(&asker, &form.input).await {
        Ok((product, _)) => {
            asker.done(&format!("{PATH}/produits/{}", product.id), "Le produit est ajouté au catalogue.")
        }
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let catalogue = catalogue::CATALOGUE.shown(&asker.scope).await?;
            let page = ProductFormPage::new(&asker, &catalogue, None, form.input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub async fn change_product(asker: Asker, Id(id): Id<ProductId>) -> PageResult {
    let Shelf { product, catalogue, .. } = store::read(&asker.scope, id).await?;
    let mut form = ProductInput::of(&product);
    form.unit_price = form.unit_price.replace('.', ",");
    form.stock_threshold = form.stock_threshold.replace('.', ",");
    let edited = Some((id, Some(product.version)));
    page(&ProductFormPage::new(&asker, &catalogue, edited, form, FieldErrors::default()))
}

pub async fn edit_product(asker: Asker, Id(id): Id<ProductId>, form: Form<ProductInput>) -> PageResult {
    match super::edit_product(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/produits/{id}"), "Le produit est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let catalogue = catalogue::CATALOGUE.shown(&asker.scope).await?;
            let page = ProductFormPage::new(&asker, &catalogue, Some((id, form.version)), form.input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

// ---- one product ----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "product.html")]
struct ProductPage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    product: ProductHead,
    /// What it costs in each price list.
    prices: Vec<PriceRow>,
    prices_error: Option<String>,
    /// Of one that is counted.
    stock: Option<StockRow>,
    picture: PictureBox,
}

struct ProductHead {
    id: ProductId,
    version: u64,
    name: String,
    reference: String,
    description: String,
    kind: &'static str,
    unit: String,
    price: String,
    vat: String,
    category: String,
    tags: Vec<TagRow>,
    archived_on: String,
    created_on: String,
    can_edit: bool,
    can_delete: bool,
    is_used: bool,
}

impl ProductHead {
    fn of(asker: &Asker, catalogue: &Catalogue, product: &Stored<Product>) -> Self {
        let path = |branch: &Branch<'_>| (Some(branch.category.id) == product.category).then(|| branch.path.clone());
        let organization = &asker.organization;
        Self {
            id: product.id,
            version: product.version,
            name: product.name.clone(),
            reference: product.reference.clone(),
            description: product.description.clone().unwrap_or_default(),
            kind: product.kind.french(),
            unit: unit_label(product.unit),
            price: french_price(product.unit_price, product.currency),
            vat: french_percent(product.vat_percent),
            category: catalogue.tree().iter().find_map(path).unwrap_or_default(),
            tags: tags_of(catalogue, product),
            archived_on: product.archived_on.map(|on| organization.date(on)).unwrap_or_default(),
            created_on: organization.date(organization.day(product.created_at)),
            can_edit: asker.may(Permission::InvoicingEdit),
            can_delete: asker.may(Permission::InvoicingDelete),
            is_used: product.is_used,
        }
    }
}

pub async fn show_product(asker: Asker, Id(id): Id<ProductId>) -> PageResult {
    show(&asker, id, StatusCode::OK, None, FieldErrors::default()).await
}

async fn show(
    asker: &Asker,
    id: ProductId,
    status: StatusCode,
    typed: Option<&PricesForm>,
    errors: FieldErrors,
) -> PageResult {
    let Shelf { product, catalogue, stock } = store::read(&asker.scope, id).await?;
    let prices = PriceRow::all(&catalogue, &product, typed, &errors);
    page_with_status(
        status,
        &ProductPage {
            shell: Shell::new(asker, "invoicing", product.name.clone()),
            form_key: asker.form_key(),
            product: ProductHead::of(asker, &catalogue, &product),
            prices_error: errors.summary().map(str::to_owned).filter(|_| typed.is_some()),
            prices,
            picture: PictureBox::of(asker, &product),
            stock: stock.filter(|stock| stock.is_tracked).map(|stock| StockRow::of(&stock)),
            errors,
        },
    )
}

/// The page again, with what is wrong with the prices that were typed.
pub async fn prices_refused(asker: &Asker, id: ProductId, typed: &PricesForm, error: Error) -> PageResult {
    show(asker, id, StatusCode::UNPROCESSABLE_ENTITY, Some(typed), FieldErrors::from_error(error)?).await
}

/// The page again, which says why nothing happened.
async fn refused(asker: &Asker, id: ProductId, error: Error) -> PageResult {
    show(asker, id, StatusCode::CONFLICT, None, FieldErrors::from_error(error)?).await
}

pub async fn archive_product(asker: Asker, Id(id): Id<ProductId>, form: Form<Nothing>) -> PageResult {
    match super::archive_product(&asker.scope, asker.today(), id, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/produits/{id}"), "Le produit est archivé : il n’est plus proposé."),
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn restore_product(asker: Asker, Id(id): Id<ProductId>, form: Form<Nothing>) -> PageResult {
    match super::restore_product(&asker.scope, id, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/produits/{id}"), "Le produit est de nouveau proposé."),
        Err(error) => refused(&asker, id, error).await,
    }
}

pub async fn delete_product(asker: Asker, Id(id): Id<ProductId>, form: Form<Nothing>) -> PageResult {
    match super::delete_product(&asker.scope, id, form.version).await {
        Ok(()) => asker.done(PATH, "Le produit est supprimé."),
        Err(error) => refused(&asker, id, error).await,
    }
}

// ---- what a line editor offers --------------------------------------------------------------------------

/// How many products the editor shows under its field.
const OFFERED_MAX: u16 = 12;

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct Typed {
    #[serde(rename = "_q")]
    q: String,
    /// For whom the document is, if that was chosen already.
    client: String,
}

#[derive(Template)]
#[template(path = "product_choices.html")]
struct ProductChoices {
    choices: Vec<ProductChoice>,
    is_cut: bool,
}

struct ProductChoice {
    line: LineInput,
    name: String,
    reference: String,
    price: String,
}

/// The products that answer to what was typed, as options of a list, at the client's prices; the first ones by name where
/// nothing was.
pub async fn offer_products(asker: Asker, Query(typed): Query<Typed>) -> PageResult {
    let q: String = typed.q.trim().chars().take(100).collect();
    let wanted = Wanted { q, ..Wanted::default() };
    let price_list = async {
        match typed.client.parse() {
            Ok(client) => price_list::store::of_client(&asker, client).await,
            Err(_) => Ok(None),
        }
    };
    let finding = super::find_products(&asker.scope, &wanted, OFFERED_MAX);
    let (found, price_list) = side_by_side(finding, price_list).await;
    let ((found, _), price_list) = (found?, price_list?);
    let choices = found.products.iter().map(|product| ProductChoice {
        line: offered(&asker, product, price_list.as_ref()),
        name: product.name.clone(),
        reference: product.reference.clone(),
        price: french_price(product.price(price_list.as_ref()), product.currency),
    });
    page(&ProductChoices { choices: choices.collect(), is_cut: found.is_cut })
}

/// The line that choosing it fills in.
fn offered(asker: &Asker, product: &Product, price_list: Option<&PriceList>) -> LineInput {
    let organization = &asker.organization;
    let product_id = product.id.to_string();
    let (quantity, unit, vat_percent) = (String::new(), String::new(), String::new());
    let empty = LineInput { product_id, quantity, unit, vat_percent, ..LineInput::blank(organization.vat_regime) };
    let line = named::completed(&empty, product, price_list, organization, asker.today());
    LineInput { unit_price: line.unit_price.replace('.', ","), ..line }
}
