//! Journeys through the whole local system, and the rules of the house.

mod house;
mod permissions;
