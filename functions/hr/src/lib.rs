//! People at work: their files and contracts, holidays, and what leave takes from somebody's days. Requests, balances and
//! time are to come.

mod dashboard;
pub mod employee;
mod expense;
mod holiday;
pub mod leave;
pub mod letter;
pub mod paper;
mod retention;
pub mod settings;
pub mod worker;

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
        .get(Needs(HrEdit), settings::pages::PATH, settings::pages::hr_settings_form)
        .post(Needs(HrEdit), settings::pages::PATH, settings::pages::edit_hr_settings)
        .get(Needs(HrView), "/rh/panneaux/documents/{id}", paper::pages::show_papers)
        .post(Needs(HrEdit), "/rh/employes/{id}/documents/televersement", paper::pages::begin_paper_upload)
        .post(Needs(HrEdit), "/rh/employes/{id}/documents", paper::pages::attach_paper)
        .get(Needs(HrView), "/rh/employes/{id}/documents/{paper}", paper::pages::show_paper)
        .post(Needs(HrEdit), "/rh/employes/{id}/documents/{paper}/modifier", paper::pages::edit_paper)
        .post(Needs(HrEdit), "/rh/employes/{id}/documents/{paper}/versions", paper::pages::add_paper_version)
        .get(Needs(HrView), "/rh/employes/{id}/documents/{paper}/versions/{number}", paper::pages::download_paper)
        .post(Needs(HrEdit), "/rh/employes/{id}/documents/{paper}/supprimer", paper::pages::delete_paper)
        .get(Needs(HrView), paper::pages::EXPIRING_PATH, paper::pages::list_expiring_papers)
        .get(Member, paper::pages::OWN_PATH, paper::pages::list_own_papers)
        .get(Member, "/rh/mes-documents/{paper}/versions/{number}", paper::pages::download_own_paper)
        .get(Needs(HrView), dashboard::pages::PATH, dashboard::pages::show_dashboard)
        .get(Needs(HrEdit), "/rh/panneaux/entretiens/{id}", dashboard::pages::show_interviews)
        .post(Needs(HrEdit), "/rh/employes/{id}/entretiens", dashboard::pages::record_interview)
        .post(Needs(HrEdit), "/rh/employes/{id}/entretiens/{from}/retirer", dashboard::pages::remove_interview)
        .api(Needs(HrView), routes!(dashboard::api::show_hr_figures))
        .api(Needs(HrEdit), routes!(dashboard::api::list_interviews))
        .api(Needs(HrEdit), routes!(dashboard::api::record_interview))
        .api(Needs(HrEdit), routes!(dashboard::api::remove_interview))
        .get(Needs(HrDelete), retention::pages::PATH, retention::pages::list_due_employees)
        .post(Needs(HrDelete), "/rh/conservation/effacer", retention::pages::erase_employees)
        .api(Needs(HrDelete), routes!(retention::api::list_due_employees))
        .api(Needs(HrDelete), routes!(retention::api::erase_employees))
        .get(Member, expense::pages::PATH, expense::pages::list_own_reports)
        .post(Member, expense::pages::PATH, expense::pages::open_report)
        .get(Member, expense::pages::AWAITED_PATH, expense::pages::list_reports)
        .get(Member, "/rh/frais/{id}", expense::pages::show_report)
        .post(Member, "/rh/frais/{id}/lignes", expense::pages::add_line)
        .get(Member, "/rh/frais/{id}/lignes/{line}", expense::pages::line_form)
        .post(Member, "/rh/frais/{id}/lignes/{line}/modifier", expense::pages::edit_line)
        .post(Member, "/rh/frais/{id}/lignes/{line}/supprimer", expense::pages::remove_line)
        .post(Member, "/rh/frais/{id}/televersement", expense::pages::begin_receipt_upload)
        .get(Member, "/rh/frais/{id}/lignes/{line}/justificatif", expense::pages::download_receipt)
        .post(Member, "/rh/frais/{id}/lignes/{line}/justificatif", expense::pages::add_receipt)
        .post(Member, "/rh/frais/{id}/lignes/{line}/justificatif/retirer", expense::pages::remove_receipt)
        .post(Member, "/rh/frais/{id}/envoyer", expense::pages::submit_report)
        .post(Member, "/rh/frais/{id}/approuver", expense::pages::approve_report)
        .post(Member, "/rh/frais/{id}/refuser", expense::pages::refuse_report)
        .post(Member, "/rh/frais/{id}/rembourser", expense::pages::reimburse_report)
        .post(Member, "/rh/frais/{id}/supprimer", expense::pages::delete_report)
        .api(Member, routes!(expense::api::list_own_expense_reports))
        .api(Member, routes!(expense::api::open_expense_report))
        .api(Member, routes!(expense::api::list_expense_reports))
        .api(Member, routes!(expense::api::show_expense_report))
        .api(Member, routes!(expense::api::delete_expense_report))
        .api(Member, routes!(expense::api::add_expense_line))
        .api(Member, routes!(expense::api::edit_expense_line))
        .api(Member, routes!(expense::api::remove_expense_line))
        .api(Member, routes!(expense::api::begin_receipt_upload))
        .api(Member, routes!(expense::api::add_receipt))
        .api(Member, routes!(expense::api::remove_receipt))
        .api(Member, routes!(expense::api::download_receipt))
        .api(Member, routes!(expense::api::submit_expense_report))
        .api(Member, routes!(expense::api::approve_expense_report))
        .api(Member, routes!(expense::api::refuse_expense_report))
        .api(Member, routes!(expense::api::reimburse_expense_report))
        .get(Needs(HrEdit), "/rh/employes/{id}/courriers", letter::pages::letter_form)
        .post(Needs(HrEdit), "/rh/employes/{id}/courriers", letter::pages::make_letter)
        .post(Needs(HrEdit), "/rh/employes/{id}/courriers/apercu", letter::pages::preview_letter)
        .get(Needs(HrEdit), letter::pages::TEMPLATES_PATH, letter::pages::letter_templates_form)
        .post(Needs(HrEdit), letter::pages::TEMPLATES_PATH, letter::pages::edit_letter_templates)
        .api(Needs(HrEdit), routes!(letter::api::preview_letter))
        .api(Needs(HrEdit), routes!(letter::api::make_letter))
        .api(Needs(HrEdit), routes!(letter::api::show_letter_templates))
        .api(Needs(HrEdit), routes!(letter::api::edit_letter_templates))
        .api(Needs(HrView), routes!(paper::api::list_papers))
        .api(Needs(HrEdit), routes!(paper::api::begin_paper_upload))
        .api(Needs(HrEdit), routes!(paper::api::attach_paper))
        .api(Needs(HrView), routes!(paper::api::show_paper))
        .api(Needs(HrEdit), routes!(paper::api::edit_paper))
        .api(Needs(HrEdit), routes!(paper::api::delete_paper))
        .api(Needs(HrEdit), routes!(paper::api::add_paper_version))
        .api(Needs(HrView), routes!(paper::api::download_paper))
        .api(Needs(HrView), routes!(paper::api::download_letter))
        .api(Needs(HrView), routes!(paper::api::list_expiring_papers))
        .api(Member, routes!(paper::api::list_own_papers))
        .api(Member, routes!(paper::api::download_own_paper))
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
