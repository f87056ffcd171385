//! The search over everything that an organization has. The worker keeps an index that follows what is written
//! ([`document`]); the router reads it ([`query`]) and can have it made anew ([`rebuild`]).

pub mod document;
pub mod query;
pub mod rebuild;
pub mod worker;

use axum::Router;
use cloud::Deps;
use kernel::Permission::{SettingsEdit, SettingsView};
use web::{
    Access::{Member, Needs},
    Routes, routes,
};

pub fn routes() -> Routes {
    Routes::new()
        // Everybody may search; what they find is what they may see.
        .get(Member, query::pages::PATH, query::pages::search_records)
        .get(Member, "/recherche/suggestions", query::pages::suggest_records)
        .get(Needs(SettingsView), rebuild::pages::PATH, rebuild::pages::show_rebuild)
        .post(Needs(SettingsEdit), rebuild::pages::PATH, rebuild::pages::start_rebuild)
        .api(Member, routes!(query::api::search_records))
        .api(Needs(SettingsView), routes!(rebuild::api::show_search_rebuild))
        .api(Needs(SettingsEdit), routes!(rebuild::api::start_search_rebuild))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
