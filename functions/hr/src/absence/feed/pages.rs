//! `/rh/conges/calendrier/abonnement`

use kernel::id::FeedId;
use table::meter::side_by_side;
use web::{
    Asker, Form, Id, PageResult,
    calendar::{self, FeedInput, FeedPage, Which},
};

use super::{super::pages::PATH, offered};

pub const FEEDS: &str = "/rh/conges/calendrier/abonnement";

fn frame(offered: &[(String, String)]) -> FeedPage<'_> {
    FeedPage {
        calendar: Which::Absences,
        section: "hr",
        title: "S’abonner aux absences",
        about: "Un lien secret montre les absences approuvées dans l’agenda de votre téléphone ou de votre ordinateur. Celles des autres y sont sans leur motif.",
        path: FEEDS,
        back_href: PATH,
        back_label: "Calendrier des absences",
        own: "Mes absences",
        offered,
    }
}

pub async fn list_absence_feeds(asker: Asker) -> PageResult {
    let feeds = calendar::list_calendar_feeds(&asker, Which::Absences);
    let (offered, feeds) = side_by_side(offered(&asker), feeds).await;
    frame(&offered?).show(&asker, &feeds?)
}

pub async fn create_absence_feed(asker: Asker, form: Form<FeedInput>) -> PageResult {
    let make = calendar::create_calendar_feed(&asker, Which::Absences, &form.input, || offered(&asker));
    let (made, offered) = side_by_side(make, offered(&asker)).await;
    frame(&offered?).drawn(&asker, form.input, made).await
}

pub async fn rotate_absence_feed(asker: Asker, Id(id): Id<FeedId>) -> PageResult {
    let make = calendar::rotate_calendar_feed(&asker, Which::Absences, id);
    let (made, offered) = side_by_side(make, offered(&asker)).await;
    frame(&offered?).drawn(&asker, FeedInput::default(), Ok(made?)).await
}

pub async fn revoke_absence_feed(asker: Asker, Id(id): Id<FeedId>) -> PageResult {
    calendar::revoke_calendar_feed(&asker, Which::Absences, id).await?;
    asker.done(FEEDS, "Le lien est révoqué.")
}
