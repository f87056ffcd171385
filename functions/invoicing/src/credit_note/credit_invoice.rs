//! Crediting an invoice: in one transaction the number, the frozen credit note, what the invoice has left, the ledger
//! entry, and the mail.

use cloud::Files;
use kernel::{
    Error, Result,
    document::{Kind, Preceding},
    event::{Event, Owner},
    id::{CreditNoteId, InvoiceId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use table::{
    Patch, Scope, Stored,
    ledger::{LedgerHead, LedgerKind},
    meter::side_by_side,
    sequence::Sequence,
};
use tokio::sync::OnceCell;

use super::{
    CreditInput, CreditNote,
    model::{Credit, Own, SERIES},
};
use crate::{
    attachment,
    document::{Frame, Leaving},
    figures, interest,
    invoice::{self, Invoice},
    panel::ClientDocument,
    quote::QuoteDeposit,
    stock::Stocks,
    time,
};

/// The credit note with the invoice as it is after it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Credited {
    pub note: CreditNote,
    pub invoice: Stored<Invoice>,
}

/// What the document of a credit note on an invoice says.
pub fn frame<'a>(note: &'a CreditNote, invoice: &Invoice) -> Frame<'a> {
    let (number, issued_on) = (note.invoice_number.clone(), note.invoice_issued_on);
    Frame {
        preceding: vec![Preceding { number, issued_on, deducted_minor: None }],
        supplied_on: Some(invoice.supplied_on.unwrap_or(issued_on)),
        operations: note.operations,
        purchase_order: note.purchase_order.clone(),
        exchange: invoice.exchange,
        attachments: &note.attachments,
        ..Frame::new(Kind::CreditNote, note.number.clone(), note.issued_on, &note.words, &note.priced)
    }
}

/// An issued invoice is corrected by a document of its own (CGI art. 289, I, 5): the invoice itself stays as it left.
pub async fn credit_invoice(
    scope: &Scope,
    files: &Files,
    organization: &OrganizationReference,
    id: InvoiceId,
    input: &CreditInput,
    seen: Option<u64>,
) -> Result<Credited> {
    let today = scope.clock().today(&organization.zone());
    let series = Sequence::series(SERIES, today.year());
    let note_id = scope.new_id(CreditNoteId::new);
    // Taken over once, however often the invoice is written by others meanwhile.
    let taken_over = OnceCell::new();
    let credited = scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.invoice(id), keys.sequence(&series), keys.ledger_head()]).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let (reason, priced, taken) = input.parse(&read)?;
            let issued = read.must_be_issued()?;
            // What took nothing out of stock gives nothing back, and reads none; nor does what invoiced no time.
            let stocks = async {
                match issued.stocked.as_slice() {
                    [] => Ok(Stocks::default()),
                    _ => Stocks::of(scope, &[&read.value]).await,
                }
            };
            let (stocks, worked) = side_by_side(stocks, time::store::read_all(scope, &read.time)).await;
            let (mut stocks, worked) = (stocks?, worked?);

            let mut transaction = scope.begin("credit_invoice", id);
            let number = transaction.take_number(&series, found.get::<Sequence>(&keys.sequence(&series))?.as_ref());
            let totals = priced.totals;
            let invoice = read.credited(Credit {
                note: note_id,
                number: number.clone(),
                on: today,
                gross_minor: totals.gross_minor,
                taken,
            })?;
            let own = Own { id: note_id, number: number.clone(), issued_at: scope.now(), issued_on: today };
            let keep = attachment::keep_all(scope, files, Owner::CreditNote(note_id), &input.attachments);
            let attachments = taken_over.get_or_try_init(|| keep).await?.attachments.clone();
            let note = CreditNote { attachments, ..CreditNote::of(&read, issued, own, reason, priced) };
            transaction.append_to_ledger(
                found.get::<LedgerHead>(&keys.ledger_head())?.as_ref(),
                LedgerKind::CreditNoteIssued,
                &number,
                json!({
                    "credit_note": note_id, "invoice": id, "invoice_number": issued.number,
                    "client": note.client.reference.id, "currency": note.priced.currency, "issued_on": today,
                    "net_minor": totals.net_minor, "tax_minor": totals.tax_minor, "gross_minor": totals.gross_minor,
                    "vat": note.priced.vat,
                }),
            );
            stocks.give_back(scope, &read, &note)?;
            stocks.write(&mut transaction)?;
            transaction.create(&note).replace(&ClientDocument::of_credit_note(&note));
            invoice::store::save(&mut transaction, Some(&read), &invoice);
            figures::credited(&mut transaction, today, note.priced.currency, totals.gross_minor);
            if let (Kind::Deposit, Some(quote)) = (invoice.kind, invoice.quote) {
                let deposit = Patch::of::<QuoteDeposit>(keys.quote_deposit(quote, id));
                transaction.patch(deposit.set_value("gross_minor", &invoice.owed())?);
            }
            if let Some(origin) = invoice.interest_of.as_ref().filter(|_| invoice.owed().is_zero()) {
                transaction.patch(interest::released(keys, origin, id));
            }
            let gross = totals.gross_minor.french(note.priced.currency);
            Leaving {
                owner: Owner::CreditNote(note_id),
                organization,
                client: &note.client.reference,
                frame: frame(&note, &read),
                subject: format!("Avoir {number} – {}", organization.name),
            }
            .write(&mut transaction, scope, |letter| {
                letter
                    .paragraph(format!(
                        "Veuillez trouver ci-joint notre avoir {number} d’un montant de {gross} TTC, relatif à notre \
                         facture {}.",
                        issued.number
                    ))
                    .fact("Avoir", &number)
                    .fact("Facture d’origine", &issued.number)
                    .fact("Montant TTC", &gross)
            })?;
            transaction.emit(Event::CreditNoteIssued { credit_note: note_id, invoice: id });
            // Last, for it takes what room is left.
            if invoice.owed().is_zero() {
                time::release(&mut transaction, id, &worked);
            }
            Ok((transaction, Credited { note, invoice: Stored { value: invoice, version: read.version + 1 } }))
        })
        .await;
    if let Some(taken_over) = taken_over.get() {
        taken_over.settle(scope, files, &credited, |credited| &credited.note.attachments).await;
    }
    credited
}
