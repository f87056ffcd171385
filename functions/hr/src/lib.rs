//! People at work: their files and contracts, holidays, and what leave takes from somebody's days. Requests, balances and
//! time are to come.

pub mod employee;
mod holiday;
pub mod leave;
pub mod settings;
mod widgets;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{HrCreate, HrEdit, HrExport, HrReadSecrets, HrView};
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
        .get(Needs(HrView), "/rh/widgets/anniversaires", widgets::show_birthdays)
        .get(Needs(HrView), "/rh/organigramme", employee::pages::show_org_chart)
        .get(Needs(HrExport), "/rh/registre.csv", employee::pages::export_register)
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
        .api(Needs(HrView), routes!(settings::api::show_hr_settings))
        .api(Needs(HrEdit), routes!(settings::api::edit_hr_settings))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
