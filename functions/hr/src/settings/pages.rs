//! `/rh/reglages`

use askama::Template;
use http::StatusCode;
use web::{
    Asker, NestedForm, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{
    HrSettingsInput, edit_hr_settings as edit,
    model::{PartInput, SiteInput},
    store::SETTINGS,
};
use crate::{holiday::pages::regions, leave::Counting};

pub const PATH: &str = "/rh/reglages";

/// How many empty rows a form offers for what is new.
const BLANK_ROWS: usize = 3;

#[derive(Template)]
#[template(path = "hr_settings.html")]
struct HrSettingsPage {
    shell: Shell,
    form_key: String,
    version: Option<u64>,
    countings: Vec<Choice>,
    works_whit_monday: bool,
    departments: Vec<Row>,
    positions: Vec<Row>,
    sites: Vec<SiteRow>,
    errors: FieldErrors,
}

struct Row {
    id: String,
    name: String,
    error: Option<String>,
}

struct SiteRow {
    row: Row,
    regions: Vec<Choice>,
}

fn rows(parts: Vec<PartInput>, pointer: &str, errors: &FieldErrors) -> Vec<Row> {
    let error = |at: usize| errors.get(&format!("{pointer}/{at}/name"));
    parts.into_iter().enumerate().map(|(at, part)| Row { id: part.id, name: part.name, error: error(at) }).collect()
}

impl HrSettingsPage {
    fn new(asker: &Asker, mut form: HrSettingsInput, version: Option<u64>, errors: FieldErrors) -> Self {
        form.departments.extend(vec![PartInput::default(); BLANK_ROWS]);
        form.positions.extend(vec![PartInput::default(); BLANK_ROWS]);
        form.sites.extend(vec![SiteInput::default(); BLANK_ROWS]);
        let site = |(at, site): (usize, SiteInput)| SiteRow {
            regions: regions(&site.region),
            row: Row { id: site.id, name: site.name, error: errors.get(&format!("/sites/{at}/name")) },
        };
        Self {
            shell: Shell::new(asker, "hr", "Réglages RH"),
            form_key: asker.form_key(),
            version,
            countings: choices(Counting::ALL.map(|counting| (counting.name(), counting.french())), &form.counting),
            works_whit_monday: form.works_whit_monday == "true",
            departments: rows(form.departments, "/departments", &errors),
            positions: rows(form.positions, "/positions", &errors),
            sites: form.sites.into_iter().enumerate().map(site).collect(),
            errors,
        }
    }
}

pub async fn hr_settings_form(asker: Asker) -> PageResult {
    let settings = SETTINGS.shown(&asker.scope).await?;
    let version = Some(settings.version);
    page(&HrSettingsPage::new(&asker, HrSettingsInput::of(&settings), version, FieldErrors::default()))
}

pub async fn edit_hr_settings(asker: Asker, form: NestedForm<HrSettingsInput>) -> PageResult {
    match edit(&asker, &form.input, form.version).await {
        Ok(_) => asker.done(PATH, "Les réglages sont enregistrés."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let shown = HrSettingsPage::new(&asker, form.input, form.version, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
