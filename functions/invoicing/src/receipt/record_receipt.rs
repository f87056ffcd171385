//! Recording what a client paid at once: the receipt, a payment and its ledger entry for each invoice.

use kernel::{
    Error, Result, Rule, Violations,
    id::{InvoiceId, ReceiptId},
    reference::OrganizationReference,
};
use table::{Items, Scope, Stored, ledger::LedgerHead};

use super::{NewReceipt, Receipt, ReceiptInput, ReceiptKind, ReceiptPart, store};
use crate::invoice::Invoice;

pub async fn record_receipt(
    scope: &Scope,
    organization: &OrganizationReference,
    input: &ReceiptInput,
) -> Result<Receipt> {
    let today = scope.clock().today(&organization.zone());
    let id = scope.new_id(ReceiptId::new);
    let ids = input.invoices()?;
    scope
        .write(|| async {
            let keys = scope.keys();
            let wanted: Vec<_> = ids.iter().map(|id| keys.invoice(*id)).chain([keys.ledger_head()]).collect();
            let found = scope.get_many(&wanted).await?;
            let invoices = invoices(scope, &found, &ids)?;
            let issued = invoices.iter().filter_map(|invoice| Some(invoice.issued.as_ref()?.on)).max();
            let new = input.parse(&invoices.iter().map(|read| &read.value).collect::<Vec<_>>(), issued, today)?;
            let receipt = Receipt::new(id, new, &invoices, scope.now())?;
            let mut transaction = scope.begin("record_receipt", id);
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            store::enter(&mut transaction, head.as_ref(), &receipt, invoices)?;
            Ok((transaction, receipt))
        })
        .await
}

/// The invoices that an input names: each there, and issued.
pub fn invoices(scope: &Scope, found: &Items, ids: &[InvoiceId]) -> Result<Vec<Stored<Invoice>>> {
    let (mut invoices, mut wrong) = (Vec::new(), Violations::default());
    for (at, id) in ids.iter().enumerate() {
        let read = found.get::<Invoice>(&scope.keys().invoice(*id))?.filter(|invoice| invoice.issued.is_some());
        invoices.extend(wrong.take(format!("/parts/{at}/invoice_id"), read.ok_or(Rule::NotFound)));
    }
    if wrong.is_empty() { Ok(invoices) } else { Err(wrong.into()) }
}

impl Receipt {
    pub fn new(
        id: ReceiptId,
        new: NewReceipt,
        invoices: &[Stored<Invoice>],
        recorded_at: jiff::Timestamp,
    ) -> Result<Self> {
        let first = invoices.first().ok_or_else(|| Error::internal("a receipt of nothing"))?;
        let mut parts = Vec::new();
        for (invoice, effect_minor) in invoices.iter().zip(new.parts) {
            parts.push(ReceiptPart {
                invoice: invoice.id,
                number: invoice.must_be_issued()?.number.clone(),
                effect_minor,
            });
        }
        Ok(Self {
            id,
            kind: ReceiptKind::Received,
            client: first.client.reference.id,
            client_name: first.client.reference.name.clone(),
            amount_minor: new.amount_minor,
            currency: first.priced.currency,
            paid_on: new.paid_on,
            method: new.method,
            reference: new.reference,
            parts,
            excess_minor: new.excess_minor,
            recorded_at,
            bank_line: None,
            reversed: None,
        })
    }
}
