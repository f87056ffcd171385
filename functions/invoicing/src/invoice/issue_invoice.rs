//! Issuing: in one transaction the number, the frozen document, the ledger entry, the mail that waits for the
//! rendered file, and the date on which the clock looks again.

use kernel::{
    Error, Result,
    document::Kind,
    event::{Event, Owner},
    id::InvoiceId,
    reference::OrganizationReference,
    text,
};
use serde_json::json;
use table::{
    Scope, Stored,
    ledger::{LedgerHead, LedgerKind},
    sequence::Sequence,
    shared::FrozenDocument,
};

use super::{Invoice, model::SERIES, store};
use crate::{
    client::Freshness,
    document::{self, Frame},
    mails::About,
};

pub async fn issue_invoice(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let freshness = Freshness::default();
    let today = scope.clock().today(&organization.zone());
    let series = Sequence::series(SERIES, today.year());
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.invoice(id), keys.sequence(&series), keys.ledger_head()]).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?.expect_version(seen)?;
            read.must_be_draft()?;
            let client = freshness.of(scope, &read.client).await?;

            let mut transaction = scope.begin("issue_invoice", id);
            Freshness::hold(&mut transaction, scope, &client);
            let number = transaction.take_number(&series, found.get::<Sequence>(&keys.sequence(&series))?.as_ref());
            let invoice = read.issued(number.clone(), client, today)?;
            let issued = invoice.must_be_issued()?;
            let client = &invoice.client.reference;
            let totals = invoice.priced.totals;
            let snapshot = document::freeze(
                organization,
                client,
                Frame {
                    kind: Kind::Invoice,
                    number: number.clone(),
                    issued_on: today,
                    due_on: Some(issued.due_on),
                    valid_until: None,
                    supplied_on: Some(invoice.supplied_on.unwrap_or(today)),
                    operations: invoice.operations,
                    purchase_order: invoice.purchase_order.clone(),
                    quote_number: invoice.quote_number.clone(),
                    words: &invoice.words,
                    priced: &invoice.priced,
                },
            )?;
            let owner = Owner::Invoice(id);
            let gross = totals.gross_minor.french(invoice.priced.currency);
            let due = text::french_date(issued.due_on);
            let mail = About { owner, number: &number, organization, client }.mail(
                scope,
                format!("Facture {number} – {}", organization.name),
                |letter| {
                    letter
                        .paragraph(format!(
                            "Veuillez trouver ci-joint notre facture {number} d’un montant de {gross} TTC, à régler au \
                             plus tard le {due}."
                        ))
                        .fact("Facture", &number)
                        .fact("Montant TTC", &gross)
                        .fact("Échéance", &due)
                },
            )?;
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            transaction.append_to_ledger(
                head.as_ref(),
                LedgerKind::InvoiceIssued,
                &number,
                json!({
                    "invoice": id, "client": client.id, "currency": invoice.priced.currency,
                    "issued_on": today, "due_on": issued.due_on, "net_minor": totals.net_minor,
                    "tax_minor": totals.tax_minor, "gross_minor": totals.gross_minor, "vat": invoice.priced.vat,
                }),
            );
            store::save(&mut transaction, Some(&read), &invoice);
            transaction.create(&FrozenDocument { owner, snapshot });
            if let Some(mail) = &mail {
                transaction.create(mail);
            }
            transaction
                .emit(Event::DocumentFrozen { owner, mail: mail.map(|owned| owned.mail.id) })
                .emit(Event::InvoiceIssued { invoice: id });
            Ok((transaction, Stored { value: invoice, version: read.version + 1 }))
        })
        .await
}
