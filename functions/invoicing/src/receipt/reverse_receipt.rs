//! Taking a receipt back: a counter-entry of each of its parts, in one act.

use kernel::{
    Error, Result, Rule,
    id::{BankLineId, InvoiceId, ReceiptId},
    legal,
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Scope, Stored, ledger::LedgerHead};

use super::{Receipt, model::payment_id};
use crate::{
    bank::BankLine,
    invoice::Invoice,
    payment::{
        Payment,
        store::{Movement, enter_all},
    },
};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptReversalInput {
    /// Why: a cheque that was not paid, an error of entry.
    pub reason: String,
    /// The invoices of its parts in their order, as it was seen: all of them are read at once.
    pub invoice_ids: Vec<String>,
    /// The line of the bank that it is, which opens again; empty where it is none.
    #[serde(default)]
    pub bank_line_id: String,
}

pub async fn reverse_receipt(
    scope: &Scope,
    organization: &OrganizationReference,
    id: ReceiptId,
    input: &ReceiptReversalInput,
) -> Result<Receipt> {
    let today = scope.clock().today(&organization.zone());
    let reason = legal::required(&input.reason, 100).map_err(|rule| Error::field("/reason", rule))?;
    let others = || Error::field("/invoice_ids", Rule::NotFound);
    let ids = input.invoice_ids.iter().map(|id| id.parse()).collect::<std::result::Result<Vec<InvoiceId>, _>>();
    let ids = ids.map_err(|_| others())?;
    if ids.len() > super::PARTS_MAX {
        return Err(others());
    }
    let line = match input.bank_line_id.trim() {
        "" => None,
        id => Some(id.parse::<BankLineId>().map_err(|_| Error::field("/bank_line_id", Rule::NotFound))?),
    };
    let reversal = scope.new_id(ReceiptId::new).ulid();
    scope
        .write(|| async {
            let keys = scope.keys();
            let mut wanted = vec![keys.receipt(id), keys.ledger_head()];
            for (place, invoice) in ids.iter().enumerate() {
                wanted.extend([keys.invoice(*invoice), keys.payment(*invoice, payment_id(id.ulid(), place))]);
            }
            wanted.extend(line.map(|line| keys.bank_line(line)));
            let found = scope.get_many(&wanted).await?;
            let read = found.get::<Receipt>(&keys.receipt(id))?.ok_or(Error::NotFound)?;
            if !read.parts.iter().map(|part| part.invoice).eq(ids.iter().copied()) {
                return Err(others());
            }
            if read.bank_line != line {
                return Err(Error::field("/bank_line_id", Rule::NotFound));
            }
            let receipt = read.reversed(today, &reason)?;
            let mut transaction = scope.begin("reverse_receipt", id);
            transaction.update(&read, &receipt);
            if let Some(line) = line {
                let lost = || Error::internal("a line of the bank that is not there");
                let line = found.get::<BankLine>(&keys.bank_line(line))?.ok_or_else(lost)?;
                let open = line.unmatched();
                transaction.update(&line, &open);
                crate::bank::store::tell_changed(&mut transaction, &open, line.version + 1);
            }
            let mut movements = Vec::new();
            for (place, invoice) in ids.iter().enumerate() {
                let lost = || Error::internal("a part of a receipt that is not there");
                let key = keys.payment(*invoice, receipt.payment_id(place));
                let payment: Stored<Payment> = found.get(&key)?.ok_or_else(lost)?;
                let read: Stored<Invoice> = found.get(&keys.invoice(*invoice))?.ok_or_else(lost)?;
                let by = payment_id(reversal, place);
                let (reversed, counter) = payment.reversed(by, &reason, today, scope.now())?;
                let invoice = read.without(&payment, today)?;
                transaction.update(&payment, &reversed);
                movements.push(Movement { payment: counter, read, invoice });
            }
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            enter_all(&mut transaction, head.as_ref(), movements)?;
            Ok((transaction, receipt))
        })
        .await
}
