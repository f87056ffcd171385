//! `/crm/reglages/pipelines`

use askama::Template;
use http::StatusCode;
use kernel::{Color, Error, Result, id::PipelineId};
use table::Stored;
use web::{
    Asker, Form, Id, NestedForm, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use crate::{
    opportunity::pages::{Nothing, StageTag},
    settings::{self, Outcome, Pipeline, PipelineInput, STAGES_MAX, Settings, StageInput},
};

pub const PATH: &str = "/crm/reglages/pipelines";

#[derive(Template)]
#[template(path = "pipelines.html")]
struct PipelinesPage {
    shell: Shell,
    pipelines: Vec<PipelineRow>,
    can_change: bool,
}

struct PipelineRow {
    id: PipelineId,
    name: String,
    stages: Vec<StageTag>,
}

pub async fn list_pipelines(asker: Asker) -> PageResult {
    let settings = settings::SETTINGS.shown(&asker.scope).await?;
    let row = |pipeline: &Pipeline| PipelineRow {
        id: pipeline.id,
        name: pipeline.name.clone(),
        stages: pipeline.stages.iter().map(|stage| StageTag::of(Some(stage))).collect(),
    };
    page(&PipelinesPage {
        shell: Shell::new(&asker, "crm", "Pipelines"),
        pipelines: settings.pipelines.iter().map(row).collect(),
        can_change: asker.may(kernel::Permission::CrmEdit) && asker.sees_all(),
    })
}

#[derive(Template)]
#[template(path = "pipeline_form.html")]
struct PipelinePage {
    shell: Shell,
    form_key: String,
    action: String,
    /// Absent for a new one.
    delete_action: Option<String>,
    version: u64,
    pipeline_name: String,
    rows: Vec<StageRow>,
    /// What a script adds.
    blank: StageRow,
    stages_max: usize,
    errors: FieldErrors,
}

struct StageRow {
    form: StageInput,
    colors: Vec<Choice>,
    outcomes: Vec<Choice>,
}

impl StageRow {
    fn of(form: StageInput) -> Self {
        Self {
            colors: choices(Color::ALL.map(|color| (color.name(), color.french())), &form.color),
            outcomes: choices(Outcome::ALL.map(|outcome| (outcome.name(), outcome.french())), &form.outcome),
            form,
        }
    }
}

fn blank() -> StageInput {
    let (color, outcome) = (Color::default().name().into(), Outcome::Open.name().into());
    StageInput { color, outcome, ..StageInput::default() }
}

impl PipelinePage {
    /// `id` is the one to change; none for a new one.
    fn new(
        asker: &Asker,
        settings: &Stored<Settings>,
        id: Option<PipelineId>,
        form: PipelineInput,
        errors: FieldErrors,
    ) -> Self {
        // A row to fill in, for who has no script to add one.
        let further = (form.stages.len() < STAGES_MAX).then(blank);
        Self {
            shell: Shell::new(asker, "crm", if id.is_some() { "Modifier le pipeline" } else { "Nouveau pipeline" }),
            form_key: asker.form_key(),
            action: id.map_or_else(|| format!("{PATH}/nouveau"), |id| format!("{PATH}/{id}")),
            delete_action: id.filter(|_| settings.pipelines.len() > 1).map(|id| format!("{PATH}/{id}/supprimer")),
            version: settings.version,
            pipeline_name: form.name,
            rows: form.stages.into_iter().chain(further).map(StageRow::of).collect(),
            blank: StageRow::of(blank()),
            stages_max: STAGES_MAX,
            errors,
        }
    }
}

/// Without the rows in which no name stands: those that nobody filled in, and those that were emptied to go.
fn filled(input: PipelineInput) -> PipelineInput {
    let stages = input.stages.into_iter().filter(|stage| !stage.name.trim().is_empty()).collect();
    PipelineInput { stages, ..input }
}

async fn refused(asker: &Asker, id: Option<PipelineId>, form: PipelineInput, error: Error) -> PageResult {
    // What is wrong with the stages as a whole stands above all of them.
    let errors = FieldErrors::from_error(error)?;
    let settings = settings::SETTINGS.shown(&asker.scope).await?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &PipelinePage::new(asker, &settings, id, form, errors))
}

async fn settings_of(asker: &Asker) -> Result<Stored<Settings>> {
    asker.must_see(None)?;
    settings::SETTINGS.shown(&asker.scope).await
}

pub async fn new_pipeline(asker: Asker) -> PageResult {
    let settings = settings_of(&asker).await?;
    // What every pipeline needs; the rest is for whoever makes it.
    let usual = Settings::default().pipelines.first().map(PipelineInput::of).unwrap_or_default();
    let stages = usual.stages.into_iter().map(|stage| StageInput { id: String::new(), ..stage }).collect();
    let form = PipelineInput { name: String::new(), stages };
    page(&PipelinePage::new(&asker, &settings, None, form, FieldErrors::default()))
}

pub async fn create_pipeline(asker: Asker, form: NestedForm<PipelineInput>) -> PageResult {
    let input = filled(form.input);
    match super::create_pipeline(&asker, &input, form.version).await {
        Ok((pipeline, _)) => asker.done(PATH, format!("Le pipeline «\u{a0}{}\u{a0}» est ajouté.", pipeline.name)),
        Err(error) => refused(&asker, None, input, error).await,
    }
}

pub async fn pipeline_form(asker: Asker, Id(id): Id<PipelineId>) -> PageResult {
    let settings = settings_of(&asker).await?;
    let form = settings.pipeline(id).map(PipelineInput::of).ok_or(Error::NotFound)?;
    page(&PipelinePage::new(&asker, &settings, Some(id), form, FieldErrors::default()))
}

pub async fn edit_pipeline(asker: Asker, Id(id): Id<PipelineId>, form: NestedForm<PipelineInput>) -> PageResult {
    let input = filled(form.input);
    match super::edit_pipeline(&asker, id, &input, form.version).await {
        Ok(_) => asker.done(PATH, "Le pipeline est enregistré."),
        Err(error) => refused(&asker, Some(id), input, error).await,
    }
}

pub async fn delete_pipeline(asker: Asker, Id(id): Id<PipelineId>, form: Form<Nothing>) -> PageResult {
    match super::delete_pipeline(&asker, id, form.version).await {
        Ok(()) => asker.done(PATH, "Le pipeline est supprimé."),
        Err(error) => {
            let errors = FieldErrors::summary_of(error)?;
            let settings = settings::SETTINGS.shown(&asker.scope).await?;
            let form = settings.pipeline(id).map(PipelineInput::of).ok_or(Error::NotFound)?;
            let shown = PipelinePage::new(&asker, &settings, Some(id), form, errors);
            page_with_status(StatusCode::CONFLICT, &shown)
        }
    }
}
