//! Working through a batch: several drafts get their numbers in one transaction, which also says how far the batch has
//! come. Killed, it goes on from there; told twice, it finds nothing left.

use std::collections::HashMap;

use kernel::{
    Error, Result,
    error::Conflict,
    event::Event,
    id::{CompanyId, InvoiceId, IssueBatchId},
    reference::{ClientReference, OrganizationReference},
};
use table::{Items, Scope, Stored, Transaction};

use super::{IssueBatch, Refused};
use crate::{
    client::Client,
    invoice::{Invoice, Issuing},
    stock::{Stocks, unattended},
};

/// How many drafts are tried in one transaction of at most 100 writes and 4 MB.
const CHUNK_MAX: usize = 10;
/// Lines of the drafts of one transaction: each is stored twice, frozen and not.
const LINES_MAX: usize = 1_500;
/// Chunks of one message; the event comes again for the rest, so that no worker runs out of time.
const CHUNKS_MAX: usize = 15;

pub async fn issue_invoices(scope: &Scope, id: IssueBatchId) -> Result<()> {
    for chunk in 1..=CHUNKS_MAX {
        if !issue_chunk(scope, id, chunk == CHUNKS_MAX).await? {
            break;
        }
    }
    Ok(())
}

/// Whether there is more to do. `is_last` asks for the rest by an event.
async fn issue_chunk(scope: &Scope, id: IssueBatchId, is_last: bool) -> Result<bool> {
    // Clients are as the drafts copied them, until that turns out to be outdated.
    let attempts = std::sync::atomic::AtomicU32::new(0);
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.issue_batch(id), keys.organization()]).await?;
            let read = found.get::<IssueBatch>(&keys.issue_batch(id))?.ok_or(Error::NotFound)?;
            let organization = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?.value;
            let next = read.next(CHUNK_MAX).to_vec();
            if next.is_empty() || organization.deletion.is_some() {
                return Ok((scope.begin("issue_invoices", id).nothing(), false));
            }
            let issuing = Issuing::new(scope, &organization);
            let wanted: Vec<_> = issuing.keys().into_iter().chain(next.iter().map(|id| keys.invoice(*id))).collect();
            let found = scope.get_many(&wanted).await?;
            let is_again = attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 0;
            let chunk = Chunk::read(scope, &next, &found, is_again).await?;

            let (mut transaction, issued, refused) = chunk.issue(scope, id, &issuing, &found)?;
            let batch = read.advanced(issued, refused, scope.now());
            let goes_on = batch.finished_at.is_none();
            transaction.update(&read, &batch);
            if goes_on && is_last {
                transaction.emit(Event::IssueBatchRequested { batch: id });
            }
            Ok((transaction, goes_on))
        })
        .await
}

/// The next drafts of a batch, in their order; none where there is no such invoice.
struct Chunk {
    drafts: Vec<(InvoiceId, Option<Stored<Invoice>>)>,
    clients: HashMap<CompanyId, Client>,
    stocks: Stocks,
}

impl Chunk {
    async fn read(scope: &Scope, next: &[InvoiceId], found: &Items, is_again: bool) -> Result<Self> {
        let keys = scope.keys();
        let mut drafts = Vec::new();
        let mut lines = 0;
        for id in next {
            let draft = found.get::<Invoice>(&keys.invoice(*id))?;
            lines += draft.as_ref().map_or(0, |draft| draft.priced.lines.len());
            if lines > LINES_MAX && !drafts.is_empty() {
                break;
            }
            drafts.push((*id, draft));
        }
        // Of several copies of one client, the newest counts for all.
        let mut clients: HashMap<CompanyId, Client> = HashMap::new();
        for client in drafts.iter().filter_map(|(_, draft)| Some(&draft.as_ref()?.client)) {
            let known = clients.entry(client.reference.id).or_insert_with(|| client.clone());
            if client.seen > known.seen {
                known.clone_from(client);
            }
        }
        if is_again {
            let wanted: Vec<_> = clients.keys().map(|id| keys.client_reference(*id)).collect();
            let fresh = scope.get_many(&wanted).await?;
            for (id, client) in &mut clients {
                if let Some(now) = fresh.get::<ClientReference>(&keys.client_reference(*id))? {
                    *client = now.into();
                }
            }
        }
        let named: Vec<&Invoice> = drafts.iter().filter_map(|(_, draft)| Some(&draft.as_ref()?.value)).collect();
        let stocks = Stocks::of(scope, &named).await?;
        Ok(Self { drafts, clients, stocks })
    }

    /// All that can be issued, and why the others cannot.
    fn issue(
        &self,
        scope: &Scope,
        id: IssueBatchId,
        issuing: &Issuing<'_>,
        found: &Items,
    ) -> Result<(Transaction, usize, Vec<Refused>)> {
        let mut reasons: HashMap<InvoiceId, Conflict> = HashMap::new();
        let mut most = self.drafts.len();
        // What was refused has left traces in the transaction, which is therefore begun anew without it.
        'anew: loop {
            let mut transaction = scope.begin("issue_invoices", id);
            let mut stocks = self.stocks.clone();
            let (mut issued, mut refused) = (0, Vec::new());
            for (invoice, draft) in self.drafts.iter().take(most) {
                let client_name = draft.as_ref().map(|draft| draft.client.reference.name.clone()).unwrap_or_default();
                let Some(draft) = draft else {
                    refused.push(Refused { invoice: *invoice, client_name, reason: None });
                    continue;
                };
                if let Some(reason) = reasons.get(invoice) {
                    refused.push(Refused { invoice: *invoice, client_name, reason: Some(*reason) });
                    continue;
                }
                let client = self.clients.get(&draft.client.reference.id).unwrap_or(&draft.client).clone();
                match issuing
                    .issue(&mut transaction, found, &mut stocks, (Some(draft), draft), client)
                    .map_err(unattended)
                {
                    Ok(_) => issued += 1,
                    Err(Error::Conflict(reason)) => {
                        reasons.insert(*invoice, reason);
                        continue 'anew;
                    }
                    Err(error) => return Err(error),
                }
                // The batch itself and the event that asks for its rest.
                if transaction.room() < 2 + stocks.writes() && issued > 1 {
                    most = issued + refused.len() - 1;
                    continue 'anew;
                }
            }
            stocks.write(&mut transaction)?;
            return Ok((transaction, issued, refused));
        }
    }
}
