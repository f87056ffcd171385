//! Deleting a draft: it had no number, so nothing is missing; the files that were added to it go too. What was issued stays
//! for good. What it took of a quote is left to be invoiced again, as is the time that it was made of, the deposits that it
//! deducted are deducted by nobody, and interest is asked for anew.

use cloud::Files;
use kernel::{Result, document::Kind, event::Owner, id::InvoiceId};
use table::{Patch, Scope};

use super::{Invoice, store};
use crate::{
    attachment, interest,
    panel::ClientDocument,
    quote::{Progress, Quote, QuoteDeposit},
    recurring, time,
};

pub async fn delete_invoice(scope: &Scope, files: &Files, id: InvoiceId, seen: Option<u64>) -> Result<()> {
    let attachments = scope
        .write(|| async {
            let keys = scope.keys();
            let read = store::read(scope, id).await?.expect_version(seen)?;
            read.must_be_draft()?;
            let client = read.client.reference.id;
            let mut transaction = scope.begin("delete_invoice", id);
            transaction.delete(&read).forget::<ClientDocument>(|keys| keys.client_document(client, Owner::Invoice(id)));
            for entry in time::store::read_all(scope, &read.time).await? {
                transaction.update(&entry, &entry.released());
            }
            if let Some(recurred) = read.recurred {
                transaction.patch(recurring::store::deleted(keys, recurred)?);
            }
            if let Some(origin) = &read.interest_of {
                transaction.patch(interest::released(keys, origin, id));
            }
            if let Some(quote) = read.quote {
                let among = if read.kind == Kind::Deposit { "deposits" } else { "parts" };
                let released = Patch::of::<Quote>(keys.quote(quote)).remove(&format!("{among}.{id}"));
                transaction.patch(released.set_value("progress", &Progress::Accepted)?);
                for deduction in &read.deducts {
                    let deposit = keys.quote_deposit(quote, deduction.invoice);
                    let part = format!("deducted_in.{id}");
                    transaction
                        .patch(Patch::of::<QuoteDeposit>(deposit).remove(&part))
                        .patch(Patch::of::<Invoice>(keys.invoice(deduction.invoice)).remove(&part));
                }
            }
            Ok((transaction, read.value.attachments))
        })
        .await?;
    attachment::discard_files(files, scope.tenant().organization(), Owner::Invoice(id), &attachments).await;
    Ok(())
}
