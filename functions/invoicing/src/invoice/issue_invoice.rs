//! Issuing: in one transaction the number, the frozen document, the ledger entry, the mail that waits for the
//! rendered file, and the date on which the clock looks again.

use jiff::civil::Date;
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
    Items, Key, Scope, Stored, Transaction,
    ledger::{LedgerHead, LedgerKind},
    meter::side_by_side,
    sequence::Sequence,
};

use super::{Deduction, Invoice, model::series_of, store};
use crate::{
    client::{Client, Freshness},
    document::{Frame, Leaving},
    quote::QuoteDeposit,
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
    /// `found` has [`Self::keys`], and `stocks` what the drafts name, to be written once they all left.
    pub fn issue(
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
        store::save(transaction, read, &invoice);
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
        .write(transaction, scope, |letter| {
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
        Ok(invoice)
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
            let invoice = issuing.issue(&mut transaction, &found, &mut stocks, (Some(&read), &read), client)?;
            stocks.write(&mut transaction)?;
            Ok((transaction, Stored { value: invoice, version: read.version + 1 }))
        })
        .await
}
