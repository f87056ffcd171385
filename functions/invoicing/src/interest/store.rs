//! What interest is computed from: the invoice, its payments, and the rates that the organization entered.

use jiff::civil::Date;
use kernel::{Error, Result, id::InvoiceId};
use table::{Patch, Scope, Stored, TenantKeys, meter::side_by_side, shared::OwnedMail};

use super::{Interest, InterestOf, Rates, accrued};
use crate::{invoice::Invoice, payment::Payment, reminder::ReminderSettings};

/// The payments of an invoice, those that were taken back among them.
pub async fn payments_of(scope: &Scope, id: InvoiceId) -> Result<Vec<Payment>> {
    let found = scope.collection(&scope.keys().invoice(id).collection()).await?;
    Ok(found.all::<Payment>()?.into_iter().map(|payment| payment.value).collect())
}

/// What an invoice of interest asked for may be asked for again: it stands no more.
pub fn released(keys: TenantKeys, origin: &InterestOf, by: InvoiceId) -> Patch {
    Patch::of::<Invoice>(keys.invoice(origin.invoice)).remove(&format!("issued.interest.{by}"))
}

/// An invoice, the schedule of reminders, and what its late payment came to until today, in one trip.
pub struct Late {
    pub invoice: Stored<Invoice>,
    pub settings: ReminderSettings,
    pub interest: Interest,
    pub mails: Vec<OwnedMail>,
}

pub async fn read(scope: &Scope, id: InvoiceId, today: Date) -> Result<Late> {
    let keys = scope.keys();
    let (collection, settings) = (keys.invoice(id).collection(), keys.reminder_settings());
    let (found, settings) = side_by_side(scope.collection(&collection), scope.get::<ReminderSettings>(&settings)).await;
    let found = found?;
    let invoice = found.first::<Invoice>()?.ok_or(Error::NotFound)?;
    let payments: Vec<Payment> = found.all::<Payment>()?.into_iter().map(|payment| payment.value).collect();
    let settings = settings?.map(|settings| settings.value).unwrap_or_default();
    let interest = accrued(&invoice, &payments, Rates(&settings.rates), today)?;
    let mails = found.all::<OwnedMail>()?.into_iter().map(|mail| mail.value).collect();
    Ok(Late { invoice, settings, interest, mails })
}
