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
};

use super::{Deduction, Invoice, model::series_of, store};
use crate::{
    client::Freshness,
    document::{Frame, Leaving},
    quote::QuoteDeposit,
};

pub async fn issue_invoice(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let freshness = Freshness::default();
    let today = scope.clock().today(&organization.zone());
    let series = |kind| Sequence::series(series_of(kind), today.year());
    let (ordinary, deposits) = (series(Kind::Invoice), series(Kind::Deposit));
    scope
        .write(|| async {
            let keys = scope.keys();
            // Which of the two series it takes its number from, the invoice says.
            let wanted = [keys.invoice(id), keys.sequence(&ordinary), keys.sequence(&deposits), keys.ledger_head()];
            let found = scope.get_many(&wanted).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?.expect_version(seen)?;
            read.must_be_draft()?;
            let client = freshness.of(scope, &read.client).await?;

            let mut transaction = scope.begin("issue_invoice", id);
            Freshness::hold(&mut transaction, scope, &client);
            let series = if read.kind == Kind::Deposit { &deposits } else { &ordinary };
            let number = transaction.take_number(series, found.get::<Sequence>(&keys.sequence(series))?.as_ref());
            let invoice = read.issued(number.clone(), client, today)?;
            let issued = invoice.must_be_issued()?;
            let client = &invoice.client.reference;
            let totals = invoice.priced.totals;
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            transaction.append_to_ledger(
                head.as_ref(),
                LedgerKind::InvoiceIssued,
                &number,
                json!({
                    "invoice": id, "client": client.id, "currency": invoice.priced.currency,
                    "issued_on": today, "due_on": issued.due_on, "net_minor": totals.net_minor,
                    "tax_minor": totals.tax_minor, "gross_minor": totals.gross_minor, "vat": invoice.priced.vat,
                    "kind": invoice.kind, "deducted_minor": invoice.deducted_minor(),
                }),
            );
            store::save(&mut transaction, Some(&read), &invoice);
            let gross = totals.gross_minor.french(invoice.priced.currency);
            let owed = invoice.owed().french(invoice.priced.currency);
            let is_balance = !invoice.deducts.is_empty();
            let what = invoice.kind.french().to_lowercase();
            let due = text::french_date(issued.due_on);
            Leaving {
                owner: Owner::Invoice(id),
                organization,
                client,
                frame: Frame {
                    due_on: Some(issued.due_on),
                    supplied_on: Some(invoice.supplied_on.unwrap_or(today)),
                    operations: invoice.operations,
                    purchase_order: invoice.purchase_order.clone(),
                    quote_number: invoice.quote_number.clone(),
                    preceding: invoice.deducts.iter().map(Deduction::preceding).collect(),
                    ..Frame::new(invoice.kind, number.clone(), today, &invoice.words, &invoice.priced)
                },
                subject: format!("{} {number} – {}", invoice.kind.french(), organization.name),
            }
            .write(&mut transaction, scope, |letter| {
                let told = match is_balance {
                    false => format!("d’un montant de {gross} TTC, à régler au plus tard le {due}"),
                    true => format!(
                        "d’un montant de {gross} TTC. Acompte déduit, il reste {owed} à régler au plus tard le {due}"
                    ),
                };
                let letter = letter
                    .paragraph(format!("Veuillez trouver ci-joint notre {what} {number} {told}."))
                    .fact(invoice.kind.french(), &number)
                    .fact("Montant TTC", &gross);
                let letter = if is_balance { letter.fact("Reste à régler", &owed) } else { letter };
                letter.fact("Échéance", &due)
            })?;
            if let (Kind::Deposit, Some(quote)) = (invoice.kind, invoice.quote) {
                transaction.create(&QuoteDeposit {
                    quote,
                    invoice: id,
                    number: number.clone(),
                    issued_on: today,
                    gross_minor: totals.gross_minor,
                    deducted_by: None,
                });
            }
            transaction.emit(Event::InvoiceIssued { invoice: id });
            Ok((transaction, Stored { value: invoice, version: read.version + 1 }))
        })
        .await
}
