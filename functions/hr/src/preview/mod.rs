//! A letter as its page will look, drawn before it is made out. A function of its own: the renderer and its fonts are three times
//! what the others weigh. Nothing here writes.

mod pages;

use axum::Router;
use cloud::Deps;
use kernel::Permission::HrEdit;
use web::{Access::Needs, Routes};

pub fn routes() -> Routes {
    Routes::new().post(Needs(HrEdit), "/rh/courriers/apercu/{id}", pages::draw_letter)
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
