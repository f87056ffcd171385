//! `/crm/reglages/etiquettes`

use askama::Template;
use http::StatusCode;
use kernel::{Color, Error, Permission, Result, id::TagId};
use serde::Deserialize;
use table::Stored;
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{Settings, Tag, TagInput, store};

pub const PATH: &str = "/crm/reglages/etiquettes";

/// A form without fields of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A tag as pages show it.
pub struct TagRow {
    pub id: TagId,
    pub name: String,
    pub color: &'static str,
}

impl TagRow {
    pub fn of(tag: &Tag) -> Self {
        Self { id: tag.id, name: tag.name.clone(), color: tag.color.name() }
    }
}

/// A tag that a form offers.
pub struct TagBox {
    pub id: String,
    pub name: String,
    pub color: &'static str,
    pub is_chosen: bool,
}

impl TagBox {
    /// All that there are; `chosen` as an input names them.
    pub fn all(settings: &Settings, chosen: &[String]) -> Vec<Self> {
        let tag_box = |tag: &Tag| {
            let id = tag.id.to_string();
            Self { is_chosen: chosen.contains(&id), id, name: tag.name.clone(), color: tag.color.name() }
        };
        settings.tags.iter().map(tag_box).collect()
    }
}

fn colors(chosen: &str) -> Vec<Choice> {
    choices(Color::ALL.map(|color| (color.name(), color.french())), chosen)
}

#[derive(Template)]
#[template(path = "crm_tags.html")]
struct TagsPage {
    shell: Shell,
    form_key: String,
    can_edit: bool,
    tags: Vec<TagRow>,
    colors: Vec<Choice>,
    form: TagInput,
    errors: FieldErrors,
}

async fn tags_page(asker: &Asker, form: TagInput, errors: FieldErrors) -> Result<TagsPage> {
    let settings = store::shown(&asker.scope).await?;
    Ok(TagsPage {
        shell: Shell::new(asker, "crm", "Étiquettes"),
        form_key: asker.form_key(),
        can_edit: asker.may(Permission::CrmEdit),
        tags: settings.tags.iter().map(TagRow::of).collect(),
        colors: colors(&form.color),
        form,
        errors,
    })
}

pub async fn list_tags(asker: Asker) -> PageResult {
    page(&tags_page(&asker, TagInput::default(), FieldErrors::default()).await?)
}

pub async fn create_tag(asker: Asker, form: Form<TagInput>) -> PageResult {
    match super::create_crm_tag(&asker.scope, &form.input).await {
        Ok(_) => asker.done(PATH, "L’étiquette est ajoutée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &tags_page(&asker, form.input, errors).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "crm_tag_form.html")]
struct TagPage {
    shell: Shell,
    form_key: String,
    action: String,
    version: u64,
    form: TagInput,
    errors: FieldErrors,
    colors: Vec<Choice>,
}

fn tag_page(
    asker: &Asker,
    settings: &Stored<Settings>,
    id: TagId,
    typed: Option<TagInput>,
    errors: FieldErrors,
) -> Result<TagPage> {
    let tag = settings.tag(id).ok_or(Error::NotFound)?;
    let form = typed.unwrap_or_else(|| TagInput { name: tag.name.clone(), color: tag.color.name().into() });
    Ok(TagPage {
        shell: Shell::new(asker, "crm", tag.name.clone()),
        form_key: asker.form_key(),
        action: format!("{PATH}/{id}"),
        version: settings.version,
        colors: colors(&form.color),
        form,
        errors,
    })
}

pub async fn change_tag(asker: Asker, Id(id): Id<TagId>) -> PageResult {
    let settings = store::shown(&asker.scope).await?;
    page(&tag_page(&asker, &settings, id, None, FieldErrors::default())?)
}

pub async fn edit_tag(asker: Asker, Id(id): Id<TagId>, form: Form<TagInput>) -> PageResult {
    match super::edit_crm_tag(&asker.scope, id, &form.input, form.version).await {
        Ok(_) => asker.done(PATH, "L’étiquette est enregistrée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let settings = store::shown(&asker.scope).await?;
            let again = tag_page(&asker, &settings, id, Some(form.input), errors)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

pub async fn delete_tag(asker: Asker, Id(id): Id<TagId>, form: Form<Nothing>) -> PageResult {
    super::delete_crm_tag(&asker.scope, id, form.version).await?;
    asker.done(PATH, "L’étiquette est supprimée.")
}
