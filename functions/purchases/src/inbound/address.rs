//! An address of the organization's own, drawn, and drawn anew: the former takes nothing in from then on.

use cloud::InboundClaim;
use kernel::{Error, Result, error::Conflict};
use web::Asker;

use super::InboundAddress;
use crate::expense::enter::actor;

/// None where the installation takes no mails in, or nobody has drawn an address yet.
pub fn address_of(asker: &Asker, address: Option<&InboundAddress>) -> Option<String> {
    let domain = asker.deps().config.inbound_domain.as_deref()?;
    let secret = address?.secret.clone();
    Some(InboundClaim { organization: asker.scope.tenant().organization(), secret }.address(domain))
}

pub async fn renew_invoice_address(asker: &Asker) -> Result<String> {
    let scope = &asker.scope;
    let domain = asker.deps().config.inbound_domain.clone();
    let domain = domain.ok_or(Error::Conflict(Conflict::NoInboundMail))?;
    let created_by = actor(scope)?;
    let claim = InboundClaim::draw(scope.tenant().organization());
    scope
        .write(|| async {
            let read = scope.get::<InboundAddress>(&scope.keys().inbound_address()).await?;
            let mut transaction = scope.begin("renew_invoice_address", scope.tenant().organization());
            let address = InboundAddress { secret: claim.secret.clone(), created_at: scope.now(), created_by };
            transaction.save(read.as_ref(), &address);
            Ok((transaction, claim.address(&domain)))
        })
        .await
}
