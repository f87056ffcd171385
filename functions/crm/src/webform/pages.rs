//! `/crm/reglages/formulaires`

use askama::Template;
use http::StatusCode;
use kernel::{Error, Permission, Result, id::WebFormId, text};
use serde::Deserialize;
use table::{Stored, meter::side_by_side};
use web::{
    Asker, Colleagues, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{Asked, WebForm, WebFormInput, model::FORMS_MAX, site};
use crate::settings::{self, Outcome, Settings};

pub const PATH: &str = "/crm/reglages/formulaires";

#[derive(Template)]
#[template(path = "web_forms.html")]
struct WebFormsPage {
    shell: Shell,
    forms: Vec<FormRow>,
    can_create: bool,
    is_full: bool,
    max: u16,
}

struct FormRow {
    href: String,
    name: String,
    title: String,
    stage: String,
    assignee: String,
    badge: &'static str,
    state: &'static str,
}

impl FormRow {
    fn of(asker: &Asker, form: &WebForm, settings: &Settings, colleagues: &Colleagues) -> Self {
        let (badge, state) = if form.is_open { ("success", "Ouvert") } else { ("neutral", "Fermé") };
        let assignee = colleagues.assignee(form.assigned_to).filter(|_| asker.sees_all());
        let stage = form.begins_at(settings);
        Self {
            href: format!("{PATH}/{}", form.id),
            name: form.name.clone(),
            title: form.title.clone(),
            stage: stage.map(|(_, stage)| stage.name.clone()).unwrap_or_default(),
            assignee: assignee.map(|one| one.name).unwrap_or_default(),
            badge,
            state,
        }
    }
}

pub async fn list_web_forms(asker: Asker) -> PageResult {
    let beside = side_by_side(settings::SETTINGS.shown(&asker.scope), Colleagues::of(&asker));
    let (forms, (settings, colleagues)) = side_by_side(super::list_web_forms(&asker.scope), beside).await;
    let (mut forms, settings, colleagues) = (forms?, settings?, colleagues?);
    forms.sort_by_cached_key(|form| text::sorted(&form.name));
    let is_full = forms.len() >= usize::from(FORMS_MAX);
    page(&WebFormsPage {
        shell: Shell::new(&asker, "crm", "Formulaires web"),
        forms: forms.iter().map(|form| FormRow::of(&asker, form, &settings, &colleagues)).collect(),
        can_create: asker.may(Permission::CrmEdit) && !is_full,
        is_full,
        max: FORMS_MAX,
    })
}

#[derive(Template)]
#[template(path = "web_form.html")]
struct WebFormPage {
    shell: Shell,
    form_key: String,
    action: String,
    cancel_href: String,
    /// Absent for a new one.
    version: Option<u64>,
    /// How it comes onto a web site; absent for a new one.
    embed: Option<Embed>,
    form: WebFormInput,
    errors: FieldErrors,
    asked: [(&'static str, &'static str, Vec<Choice>, Option<String>); 5],
    stages: Vec<Choice>,
    assignees: Vec<Choice>,
    states: Vec<Choice>,
    can_edit: bool,
    delete: String,
}

struct Embed {
    url: String,
    frame: String,
    is_open: bool,
    is_framed: bool,
}

impl Embed {
    fn of(asker: &Asker, form: &WebForm) -> Self {
        let url = format!("{}{}", asker.deps().config.public_url, site::path(&asker.organization, form));
        let title = form.title.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let frame = format!(
            "<iframe src=\"{url}\" title=\"{title}\" width=\"100%\" height=\"760\" loading=\"lazy\" style=\"border:0\"></iframe>"
        );
        Self { url, frame, is_open: form.is_open, is_framed: !form.sites.is_empty() }
    }
}

/// The stages in progress, with their pipeline where there are several.
fn stages(settings: &Settings, chosen: &str) -> Vec<Choice> {
    let several = settings.pipelines.len() > 1;
    let stages =
        settings.pipelines.iter().flat_map(|pipeline| pipeline.stages.iter().map(move |stage| (pipeline, stage)));
    let open = stages.filter(|(_, stage)| stage.outcome == Outcome::Open).map(|(pipeline, stage)| {
        let label = if several { format!("{} – {}", pipeline.name, stage.name) } else { stage.name.clone() };
        (stage.id.to_string(), label)
    });
    choices(open, chosen)
}

impl WebFormPage {
    fn new(
        asker: &Asker,
        known: Option<&Stored<WebForm>>,
        form: WebFormInput,
        errors: FieldErrors,
        settings: &Settings,
        colleagues: &Colleagues,
    ) -> Self {
        let asked = |label, name, chosen: &str| {
            let choices = choices(Asked::ALL.map(|asked| (asked.name(), asked.french())), chosen);
            (label, name, choices, errors.get(&format!("/{name}")))
        };
        let title = known.map_or_else(|| "Nouveau formulaire".to_owned(), |known| known.name.clone());
        let href = known.map(|known| format!("{PATH}/{}", known.id));
        Self {
            shell: Shell::new(asker, "crm", title),
            form_key: asker.form_key(),
            action: href.clone().unwrap_or_else(|| format!("{PATH}/nouveau")),
            cancel_href: PATH.into(),
            version: known.map(|known| known.version),
            embed: known.map(|known| Embed::of(asker, known)),
            asked: [
                asked("Prénom", "first_name", &form.first_name),
                asked("E-mail", "email", &form.email),
                asked("Téléphone", "phone", &form.phone),
                asked("Entreprise", "company", &form.company),
                asked("Message", "message", &form.message),
            ],
            stages: stages(settings, &form.stage),
            assignees: colleagues.choices(&form.assigned_to, Permission::CrmView),
            states: choices([("true", "Ouvert"), ("false", "Fermé")], &form.is_open),
            can_edit: asker.may(Permission::CrmEdit),
            delete: format!("{}/supprimer", href.unwrap_or_default()),
            form,
            errors,
        }
    }
}

pub async fn new_web_form(asker: Asker) -> PageResult {
    let (settings, colleagues) = side_by_side(settings::SETTINGS.shown(&asker.scope), Colleagues::of(&asker)).await;
    let form = WebFormInput {
        assigned_to: asker.assigned(None)?.map(|user| user.to_string()).unwrap_or_default(),
        ..WebFormInput::usual()
    };
    page(&WebFormPage::new(&asker, None, form, FieldErrors::default(), &*settings?, &colleagues?))
}

pub async fn create_web_form(asker: Asker, form: Form<WebFormInput>) -> PageResult {
    match super::create_web_form(&asker, &form.input).await {
        Ok(made) => {
            asker.done(&format!("{PATH}/{}", made.id), "Le formulaire est créé. Copiez son code dans votre site.")
        }
        Err(error) => refused(&asker, None, form, error).await,
    }
}

pub async fn web_form(asker: Asker, Id(id): Id<WebFormId>) -> PageResult {
    let beside = side_by_side(settings::SETTINGS.shown(&asker.scope), Colleagues::of(&asker));
    let (known, (settings, colleagues)) = side_by_side(super::show_web_form(&asker.scope, id), beside).await;
    let known = known?;
    let form = WebFormInput::of(&known);
    page(&WebFormPage::new(&asker, Some(&known), form, FieldErrors::default(), &*settings?, &colleagues?))
}

pub async fn edit_web_form(asker: Asker, Id(id): Id<WebFormId>, form: Form<WebFormInput>) -> PageResult {
    match super::edit_web_form(&asker, id, &form.input, form.version).await {
        Ok(_) => asker.done(&format!("{PATH}/{id}"), "Le formulaire est enregistré."),
        Err(error) => refused(&asker, Some(id), form, error).await,
    }
}

/// The form again, with what is wrong.
async fn refused(asker: &Asker, id: Option<WebFormId>, form: Form<WebFormInput>, error: Error) -> PageResult {
    let errors = FieldErrors::from_error(error)?;
    let known = async {
        match id {
            Some(id) => super::show_web_form(&asker.scope, id).await.map(Some),
            None => Result::Ok(None),
        }
    };
    let beside = side_by_side(settings::SETTINGS.shown(&asker.scope), Colleagues::of(asker));
    let (known, (settings, colleagues)) = side_by_side(known, beside).await;
    let known = known?;
    let again = WebFormPage::new(asker, known.as_ref(), form.input, errors, &*settings?, &colleagues?);
    // What was seen is what the next attempt must still find.
    let page = WebFormPage { version: form.version.or(again.version), ..again };
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn delete_web_form(asker: Asker, Id(id): Id<WebFormId>, form: Form<Nothing>) -> PageResult {
    super::delete_web_form(&asker.scope, id, form.version).await?;
    asker.done(PATH, "Le formulaire est supprimé. Retirez son code de votre site.")
}
