//! People at work: their files and contracts, holidays, and leave: what is earned, asked for and decided. Time is to come.

pub mod employee;
mod holiday;
pub mod leave;
pub mod settings;
mod widgets;
pub mod worker;

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
        .get(Member, leave::desk::PATH, leave::desk::show_own_leave)
        .get(Member, "/rh/conges/a-valider", leave::desk::list_awaited)
        .get(Member, "/rh/conges/equipe", leave::desk::list_team)
        .post(Member, "/rh/conges/delegation", leave::desk::delegate_leave)
        .get(Needs(HrView), "/rh/conges/soldes", leave::desk::list_balances)
        .post(Needs(HrEdit), "/rh/conges/soldes/calculer", leave::desk::count_all_leave)
        .get(Needs(HrEdit), "/rh/conges/reglages", leave::desk::leave_settings_form)
        .post(Needs(HrEdit), "/rh/conges/reglages", leave::desk::edit_leave_settings)
        .get(Member, "/rh/conges/{id}", leave::desk::show_leave)
        .post(Needs(HrEdit), "/rh/conges/{id}/corriger", leave::desk::adjust_leave)
        .post(Needs(HrEdit), "/rh/conges/{id}/informer", leave::desk::inform_of_leave)
        .get(Member, "/rh/conges/{id}/demander", leave::desk::leave_form)
        .post(Member, "/rh/conges/{id}/demander", leave::desk::request_leave)
        .get(Member, "/rh/conges/{id}/decompte", leave::desk::count_live)
        .get(Member, "/rh/conges/{id}/collegues", leave::desk::show_colleagues)
        .get(Member, "/rh/conges/{id}/{request}", leave::desk::show_leave_request)
        .get(Member, "/rh/conges/{id}/{request}/modifier", leave::desk::draft_form)
        .post(Member, "/rh/conges/{id}/{request}/modifier", leave::desk::edit_draft)
        .post(Member, "/rh/conges/{id}/{request}/envoyer", leave::desk::submit_leave)
        .post(Member, "/rh/conges/{id}/{request}/approuver", leave::desk::approve_leave)
        .post(Member, "/rh/conges/{id}/{request}/refuser", leave::desk::refuse_leave)
        .post(Member, "/rh/conges/{id}/{request}/retirer", leave::desk::withdraw_leave)
        .post(Member, "/rh/conges/{id}/{request}/annuler", leave::desk::cancel_leave)
        .get(Needs(HrEdit), settings::pages::PATH, settings::pages::hr_settings_form)
        .post(Needs(HrEdit), settings::pages::PATH, settings::pages::edit_hr_settings)
        .api(Member, routes!(holiday::api::list_holidays))
        .api(Member, routes!(leave::api::count_leave))
        .api(Member, routes!(leave::api::find_own_leave))
        .api(Member, routes!(leave::api::list_awaited_leave))
        .api(Needs(HrView), routes!(leave::api::list_leave_balances))
        .api(Member, routes!(leave::api::list_absences))
        .api(Member, routes!(leave::api::show_leave_settings))
        .api(Needs(HrEdit), routes!(leave::api::edit_leave_settings))
        .api(Member, routes!(leave::api::delegate_leave))
        .api(Member, routes!(leave::api::show_leave))
        .api(Needs(HrEdit), routes!(leave::api::adjust_leave))
        .api(Needs(HrEdit), routes!(leave::api::inform_of_leave))
        .api(Member, routes!(leave::api::request_leave))
        .api(Member, routes!(leave::api::show_leave_request))
        .api(Member, routes!(leave::api::edit_leave_request))
        .api(Member, routes!(leave::api::submit_leave_request))
        .api(Member, routes!(leave::api::approve_leave))
        .api(Member, routes!(leave::api::refuse_leave))
        .api(Member, routes!(leave::api::withdraw_leave))
        .api(Member, routes!(leave::api::cancel_leave))
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
