//! Calendars to which programs subscribe by a secret link (RFC 5545). A member draws a link to what they see of one; whoever holds
//! it reads that and nothing else by it. What is in a calendar, its context says; all else is here.

mod feeds;
mod ical;
mod model;
mod open;
mod pages;
mod store;

pub use feeds::{create_calendar_feed, list_calendar_feeds, revoke_calendar_feed, rotate_calendar_feed};
pub use ical::{Calendar, Event, When};
pub use model::{CalendarFeed, CreatedFeed, FeedInput, FeedList, FeedView, Which};
pub use open::{Opened, answer};
pub use pages::FeedPage;
