//! A received invoice's items: itself beside its expense, and what holds its number.

use kernel::{Error, Result, id::ReceivedInvoiceId};
use table::{Audit, Index, Item, Items, Key, Scope, Stored, TenantKeys, Transaction};

use super::{ReceivedInvoice, ReceivedNumber};
use crate::expense::Expense;

impl Item for ReceivedInvoice {
    const TYPE: &'static str = "received_invoice";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.received_invoice(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_received_invoices(self.id))
    }
}

impl Item for ReceivedNumber {
    const TYPE: &'static str = "received_number";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.received_number(&self.hash)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_received_numbers(&self.hash))
    }
}

/// An invoice with its expense.
pub struct Received {
    pub invoice: Stored<ReceivedInvoice>,
    pub expense: Stored<Expense>,
}

pub async fn read(scope: &Scope, id: ReceivedInvoiceId) -> Result<Received> {
    let keys = scope.keys();
    let expense = kernel::id::ExpenseId::from_ulid(id.ulid());
    let found = scope.get_many(&[keys.received_invoice(id), keys.expense(expense)]).await?;
    let invoice = found.first::<ReceivedInvoice>()?.ok_or(Error::NotFound)?;
    let expense = found.first::<Expense>()?.ok_or(Error::NotFound)?;
    Ok(Received { invoice, expense })
}

/// What an act on an expense says of the invoice that it is, where it is one: read with it, written with it.
pub fn follow(
    transaction: &mut Transaction,
    scope: &Scope,
    found: &Items,
    before: &Expense,
    after: &Expense,
) -> Result<()> {
    if let Some(invoice) = found.first::<ReceivedInvoice>()? {
        let by = (scope.now(), transaction.actor().user());
        if let Some(following) = invoice.following(before, after, by) {
            transaction.update(&invoice, &following);
        }
    }
    Ok(())
}
