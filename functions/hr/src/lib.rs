//! People at work: their files and contracts, holidays, what leave takes from somebody's days, the time that they work, and
//! what of it goes to the pay slips. Requests for leave and balances are to come.

pub mod employee;
mod holiday;
pub mod leave;
pub mod payroll;
pub mod settings;
pub mod time;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{HrCreate, HrDelete, HrEdit, HrExport, HrReadSecrets, HrView};
use web::{
    Access::{Member, Needs},
    Routes, routes,
};

/// A form that has nothing but its key and its version.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
pub struct Nothing {}

pub fn routes() -> Routes {
    Routes::new()
        .get(Member, "/rh", holiday::pages::show_hr)
        .get(Member, holiday::pages::PATH, holiday::pages::list_holidays)
        .get(Member, leave::pages::PATH, leave::pages::count_leave)
        .get(Member, "/rh/moi", employee::pages::show_own_file)
        .get(Needs(HrView), "/rh/employes", employee::pages::list_employees)
        .get(Needs(HrCreate), "/rh/employes/nouveau", employee::pages::new_employee)
        .post(Needs(HrCreate), "/rh/employes/nouveau", employee::pages::create_employee)
        .get(Needs(HrView), "/rh/employes/{id}", employee::pages::show_employee)
        .get(Needs(HrEdit), "/rh/employes/{id}/modifier", employee::pages::employee_form)
        .post(Needs(HrEdit), "/rh/employes/{id}/modifier", employee::pages::edit_employee)
        .get(Needs(HrEdit), "/rh/employes/{id}/contrats/nouveau", employee::pages::new_contract)
        .post(Needs(HrEdit), "/rh/employes/{id}/contrats/nouveau", employee::pages::add_contract)
        .get(Needs(HrEdit), "/rh/employes/{id}/contrats/{from}", employee::pages::contract_form)
        .post(Needs(HrEdit), "/rh/employes/{id}/contrats/{from}", employee::pages::edit_contract)
        .post(Needs(HrEdit), "/rh/employes/{id}/contrats/{from}/retirer", employee::pages::remove_contract)
        .get(Needs(HrReadSecrets), "/rh/employes/{id}/nir", employee::pages::show_nir)
        .post(Needs(HrReadSecrets), "/rh/employes/{id}/nir", employee::pages::set_nir)
        .get(Needs(HrView), "/rh/organigramme", employee::pages::show_org_chart)
        .get(Needs(HrExport), "/rh/registre.csv", employee::pages::export_register)
        .get(Member, "/rh/temps", time::pages::show_own_time)
        .get(Member, "/rh/temps/equipe", time::pages::list_time_weeks)
        .get(Needs(HrEdit), "/rh/temps/reglages", time::pages::time_settings_form)
        .post(Needs(HrEdit), "/rh/temps/reglages", time::pages::edit_time_settings)
        .get(Needs(HrDelete), "/rh/temps/conservation", time::pages::list_due_time_weeks)
        .post(Needs(HrDelete), "/rh/temps/conservation", time::pages::remove_due_time_weeks)
        .post(Member, "/rh/temps/{id}/arriver", time::pages::clock_in)
        .post(Member, "/rh/temps/{id}/partir", time::pages::clock_out)
        .get(Member, "/rh/temps/{id}/mois/{month}", time::pages::show_time_recap)
        .get(Member, "/rh/temps/{id}/mois/{month}/export", time::pages::export_time_recap)
        .get(Member, "/rh/temps/{id}/{week}", time::pages::show_time_week)
        .post(Member, "/rh/temps/{id}/{week}", time::pages::edit_time_week)
        .post(Member, "/rh/temps/{id}/{week}/soumettre", time::pages::submit_time_week)
        .post(Member, "/rh/temps/{id}/{week}/approuver", time::pages::approve_time_week)
        .post(Member, "/rh/temps/{id}/{week}/rouvrir", time::pages::reopen_time_week)
        .post(Member, "/rh/temps/{id}/{week}/contester", time::pages::dispute_time_week)
        .post(Member, "/rh/temps/{id}/{week}/repondre", time::pages::answer_time_dispute)
        .get(Needs(HrExport), "/rh/paie", payroll::pages::list_payrolls)
        .get(Needs(HrExport), "/rh/paie/{month}", payroll::pages::show_payroll)
        .get(Needs(HrExport), "/rh/paie/{month}/export", payroll::pages::export_payroll)
        .post(Needs(HrExport), "/rh/paie/{month}/cloturer", payroll::pages::close_payroll)
        .post(Needs(HrExport), "/rh/paie/{month}/rouvrir", payroll::pages::reopen_payroll)
        .get(Needs(HrEdit), settings::pages::PATH, settings::pages::hr_settings_form)
        .post(Needs(HrEdit), settings::pages::PATH, settings::pages::edit_hr_settings)
        .api(Member, routes!(holiday::api::list_holidays))
        .api(Member, routes!(leave::api::count_leave))
        .api(Needs(HrView), routes!(employee::api::list_employees))
        .api(Needs(HrCreate), routes!(employee::api::create_employee))
        .api(Needs(HrExport), routes!(employee::api::export_register))
        .api(Needs(HrView), routes!(employee::api::show_employee))
        .api(Needs(HrEdit), routes!(employee::api::edit_employee))
        .api(Needs(HrEdit), routes!(employee::api::add_contract))
        .api(Needs(HrEdit), routes!(employee::api::edit_contract))
        .api(Needs(HrEdit), routes!(employee::api::remove_contract))
        .api(Needs(HrReadSecrets), routes!(employee::api::read_nir))
        .api(Needs(HrReadSecrets), routes!(employee::api::set_nir))
        .api(Member, routes!(time::api::show_own_employee))
        .api(Member, routes!(time::api::show_time_week))
        .api(Member, routes!(time::api::edit_time_week))
        .api(Member, routes!(time::api::list_time_changes))
        .api(Member, routes!(time::api::submit_time_week))
        .api(Member, routes!(time::api::approve_time_week))
        .api(Member, routes!(time::api::reopen_time_week))
        .api(Member, routes!(time::api::dispute_time_week))
        .api(Member, routes!(time::api::answer_time_dispute))
        .api(Member, routes!(time::api::show_clocking))
        .api(Member, routes!(time::api::clock_in))
        .api(Member, routes!(time::api::clock_out))
        .api(Member, routes!(time::api::list_time_weeks))
        .api(Member, routes!(time::api::show_time_recap))
        .api(Member, routes!(time::api::export_time_recap))
        .api(Needs(HrView), routes!(time::api::show_time_settings))
        .api(Needs(HrEdit), routes!(time::api::edit_time_settings))
        .api(Needs(HrDelete), routes!(time::api::list_due_time_weeks))
        .api(Needs(HrDelete), routes!(time::api::remove_due_time_weeks))
        .api(Needs(HrExport), routes!(payroll::api::list_payrolls))
        .api(Needs(HrExport), routes!(payroll::api::show_payroll))
        .api(Needs(HrExport), routes!(payroll::api::export_payroll))
        .api(Needs(HrExport), routes!(payroll::api::close_payroll))
        .api(Needs(HrExport), routes!(payroll::api::reopen_payroll))
        .api(Needs(HrView), routes!(settings::api::show_hr_settings))
        .api(Needs(HrEdit), routes!(settings::api::edit_hr_settings))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
