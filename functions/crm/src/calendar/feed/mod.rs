//! Calendars to which programs subscribe by a secret link: a member's own activities, or those of all, as who may see them
//! chose. Whoever holds the link reads what the member sees, and nothing else by it.

pub mod api;
mod create_calendar_feed;
mod model;
mod open;
pub mod pages;
mod revoke_calendar_feed;
mod rotate_calendar_feed;
mod store;

pub use create_calendar_feed::{create_calendar_feed, list_calendar_feeds};
pub use model::{CalendarFeed, CreatedFeed, FeedInput};
pub use open::{PATH, show_calendar};
pub use revoke_calendar_feed::revoke_calendar_feed;
pub use rotate_calendar_feed::rotate_calendar_feed;
