//! Accueil, the first page of who is signed in: widgets that other contexts serve, side by side, as each member has
//! arranged them. It knows of each widget where it is, who may see it and what changes it, and none of its figures.

pub mod arrangement;
pub mod quick;
pub mod widget;

use axum::Router;
use cloud::Deps;
use web::{Access::Member, Routes, routes};

pub fn routes() -> Routes {
    Routes::new()
        .get(Member, "/", arrangement::pages::show_dashboard)
        .post(Member, arrangement::pages::ARRANGE, arrangement::pages::arrange_widget)
        .api(Member, routes!(arrangement::api::show_dashboard, arrangement::api::arrange_dashboard))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
