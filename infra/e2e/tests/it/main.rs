//! Journeys through the whole local system, and the rules of the house.

mod browser;
mod company;
mod delivery;
mod house;
mod journey;
mod passkeys_browser;
mod permissions;
mod round_trips;
mod secrets;
