//! Giving money back: what was paid beyond what is owed, after a credit note or by mistake.

use kernel::{
    Error, Result,
    id::{InvoiceId, PaymentId},
    reference::OrganizationReference,
};
use table::{Scope, ledger::LedgerHead};

use super::{
    Payment, PaymentInput, PaymentKind, Recorded,
    store::{self, Movement},
};
use crate::invoice::Invoice;

pub async fn refund_invoice(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    input: &PaymentInput,
    seen: Option<u64>,
) -> Result<Recorded> {
    let today = scope.clock().today(&organization.zone());
    let refund_id = scope.new_id(PaymentId::new);
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.invoice(id), keys.ledger_head()]).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let issued = read.must_be_issued()?.on;
            let currency = read.priced.currency;
            let new = input.parse(currency, read.cash(today).at_once(), issued, today)?;
            let invoice = read.refunded(new.amount_minor)?;
            let refund = Payment::new(refund_id, id, PaymentKind::Refunded, currency, new, scope.now());
            let mut transaction = scope.begin("refund_invoice", id);
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            let recorded = store::enter(&mut transaction, head.as_ref(), Movement { payment: refund, read, invoice })?;
            Ok((transaction, recorded))
        })
        .await
}
