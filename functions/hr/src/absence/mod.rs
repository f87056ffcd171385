//! Who is away: the calendar of a month, a panel for the calendar of activities, and calendars to which programs subscribe. Every
//! member sees that a colleague is away; why, who may see their leave.

pub mod feed;
mod model;
pub mod pages;

pub use model::{Day, Holidays, Who, are_colleagues};
