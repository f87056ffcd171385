//! `/facturation/catalogue/tarifs`

use askama::Template;
use http::StatusCode;
use kernel::{
    Error, Permission, Result,
    id::{CompanyId, PriceListId, ProductId},
    money::{french_percent, french_price},
    page::PageRequest,
};
use serde::Deserialize;
use table::{Order, Stored, meter::side_by_side};
use web::{Asker, Form, Id, Ids, PageResult, Shell, form::FieldErrors, page, page_with_status};

use super::{ClientPriceList, PriceList, PriceListInput, PricesInput, api::ClientInput, model::PriceInput};
use crate::{
    catalogue::{CATALOGUE, Catalogue},
    client::{Offer, OfferedClients},
    product::{Product, pages as products},
    quote::pages::Nothing,
};

const PATH: &str = "/facturation/catalogue/tarifs";

#[derive(Template)]
#[template(path = "price_lists.html")]
struct PriceListsPage {
    shell: Shell,
    form_key: String,
    can_edit: bool,
    lists: Vec<ListRow>,
    form: PriceListInput,
    errors: FieldErrors,
}

struct ListRow {
    id: PriceListId,
    name: String,
    reduction: String,
}

fn reduction(list: &PriceList) -> String {
    if list.percent_off.is_zero() {
        return "Sans remise générale".into();
    }
    format!("−{}", french_percent(list.percent_off))
}

impl PriceListsPage {
    fn new(asker: &Asker, catalogue: &Catalogue) -> Self {
        let row = |list: &PriceList| ListRow { id: list.id, name: list.name.clone(), reduction: reduction(list) };
        Self {
            shell: Shell::new(asker, "invoicing", "Tarifs"),
            form_key: asker.form_key(),
            can_edit: asker.may(Permission::InvoicingEdit),
            lists: catalogue.price_lists.iter().map(row).collect(),
            form: PriceListInput::default(),
            errors: FieldErrors::default(),
        }
    }
}

pub async fn list_price_lists(asker: Asker) -> PageResult {
    page(&PriceListsPage::new(&asker, &CATALOGUE.shown(&asker.scope).await?.value))
}

pub async fn create_price_list(asker: Asker, form: Form<PriceListInput>) -> PageResult {
    match super::create_price_list(&asker.scope, &form.input).await {
        Ok((list, _)) => asker.done(&format!("{PATH}/{}", list.id), "Le tarif est ajouté."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let again = PriceListsPage::new(&asker, &CATALOGUE.shown(&asker.scope).await?.value);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &PriceListsPage { form: form.input, errors, ..again })
        }
    }
}

// ---- one price list -------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "price_list.html")]
struct PriceListPage {
    shell: Shell,
    form_key: String,
    can_edit: bool,
    action: String,
    version: u64,
    reduction: String,
    form: PriceListInput,
    errors: FieldErrors,
    products: Vec<PricedRow>,
    products_cut: bool,
    clients: Vec<ClientRow>,
    clients_cut: bool,
    offered: OfferedClients,
    client_errors: FieldErrors,
}

/// A product with a price of its own in the list.
struct PricedRow {
    id: ProductId,
    name: String,
    usual: String,
    price: String,
}

struct ClientRow {
    id: CompanyId,
    name: String,
}

/// How many products and clients the page of a list shows.
const SHOWN_MAX: u16 = 100;

impl PriceListPage {
    async fn new(asker: &Asker, id: PriceListId, typed: Option<PriceListInput>) -> Result<Self> {
        let scope = &asker.scope;
        let page = PageRequest { limit: SHOWN_MAX, cursor: None };
        let (products, clients) = (scope.keys().products(false, ""), scope.keys().clients_of_price_list(id));
        let lists = side_by_side(
            scope.sieve(&products, &page, Order::Ascending),
            scope.list::<ClientPriceList>(&clients, &page, Order::Ascending),
        );
        let around = side_by_side(CATALOGUE.shown(scope), Offer::first(asker));
        let ((products, clients), (catalogue, offer)) = side_by_side(lists, around).await;
        let (catalogue, offer, clients) = (catalogue?, offer?, clients?);
        let list = catalogue.price_list(id).ok_or(Error::NotFound)?;
        let priced = products?.take::<Product>(SHOWN_MAX, |product| product.prices.contains_key(&id))?;
        let rows = priced.items.iter().map(|product| PricedRow {
            id: product.id,
            name: product.name.clone(),
            usual: french_price(product.unit_price, product.currency),
            price: french_price(list.price(product), product.currency),
        });
        let assigned: Vec<_> = clients.items.iter().map(|assigned| assigned.client).collect();
        // Who sees only their own clients sees those of them who have the list.
        let (theirs, others) = offer.split(&assigned);
        let percent_off = list.percent_off.normalize().to_string().replace('.', ",");
        Ok(Self {
            shell: Shell::new(asker, "invoicing", list.name.clone()),
            form_key: asker.form_key(),
            can_edit: asker.may(Permission::InvoicingEdit),
            action: format!("{PATH}/{id}"),
            version: catalogue.version,
            reduction: reduction(list),
            form: typed.unwrap_or_else(|| PriceListInput { name: list.name.clone(), percent_off }),
            errors: FieldErrors::default(),
            products: rows.collect(),
            products_cut: priced.next_cursor.is_some(),
            clients: theirs.named().into_iter().map(|(id, name)| ClientRow { id, name }).collect(),
            clients_cut: clients.next_cursor.is_some(),
            offered: others.choices(""),
            client_errors: FieldErrors::default(),
        })
    }
}

pub async fn show_price_list(asker: Asker, Id(id): Id<PriceListId>) -> PageResult {
    page(&PriceListPage::new(&asker, id, None).await?)
}

pub async fn edit_price_list(asker: Asker, Id(id): Id<PriceListId>, form: Form<PriceListInput>) -> PageResult {
    match super::edit_price_list(&asker.scope, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le tarif est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let again = PriceListPage::new(&asker, id, Some(form.input)).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &PriceListPage { errors, ..again })
        }
    }
}

pub async fn delete_price_list(asker: Asker, Id(id): Id<PriceListId>, _: Form<Nothing>) -> PageResult {
    super::delete_price_list(&asker.scope, id, None).await?;
    asker.done(PATH, "Le tarif est supprimé.")
}

pub async fn assign_price_list(asker: Asker, Id(id): Id<PriceListId>, form: Form<ClientInput>) -> PageResult {
    match super::assign_price_list(&asker, id, &form.input.client_id).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Ce client bénéficie désormais du tarif."),
        Err(error) => {
            let client_errors = FieldErrors::from_error(error)?;
            let again = PriceListPage::new(&asker, id, None).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &PriceListPage { client_errors, ..again })
        }
    }
}

pub async fn unassign_price_list(asker: Asker, Ids(ids): Ids<PriceListId, CompanyId>, _: Form<Nothing>) -> PageResult {
    super::unassign_price_list(&asker, ids.0, ids.1).await?;
    asker.done(&format!("{PATH}/{}", ids.0), "Ce client ne bénéficie plus du tarif.")
}

// ---- the prices of a product ----------------------------------------------------------------------------

/// What a product costs in a list, on its own page.
pub struct PriceRow {
    pub id: PriceListId,
    pub name: String,
    pub reduction: String,
    pub price: String,
    /// As it was typed or is to be changed; empty where it has none of its own.
    pub own: String,
    pub error: Option<String>,
}

impl PriceRow {
    pub fn all(
        catalogue: &Catalogue,
        product: &Product,
        typed: Option<&PricesForm>,
        errors: &FieldErrors,
    ) -> Vec<Self> {
        let row = |(at, list): (usize, &PriceList)| {
            let own = product.prices.get(&list.id).map(|price| price.normalize().to_string().replace('.', ","));
            let typed = typed.and_then(|typed| typed.unit_price.get(at).cloned());
            Self {
                id: list.id,
                name: list.name.clone(),
                reduction: reduction(list),
                price: french_price(list.price(product), product.currency),
                own: typed.or(own).unwrap_or_default(),
                error: errors.get(&format!("/prices/{at}/unit_price")),
            }
        };
        catalogue.price_lists.iter().enumerate().map(row).collect()
    }
}

/// One row for each list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PricesForm {
    price_list: Vec<String>,
    unit_price: Vec<String>,
}

impl PricesForm {
    fn input(&self) -> PricesInput {
        let price =
            |(list, price): (&String, &String)| PriceInput { price_list_id: list.clone(), unit_price: price.clone() };
        PricesInput { prices: self.price_list.iter().zip(&self.unit_price).map(price).collect() }
    }
}

pub async fn set_prices(asker: Asker, Id(id): Id<ProductId>, form: Form<PricesForm>) -> PageResult {
    let set: Result<(Stored<Product>, Catalogue)> =
        super::set_prices(&asker.scope, id, &form.input.input(), form.version).await;
    match set {
        Ok(_) => asker.done(&format!("{}/produits/{id}", products::PATH), "Les prix sont enregistrés."),
        Err(error) => products::prices_refused(&asker, id, &form.input, error).await,
    }
}
