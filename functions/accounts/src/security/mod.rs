//! What protects an account beside its password: codes of an application, recovery codes, and who may change them.

pub mod api;
mod disable_totp;
pub mod pages;
mod set_up_totp;
mod verify_second_factor;

pub use disable_totp::{ReauthenticationInput, disable_totp, renew_recovery_codes};
pub use set_up_totp::{CodeInput, confirm_totp, pending_totp, read_second_factor, start_totp};
pub use verify_second_factor::{VerificationInput, verify_second_factor};
