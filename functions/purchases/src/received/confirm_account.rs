//! Somebody checked the account that an invoice names, and confirms that it is the supplier's. It is read from the file again: an
//! invoice's account is kept nowhere until then, for an invoice can be forged.

use kernel::{Error, Result, error::Conflict, id::ReceivedInvoiceId, legal};
use table::{Stored, keys};
use tokio::sync::OnceCell;
use web::Asker;

use super::{ReceivedInvoice, store};
use crate::supplier::{self, ConfirmedIban, Supplier};

/// Its supplier is paid to this account from now on, and to no other. `seen` is the version of the invoice that the client saw.
pub async fn confirm_account(asker: &Asker, id: ReceivedInvoiceId, seen: Option<u64>) -> Result<Stored<Supplier>> {
    let scope = &asker.scope;
    let confirmed = OnceCell::new();
    scope
        .write(|| async {
            let read = store::read(scope, id).await?;
            let invoice = read.invoice.expect_version(seen)?;
            let confirmed: &ConfirmedIban =
                confirmed.get_or_try_init(|| account(asker, &invoice, &read.expense)).await?;
            let read = supplier::store::read(scope, invoice.supplier).await?;
            let mut transaction = scope.begin("confirm_supplier_account", invoice.supplier);
            if read.accounts == [confirmed.mark.clone()] && read.iban.is_some() {
                return Ok((transaction.nothing(), read));
            }
            let after = read.value.clone().with_iban(Some(confirmed.clone()));
            transaction.update(&read, &after);
            supplier::store::hold_accounts(&mut transaction, Some(&read.value), Some(&after));
            Ok((transaction, Stored { value: after, version: read.version + 1 }))
        })
        .await
}

async fn account(
    asker: &Asker,
    invoice: &ReceivedInvoice,
    expense: &Stored<crate::expense::Expense>,
) -> Result<ConfirmedIban> {
    let none = || Error::Conflict(Conflict::InvoiceWithoutAccount);
    let receipt = expense.receipt.as_ref().ok_or_else(none)?;
    let key = keys::expense_s3_key(asker.scope.tenant().organization(), expense.id, receipt.upload);
    let bytes = asker.deps().files.get(&key).await?;
    let read = tokio::task::spawn_blocking(move || einvoice::read(&bytes)).await;
    let read = read.map_err(|_| Error::internal("the reader of an invoice panicked"))?;
    let (_, told) = read.map_err(|fault| Error::internal(format!("an invoice is read no more: {fault}")))?;
    let iban = told.iban.as_deref().and_then(|iban| legal::iban(iban).ok()).ok_or_else(none)?;
    supplier::confirmed(asker, invoice.supplier, &iban).await
}
