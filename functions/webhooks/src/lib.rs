//! What happens, told to programs of the organization's: each public event is posted, signed, to the addresses that want
//! it, again until it is taken, and what became of it is kept for thirty days.

pub mod delivery;
pub mod public_event;
pub mod webhook;
pub mod worker;

use axum::Router;
use cloud::Deps;
use kernel::Permission::SettingsEdit;
use web::{Access::Needs, Routes, routes};

/// A form that has nothing but its key.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
pub struct Nothing {}

pub fn routes() -> Routes {
    use delivery::{api as deliveries, pages as delivery_pages};
    use webhook::{api, pages};
    let edit = Needs(SettingsEdit);
    Routes::new()
        .get(edit, pages::PATH, pages::list_webhooks)
        .post(edit, pages::PATH, pages::create_webhook)
        .get(edit, "/organisation/webhooks/{id}", pages::show_webhook)
        .post(edit, "/organisation/webhooks/{id}", pages::edit_webhook)
        .post(edit, "/organisation/webhooks/{id}/supprimer", pages::delete_webhook)
        .post(edit, "/organisation/webhooks/{id}/secret", pages::rotate_webhook_secret)
        .post(edit, "/organisation/webhooks/{id}/essai", pages::test_webhook)
        .get(edit, "/organisation/webhooks/{id}/envois/{delivery}", delivery_pages::show_delivery)
        .post(edit, "/organisation/webhooks/{id}/envois/{delivery}/renvoyer", delivery_pages::replay_delivery)
        .api(edit, routes!(api::list_webhooks))
        .api(edit, routes!(api::create_webhook))
        .api(edit, routes!(api::show_webhook, api::edit_webhook, api::delete_webhook))
        .api(edit, routes!(api::rotate_webhook_secret))
        .api(edit, routes!(api::test_webhook))
        .api(edit, routes!(deliveries::list_deliveries))
        .api(edit, routes!(deliveries::show_delivery))
        .api(edit, routes!(deliveries::replay_delivery))
}

pub fn router(deps: Deps) -> Router {
    routes().into_router(deps)
}
