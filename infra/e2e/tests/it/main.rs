//! Journeys through the whole local system, and the rules of the house.

mod audit_log;
mod browser;
mod capacity;
mod company;
mod confidences;
mod deletion;
mod delivery;
mod erasure;
mod everything;
mod exports;
mod house;
mod journey;
mod mailed;
mod people;
mod permissions;
mod records;
mod round_trips;
mod sales;
mod secrets;
mod spending;
mod webhooks;
