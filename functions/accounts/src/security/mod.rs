//! What protects an account beside its password: passkeys, codes of an application, recovery codes; and who may change
//! them.

pub mod api;
mod device;
mod disable_totp;
mod factors;
mod news;
pub mod pages;
mod reauthentication;
mod renew_recovery_codes;
mod set_up_totp;
mod start_second_step;
mod verify_second_factor;

pub(crate) use device::device;
pub use disable_totp::disable_totp;
pub(crate) use factors::Factors;
pub(crate) use news::News;
pub(crate) use reauthentication::Proven;
pub use reauthentication::ReauthenticationInput;
pub use renew_recovery_codes::renew_recovery_codes;
pub use set_up_totp::{CodeInput, confirm_totp, pending_totp, start_totp};
pub use start_second_step::start_second_step;
pub use verify_second_factor::{VerificationInput, verify_second_factor};
