//! Issuing: in one transaction the number, the frozen document, the ledger entry, the mail that waits for the
//! rendered file, and the date on which the clock looks again.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{
    Error, Minor, Result,
    document::Kind,
    error::Conflict,
    event::{Event, Owner},
    id::InvoiceId,
    reference::OrganizationReference,
    text,
};
use serde_json::json;
use table::{
    Items, Key, Scope, Stored, Transaction,
    ledger::{LedgerHead, LedgerKind},
    meter::side_by_side,
    sequence::Sequence,
};

use super::{Corrected, Invoice, Issued, Replacement, model::series_of, store};
use crate::{
    client::{Client, Freshness},
    document::{Frame, Leaving},
    figures,
    quote::QuoteDeposit,
    recurring,
    stock::Stocks,
};

/// What issuing takes of its tenant: a number of one of two series, and the end of the ledger.
pub struct Issuing<'a> {
    scope: &'a Scope,
    organization: &'a OrganizationReference,
    today: Date,
    ordinary: String,
    deposits: String,
}

impl<'a> Issuing<'a> {
    /// On this day, where the organization is.
    pub fn new(scope: &'a Scope, organization: &'a OrganizationReference) -> Self {
        let today = scope.clock().today(&organization.zone());
        let series = |kind| Sequence::series(series_of(kind), today.year());
        Self { scope, organization, today, ordinary: series(Kind::Invoice), deposits: series(Kind::Deposit) }
    }

    /// What is to be read beside the invoices. Which of the two series one takes its number from, it says itself.
    pub fn keys(&self) -> [Key; 3] {
        let keys = self.scope.keys();
        [keys.sequence(&self.ordinary), keys.sequence(&self.deposits), keys.ledger_head()]
    }

    /// Issues a draft, `read` or new in this very transaction, to its client; several may leave in one transaction.
    /// `found` has [`Self::keys`], and `stocks` what the drafts name, to be written once they all left. A corrective
    /// invoice leaves by [`Self::issue_in_place_of`].
    pub fn issue(
        &self,
        transaction: &mut Transaction,
        found: &Items,
        stocks: &mut Stocks,
        (read, draft): (Option<&Stored<Invoice>>, &Invoice),
        client: Client,
    ) -> Result<Invoice> {
        if draft.corrects.is_some() {
            return Err(Error::Conflict(Conflict::CorrectiveAlone));
        }
        self.leave(transaction, found, stocks, (read, draft), client)
    }

    /// Issues the draft of a corrective invoice. From then on nothing of the original is owed; what was paid on it is its
    /// client's credit, which the worker carries over.
    pub fn issue_in_place_of(
        &self,
        transaction: &mut Transaction,
        found: &Items,
        stocks: &mut Stocks,
        read: &Stored<Invoice>,
        original: &Stored<Invoice>,
        client: Client,
    ) -> Result<Invoice> {
        let corrects = read.corrects.as_ref().map(|corrects| Corrected {
            paid_minor: original.issued.as_ref().map(|issued| issued.paid_minor).unwrap_or_default(),
            ..corrects.clone()
        });
        let draft = Invoice { corrects, ..read.value.clone() };
        stocks.put_back(self.scope, original)?;
        let invoice = self.leave(transaction, found, stocks, (Some(read), &draft), client)?;
        let issued = invoice.must_be_issued()?;
        let by = Replacement { invoice: invoice.id, number: issued.number.clone(), on: issued.on };
        let replaced = original.replaced(by)?;
        let totals = original.priced.totals;
        transaction.append_to_ledger(
            found.get::<LedgerHead>(&self.scope.keys().ledger_head())?.as_ref(),
            LedgerKind::InvoiceReplaced,
            &original.must_be_issued()?.number,
            json!({
                "invoice": original.id, "by": invoice.id, "by_number": issued.number,
                "client": original.client.reference.id, "currency": original.priced.currency, "issued_on": self.today,
                "net_minor": totals.net_minor, "tax_minor": totals.tax_minor, "gross_minor": totals.gross_minor,
                "vat": original.priced.vat, "deducted_minor": original.deducted_minor(),
            }),
        );
        store::save(transaction, Some(original), &replaced);
        let asked = Minor(totals.gross_minor.0 - original.deducted_minor().0);
        figures::credited(transaction, self.today, original.priced.currency, asked);
        transaction.emit(Event::InvoiceReplaced { invoice: original.id, by: invoice.id });
        Ok(invoice)
    }

    fn leave(
        &self,
        transaction: &mut Transaction,
        found: &Items,
        stocks: &mut Stocks,
        (read, draft): (Option<&Stored<Invoice>>, &Invoice),
        client: Client,
    ) -> Result<Invoice> {
        let (scope, organization, today, keys) = (self.scope, self.organization, self.today, self.scope.keys());
        let id = draft.id;
        draft.must_be_draft()?;
        Freshness::hold(transaction, scope, &client);
        let series = if draft.kind == Kind::Deposit { &self.deposits } else { &self.ordinary };
        let number = transaction.take_number(series, found.get::<Sequence>(&keys.sequence(series))?.as_ref());
        let mut invoice = draft.issued(number.clone(), client, today)?;
        stocks.take(scope, &mut invoice)?;
        let issued = invoice.must_be_issued()?;
        let client = &invoice.client.reference;
        let totals = invoice.priced.totals;
        let head = found.get::<LedgerHead>(&keys.ledger_head())?;
        let mut content = json!({
            "invoice": id, "client": client.id, "currency": invoice.priced.currency,
            "issued_on": today, "due_on": issued.due_on, "net_minor": totals.net_minor,
            "tax_minor": totals.tax_minor, "gross_minor": totals.gross_minor, "vat": invoice.priced.vat,
            "kind": invoice.kind, "deducted_minor": invoice.deducted_minor(),
        });
        // Whose sale it is does not change when the client is given to somebody else.
        if let Some(user) = client.assigned_to {
            content["assigned_to"] = json!(user);
        }
        transaction.append_to_ledger(head.as_ref(), LedgerKind::InvoiceIssued, &number, content);
        store::save(transaction, read, &invoice);
        figures::invoiced(transaction, today, invoice.priced.currency, invoice.owed());
        let gross = totals.gross_minor.french(invoice.priced.currency);
        let owed = invoice.owed().french(invoice.priced.currency);
        let is_balance = !invoice.deducts.is_empty();
        let what = invoice.kind.french().to_lowercase();
        let due = text::french_date(issued.due_on);
        Leaving {
            owner: Owner::Invoice(id),
            organization,
            client,
            frame: frame(&invoice, issued),
            subject: format!("{} {number} – {}", invoice.kind.french(), organization.name),
        }
        .write(transaction, scope, |letter| {
            let told = match is_balance {
                false => format!("d’un montant de {gross} TTC, à régler au plus tard le {due}"),
                true => format!(
                    "d’un montant de {gross} TTC. Acompte déduit, il reste {owed} à régler au plus tard le {due}"
                ),
            };
            let letter = letter.paragraph(format!("Veuillez trouver ci-joint notre {what} {number} {told}."));
            let letter = match &invoice.corrects {
                Some(original) => letter.paragraph(format!(
                    "Elle annule et remplace notre facture {} du {}.",
                    original.number,
                    text::french_date(original.issued_on)
                )),
                None => letter,
            };
            let letter = letter.fact(invoice.kind.french(), &number).fact("Montant TTC", &gross);
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
                deducted_in: BTreeMap::new(),
            });
        }
        if let (Some(_), Some(recurred)) = (read, draft.recurred) {
            transaction.patch(recurring::store::numbered(keys, recurred, &number));
        }
        transaction.emit(Event::InvoiceIssued { invoice: id });
        Ok(invoice)
    }
}

/// What the document of an invoice that is issued says.
pub fn frame<'a>(invoice: &'a Invoice, issued: &Issued) -> Frame<'a> {
    Frame {
        due_on: Some(issued.due_on),
        terms: Some(invoice.terms()),
        supplied_on: Some(invoice.supplied_on.unwrap_or(issued.on)),
        operations: invoice.operations,
        purchase_order: invoice.purchase_order.clone(),
        quote_number: invoice.quote_number.clone(),
        preceding: invoice.preceding(),
        situation: invoice.situation,
        exchange: invoice.exchange,
        attachments: &invoice.attachments,
        ..Frame::new(invoice.kind, issued.number.clone(), issued.on, &invoice.words, &invoice.priced)
    }
}

pub async fn issue_invoice(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let freshness = Freshness::default();
    let issuing = Issuing::new(scope, organization);
    scope
        .write(|| async {
            let key = scope.keys().invoice(id);
            let [ordinary, deposits, head] = issuing.keys();
            let found = scope.get_many(&[key.clone(), ordinary, deposits, head]).await?;
            let read = found.get::<Invoice>(&key)?.ok_or(Error::NotFound)?.expect_version(seen)?;
            read.must_be_draft()?;
            // One that names products is read before their stock can be: a trip more than writing takes otherwise.
            let (client, stocks) =
                side_by_side(freshness.of(scope, &read.client), Stocks::of(scope, &[&read.value])).await;
            let (client, mut stocks) = (client?, stocks?);
            let mut transaction = scope.begin("issue_invoice", id);
            let invoice = match &read.corrects {
                None => issuing.issue(&mut transaction, &found, &mut stocks, (Some(&read), &read), client)?,
                // One trip more than an act should take: what it replaces is known once it is read.
                Some(corrects) => {
                    let original = store::read(scope, corrects.invoice).await?;
                    stocks = Stocks::of(scope, &[&read.value, &original.value]).await?;
                    issuing.issue_in_place_of(&mut transaction, &found, &mut stocks, &read, &original, client)?
                }
            };
            stocks.write(&mut transaction)?;
            Ok((transaction, Stored { value: invoice, version: read.version + 1 }))
        })
        .await
}
