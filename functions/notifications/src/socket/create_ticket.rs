//! The ticket by which one page begins to listen. Asked for twice, there are two: neither is any good to anybody else.

use kernel::{Error, Result};
use table::idempotency::Idempotency;
use web::{Asker, credentials::Secret};

use super::{Ticket, TicketView, model::TICKET_VALID};

/// [`Error::NotFound`] where pages do not listen in this installation.
pub async fn create_ticket(asker: &Asker) -> Result<TicketView> {
    let address = asker.deps().config.sockets_url.clone().ok_or(Error::NotFound)?;
    // A secret stands in no record of an outcome.
    let scope = &asker.scope.clone().with_idempotency(Idempotency::None);
    let secret = Secret::session(asker.user, asker.organization.id);
    let expires_at = scope.now().checked_add(TICKET_VALID).map_err(Error::internal)?;
    scope
        .write(|| async {
            let mut transaction = scope.begin("create_ticket", asker.user).unlogged();
            transaction.create(&Ticket { user: asker.user, hash: secret.hash.clone(), expires_at });
            Ok((transaction, ()))
        })
        .await?;
    Ok(TicketView { url: format!("{address}?ticket={}", secret.text), expires_at })
}
