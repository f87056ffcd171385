//! Journeys through the whole local system, over HTTP and in a browser; and the rules of the house. All of it is
//! in `tests/`.
