//! What happened, for the members whom it concerns: one rule per event says who is told, in which words, and where that
//! leads. The worker tells; the router shows each member their own and nobody else's.

pub mod inbox;
pub mod notification;
pub mod preferences;
pub mod socket;
mod telling;
pub mod worker;

use axum::Router;
use cloud::Deps;
use web::{
    Access::{Member, Own},
    Routes, routes,
};

pub fn routes() -> Routes {
    Routes::new()
        .get(Member, notification::pages::PATH, notification::pages::list_notifications)
        // A number only, on every page, those of an organization that lets nobody further in included. So is what a page
        // listens to.
        .get(Own, "/notifications/compteur", notification::pages::count_unread)
        .get(Member, "/notifications/recentes", notification::pages::show_latest)
        .get(Member, "/notifications/widgets/dernieres", notification::pages::show_widget)
        .post(Member, "/notifications/lues", notification::pages::read_all)
        .post(Member, "/notifications/{id}/lue", notification::pages::read_notification)
        .post(Member, "/notifications/{id}/ouvrir", notification::pages::open_notification)
        .post(Own, "/notifications/billet", socket::api::create_ticket)
        .get(Member, preferences::pages::PATH, preferences::pages::show_preferences)
        .post(Member, preferences::pages::PATH, preferences::pages::edit_preferences)
        .api(Member, routes!(notification::api::list_notifications))
        .api(Member, routes!(notification::api::count_unread))
        .api(Member, routes!(notification::api::read_all))
        .api(Member, routes!(notification::api::read_notification))
        .api(Member, routes!(socket::api::create_ticket))
        .api(Member, routes!(preferences::api::show_preferences, preferences::api::edit_preferences))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
