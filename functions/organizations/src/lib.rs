//! Organizations: who a tenant is, in law and in looks; the platform's administrator, who sees all of them; and what no
//! context owns (the audit log, assets, API reader).

mod attached;
pub mod audit;
pub mod docs;
pub mod export;
pub mod home;
pub mod kinds;
pub mod logo;
pub mod organization;
pub mod person;
pub mod platform;
pub mod retention;
pub mod worker;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{SettingsEdit, SettingsExport, SettingsView};
use web::{
    Access::{Anyone, Member, Needs, Platform},
    Routes, assets, routes,
};

use organization::{api, pages};

pub fn routes() -> Routes {
    Routes::new()
        .get(Needs(SettingsView), "/organisation", pages::show_organization)
        .post(Needs(SettingsEdit), "/organisation", pages::edit_organization)
        .api(Needs(SettingsView), routes!(api::show_organization))
        .api(Needs(SettingsEdit), routes!(api::edit_organization))
        .get(Needs(SettingsView), audit::pages::PATH, audit::pages::list_audit_entries)
        .get(Needs(SettingsExport), audit::pages::EXPORT, audit::pages::export_audit_entries)
        .api(Needs(SettingsView), routes!(audit::api::list_audit_entries))
        .get(Needs(SettingsView), audit::widget::PATH, audit::widget::show_feed)
        .get(Member, "/organisation/logo", logo::pages::show_logo)
        .post(Needs(SettingsEdit), "/organisation/logo", logo::pages::change_logo)
        .post(Needs(SettingsEdit), "/organisation/logo/televersement", logo::pages::begin_logo_upload)
        .post(Needs(SettingsEdit), "/organisation/logo/supprimer", logo::pages::remove_logo)
        .api(Needs(SettingsView), routes!(logo::api::show_logo))
        .api(Needs(SettingsEdit), routes!(logo::api::begin_logo_upload))
        .api(Needs(SettingsEdit), routes!(logo::api::change_logo))
        .api(Needs(SettingsEdit), routes!(logo::api::remove_logo))
        .get(Needs(SettingsExport), export::pages::PATH, export::pages::show_exports)
        .post(Needs(SettingsExport), export::pages::PATH, export::pages::request_export)
        .get(Needs(SettingsExport), "/organisation/export/{id}", export::pages::download_export)
        .api(Needs(SettingsExport), routes!(export::api::list_exports))
        .api(Needs(SettingsExport), routes!(export::api::request_export))
        .api(Needs(SettingsExport), routes!(export::api::download_export))
        .get(Needs(SettingsView), retention::pages::PATH, retention::pages::list_retention_rules)
        .api(Needs(SettingsView), routes!(retention::api::list_retention_rules))
        .get(Platform, platform::pages::PATH, platform::pages::list_organizations)
        .get(Platform, "/plateforme/entreprises/{id}", platform::pages::show_organization)
        .post(Platform, "/plateforme/entreprises/{id}/visiter", platform::pages::enter_organization)
        .post(Platform, "/plateforme/entreprises/{id}/quitter", platform::pages::leave_organization)
        .post(Platform, "/plateforme/entreprises/{id}/suspendre", platform::pages::suspend_organization)
        .post(Platform, "/plateforme/entreprises/{id}/retablir", platform::pages::resume_organization)
        .post(Platform, "/plateforme/entreprises/{id}/essai", platform::pages::set_trial)
        .get(Platform, platform::pages::DELETED, platform::pages::list_deleted_organizations)
        .post(Platform, "/plateforme/entreprises/{id}/exporter", platform::pages::request_export)
        .get(Platform, "/plateforme/entreprises/{id}/export", platform::pages::download_export)
        .post(Platform, "/plateforme/entreprises/{id}/supprimer", platform::pages::delete_organization)
        .get(Platform, "/plateforme/entreprises/{id}/document", platform::pages::download_document)
        .api(Platform, routes!(platform::api::list_organizations))
        .api(Platform, routes!(platform::api::list_deleted_organizations))
        .api(Platform, routes!(platform::api::show_organization))
        .api(Platform, routes!(platform::api::suspend_organization))
        .api(Platform, routes!(platform::api::resume_organization))
        .api(Platform, routes!(platform::api::enter_organization, platform::api::leave_organization))
        .api(Platform, routes!(platform::api::set_trial))
        .get(Anyone, "/assets/{name}", assets::show_asset)
        .get(Anyone, "/theme/{colors}", assets::show_theme)
        .get(Anyone, "/api/openapi.json", docs::show_openapi)
        .get(Anyone, "/api/docs", docs::show_docs)
        .get(Anyone, "/sante", home::show_health)
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
