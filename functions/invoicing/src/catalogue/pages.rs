//! `/facturation/catalogue/classement`: categories and tags.

use askama::Template;
use http::StatusCode;
use kernel::{
    Error, Permission, Result,
    id::{CategoryId, TagId},
};
use table::Stored;
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
    tag::{TagKind, TagPage, TagRow, tag_colors},
};

use super::{Catalogue, CategoryInput, TagInput, store::CATALOGUE};
use crate::quote::pages::Nothing;

const PATH: &str = "/facturation/catalogue/classement";

const TAGS: TagKind = TagKind {
    module: "invoicing",
    list: PATH,
    list_name: "Catégories et étiquettes",
    path: "/facturation/catalogue/etiquettes",
    told: "Ses produits prennent le nouveau nom et la nouvelle couleur.",
    gone: "Elle disparaît de tous les produits qui la portent.",
};

#[derive(Template)]
#[template(path = "catalogue_order.html")]
struct OrderPage {
    shell: Shell,
    form_key: String,
    can_edit: bool,
    categories: Vec<BranchRow>,
    tags: Vec<TagRow>,
    parents: Vec<Choice>,
    colors: Vec<Choice>,
    category: CategoryInput,
    category_errors: FieldErrors,
    tag: TagInput,
    tag_errors: FieldErrors,
}

struct BranchRow {
    id: CategoryId,
    name: String,
    depth: usize,
}

/// The categories as a select has them, with their place in the tree.
pub fn category_choices(catalogue: &Catalogue, chosen: &str) -> Vec<Choice> {
    choices(catalogue.tree().into_iter().map(|branch| (branch.category.id.to_string(), branch.path)), chosen)
}

impl OrderPage {
    fn new(asker: &Asker, catalogue: &Catalogue) -> Self {
        let row = |branch: super::Branch<'_>| BranchRow {
            id: branch.category.id,
            name: branch.category.name.clone(),
            depth: branch.depth,
        };
        Self {
            shell: Shell::new(asker, "invoicing", "Catégories et étiquettes"),
            form_key: asker.form_key(),
            can_edit: asker.may(Permission::InvoicingEdit),
            categories: catalogue.tree().into_iter().map(row).collect(),
            tags: catalogue.tags.iter().map(TagRow::of).collect(),
            parents: category_choices(catalogue, ""),
            colors: tag_colors(""),
            category: CategoryInput::default(),
            category_errors: FieldErrors::default(),
            tag: TagInput::default(),
            tag_errors: FieldErrors::default(),
        }
    }
}

pub async fn show_order(asker: Asker) -> PageResult {
    page(&OrderPage::new(&asker, &CATALOGUE.shown(&asker.scope).await?.value))
}

pub async fn create_category(asker: Asker, form: Form<CategoryInput>) -> PageResult {
    match super::create_category(&asker.scope, &form.input).await {
        Ok(_) => asker.done(PATH, "La catégorie est ajoutée."),
        Err(error) => {
            let category_errors = FieldErrors::from_error(error)?;
            let catalogue = CATALOGUE.shown(&asker.scope).await?;
            let parents = category_choices(&catalogue, &form.input.parent_id);
            let again = OrderPage::new(&asker, &catalogue);
            let again = OrderPage { category: form.input, category_errors, parents, ..again };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

pub async fn create_tag(asker: Asker, form: Form<TagInput>) -> PageResult {
    match super::create_tag(&asker.scope, &form.input).await {
        Ok(_) => asker.done(PATH, "L’étiquette est ajoutée."),
        Err(error) => {
            let tag_errors = FieldErrors::from_error(error)?;
            let colors = tag_colors(&form.input.color);
            let again = OrderPage::new(&asker, &CATALOGUE.shown(&asker.scope).await?.value);
            let again = OrderPage { tag: form.input, tag_errors, colors, ..again };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

// ---- one of them ----------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "category_form.html")]
struct CategoryPage {
    shell: Shell,
    form_key: String,
    action: String,
    version: u64,
    form: CategoryInput,
    errors: FieldErrors,
    parents: Vec<Choice>,
    can_delete: bool,
}

fn category_page(
    asker: &Asker,
    catalogue: &Stored<Catalogue>,
    id: CategoryId,
    typed: Option<CategoryInput>,
    errors: FieldErrors,
) -> Result<CategoryPage> {
    let category = catalogue.category(id).ok_or(Error::NotFound)?;
    let parent_id = category.parent.map(|parent| parent.to_string()).unwrap_or_default();
    let form = typed.unwrap_or_else(|| CategoryInput { name: category.name.clone(), parent_id });
    // It cannot stand under itself.
    let within: Vec<_> = catalogue.within(id).into_iter().map(|id| id.to_string()).collect();
    let mut parents = category_choices(catalogue, &form.parent_id);
    parents.retain(|(parent, ..)| !within.contains(parent));
    Ok(CategoryPage {
        shell: Shell::new(asker, "invoicing", category.name.clone()),
        form_key: asker.form_key(),
        action: format!("/facturation/catalogue/categories/{id}"),
        version: catalogue.version,
        form,
        errors,
        parents,
        can_delete: within.len() == 1,
    })
}

pub async fn change_category(asker: Asker, Id(id): Id<CategoryId>) -> PageResult {
    let catalogue = CATALOGUE.shown(&asker.scope).await?;
    page(&category_page(&asker, &catalogue, id, None, FieldErrors::default())?)
}

pub async fn edit_category(asker: Asker, Id(id): Id<CategoryId>, form: Form<CategoryInput>) -> PageResult {
    match super::edit_category(&asker.scope, id, &form.input, form.version).await {
        Ok(_) => asker.done(PATH, "La catégorie est enregistrée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let catalogue = CATALOGUE.shown(&asker.scope).await?;
            let again = category_page(&asker, &catalogue, id, Some(form.input), errors)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

pub async fn delete_category(asker: Asker, Id(id): Id<CategoryId>, form: Form<Nothing>) -> PageResult {
    match super::delete_category(&asker.scope, id, form.version).await {
        Ok(()) => asker.done(PATH, "La catégorie est supprimée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let catalogue = CATALOGUE.shown(&asker.scope).await?;
            page_with_status(StatusCode::CONFLICT, &category_page(&asker, &catalogue, id, None, errors)?)
        }
    }
}

fn tag_page(
    asker: &Asker,
    catalogue: &Stored<Catalogue>,
    id: TagId,
    typed: Option<TagInput>,
    errors: FieldErrors,
) -> Result<TagPage> {
    let tag = catalogue.tag(id).ok_or(Error::NotFound)?;
    let typed = typed.map(|input| (input.name, input.color));
    Ok(TagPage::new(asker, &TAGS, tag, catalogue.version, typed, errors))
}

pub async fn change_tag(asker: Asker, Id(id): Id<TagId>) -> PageResult {
    let catalogue = CATALOGUE.shown(&asker.scope).await?;
    page(&tag_page(&asker, &catalogue, id, None, FieldErrors::default())?)
}

pub async fn edit_tag(asker: Asker, Id(id): Id<TagId>, form: Form<TagInput>) -> PageResult {
    match super::edit_tag(&asker.scope, id, &form.input, form.version).await {
        Ok(_) => asker.done(PATH, "L’étiquette est enregistrée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let catalogue = CATALOGUE.shown(&asker.scope).await?;
            let again = tag_page(&asker, &catalogue, id, Some(form.input), errors)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

pub async fn delete_tag(asker: Asker, Id(id): Id<TagId>, form: Form<Nothing>) -> PageResult {
    super::delete_tag(&asker.scope, id, form.version).await?;
    asker.done(PATH, "L’étiquette est supprimée.")
}
