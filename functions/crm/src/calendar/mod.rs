//! The calendar: activities by month, week and day, and as a file to which programs subscribe.

pub mod feed;
mod model;
pub mod pages;
