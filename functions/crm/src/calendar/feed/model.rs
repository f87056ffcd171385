//! What a feed is, and what is accepted of it. Pure.

use jiff::Timestamp;
use kernel::{
    Rule, Violations,
    id::{FeedId, UserId},
    legal,
};
use serde::{Deserialize, Serialize};

/// How many links a member has at most.
pub const FEEDS_MAX: usize = 10;

/// The same for the form and the API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FeedInput {
    /// Where it is used: `Téléphone`.
    pub name: String,
    /// `own`, which an empty text means too, or `team`: for who sees everybody's activities.
    pub shows: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalendarFeed {
    pub id: FeedId,
    pub user: UserId,
    pub name: String,
    pub shows: Shows,
    /// The SHA-256 of the link's secret, in hexadecimal.
    pub hash: String,
    pub created_at: Timestamp,
    /// When its link was drawn, which may be later.
    pub drawn_at: Timestamp,
    /// As of some minutes.
    pub last_seen_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    Own,
    Team,
}

impl FeedInput {
    /// `may_see_all`: whether who asks sees everybody's activities.
    pub fn parse(&self, may_see_all: bool) -> Result<(String, Shows), Violations> {
        let mut wrong = Violations::default();
        let name = wrong.take("/name", legal::required(&self.name, 60));
        let shows = match self.shows.as_str() {
            "" | "own" => Ok(Shows::Own),
            "team" if may_see_all => Ok(Shows::Team),
            "team" => Err(Rule::BeyondOwn),
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
    /// All of the member, with this one.
    pub feeds: Vec<CalendarFeed>,
    /// The whole address. Never stored, so absent when an Idempotency-Key gives the first answer again.
    #[serde(skip)]
    pub url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_for_who_sees_it() {
        let team = FeedInput { name: "Téléphone".into(), shows: "team".into() };
        assert_eq!(team.parse(true), Ok(("Téléphone".into(), Shows::Team)));
        assert!(team.parse(false).is_err());
        assert!(FeedInput::default().parse(true).is_err());
        let own = FeedInput { name: "Téléphone".into(), shows: String::new() };
        assert_eq!(own.parse(false), Ok(("Téléphone".into(), Shows::Own)));
    }
}
