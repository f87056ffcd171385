//! A day of the schedule came: the invoice is marked late, its reminder leaves or is proposed, once, however often the
//! clock asks.

use jiff::civil::Date;
use kernel::{
    Error, Result,
    event::{Event, Owner},
    id::InvoiceId,
    reference::{ClientReference, OrganizationReference},
    text,
};
use table::{Scope, Transaction, shared::OwnedMail};

use super::{
    ClientReminders, Policy, ReminderSettings,
    model::{Level, written},
};
use crate::{
    interest::{Interest, Rates, accrued, payments_of},
    invoice::{Invoice, store},
    mails::About,
};

pub async fn remind_invoice(scope: &Scope, id: InvoiceId) -> Result<()> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let mut transaction = scope.begin("remind_invoice", id);
            let found = scope.get_many(&[keys.invoice(id), keys.organization(), keys.reminder_settings()]).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?;
            let organization = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?.value;
            // Nobody writes in the name of a deleted organization; the clock need not find the invoice again.
            if organization.deletion.is_some() {
                match read.unwatched() {
                    Some(invoice) => drop(transaction.update(&read, &invoice)),
                    None => transaction = transaction.nothing(),
                }
                return Ok((transaction, ()));
            }
            let today = scope.clock().today(&organization.zone());
            let settings = found.first::<ReminderSettings>()?.map(|settings| settings.value).unwrap_or_default();
            // As the CRM has the client now: an address that bounced may have been mended.
            let company = read.client.reference.id;
            let (client_key, usual) = (keys.client_reminders(company), keys.client_reference(company));
            let about = scope.get_many(&[client_key, usual]).await?;
            let own = about.first::<ClientReminders>()?.map(|own| own.value);
            let client = about.first::<ClientReference>()?.map_or_else(|| read.client.reference.clone(), |c| c.value);
            let policy = Policy { settings: &settings, client: own.as_ref(), can_write: client.email.is_some() };
            let Some(looked) = read.looked_at(&policy, today) else {
                return Ok((transaction.nothing(), ()));
            };
            store::save(&mut transaction, Some(&read), &looked.invoice);
            if looked.is_newly_late {
                transaction.emit(Event::InvoiceOverdue { invoice: id });
            }
            if let Some((number, level)) = looked.sends.and_then(|number| Some((number, settings.level(number)?))) {
                let told = interest_told(scope, level, &looked.invoice, &settings, today).await?;
                let mail = mail(scope, (number, level), told.as_ref(), &looked.invoice, &client, &organization)?;
                request(&mut transaction, &looked.invoice, number, &mail);
            }
            Ok((transaction, ()))
        })
        .await
}

/// What the delay came to, where the level tells it: then a reminder takes a trip more than an act should.
pub(super) async fn interest_told(
    scope: &Scope,
    level: &Level,
    invoice: &Invoice,
    settings: &ReminderSettings,
    today: Date,
) -> Result<Option<Interest>> {
    if !level.tells_interest || !invoice.is_overdue(today) {
        return Ok(None);
    }
    let payments = payments_of(scope, invoice.id).await?;
    accrued(invoice, &payments, Rates(&settings.rates), today).map(Some)
}

/// The mail of a level. A client without an address is written nothing: whoever asks looked before.
pub(super) fn mail(
    scope: &Scope,
    (number, level): (u8, &Level),
    interest: Option<&Interest>,
    invoice: &Invoice,
    client: &ClientReference,
    organization: &OrganizationReference,
) -> Result<OwnedMail> {
    let issued = invoice.must_be_issued()?;
    let today = scope.clock().today(&organization.zone());
    let words = written(level, interest, invoice, client, organization, today)?;
    let about = About { owner: Owner::Invoice(invoice.id), number: &issued.number, organization, client };
    let mail = about.mail(scope, words.subject, |letter| {
        let letter = words.paragraphs.into_iter().fold(letter, |letter, words| letter.paragraph(words));
        letter
            .fact("Facture", &issued.number)
            .fact(if number == 1 { "Échéance" } else { "Échue le" }, text::french_date(issued.due_on))
            .fact("Reste à régler", invoice.balance().french(invoice.priced.currency))
    })?;
    mail.ok_or_else(|| Error::internal("a reminder to nobody"))
}

pub(super) fn request(transaction: &mut Transaction, invoice: &Invoice, level: u8, mail: &OwnedMail) {
    transaction
        .create(mail)
        .emit(Event::MailRequested { owner: mail.owner, mail: mail.mail.id })
        .emit(Event::InvoiceReminded { invoice: invoice.id, level });
}
