//! Entries of accounting out of the ledger: the ledger says what happened in which order, the documents say the rest.

use futures::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use kernel::{
    Error, Result,
    id::{CreditNoteId, InvoiceId, PaymentId},
    reference::OrganizationReference,
};
use serde::Deserialize;
use table::{
    Scope,
    ledger::{LedgerEntry, LedgerHead, LedgerKind},
    shared::FrozenDocument,
};

use super::{
    AccountPlan,
    book::{Entry, Life, What, deducted},
};
use crate::{invoice::Invoice, payment::Payment};

/// How many invoices are read at the same time.
const AT_ONCE: usize = 8;

/// What of an entry's content names documents.
#[derive(Deserialize)]
struct Named {
    invoice: Option<InvoiceId>,
    credit_note: Option<CreditNoteId>,
    payment: Option<PaymentId>,
}

/// Walks the ledger's entries of a period, by the day of the document or payment, and gives what is entered of each.
pub struct Source<'a> {
    scope: &'a Scope,
    organization: &'a OrganizationReference,
    plan: &'a AccountPlan,
    from: Date,
    to: Date,
    /// After which sort key the next page begins; none once all is read.
    start: Option<String>,
}

impl<'a> Source<'a> {
    /// Nothing that a period has was entered before its first day: no document and no payment is of a day to come. It may
    /// have been entered after its last.
    pub async fn new(
        scope: &'a Scope,
        organization: &'a OrganizationReference,
        plan: &'a AccountPlan,
        (from, to): (Date, Date),
    ) -> Result<Self> {
        let keys = scope.keys();
        let head = scope.get::<LedgerHead>(&keys.ledger_head()).await?.map_or(0, |head| head.position);
        // The last entry of a day before the period.
        let (mut before, mut after) = (0, head + 1);
        while before + 1 < after {
            let middle = before + (after - before) / 2;
            let entry = scope.get::<LedgerEntry>(&keys.ledger_entry(middle)).await?;
            let entry = entry.ok_or_else(|| Error::internal(format!("ledger entry {middle} is missing")))?;
            if organization.day(entry.at) < from { before = middle } else { after = middle }
        }
        let start = Some(keys.ledger_entry(before).parts().1.to_owned());
        Ok(Self { scope, organization, plan, from, to, start })
    }

    /// The entries of the next page, and the position where it ends; none once all is read.
    pub async fn next(&mut self) -> Result<Option<(Vec<Entry>, u64)>> {
        let Some(start) = self.start.take() else { return Ok(None) };
        let keys = self.scope.keys();
        let (page, further) = self.scope.collection_page(&keys.ledger(), Some(&start)).await?;
        self.start = further;
        let page = page.all::<LedgerEntry>()?;
        let last = page.last().map_or(0, |entry| entry.position);
        let entries = page.into_iter().filter(|entry| !entry.kind.is_closing()).map(|entry| self.entry(entry.value));
        let entries: Vec<Option<Entry>> = stream::iter(entries).buffered(AT_ONCE).try_collect().await?;
        let (from, to) = (self.from, self.to);
        Ok(Some((entries.into_iter().flatten().filter(|entry| (from..=to).contains(&entry.on)).collect(), last)))
    }

    async fn entry(&self, entry: LedgerEntry) -> Result<Option<Entry>> {
        let named = Named::deserialize(&entry.content).map_err(Error::internal)?;
        let what = match (entry.kind, named.credit_note, named.payment) {
            (LedgerKind::InvoiceIssued, _, _) => What::Issue,
            (LedgerKind::CreditNoteIssued, Some(note), _) => What::Credit(note),
            (LedgerKind::InvoiceReplaced, _, _) => What::Replaced,
            (
                LedgerKind::PaymentRecorded
                | LedgerKind::PaymentReversed
                | LedgerKind::RefundRecorded
                | LedgerKind::RefundReversed,
                _,
                Some(payment),
            ) => What::Money(payment),
            // Purchases stand in nobody's journal of sales; what moves no money of an invoice is not entered.
            _ => return Ok(None),
        };
        let missing = || Error::internal(format!("ledger entry {} names no invoice that is there", entry.position));
        let keys = self.scope.keys();
        let id = named.invoice.ok_or_else(missing)?;
        let found = self.scope.collection(&keys.invoice(id).collection()).await?;
        let invoice = found.first::<Invoice>()?.ok_or_else(missing)?.value;
        let payments: Vec<Payment> = found.all::<Payment>()?.into_iter().map(|payment| payment.value).collect();
        let frozen = found.first::<FrozenDocument>()?.map(|frozen| frozen.value.snapshot);
        let (mentions, name) = match frozen {
            Some(snapshot) => (snapshot.mentions, snapshot.buyer.name),
            None => (Vec::new(), invoice.client.reference.name.clone()),
        };
        let deposits: Vec<_> = invoice.deducts.iter().map(|deduction| keys.invoice(deduction.invoice)).collect();
        let mut taken = Vec::new();
        if !deposits.is_empty() {
            let deposits = self.scope.get_many(&deposits).await?;
            for deduction in &invoice.deducts {
                let deposit = deposits.get::<Invoice>(&keys.invoice(deduction.invoice))?.ok_or_else(missing)?;
                taken.extend(deducted(&deposit, deduction.amount_minor)?);
            }
        }
        let life = Life::new(&invoice, &payments, name, &mentions, taken)?;
        life.entry(what, self.plan, self.organization.day(entry.at), self.to).map(Some)
    }
}
