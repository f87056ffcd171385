//! `/organisation`: the settings form.

use askama::Template;
use http::StatusCode;
use jiff::civil::Date;
use kernel::{Currency, Permission, document::Design, reference::VatRegime, terms::DayCount, text::DateFormat};
use web::{
    Asker, Form, PageResult, Shell,
    form::{Choice, FieldErrors, choices, countries},
    page_with_status,
};

use super::{OrganizationInput, model};
use crate::logo::pages::LogoBox;

#[derive(Template)]
#[template(path = "organization.html")]
struct OrganizationPage {
    shell: Shell,
    form_key: String,
    version: u64,
    form: OrganizationInput,
    errors: FieldErrors,
    can_edit: bool,
    can_export: bool,
    countries: Vec<Choice>,
    currencies: Vec<Choice>,
    vat_regimes: Vec<Choice>,
    day_counts: Vec<Choice>,
    time_zones: Vec<Choice>,
    date_formats: Vec<Choice>,
    designs: Vec<Choice>,
    logo: LogoBox,
    /// The day on which the trial ends, while the page's frame does not tell it.
    trial_ends: Option<String>,
}

impl OrganizationPage {
    fn new(asker: &Asker, version: u64, input: OrganizationInput, errors: FieldErrors) -> Self {
        let today = asker.today();
        let shell = Shell::new(asker, "settings", "Paramètres de l’entreprise");
        let far = asker.organization.trial_ends_on.filter(|_| shell.trial.is_none());
        Self {
            trial_ends: far.map(|on| asker.organization.date(on)),
            shell,
            form_key: asker.form_key(),
            version,
            errors,
            can_edit: asker.may(Permission::SettingsEdit),
            can_export: asker.may(Permission::SettingsExport),
            countries: countries(&input.country),
            currencies: choices(
                Currency::ALL.map(|currency| (currency.code(), format!("{} ({})", currency.french(), currency.code()))),
                &input.currency,
            ),
            vat_regimes: choices(VatRegime::ALL.map(|regime| (regime.name(), regime.french())), &input.vat_regime),
            day_counts: choices(DayCount::ALL.map(|count| (count.name(), count.french())), &input.day_count),
            time_zones: choices(model::time_zones(&input.time_zone), &input.time_zone),
            // Shown by an example: the last day of the year tells day from month.
            date_formats: choices(
                DateFormat::ALL.map(|format| (format.name(), format.show(last_day(today)))),
                &input.date_format,
            ),
            designs: choices(Design::ALL.map(|design| (design.name(), design.french())), &input.design),
            logo: LogoBox::new(asker, &asker.organization),
            form: input,
        }
    }
}

fn last_day(of: Date) -> Date {
    Date::new(of.year(), 12, 31).unwrap_or(of)
}

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
