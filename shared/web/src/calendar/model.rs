//! What a feed is, and what is accepted of it. Pure.

use jiff::Timestamp;
use kernel::{
    Permission, Rule, Violations,
    id::{FeedId, UserId},
    legal,
};
use serde::{Deserialize, Serialize};

/// How many links to one calendar a member has at most.
pub const FEEDS_MAX: usize = 10;

/// Which calendar a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    #[default]
    Activities,
    Absences,
}

impl Which {
    /// Where programs find it. The secret stands in the query, which no log keeps.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Activities => "/ical/agenda.ics",
            Self::Absences => "/ical/absences.ics",
        }
    }

    /// What its member must still be allowed to; a colleague's absence, without its reason, every member sees.
    pub(super) const fn needs(self) -> Option<Permission> {
        match self {
            Self::Activities => Some(Permission::CrmView),
            Self::Absences => None,
        }
    }

    /// The acts of the audit log: drawing a link, another one, and revoking it.
    pub(super) const fn acts(self) -> [&'static str; 3] {
        match self {
            Self::Activities => ["create_calendar_feed", "rotate_calendar_feed", "revoke_calendar_feed"],
            Self::Absences => ["create_absence_feed", "rotate_absence_feed", "revoke_absence_feed"],
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FeedInput {
    /// Where it is used: `Téléphone`.
    pub name: String,
    /// What of the calendar it shows, one of those that its context offers: `own`, which an empty text means too, `team`…
    pub shows: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalendarFeed {
    pub id: FeedId,
    pub user: UserId,
    #[serde(default, skip_serializing_if = "Which::is_usual")]
    pub calendar: Which,
    pub name: String,
    /// As its context names it.
    pub shows: String,
    /// The SHA-256 of the link's secret, in hexadecimal.
    pub hash: String,
    pub created_at: Timestamp,
    /// When its link was drawn, which may be later.
    pub drawn_at: Timestamp,
    /// As of some minutes.
    pub last_seen_at: Option<Timestamp>,
}

impl FeedInput {
    /// Name and what is shown: `own`, or one of those that are offered, as they are named.
    pub fn parse(&self, offered: &[(String, String)]) -> Result<(String, String), Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 60));
        let shows = match self.shows.as_str() {
            "" | "own" => Ok("own".into()),
            other if offered.iter().any(|(name, _)| name == other) => Ok(other.to_owned()),
            _ => Err(Rule::NotAChoice),
        };
        let shows = wrong.take("/shows", shows);
        name.zip(shows).ok_or(wrong)
    }
}

/// A feed whose link was just drawn.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreatedFeed {
    pub feed: CalendarFeed,
    /// All of the member to this calendar, with this one.
    pub feeds: Vec<CalendarFeed>,
    /// The whole address. Never stored, so absent when an Idempotency-Key gives the first answer again.
    #[serde(skip)]
    pub url: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FeedView {
    /// `fee_…`
    #[schema(value_type = String)]
    pub id: FeedId,
    name: String,
    /// As it was asked for.
    shows: String,
    /// Where a program finds the calendar: told once, with the answer that drew it.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// As of some minutes; absent where nobody used the link.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen_at: Option<Timestamp>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct FeedList {
    items: Vec<FeedView>,
}

impl FeedView {
    fn of(feed: &CalendarFeed, url: Option<String>) -> Self {
        let CalendarFeed { id, created_at, last_seen_at, .. } = *feed;
        Self { id, name: feed.name.clone(), shows: feed.shows.clone(), url, created_at, last_seen_at }
    }
}

impl From<CreatedFeed> for FeedView {
    fn from(created: CreatedFeed) -> Self {
        Self::of(&created.feed, created.url)
    }
}

impl FeedList {
    /// Without their secrets.
    pub fn of<'a>(feeds: impl IntoIterator<Item = &'a CalendarFeed>) -> Self {
        Self { items: feeds.into_iter().map(|feed| FeedView::of(feed, None)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_shows_is_the_context_s_to_offer() {
        let team = FeedInput { name: "Téléphone".into(), shows: "team".into() };
        let offered = [("team".to_owned(), "Toute l’équipe".to_owned())];
        assert_eq!(team.parse(&offered), Ok(("Téléphone".into(), "team".into())));
        assert!(team.parse(&[]).is_err());
        assert!(FeedInput::default().parse(&offered).is_err());
        let own = FeedInput { name: "Téléphone".into(), shows: String::new() };
        assert_eq!(own.parse(&[]), Ok(("Téléphone".into(), "own".into())));
    }
}
