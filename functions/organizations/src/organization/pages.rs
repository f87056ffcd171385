//! `/organisation`: the settings form.

use askama::Template;
use http::StatusCode;
use kernel::{Currency, Permission, reference::VatRegime};
use web::{
    Asker, Form, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page_with_status,
};

use super::OrganizationInput;

#[derive(Template)]
#[template(path = "organization.html")]
struct OrganizationPage {
    shell: Shell,
    form_key: String,
    version: u64,
    form: OrganizationInput,
    errors: FieldErrors,
    can_edit: bool,
    currencies: Vec<Choice>,
    vat_regimes: Vec<Choice>,
    time_zones: Vec<Choice>,
}

impl OrganizationPage {
    fn new(asker: &Asker, version: u64, input: OrganizationInput, errors: FieldErrors) -> Self {
        Self {
            shell: Shell::new(asker, "settings", "Paramètres de l’entreprise"),
            form_key: asker.form_key(),
            version,
            errors,
            can_edit: asker.may(Permission::SettingsEdit),
            currencies: choices(
                Currency::ALL.map(|currency| (currency.code(), format!("{} ({})", currency.french(), currency.code()))),
                &input.currency,
            ),
            vat_regimes: choices(VatRegime::ALL.map(|regime| (regime.name(), regime.french())), &input.vat_regime),
            time_zones: choices(TIME_ZONES.iter().copied(), &input.time_zone),
            form: input,
        }
    }
}

/// Where French companies and those of the currencies above keep their day.
const TIME_ZONES: &[(&str, &str)] = &[
    ("Europe/Paris", "Paris (métropole)"),
    ("America/Guadeloupe", "Guadeloupe"),
    ("America/Martinique", "Martinique"),
    ("America/Cayenne", "Guyane"),
    ("Indian/Reunion", "La Réunion"),
    ("Indian/Mayotte", "Mayotte"),
    ("Pacific/Noumea", "Nouvelle-Calédonie"),
    ("Pacific/Tahiti", "Polynésie française"),
    ("America/Miquelon", "Saint-Pierre-et-Miquelon"),
    ("Europe/London", "Londres"),
    ("Europe/Zurich", "Zurich"),
    ("Africa/Casablanca", "Casablanca"),
    ("Africa/Algiers", "Alger"),
    ("Africa/Tunis", "Tunis"),
    ("Africa/Dakar", "Dakar"),
    ("Africa/Abidjan", "Abidjan"),
    ("Africa/Douala", "Douala"),
    ("America/New_York", "New York"),
];

pub async fn show_organization(asker: Asker) -> PageResult {
    let organization = super::edit_organization::read(&asker.scope).await?;
    let input = OrganizationInput::of(&organization);
    web::page(&OrganizationPage::new(&asker, organization.version, input, FieldErrors::default()))
}

pub async fn edit_organization(asker: Asker, form: Form<OrganizationInput>) -> PageResult {
    match super::edit_organization(&asker.scope, &form.input, form.version).await {
        Ok(_) => asker.done("/organisation", "Les paramètres de l’entreprise sont enregistrés."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let version = form.version.unwrap_or_default();
            page_with_status(
                StatusCode::UNPROCESSABLE_ENTITY,
                &OrganizationPage::new(&asker, version, form.input, errors),
            )
        }
    }
}
