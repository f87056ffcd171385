//! An accepted quote becomes the drafts of invoices: of all that is left of it, of parts of it, of its progress, of a deposit
//! on it. What was invoiced in advance is deducted, in the end all of it.

use kernel::{
    Error, Minor, Result,
    id::{InvoiceId, QuoteId},
    reference::OrganizationReference,
};
use table::{Patch, Scope, Stored, Transaction};

use super::{DepositInput, Quote, QuoteDeposit, Recovery, SituationInput, model::Wanted, store};
use crate::{
    client::Freshness,
    invoice::{self, Deduction, Invoice},
    portion::PartInput,
};

/// Of these parts, or of all that is left where none is named.
pub async fn invoice_quote(
    scope: &Scope,
    organization: &OrganizationReference,
    id: QuoteId,
    parts: &[PartInput],
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    invoice(scope, organization, id, (Wanted::Parts(parts), Recovery::Last), seen).await
}

/// Of what was done since the last situation.
pub async fn invoice_situation(
    scope: &Scope,
    organization: &OrganizationReference,
    id: QuoteId,
    input: &SituationInput,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let recovery = Recovery::named(&input.deposits).map_err(|rule| Error::field("/deposits", rule))?;
    invoice(scope, organization, id, (Wanted::Progress(&input.lines), recovery), seen).await
}

async fn invoice(
    scope: &Scope,
    organization: &OrganizationReference,
    id: QuoteId,
    (wanted, recovery): (Wanted<'_>, Recovery),
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let invoice_id = scope.new_id(InvoiceId::new);
    let freshness = Freshness::default();
    scope
        .write(|| async {
            let found = scope.collection(&scope.keys().quote(id).collection()).await?;
            let read = found.first::<Quote>()?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let (quote, priced, situation) = read.invoiced(invoice_id, wanted)?;
            // Not as the quote was sent: whoever it was addressed to may be gone since.
            let client = freshness.of(scope, &quote.client).await?;
            let mut transaction = match wanted {
                Wanted::Parts(_) => scope.begin("invoice_quote", id),
                Wanted::Progress(_) => scope.begin("invoice_situation", id),
            };
            Freshness::hold(&mut transaction, scope, &client);
            let terms = client.terms(organization);
            let invoice = Invoice::from_quote(invoice_id, scope.now(), &quote, client, priced, terms);
            let mut invoice = Invoice { situation, ..invoice };
            deduct(&mut transaction, scope, &found.all()?, (&quote, recovery), &mut invoice)?;
            store::save(&mut transaction, Some(&read), &quote);
            invoice::store::save(&mut transaction, None, &invoice);
            Ok((transaction, Stored { value: invoice, version: 1 }))
        })
        .await
}

/// Takes off an invoice what deposits invoiced in advance.
fn deduct(
    transaction: &mut Transaction,
    scope: &Scope,
    deposits: &[Stored<QuoteDeposit>],
    (quote, recovery): (&Quote, Recovery),
    invoice: &mut Invoice,
) -> Result<()> {
    for read in deposits {
        let rest = Minor(invoice.priced.totals.gross_minor.0 - invoice.deducted_minor().0);
        let amount_minor = quote.deducted(read, recovery, rest);
        if amount_minor.is_zero() {
            continue;
        }
        let mut deposit = read.value.clone();
        deposit.deducted_in.insert(invoice.id, amount_minor);
        invoice.deducts.push(Deduction {
            invoice: deposit.invoice,
            number: deposit.number.clone(),
            issued_on: deposit.issued_on,
            amount_minor,
        });
        let document = Patch::of::<Invoice>(scope.keys().invoice(deposit.invoice));
        transaction.update(read, &deposit).patch(document.set_value("deducted_in", &deposit.deducted_in)?);
    }
    Ok(())
}

/// A deposit is invoiced whenever it is asked for (CGI art. 289, I, 1, c).
pub async fn invoice_deposit(
    scope: &Scope,
    organization: &OrganizationReference,
    id: QuoteId,
    input: &DepositInput,
    seen: Option<u64>,
) -> Result<Stored<Invoice>> {
    let invoice_id = scope.new_id(InvoiceId::new);
    let freshness = Freshness::default();
    scope
        .write(|| async {
            let read = store::read(scope, id).await?.expect_version(seen)?;
            let (quote, priced) = read.with_deposit(invoice_id, input)?;
            let client = freshness.of(scope, &quote.client).await?;
            let mut transaction = scope.begin("invoice_deposit", id);
            Freshness::hold(&mut transaction, scope, &client);
            let terms = client.terms(organization);
            let invoice = Invoice::from_quote(invoice_id, scope.now(), &quote, client, priced, terms);
            store::save(&mut transaction, Some(&read), &quote);
            let invoice = Invoice { kind: kernel::document::Kind::Deposit, ..invoice };
            invoice::store::save(&mut transaction, None, &invoice);
            Ok((transaction, Stored { value: invoice, version: 1 }))
        })
        .await
}
