//! The due date passed: the invoice is marked late and its reminder leaves, once, however often the clock asks.

use kernel::{
    Result,
    event::{Event, Owner},
    id::InvoiceId,
    reference::OrganizationReference,
    text,
};
use table::Scope;

use super::{Invoice, store};
use crate::mails::About;

pub async fn remind_invoice(scope: &Scope, id: InvoiceId) -> Result<()> {
    scope
        .write(|| async {
            let keys = scope.keys();
            let mut transaction = scope.begin("remind_invoice", id);
            let found = scope.get_many(&[keys.invoice(id), keys.organization()]).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(kernel::Error::NotFound)?;
            let organization =
                found.get::<OrganizationReference>(&keys.organization())?.ok_or(kernel::Error::NotFound)?.value;
            // Nobody writes in the name of a deleted organization; the clock need not find the invoice again.
            if organization.deletion.is_some() {
                match read.unwatched() {
                    Some(invoice) => drop(transaction.update(&read, &invoice)),
                    None => transaction = transaction.nothing(),
                }
                return Ok((transaction, ()));
            }
            let today = scope.clock().today(&organization.zone());
            let Some(invoice) = read.looked_at(today) else {
                return Ok((transaction.nothing(), ()));
            };
            store::save(&mut transaction, Some(&read), &invoice);
            let issued = invoice.must_be_issued()?;
            if issued.overdue_since.is_some() {
                let owner = Owner::Invoice(id);
                let client = &invoice.client.reference;
                let balance = invoice.balance().french(invoice.priced.currency);
                let number = &issued.number;
                let due = text::french_date(issued.due_on);
                let mail = About { owner, number, organization: &organization, client }.mail(
                    scope,
                    format!("Rappel : facture {number} échue – {}", organization.name),
                    |letter| {
                        letter
                            .paragraph(format!(
                                "Sauf erreur de notre part, notre facture {number} du {}, échue le {due}, reste à \
                                 régler à hauteur de {balance}.",
                                text::french_date(issued.on),
                            ))
                            .paragraph(
                                "Nous vous remercions de procéder à son règlement. Si votre paiement a croisé ce \
                                 message, merci de ne pas en tenir compte.",
                            )
                            .fact("Facture", number)
                            .fact("Échue le", &due)
                            .fact("Reste à régler", &balance)
                    },
                )?;
                transaction.emit(Event::InvoiceOverdue { invoice: id });
                if let Some(mail) = mail {
                    transaction
                        .create(&mail)
                        .emit(Event::MailRequested { owner, mail: mail.mail.id })
                        .emit(Event::InvoiceReminded { invoice: id, level: issued.reminders });
                }
            }
            Ok((transaction, ()))
        })
        .await
}
