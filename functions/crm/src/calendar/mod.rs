//! The calendar: activities by month, week and day, and as a file to which programs subscribe.

pub mod feed;
mod ical;
mod model;
pub mod pages;
