//! The recurring invoice's items: itself, and beside it a line for each invoice that it was made of.

use kernel::{
    Error, Result,
    event::{DueKind, Event},
    id::RecurringInvoiceId,
};
use table::{Audit, Index, Item, Key, Patch, Scope, Stored, TenantKeys, Transaction};

use super::{Occurrence, Recurred, RecurringInvoice};

impl Item for RecurringInvoice {
    const TYPE: &'static str = "recurring_invoice";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.recurring_invoice(self.id)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_recurring_invoices(self.id))
    }

    fn due(&self, keys: TenantKeys) -> Option<Index> {
        self.next_on().map(|on| keys.due(on, DueKind::RecurringInvoice, self.id.ulid()))
    }
}

impl Item for Occurrence {
    const TYPE: &'static str = "occurrence";
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.occurrence(self.recurring, self.number)
    }
}

pub async fn read(scope: &Scope, id: RecurringInvoiceId) -> Result<Stored<RecurringInvoice>> {
    scope.get(&scope.keys().recurring_invoice(id)).await?.ok_or(Error::NotFound)
}

/// Writes it, and says what it will bring where that is otherwise than before.
pub fn save(transaction: &mut Transaction, read: Option<&Stored<RecurringInvoice>>, recurring: &RecurringInvoice) {
    let v = read.map_or(1, |read| read.version + 1);
    let (plan, before) = (recurring.planned(v), read.map(|read| read.planned(v)));
    transaction.save(read, recurring);
    if before.as_ref() != Some(&plan) {
        transaction.emit(Event::RecurringInvoicePlanned { recurring: recurring.id, plan });
    }
}

/// The line of an invoice that was issued by hand.
pub fn numbered(keys: TenantKeys, recurred: Recurred, number: &str) -> Patch {
    Patch::of::<Occurrence>(keys.occurrence(recurred.recurring, recurred.number))
        .set("invoice_number", number)
        .remove("held_back")
}

/// The line of a draft that was deleted.
pub fn deleted(keys: TenantKeys, recurred: Recurred) -> Result<Patch> {
    Patch::of::<Occurrence>(keys.occurrence(recurred.recurring, recurred.number)).set_value("is_deleted", &true)
}
