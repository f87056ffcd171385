//! A day of the schedule came: the invoice is marked late, its reminder leaves or is proposed, once, however often the
//! clock asks.

use jiff::civil::Date;
use kernel::{
    Error, Result,
    event::{Event, Owner},
    id::{InvoiceId, LetterId},
    mail::Attachment,
    reference::{ClientReference, OrganizationReference},
    text,
};
use table::{
    Scope, Transaction, keys,
    shared::{FrozenLetter, OwnedMail},
};

use super::{
    ClientReminders, Policy, ReminderSettings,
    model::{Level, Tone, written},
};
use crate::{
    interest::{Interest, Rates, accrued, payments_of},
    invoice::{Invoice, store},
    letter,
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
            if looked.is_newly_late {
                let about = looked.invoice.about(looked.invoice.balance());
                transaction.emit(Event::InvoiceOverdue { invoice: id, about });
            }
            let mut invoice = looked.invoice;
            if let Some((number, level)) = looked.sends.and_then(|number| Some((number, settings.level(number)?))) {
                let told = interest_told(scope, level, &invoice, &settings, today).await?;
                let reminder = reminder(scope, (number, level), told.as_ref(), &invoice, &client, &organization)?;
                invoice = reminder.request(&mut transaction, &invoice, number);
            }
            store::save(&mut transaction, Some(&read), &invoice);
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

/// What leaves: a mail, and from the due date on a letter with it, which is rendered first.
pub(super) struct Reminder {
    mail: OwnedMail,
    letter: Option<FrozenLetter>,
    is_notice: bool,
}

/// The words of a level, as they leave. A client without an address is written nothing: whoever asks looked before.
pub(super) fn reminder(
    scope: &Scope,
    (number, level): (u8, &Level),
    interest: Option<&Interest>,
    invoice: &Invoice,
    client: &ClientReference,
    organization: &OrganizationReference,
) -> Result<Reminder> {
    let issued = invoice.must_be_issued()?;
    let today = scope.clock().today(&organization.zone());
    let words = written(level, interest, invoice, client, organization, today)?;
    let is_notice = number > 1 && level.tone == Tone::FormalNotice;
    // Who took their legal identity away since writes mails, and no letters.
    let letter = if number == 1 || !organization.can_issue() {
        None
    } else {
        let plain = written(level, None, invoice, client, organization, today)?;
        let (heads, about) = ((number, is_notice), (plain.subject.as_str(), plain.paragraphs.as_slice()));
        let letter = letter::of_reminder(heads, about, invoice, interest, client, organization, today)?;
        Some((scope.new_id(LetterId::new), letter))
    };
    let beside = letter.as_ref().map(|(id, letter)| Attachment {
        s3_key: keys::s3_key(organization.id, Owner::Letter(*id), &letter.file_name()),
        file_name: letter.file_name(),
        media_type: "application/pdf".into(),
    });
    let about = About { owner: Owner::Invoice(invoice.id), number: &issued.number, organization, client };
    let mail = about.mail_and(scope, beside, words.subject.clone(), |letter| {
        let letter = words.paragraphs.iter().fold(letter, |letter, words| letter.paragraph(words));
        letter
            .fact("Facture", &issued.number)
            .fact(if number == 1 { "Échéance" } else { "Échue le" }, text::french_date(issued.due_on))
            .fact("Reste à régler", invoice.balance().french(invoice.priced.currency))
    })?;
    let mail = mail.ok_or_else(|| Error::internal("a reminder to nobody"))?;
    let letter = letter.map(|(id, letter)| FrozenLetter {
        id,
        client: client.id,
        reminds: Some((invoice.id, number)),
        mail: Some((mail.owner, mail.mail.id)),
        letter,
    });
    Ok(Reminder { mail, letter, is_notice })
}

impl Reminder {
    /// Writes it and asks for it to leave; gives the invoice that remembers it.
    pub(super) fn request(&self, transaction: &mut Transaction, invoice: &Invoice, level: u8) -> Invoice {
        let (owner, mail) = (self.mail.owner, self.mail.mail.id);
        transaction.create(&self.mail);
        match &self.letter {
            Some(letter) => transaction
                .create(letter)
                .emit(Event::DocumentFrozen { owner: Owner::Letter(letter.id), mail: Some(mail) }),
            None => transaction.emit(Event::MailRequested { owner, mail }),
        };
        transaction.emit(Event::InvoiceReminded {
            invoice: invoice.id,
            level,
            about: invoice.about(invoice.balance()).by(transaction.actor()),
        });
        invoice.reminded_by(mail, self.letter.as_ref().map(|letter| letter.id), self.is_notice)
    }
}
