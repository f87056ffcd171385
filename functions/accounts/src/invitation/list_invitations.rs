//! The invitations that wait for an answer.

use kernel::Result;
use table::{Order, Scope, Stored};

use super::Invitation;
use crate::member::LISTED;

/// The newest first; expired ones too, until they are sent again or cancelled.
pub async fn list_invitations(scope: &Scope) -> Result<Vec<Stored<Invitation>>> {
    Ok(scope.list(&scope.keys().invitations(), &LISTED, Order::Descending).await?.items)
}
