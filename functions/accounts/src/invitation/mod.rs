//! Invitations into an organization: sent by e-mail with a link of one use, accepted with an account or for a new one.

mod accept_invitation;
pub mod acceptance;
pub mod api;
mod cancel_invitation;
mod create_invitation;
mod found_organization;
pub mod founder;
pub mod founding;
mod invite_founder;
mod letter;
mod list_invitations;
mod model;
pub mod pages;
mod resend_founding;
mod resend_invitation;
mod show_invitation;
mod store;

pub use accept_invitation::{Accepted, accept_as_member, accept_invitation};
pub use cancel_invitation::cancel_invitation;
pub use create_invitation::create_invitation;
pub use found_organization::{FoundingInput, found_organization};
pub use invite_founder::{FounderInput, invite_founder};
pub use list_invitations::list_invitations;
pub use model::{AcceptInput, Invitation, InvitationInput, Standing};
pub use resend_founding::{Founding, list_founding, resend_founding};
pub use resend_invitation::resend_invitation;
pub use show_invitation::{Shown, show_invitation};
pub use store::Invited;
