//! `/facturation/comptabilite`: files for accountants, archives, the account plan.

use std::collections::BTreeMap;

use askama::Template;
use http::StatusCode;
use kernel::{Permission, id::JobId, text};
use serde::Deserialize;
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page_with_status, redirect,
};

use super::{
    AccountPlan, Format, Job, JobInput, Progress, Task, api,
    plan::{AccountPlanInput, USES},
};
use crate::ledger::closing::{year_end, year_start};

const PATH: &str = "/facturation/comptabilite";
const PLAN_PATH: &str = "/facturation/comptabilite/plan";
/// Financial years that the FEC and the archive are offered of.
const YEARS: i16 = 10;

#[derive(Template)]
#[template(path = "accounting.html")]
struct AccountingPage {
    shell: Shell,
    form_key: String,
    errors: FieldErrors,
    years: Vec<Choice>,
    archives: Vec<Choice>,
    formats: Vec<Choice>,
    from: String,
    to: String,
    jobs: Vec<JobRow>,
    is_under_way: bool,
}

struct JobRow {
    id: JobId,
    what: &'static str,
    period: String,
    at: String,
    by: String,
    badge: &'static str,
    status: &'static str,
    /// How far it is, or why it failed.
    note: String,
    file_name: Option<String>,
}

impl JobRow {
    fn of(asker: &Asker, job: &Job) -> Self {
        let now = asker.scope.now();
        let standing = job.standing(now);
        let at = job.requested_at.to_zoned(asker.organization.zone());
        let date = |on| asker.organization.date(on);
        Self {
            id: job.id,
            what: job.task.french(),
            period: match job.task {
                Task::Archive { from: None, .. } => "Depuis l’origine".into(),
                task => task.period().map(|(from, to)| format!("{} – {}", date(from), date(to))).unwrap_or_default(),
            },
            at: format!("{} à {:02}:{:02}", text::short_date(at.date()), at.hour(), at.minute()),
            by: job.requested_by.clone(),
            badge: standing.badge(),
            status: standing.french(),
            note: match &job.progress {
                Progress::Running { done, of } if standing.is_under_way() => format!("{done} écritures sur {of}"),
                Progress::Failed { reason, .. } => reason.clone(),
                _ => String::new(),
            },
            file_name: job.file(now).map(|(name, _)| name.into()),
        }
    }
}

async fn accounting_page(asker: &Asker, input: &JobInput, errors: FieldErrors) -> kernel::Result<AccountingPage> {
    let (jobs, plan) = table::meter::side_by_side(super::list_jobs(&asker.scope), super::read_plan(&asker.scope)).await;
    let (jobs, plan) = (jobs?, plan?);
    let today = asker.today();
    let current = year_end(today, plan.year_end_month)?;
    let years: Vec<(String, String)> = (0..YEARS)
        .filter_map(|back| {
            let to = year_end(
                jiff::civil::Date::new(current.year() - back, plan.year_end_month, 1).ok()?,
                plan.year_end_month,
            )
            .ok()?;
            let from = year_start(to).ok()?;
            let date = |on| asker.organization.date(on);
            let label = format!("Du {} au {}", date(from), date(to));
            let label = if back == 0 { format!("{label} (en cours)") } else { label };
            Some((to.year().to_string(), label))
        })
        .collect();
    let everything = std::iter::once((String::new(), "Depuis l’origine".to_owned()));
    let formats = Format::ALL.into_iter().filter(|format| *format != Format::Fec);
    let month = today.first_of_month();
    let or =
        |typed: &str, usual: jiff::civil::Date| if typed.is_empty() { usual.to_string() } else { typed.to_owned() };
    Ok(AccountingPage {
        shell: Shell::new(asker, "invoicing", "Comptabilité et archives"),
        form_key: asker.form_key(),
        errors,
        archives: choices(everything.chain(years.iter().cloned()), &input.year),
        years: choices(years, &input.year),
        formats: choices(formats.map(|format| (format.name(), format.french())), &input.format),
        from: or(&input.from, month),
        to: or(&input.to, month.last_of_month()),
        is_under_way: jobs.is_under_way(asker.scope.now()),
        jobs: jobs.recent.iter().map(|job| JobRow::of(asker, job)).collect(),
    })
}

pub async fn show_accounting(asker: Asker) -> PageResult {
    web::page(&accounting_page(&asker, &JobInput::default(), FieldErrors::default()).await?)
}

pub async fn request_job(asker: Asker, form: Form<JobInput>) -> PageResult {
    match super::request_job(&asker.scope, &asker.organization, &asker.name, &form.input).await {
        Ok(_) => asker.done(PATH, "C’est demandé. Le fichier se prépare\u{a0}: il apparaîtra dans la liste."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let page = accounting_page(&asker, &form.input, errors).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// Leads to the file.
pub async fn download_job(asker: Asker, Id(id): Id<JobId>) -> PageResult {
    redirect(&api::link(&asker, id).await?.url)
}

// ---- the account plan -----------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "account_plan.html")]
struct PlanPage {
    shell: Shell,
    form_key: String,
    version: u64,
    can_save: bool,
    errors: FieldErrors,
    months: Vec<Choice>,
    groups: Vec<(&'static str, Vec<UseField>)>,
}

struct UseField {
    /// Of the form's field.
    name: String,
    label: &'static str,
    usual: &'static str,
    value: String,
    pointer: String,
}

/// A form has its fields side by side, not in a map.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    year_end_month: String,
    #[serde(flatten)]
    accounts: BTreeMap<String, String>,
}

impl PlanForm {
    fn input(&self) -> AccountPlanInput {
        AccountPlanInput { year_end_month: self.year_end_month.clone(), accounts: self.accounts.clone() }
    }

    fn of(plan: &AccountPlan) -> Self {
        let accounts = USES.iter().map(|usage| (usage.name.into(), plan.of(usage).into())).collect();
        Self { year_end_month: plan.year_end_month.to_string(), accounts }
    }
}

impl PlanPage {
    fn new(asker: &Asker, version: u64, form: &PlanForm, errors: FieldErrors) -> Self {
        let mut groups: Vec<(&'static str, Vec<UseField>)> = Vec::new();
        for usage in USES {
            let field = UseField {
                name: usage.name.into(),
                label: usage.french,
                usual: usage.usual,
                value: form.accounts.get(usage.name).cloned().unwrap_or_default(),
                pointer: format!("/accounts/{}", usage.name),
            };
            match groups.last_mut().filter(|(group, _)| *group == usage.group) {
                Some((_, fields)) => fields.push(field),
                None => groups.push((usage.group, vec![field])),
            }
        }
        let months = (1..=12_i8).map(|month| {
            let on = jiff::civil::Date::constant(2026, month, 1);
            let name = text::french_date(on);
            (month.to_string(), name.split(' ').nth(1).unwrap_or_default().to_owned())
        });
        Self {
            shell: Shell::new(asker, "invoicing", "Plan comptable"),
            form_key: asker.form_key(),
            version,
            can_save: asker.may(Permission::InvoicingApprove),
            errors,
            months: choices(months, &form.year_end_month),
            groups,
        }
    }
}

pub async fn show_plan(asker: Asker) -> PageResult {
    let plan = super::read_plan(&asker.scope).await?;
    web::page(&PlanPage::new(&asker, plan.version, &PlanForm::of(&plan), FieldErrors::default()))
}

pub async fn edit_plan(asker: Asker, form: Form<PlanForm>) -> PageResult {
    match super::edit_plan(&asker.scope, &form.input.input(), form.version).await {
        Ok(_) => asker.done(PLAN_PATH, "Le plan comptable est enregistré."),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let page = PlanPage::new(&asker, form.version.unwrap_or_default(), &form.input, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
