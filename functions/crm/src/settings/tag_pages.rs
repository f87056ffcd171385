//! `/crm/reglages/etiquettes`

use askama::Template;
use http::StatusCode;
use kernel::{Error, Permission, Result, id::TagId};
use serde::Deserialize;
use table::Stored;
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors},
    page, page_with_status,
    tag::{TagKind, TagPage, TagRow, tag_colors},
};

use super::{Settings, TagInput, store::SETTINGS};

pub const PATH: &str = "/crm/reglages/etiquettes";

/// A form without fields of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

const KIND: TagKind = TagKind {
    module: "crm",
    list: PATH,
    list_name: "Étiquettes",
    path: PATH,
    told: "Les fiches qui la portent prennent le nouveau nom et la nouvelle couleur.",
    gone: "Elle disparaît de toutes les fiches qui la portent.",
};

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
    let settings = SETTINGS.shown(&asker.scope).await?;
    Ok(TagsPage {
        shell: Shell::new(asker, "crm", "Étiquettes"),
        form_key: asker.form_key(),
        can_edit: asker.may(Permission::CrmEdit),
        tags: settings.tags.iter().map(TagRow::of).collect(),
        colors: tag_colors(&form.color),
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

fn tag_page(
    asker: &Asker,
    settings: &Stored<Settings>,
    id: TagId,
    typed: Option<TagInput>,
    errors: FieldErrors,
) -> Result<TagPage> {
    let tag = settings.tag(id).ok_or(Error::NotFound)?;
    let typed = typed.map(|input| (input.name, input.color));
    Ok(TagPage::new(asker, &KIND, tag, settings.version, typed, errors))
}

pub async fn change_tag(asker: Asker, Id(id): Id<TagId>) -> PageResult {
    let settings = SETTINGS.shown(&asker.scope).await?;
    page(&tag_page(&asker, &settings, id, None, FieldErrors::default())?)
}

pub async fn edit_tag(asker: Asker, Id(id): Id<TagId>, form: Form<TagInput>) -> PageResult {
    match super::edit_crm_tag(&asker.scope, id, &form.input, form.version).await {
        Ok(_) => asker.done(PATH, "L’étiquette est enregistrée."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let settings = SETTINGS.shown(&asker.scope).await?;
            let again = tag_page(&asker, &settings, id, Some(form.input), errors)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

pub async fn delete_tag(asker: Asker, Id(id): Id<TagId>, form: Form<Nothing>) -> PageResult {
    super::delete_crm_tag(&asker.scope, id, form.version).await?;
    asker.done(PATH, "L’étiquette est supprimée.")
}
