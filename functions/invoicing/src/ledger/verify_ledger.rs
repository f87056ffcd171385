//! The whole verification: the chain, the numbers, the closings, and that documents and payments are still what the ledger
//! says of them. In pages, so that neither memory nor one request grows with the ledger.

use cloud::Deps;
use kernel::{
    Currency, Minor, Result,
    event::Owner,
    id::{CreditNoteId, InvoiceId, PaymentId, SelfBilledId},
    pricing::Priced,
};
use serde::Deserialize;
use table::{
    Scope,
    ledger::{LedgerEntry, LedgerHead, LedgerKind},
    sequence::Sequence,
    shared::FrozenDocument,
};

use super::{
    check::{Fault, Report, Verifier},
    signing_purpose,
};
use crate::{credit_note::CreditNote, invoice::Invoice, payment::Payment, self_billing::SelfBilled};

/// Entries whose documents are read in one round trip: two items each, of at most 100.
const COMPARED_AT_ONCE: usize = 40;

/// Tells from time to time how many entries are done.
pub async fn verify_ledger<F>(deps: &Deps, scope: &Scope, told: impl Fn(u64) -> F) -> Result<Report>
where
    F: Future<Output = Result<()>>,
{
    let keys = scope.keys();
    let signer = deps.vault.signer(&signing_purpose(scope.tenant().organization())).await?;
    // Read before the entries: what is appended meanwhile is not missing.
    let head = scope.get::<LedgerHead>(&keys.ledger_head()).await?.map(|head| head.value).unwrap_or_default();
    let mut verifier = Verifier::new(Some(signer.public_key()));
    let mut start = None;
    loop {
        let (page, further) = scope.collection_page(&keys.ledger(), start.as_deref()).await?;
        let entries: Vec<LedgerEntry> = page.all::<LedgerEntry>()?.into_iter().map(|entry| entry.value).collect();
        let mut counted = Vec::new();
        for entry in entries.into_iter().filter(|entry| entry.position <= head.position) {
            verifier.check(&entry)?;
            if !entry.kind.is_closing() {
                counted.push(entry);
            }
        }
        for some in counted.chunks(COMPARED_AT_ONCE) {
            compare(scope, &mut verifier, some).await?;
        }
        told(verifier.entries()).await?;
        match further {
            Some(further) if verifier.entries() < head.position => start = Some(further),
            _ => break,
        }
    }
    sequences(scope, &mut verifier).await?;
    Ok(verifier.finish(Some(&head)))
}

/// What of an entry's content is compared.
#[derive(Deserialize)]
struct Said {
    invoice: Option<InvoiceId>,
    credit_note: Option<CreditNoteId>,
    self_billed: Option<SelfBilledId>,
    payment: Option<PaymentId>,
    currency: Option<Currency>,
    net_minor: Option<Minor>,
    gross_minor: Option<Minor>,
    amount_minor: Option<Minor>,
}

impl Said {
    fn is(&self, priced: &Priced) -> bool {
        let totals = priced.totals;
        (self.currency, self.net_minor, self.gross_minor)
            == (Some(priced.currency), Some(totals.net_minor), Some(totals.gross_minor))
    }
}

async fn compare(scope: &Scope, verifier: &mut Verifier, entries: &[LedgerEntry]) -> Result<()> {
    let keys = scope.keys();
    let mut asked = Vec::new();
    let mut said = Vec::new();
    for entry in entries {
        // What cannot be read is told already.
        let Ok(content) = Said::deserialize(&entry.content) else { continue };
        let (item, snapshot) = match (entry.kind, content.invoice, content.credit_note, content.payment) {
            (LedgerKind::InvoiceIssued, Some(id), ..) => (keys.invoice(id), Some(keys.snapshot(Owner::Invoice(id)))),
            (LedgerKind::CreditNoteIssued, _, Some(id), _) => {
                (keys.credit_note(id), Some(keys.snapshot(Owner::CreditNote(id))))
            }
            (LedgerKind::SelfBilledInvoiceIssued | LedgerKind::SelfBilledCreditNoteIssued, ..) => {
                let Some(id) = content.self_billed else { continue };
                (keys.self_billed(id), Some(keys.snapshot(Owner::SelfBilled(id))))
            }
            (_, Some(invoice), _, Some(payment)) => (keys.payment(invoice, payment), None),
            _ => continue,
        };
        asked.push(item.clone());
        asked.extend(snapshot.clone());
        said.push((entry, content, item, snapshot));
    }
    if asked.is_empty() {
        return Ok(());
    }
    let found = scope.get_many(&asked).await?;
    for (entry, content, item, snapshot) in said {
        verifier.compared += 1;
        let (position, number) = (entry.position, &entry.number);
        let is_right = match entry.kind {
            LedgerKind::InvoiceIssued => found.get::<Invoice>(&item)?.map(|invoice| {
                invoice.issued.as_ref().is_some_and(|issued| issued.number == *number) && content.is(&invoice.priced)
            }),
            LedgerKind::CreditNoteIssued => {
                found.get::<CreditNote>(&item)?.map(|note| note.number == *number && content.is(&note.priced))
            }
            LedgerKind::SelfBilledInvoiceIssued | LedgerKind::SelfBilledCreditNoteIssued => found
                .get::<SelfBilled>(&item)?
                .map(|document| document.number() == Some(number.as_str()) && content.is(&document.priced)),
            _ => found.get::<Payment>(&item)?.map(|payment| {
                (Some(payment.amount_minor), Some(payment.currency)) == (content.amount_minor, content.currency)
            }),
        };
        let is_payment = snapshot.is_none();
        let what = if is_payment { "Le paiement de la facture" } else { "Le document" };
        let kind = if is_payment { "payment" } else { "document" };
        match is_right {
            None => verifier.fault(Fault::new(position, kind, format!("{what} {number} est introuvable."))),
            Some(false) => {
                let message = format!("{what} {number} n’est plus ce que le journal en dit (écriture {position}).");
                verifier.fault(Fault::new(position, kind, message));
            }
            Some(true) => {}
        }
        let Some(snapshot) = snapshot else { continue };
        match found.get::<FrozenDocument>(&snapshot)? {
            None => {
                let message = format!("Le document figé {number} est introuvable.");
                verifier.fault(Fault::new(position, "document", message));
            }
            Some(frozen) => {
                let frozen = frozen.value.snapshot;
                let totals = (Some(frozen.totals.net_minor), Some(frozen.totals.gross_minor));
                if frozen.number != *number || totals != (content.net_minor, content.gross_minor) {
                    let message = format!("Le document figé {number} n’est plus ce que le journal en dit.");
                    verifier.fault(Fault::new(position, "document", message));
                }
            }
        }
    }
    Ok(())
}

/// That no number was given beside the ledger.
async fn sequences(scope: &Scope, verifier: &mut Verifier) -> Result<()> {
    let keys = scope.keys();
    let series = verifier.series().clone();
    let asked: Vec<_> = series.keys().map(|series| keys.sequence(series)).collect();
    for some in asked.chunks(2 * COMPARED_AT_ONCE) {
        let found = scope.get_many(some).await?;
        for sequence in found.all::<Sequence>()? {
            let last = series.get(&sequence.series).copied().unwrap_or_default();
            // One that is given while we look is no gap.
            if sequence.next <= last {
                let message =
                    format!("La série {} donnerait encore une fois le numéro {}.", sequence.series, sequence.number());
                verifier.fault(Fault::new(0, "sequence", message));
            }
        }
    }
    Ok(())
}
