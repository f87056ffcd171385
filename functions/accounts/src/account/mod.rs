//! The account: an e-mail, a password, and the organizations it opens.

pub mod api;
mod change_password;
pub mod data;
mod delete_account;
mod edit_profile;
mod export_account;
mod model;
pub mod pages;
pub mod password;
pub mod profile;
mod reset_password;
mod sign_up;
pub mod store;

pub use change_password::{PasswordInput, change_password};
pub use delete_account::delete_account;
pub use edit_profile::{ProfileInput, edit_profile, show_profile};
pub use export_account::{download_own_export, list_own_exports, request_own_export};
pub use model::{NewAccount, SignUpInput};
pub use reset_password::{ResetInput, ResetRequestInput, find_reset, request_reset, reset_password};
pub use sign_up::{SignedUp, sign_up, sign_up_and_in};
pub use store::Account;
