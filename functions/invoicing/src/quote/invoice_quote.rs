//! An accepted quote becomes the drafts of invoices: of all that is left of it, of parts of it, of a deposit on it. What
//! was invoiced in advance is deducted from the last one.

use kernel::{
    Error, Result,
    id::{InvoiceId, QuoteId},
    reference::OrganizationReference,
};
use table::{Patch, Scope, Stored};

use super::{DepositInput, Quote, QuoteDeposit, model::Progress, store};
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
    let invoice_id = scope.new_id(InvoiceId::new);
    let freshness = Freshness::default();
    scope
        .write(|| async {
            let found = scope.collection(&scope.keys().quote(id).collection()).await?;
            let read = found.first::<Quote>()?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let (quote, priced) = read.invoiced(invoice_id, parts)?;
            // Not as the quote was sent: whoever it was addressed to may be gone since.
            let client = freshness.of(scope, &quote.client).await?;
            let mut transaction = scope.begin("invoice_quote", id);
            Freshness::hold(&mut transaction, scope, &client);
            let days = organization.payment_days;
            let mut invoice = Invoice::from_quote(invoice_id, scope.now(), &quote, client, priced, days);
            if quote.progress == Progress::Invoiced {
                let mut left = invoice.priced.totals.gross_minor;
                for deposit in found.all::<QuoteDeposit>()? {
                    let amount_minor = deposit.gross_minor.min(left);
                    if deposit.deducted_by.is_some() || amount_minor <= kernel::Minor::ZERO {
                        continue;
                    }
                    left = left.checked_sub(amount_minor).map_err(Error::internal)?;
                    invoice.deducts.push(Deduction {
                        invoice: deposit.invoice,
                        number: deposit.number.clone(),
                        issued_on: deposit.issued_on,
                        amount_minor,
                    });
                    let key = scope.keys().invoice(deposit.invoice);
                    transaction
                        .update(&deposit, &QuoteDeposit { deducted_by: Some(invoice_id), ..deposit.value.clone() })
                        .patch(Patch::of::<Invoice>(key).set_value("deducted_by", &invoice_id)?);
                }
            }
            store::save(&mut transaction, Some(&read), &quote);
            invoice::store::save(&mut transaction, None, &invoice);
            Ok((transaction, Stored { value: invoice, version: 1 }))
        })
        .await
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
            let days = organization.payment_days;
            let invoice = Invoice::from_quote(invoice_id, scope.now(), &quote, client, priced, days);
            store::save(&mut transaction, Some(&read), &quote);
            let invoice = Invoice { kind: kernel::document::Kind::Deposit, ..invoice };
            invoice::store::save(&mut transaction, None, &invoice);
            Ok((transaction, Stored { value: invoice, version: 1 }))
        })
        .await
}
