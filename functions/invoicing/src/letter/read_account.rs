//! The account of a client on a day.

use jiff::civil::Date;
use kernel::{Error, Result, id::CompanyId, page::PageRequest, reference::ClientReference};
use table::{Order, meter::side_by_side};
use web::Asker;

use super::Account;
use crate::{panel::ClientDocument, payment::Payment};

/// How many payments of a client an account is made of, the latest: what one reading of 1 MB holds.
const PAYMENTS_MAX: u16 = 1_000;

pub struct Statement {
    pub client: ClientReference,
    pub account: Account,
}

/// In one trip: the client, who must be one for these eyes, what they were sent, and what they paid.
pub async fn read_account(asker: &Asker, id: CompanyId, on: Date) -> Result<Statement> {
    let scope = &asker.scope;
    let keys = scope.keys();
    let (sent, paid, reference) = (keys.client_documents(id), keys.client_payments(id), keys.client_reference(id));
    let request = PageRequest { limit: PAYMENTS_MAX, cursor: None };
    let documents = scope.collection(&sent);
    let payments = scope.list::<Payment>(&paid, &request, Order::Descending);
    let ((documents, payments), client) =
        side_by_side(side_by_side(documents, payments), scope.get::<ClientReference>(&reference)).await;
    let client = client?.ok_or(Error::NotFound)?.value;
    asker.must_see(client.assigned_to)?;
    let documents: Vec<_> = documents?.all::<ClientDocument>()?.into_iter().map(|document| document.value).collect();
    let payments: Vec<_> = payments?.items.into_iter().map(|payment| payment.value).collect();
    let account = Account::of(&documents, &payments, asker.organization.currency, on);
    Ok(Statement { client, account })
}
