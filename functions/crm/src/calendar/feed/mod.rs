//! The calendar to which programs subscribe: a member's own activities, or those of all, as who may see them chose.

pub mod api;
mod open;
pub mod pages;

pub use open::show_calendar;
use web::Asker;

/// What is offered beside one's own: everybody's, to who sees everybody's activities.
fn offered(asker: &Asker) -> Vec<(String, String)> {
    asker.sees_all().then(|| ("team".into(), "Les activités de toute l’équipe".into())).into_iter().collect()
}
