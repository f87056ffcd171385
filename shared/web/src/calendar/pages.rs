//! The page of one's links to a calendar; its context says where it is and what can be shown.

use askama::Template;
use http::StatusCode;
use kernel::{Result, id::FeedId};
use table::Stored;

use super::{CalendarFeed, CreatedFeed, FeedInput, Which, list_calendar_feeds};
use crate::{
    Asker, PageResult, Shell,
    form::{Choice, FieldErrors, choices},
    page, page_with_status,
};

/// Where the page of links stands, and what it offers.
pub struct FeedPage<'a> {
    pub calendar: Which,
    /// Of the navigation.
    pub section: &'static str,
    pub title: &'static str,
    /// What a link shows, in a sentence.
    pub about: &'static str,
    /// The page's own path, to which its acts are posted.
    pub path: &'static str,
    pub back_href: &'static str,
    pub back_label: &'static str,
    /// One's own, as people call it.
    pub own: &'static str,
    /// What else can be shown, as [`FeedInput::shows`] names it and as people do.
    pub offered: &'a [(String, String)],
}

#[derive(Template)]
#[template(path = "calendar_feeds.html")]
struct FeedsPage<'a> {
    shell: Shell,
    form_key: String,
    frame: &'a FeedPage<'a>,
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
    shows: String,
    created_on: String,
    last_used_on: Option<String>,
}

impl FeedPage<'_> {
    /// One's links, as they were read, and the form of a new one.
    pub fn show(&self, asker: &Asker, feeds: &[Stored<CalendarFeed>]) -> PageResult {
        page(&self.page(asker, FeedInput::default(), feeds.iter().map(|feed| &feed.value), None))
    }

    /// Shows a link that was just drawn in the answer itself, for it is nowhere to come back to; or what is wrong.
    pub async fn drawn(&self, asker: &Asker, form: FeedInput, made: Result<CreatedFeed>) -> PageResult {
        match made {
            Ok(made) => page(&self.page(asker, FeedInput::default(), made.feeds.iter(), made.url)),
            Err(error) => {
                let errors = FieldErrors::from_error(error)?;
                let feeds = list_calendar_feeds(asker, self.calendar).await?;
                let shown = self.page(asker, form, feeds.iter().map(|feed| &feed.value), None);
                page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &FeedsPage { errors, ..shown })
            }
        }
    }

    fn page<'a>(
        &'a self,
        asker: &Asker,
        form: FeedInput,
        feeds: impl Iterator<Item = &'a CalendarFeed>,
        url: Option<String>,
    ) -> FeedsPage<'a> {
        let day = |at| asker.organization.date(asker.organization.day(at));
        let shows = || {
            let offered = self.offered.iter().map(|(name, french)| (name.as_str(), french.as_str()));
            [("own", self.own)].into_iter().chain(offered)
        };
        let named = |name: &str| shows().find(|(one, _)| *one == name).map(|(_, french)| french.to_owned());
        FeedsPage {
            shell: Shell::new(asker, self.section, self.title),
            form_key: asker.form_key(),
            frame: self,
            feeds: feeds
                .map(|feed| FeedRow {
                    id: feed.id,
                    name: feed.name.clone(),
                    shows: named(&feed.shows).unwrap_or_else(|| "N’existe plus".into()),
                    created_on: day(feed.drawn_at),
                    last_used_on: feed.last_seen_at.map(day),
                })
                .collect(),
            shows: choices(shows(), &form.shows),
            form,
            errors: FieldErrors::default(),
            webcal: url.as_ref().and_then(|url| Some(format!("webcal://{}", url.split_once("://")?.1))),
            url,
        }
    }
}
