//! The schedule, what is different for a client, and the list of what waits for a yes.

use jiff::civil::Date;
use kernel::{
    Currency, Minor,
    event::Event,
    id::{CompanyId, InvoiceId},
};
use serde::{Deserialize, Serialize};
use table::{Audit, Index, Item, Key, Stored, TenantKeys, Transaction};

use super::{ClientReminders, ReminderSettings};
use crate::invoice::Invoice;

impl Item for ReminderSettings {
    const TYPE: &'static str = "reminder_settings";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.reminder_settings()
    }
}

impl Item for ClientReminders {
    const TYPE: &'static str = "client_reminders";

    fn key(&self, keys: TenantKeys) -> Key {
        keys.client_reminders(self.client)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_all_client_reminders(self.client))
    }
}

/// An invoice whose reminder waits for a yes, as the list shows it: written with the invoice itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProposedReminder {
    pub invoice: InvoiceId,
    pub level: u8,
    pub proposed_on: Date,
    pub number: String,
    pub client: CompanyId,
    pub client_name: String,
    pub due_on: Date,
    pub balance_minor: Minor,
    pub currency: Currency,
}

impl ProposedReminder {
    fn of(invoice: &Invoice) -> Option<Self> {
        let (proposal, issued) = (invoice.proposal()?, invoice.issued.as_ref()?);
        Some(Self {
            invoice: invoice.id,
            level: proposal.level,
            proposed_on: proposal.on,
            number: issued.number.clone(),
            client: invoice.client.reference.id,
            client_name: invoice.client.reference.name.clone(),
            due_on: issued.due_on,
            balance_minor: invoice.balance(),
            currency: invoice.priced.currency,
        })
    }
}

impl Item for ProposedReminder {
    const TYPE: &'static str = "proposed_reminder";

    /// The invoice says the same.
    const AUDIT: Audit = Audit::Nothing;

    fn key(&self, keys: TenantKeys) -> Key {
        keys.proposed_reminder(self.invoice)
    }

    fn list(&self, keys: TenantKeys) -> Option<Index> {
        Some(keys.in_proposed_reminders(self.invoice))
    }
}

/// Beside each writing of an invoice: what is paid, credited, paused or sent waits for a yes no more.
pub fn write_proposal(transaction: &mut Transaction, read: Option<&Stored<Invoice>>, invoice: &Invoice) {
    let was = read.and_then(|read| ProposedReminder::of(read));
    let proposed = ProposedReminder::of(invoice);
    if let Some(proposed) = &proposed
        && was.as_ref().is_none_or(|was| was.level != proposed.level)
    {
        let about = invoice.about(proposed.balance_minor);
        transaction.emit(Event::ReminderProposed { invoice: invoice.id, about });
    }
    match proposed {
        Some(proposed) if was.as_ref() != Some(&proposed) => drop(transaction.replace(&proposed)),
        None if was.is_some() => {
            transaction.forget::<ProposedReminder>(|keys| keys.proposed_reminder(invoice.id));
        }
        _ => {}
    }
}
