//! The CRM: companies (clients, prospects, partners, suppliers) and the people there. What the other contexts
//! know of a company is the `ClientReference` that each change of it publishes.

pub mod company;
pub mod contact;
mod home;
mod panel;
pub mod reassignment;
pub mod retention;
pub mod worker;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{CrmCreate, CrmDelete, CrmEdit, CrmExport, CrmView};
use web::{Access::Needs, Routes, routes};

pub fn routes() -> Routes {
    Routes::new()
        .get(Needs(CrmView), "/crm", home::show_crm)
        .get(Needs(CrmView), "/crm/panneaux/recents", panel::show_recent)
        .get(Needs(CrmView), "/crm/entreprises", company::pages::list_companies)
        .get(Needs(CrmCreate), "/crm/entreprises/nouvelle", company::pages::new_company)
        .post(Needs(CrmCreate), "/crm/entreprises/nouvelle", company::pages::create_company)
        .get(Needs(CrmView), "/crm/entreprises/{id}", company::pages::show_company)
        .get(Needs(CrmEdit), "/crm/entreprises/{id}/modifier", company::pages::company_form)
        .post(Needs(CrmEdit), "/crm/entreprises/{id}/modifier", company::pages::edit_company)
        .post(Needs(CrmDelete), "/crm/entreprises/{id}/effacer", company::pages::erase_client)
        .get(Needs(CrmView), "/crm/contacts", contact::pages::list_contacts)
        .get(Needs(CrmCreate), "/crm/contacts/nouveau", contact::pages::new_contact)
        .post(Needs(CrmCreate), "/crm/contacts/nouveau", contact::pages::create_contact)
        .get(Needs(CrmView), "/crm/contacts/{id}", contact::pages::show_contact)
        .get(Needs(CrmEdit), "/crm/contacts/{id}/modifier", contact::pages::contact_form)
        .post(Needs(CrmEdit), "/crm/contacts/{id}/modifier", contact::pages::edit_contact)
        .post(Needs(CrmDelete), "/crm/contacts/{id}/effacer", contact::pages::erase_contact)
        .get(Needs(CrmExport), "/crm/contacts/{id}/donnees", contact::pages::show_contact_exports)
        .post(Needs(CrmExport), "/crm/contacts/{id}/donnees", contact::pages::request_contact_export)
        .get(Needs(CrmExport), "/crm/contacts/{id}/donnees/{export}", contact::pages::download_contact_export)
        .get(Needs(CrmExport), "/crm/entreprises/{id}/donnees", company::pages::show_client_exports)
        .post(Needs(CrmExport), "/crm/entreprises/{id}/donnees", company::pages::request_client_export)
        .get(Needs(CrmExport), "/crm/entreprises/{id}/donnees/{export}", company::pages::download_client_export)
        .get(Needs(CrmEdit), reassignment::pages::PATH, reassignment::pages::show_records)
        .post(Needs(CrmEdit), reassignment::pages::PATH, reassignment::pages::reassign_records)
        .api(Needs(CrmEdit), routes!(reassignment::api::reassign_records))
        .get(Needs(CrmView), retention::pages::PATH, retention::pages::list_due_contacts)
        .get(Needs(CrmView), retention::pages::PROSPECTS, retention::pages::list_due_prospects)
        .post(Needs(CrmEdit), retention::pages::KEEP, retention::pages::keep_contacts)
        .post(Needs(CrmDelete), retention::pages::ERASE, retention::pages::erase_due_contacts)
        .api(Needs(CrmView), routes!(company::api::list_companies))
        .api(Needs(CrmCreate), routes!(company::api::create_company))
        .api(Needs(CrmView), routes!(company::api::show_company))
        .api(Needs(CrmEdit), routes!(company::api::edit_company))
        .api(Needs(CrmDelete), routes!(company::api::erase_client))
        .api(Needs(CrmView), routes!(company::api::show_client_erasure))
        .api(Needs(CrmView), routes!(contact::api::list_contacts))
        .api(Needs(CrmCreate), routes!(contact::api::create_contact))
        .api(Needs(CrmView), routes!(contact::api::show_contact))
        .api(Needs(CrmEdit), routes!(contact::api::edit_contact))
        .api(Needs(CrmDelete), routes!(contact::api::erase_contact))
        .api(Needs(CrmView), routes!(contact::api::show_erasure))
        .api(Needs(CrmEdit), routes!(contact::api::keep_contact))
        .api(Needs(CrmExport), routes!(contact::api::list_contact_exports, contact::api::request_contact_export))
        .api(Needs(CrmExport), routes!(contact::api::download_contact_export))
        .api(Needs(CrmExport), routes!(company::api::list_client_exports, company::api::request_client_export))
        .api(Needs(CrmExport), routes!(company::api::download_client_export))
        .api(Needs(CrmView), routes!(retention::api::list_due_contacts))
        .api(Needs(CrmView), routes!(retention::api::list_due_prospects))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
