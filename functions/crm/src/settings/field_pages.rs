//! `/crm/reglages/champs`

use askama::Template;
use http::StatusCode;
use kernel::{Error, Permission, Result, id::FieldId};
use table::Stored;
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{CustomField, FieldInput, FieldKind, Settings, store::SETTINGS, tag_pages::Nothing};
use crate::record::RecordKind;

pub const PATH: &str = "/crm/reglages/champs";

#[derive(Template)]
#[template(path = "crm_fields.html")]
struct FieldsPage {
    shell: Shell,
    form_key: String,
    can_edit: bool,
    /// The records that can have some, each with its own.
    groups: Vec<(&'static str, Vec<FieldRow>)>,
    records: Vec<Choice>,
    kinds: Vec<Choice>,
    form: FieldInput,
    errors: FieldErrors,
}

struct FieldRow {
    id: FieldId,
    name: String,
    kind: &'static str,
    choices: String,
}

impl FieldRow {
    fn of(field: &CustomField) -> Self {
        Self { id: field.id, name: field.name.clone(), kind: field.kind.french(), choices: field.choices.join(", ") }
    }
}

async fn fields_page(asker: &Asker, form: FieldInput, errors: FieldErrors) -> Result<FieldsPage> {
    let settings = SETTINGS.shown(&asker.scope).await?;
    let group = |kind: RecordKind| (kind.french(), settings.fields_of(kind).map(FieldRow::of).collect());
    Ok(FieldsPage {
        shell: Shell::new(asker, "crm", "Champs personnalisés"),
        form_key: asker.form_key(),
        can_edit: asker.may(Permission::CrmEdit),
        groups: RecordKind::ALL.map(group).into(),
        records: choices(RecordKind::ALL.map(|kind| (kind.name(), kind.french())), &form.of),
        kinds: choices(FieldKind::ALL.map(|kind| (kind.name(), kind.french())), &form.kind),
        form,
        errors,
    })
}

pub async fn list_fields(asker: Asker) -> PageResult {
    page(&fields_page(&asker, FieldInput::default(), FieldErrors::default()).await?)
}

pub async fn create_field(asker: Asker, form: Form<FieldInput>) -> PageResult {
    match super::create_crm_field(&asker.scope, &form.input).await {
        Ok(_) => asker.done(PATH, "Le champ est ajouté."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &fields_page(&asker, form.input, errors).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "crm_field_form.html")]
struct FieldPage {
    shell: Shell,
    form_key: String,
    action: String,
    version: u64,
    form: FieldInput,
    errors: FieldErrors,
    record: &'static str,
    kind: &'static str,
    has_choices: bool,
}

fn field_page(
    asker: &Asker,
    settings: &Stored<Settings>,
    id: FieldId,
    typed: Option<FieldInput>,
    errors: FieldErrors,
) -> Result<FieldPage> {
    let field = settings.field(id).ok_or(Error::NotFound)?;
    Ok(FieldPage {
        shell: Shell::new(asker, "crm", field.name.clone()),
        form_key: asker.form_key(),
        action: format!("{PATH}/{id}"),
        version: settings.version,
        form: typed.unwrap_or_else(|| FieldInput::of(field)),
        errors,
        record: field.of.french(),
        kind: field.kind.french(),
        has_choices: field.kind == FieldKind::Choice,
    })
}

pub async fn change_field(asker: Asker, Id(id): Id<FieldId>) -> PageResult {
    let settings = SETTINGS.shown(&asker.scope).await?;
    page(&field_page(&asker, &settings, id, None, FieldErrors::default())?)
}

pub async fn edit_field(asker: Asker, Id(id): Id<FieldId>, form: Form<FieldInput>) -> PageResult {
    match super::edit_crm_field(&asker.scope, id, &form.input, form.version).await {
        Ok(_) => asker.done(PATH, "Le champ est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let settings = SETTINGS.shown(&asker.scope).await?;
            let again = field_page(&asker, &settings, id, Some(form.input), errors)?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

pub async fn delete_field(asker: Asker, Id(id): Id<FieldId>, form: Form<Nothing>) -> PageResult {
    super::delete_crm_field(&asker.scope, id, form.version).await?;
    asker.done(PATH, "Le champ est supprimé.")
}
