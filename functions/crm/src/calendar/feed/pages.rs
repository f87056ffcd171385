//! `/crm/calendrier/abonnement`

use kernel::id::FeedId;
use web::{
    Asker, Form, Id, PageResult,
    calendar::{self, FeedInput, FeedPage, Which},
};

use super::offered;

pub const FEEDS: &str = "/crm/calendrier/abonnement";

fn frame(offered: &[(String, String)]) -> FeedPage<'_> {
    FeedPage {
        calendar: Which::Activities,
        section: "crm",
        title: "S’abonner au calendrier",
        about: "Un lien secret montre vos activités dans l’agenda de votre téléphone ou de votre ordinateur.",
        path: FEEDS,
        back_href: super::super::pages::PATH,
        back_label: "Calendrier",
        own: "Mes activités",
        offered,
    }
}

pub async fn list_calendar_feeds(asker: Asker) -> PageResult {
    let feeds = calendar::list_calendar_feeds(&asker, Which::Activities).await?;
    frame(&offered(&asker)).show(&asker, &feeds)
}

pub async fn create_calendar_feed(asker: Asker, form: Form<FeedInput>) -> PageResult {
    let made =
        calendar::create_calendar_feed(&asker, Which::Activities, &form.input, async || Ok(offered(&asker))).await;
    frame(&offered(&asker)).drawn(&asker, form.input, made).await
}

pub async fn rotate_calendar_feed(asker: Asker, Id(id): Id<FeedId>) -> PageResult {
    let made = calendar::rotate_calendar_feed(&asker, Which::Activities, id).await?;
    frame(&offered(&asker)).drawn(&asker, FeedInput::default(), Ok(made)).await
}

pub async fn revoke_calendar_feed(asker: Asker, Id(id): Id<FeedId>) -> PageResult {
    calendar::revoke_calendar_feed(&asker, Which::Activities, id).await?;
    asker.done(FEEDS, "Le lien est révoqué.")
}
