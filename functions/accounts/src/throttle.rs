//! What of the accounts may be tried how often.

use jiff::SignedDuration;

pub use web::throttle::{Attempt, Limit, address, forget};

const QUARTER: SignedDuration = SignedDuration::from_mins(15);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A password, for one account: with it, 50 bits of entropy are enough (CNIL, délibération 2022-100).
pub const SIGN_IN: Limit = Limit { what: "SIGN_IN", most: 10, window: QUARTER };
/// Passwords from one address: a whole office may be behind it.
pub const SIGN_IN_FROM: Limit = Limit { what: "SIGN_IN_FROM", most: 100, window: QUARTER };
/// Questions to passkeys that nobody in particular asked: the page of sign-in asks one each time it is shown.
pub const PASSKEY_FROM: Limit = Limit { what: "PASSKEY_FROM", most: 300, window: QUARTER };
/// A six-digit code, for one user.
pub const SECOND_FACTOR: Limit = Limit { what: "SECOND_FACTOR", most: 10, window: QUARTER };
/// Mails to one address of somebody who forgot their password.
pub const RESET: Limit = Limit { what: "RESET", most: 5, window: HOUR };
pub const RESET_FROM: Limit = Limit { what: "RESET_FROM", most: 30, window: HOUR };
/// New accounts from one address.
pub const SIGN_UP_FROM: Limit = Limit { what: "SIGN_UP_FROM", most: 30, window: HOUR };
/// Links of mails tried from one address.
pub const LINK_FROM: Limit = Limit { what: "LINK_FROM", most: 50, window: QUARTER };
