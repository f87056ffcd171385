//! `/crm/calendrier/abonnement`

use askama::Template;
use http::StatusCode;
use kernel::{Result, id::FeedId};
use web::{
    Asker, Form, Id, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

use super::{CalendarFeed, CreatedFeed, FeedInput, model::Shows};
use crate::company::pages::day;

pub const FEEDS: &str = "/crm/calendrier/abonnement";

#[derive(Template)]
#[template(path = "calendar_feeds.html")]
struct FeedsPage {
    shell: Shell,
    form_key: String,
    feeds: Vec<FeedRow>,
    form: FeedInput,
    shows: Vec<Choice>,
    errors: FieldErrors,
    /// The link that was just drawn.
    url: Option<String>,
    /// The same, for programs that subscribe by a click.
    webcal: Option<String>,
}

struct FeedRow {
    id: FeedId,
    name: String,
    shows: &'static str,
    created_on: String,
    last_used_on: Option<String>,
}

impl FeedsPage {
    async fn read(asker: &Asker, form: FeedInput, errors: FieldErrors) -> Result<Self> {
        let feeds = super::list_calendar_feeds(asker).await?;
        Ok(Self { errors, ..Self::new(asker, form, feeds.iter().map(|feed| &feed.value), None) })
    }

    /// A link that was just drawn among the others.
    fn drawn(asker: &Asker, made: CreatedFeed) -> Self {
        Self::new(asker, FeedInput::default(), made.feeds.iter(), made.url)
    }

    fn new<'a>(
        asker: &Asker,
        form: FeedInput,
        feeds: impl Iterator<Item = &'a CalendarFeed>,
        url: Option<String>,
    ) -> Self {
        let all = [("own", "Mes activités"), ("team", "Les activités de toute l’équipe")];
        let offered = if asker.sees_all() { &all[..] } else { &all[..1] };
        Self {
            shell: Shell::new(asker, "crm", "S’abonner au calendrier"),
            form_key: asker.form_key(),
            feeds: feeds
                .map(|feed| FeedRow {
                    id: feed.id,
                    name: feed.name.clone(),
                    shows: match feed.shows {
                        Shows::Own => "Mes activités",
                        Shows::Team => "Toute l’équipe",
                    },
                    created_on: day(asker, feed.drawn_at),
                    last_used_on: feed.last_seen_at.map(|at| day(asker, at)),
                })
                .collect(),
            shows: choices(offered.iter().copied(), &form.shows),
            form,
            errors: FieldErrors::default(),
            webcal: url.as_ref().and_then(|url| Some(format!("webcal://{}", url.split_once("://")?.1))),
            url,
        }
    }
}

pub async fn list_calendar_feeds(asker: Asker) -> PageResult {
    page(&FeedsPage::read(&asker, FeedInput::default(), FieldErrors::default()).await?)
}

/// Shows the link in the answer itself: it is nowhere to come back to.
pub async fn create_calendar_feed(asker: Asker, form: Form<FeedInput>) -> PageResult {
    match super::create_calendar_feed(&asker, &form.input).await {
        Ok(made) => page(&FeedsPage::drawn(&asker, made)),
        Err(error) => {
            let errors = FieldErrors::from_error(error)?;
            let page = FeedsPage::read(&asker, form.input, errors).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// As [`create_calendar_feed`].
pub async fn rotate_calendar_feed(asker: Asker, Id(id): Id<FeedId>) -> PageResult {
    page(&FeedsPage::drawn(&asker, super::rotate_calendar_feed(&asker, id).await?))
}

pub async fn revoke_calendar_feed(asker: Asker, Id(id): Id<FeedId>) -> PageResult {
    super::revoke_calendar_feed(&asker, id).await?;
    asker.done(FEEDS, "Le lien est révoqué.")
}
