//! What one invoice had too much, after an overpayment or a credit note, settles another of the same client: no money
//! moves, and both sides have their entry.

use jiff::{Timestamp, civil::Date};
use kernel::{
    Error, Minor, Result, Rule,
    error::Conflict,
    id::{InvoiceId, ReceiptId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Scope, ledger::LedgerHead};

use super::{Receipt, ReceiptKind, ReceiptPart, store};
use crate::{
    invoice::Invoice,
    payment::{self, Method},
};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CreditApplicationInput)]
pub struct CreditInput {
    /// The invoice that it settles, of the same client: `inv_…`
    pub invoice_id: String,
    /// Empty for as much as can be.
    pub amount: String,
}

/// `id` is the invoice that has too much.
pub async fn apply_credit(
    scope: &Scope,
    organization: &OrganizationReference,
    id: InvoiceId,
    input: &CreditInput,
    seen: Option<u64>,
) -> Result<Receipt> {
    let today = scope.clock().today(&organization.zone());
    let receipt_id = scope.new_id(ReceiptId::new);
    let wrong = |rule| Error::field("/invoice_id", rule);
    let settled = input.invoice_id.trim();
    if settled.is_empty() {
        return Err(wrong(Rule::Required));
    }
    let settled: InvoiceId = settled.parse().map_err(|_| wrong(Rule::NotFound))?;
    if settled == id {
        return Err(wrong(Rule::Repeated));
    }
    scope
        .write(|| async {
            let keys = scope.keys();
            let found = scope.get_many(&[keys.invoice(id), keys.invoice(settled), keys.ledger_head()]).await?;
            let from = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?.expect_version(seen)?;
            let to = found.get::<Invoice>(&keys.invoice(settled))?.filter(|invoice| invoice.issued.is_some());
            let to = to.ok_or_else(|| wrong(Rule::NotFound))?;
            let effect = applied(&from, &to, &input.amount)?;
            let receipt = receipt(receipt_id, (&from, &to), effect, (today, scope.now()))?;
            let mut transaction = scope.begin("apply_credit", receipt_id);
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            store::enter(&mut transaction, head.as_ref(), &receipt, vec![from, to])?;
            Ok((transaction, receipt))
        })
        .await
}

/// What was paid on an invoice that a corrective one replaced settles that one, as far as it goes, and once: the receipt
/// is named after the invoice that it settles.
pub async fn carry_over(scope: &Scope, from: InvoiceId, to: InvoiceId) -> Result<()> {
    let id = ReceiptId::from_ulid(to.ulid());
    scope
        .write(|| async {
            let keys = scope.keys();
            let wanted =
                [keys.receipt(id), keys.invoice(from), keys.invoice(to), keys.ledger_head(), keys.organization()];
            let found = scope.get_many(&wanted).await?;
            let mut transaction = scope.begin("carry_over_payments", to);
            let organization = found.get::<OrganizationReference>(&keys.organization())?.ok_or(Error::NotFound)?.value;
            let from = found.get::<Invoice>(&keys.invoice(from))?.ok_or(Error::NotFound)?;
            let to = found.get::<Invoice>(&keys.invoice(to))?.ok_or(Error::NotFound)?;
            let is_done = found.get::<Receipt>(&keys.receipt(id))?.is_some() || organization.deletion.is_some();
            let effect = match applied(&from, &to, "") {
                Ok(effect) if !is_done => effect,
                // Nothing was paid, or nothing is due.
                Ok(_) | Err(Error::Conflict(_)) => return Ok((transaction.nothing(), ())),
                Err(error) => return Err(error),
            };
            let today = scope.clock().today(&organization.zone());
            let receipt = receipt(id, (&from, &to), effect, (today, scope.now()))?;
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            store::enter(&mut transaction, head.as_ref(), &receipt, vec![from, to])?;
            Ok((transaction, ()))
        })
        .await
}

fn receipt(
    id: ReceiptId,
    (from, to): (&Invoice, &Invoice),
    effect: Minor,
    (today, recorded_at): (Date, Timestamp),
) -> Result<Receipt> {
    let part = |invoice: &Invoice, effect_minor| {
        let number = invoice.must_be_issued()?.number.clone();
        Ok::<_, Error>(ReceiptPart { invoice: invoice.id, number, effect_minor })
    };
    Ok(Receipt {
        id,
        kind: ReceiptKind::Applied,
        client: from.client.reference.id,
        client_name: from.client.reference.name.clone(),
        amount_minor: effect,
        currency: from.priced.currency,
        paid_on: today,
        method: Method::Credit,
        reference: None,
        parts: vec![part(from, Minor(-effect.0))?, part(to, effect)?],
        excess_minor: Minor::ZERO,
        recorded_at,
        bank_line: None,
        reversed: None,
    })
}

/// How much goes from one to the other: neither more than is too much nor more than is due.
fn applied(from: &Invoice, to: &Invoice, amount: &str) -> Result<Minor> {
    from.must_be_issued()?;
    let (currency, excess, due) = (from.priced.currency, Minor(-from.balance().0), to.balance());
    if to.client.reference.id != from.client.reference.id {
        return Err(Error::field("/invoice_id", Rule::OtherClient));
    }
    if to.priced.currency != currency {
        return Err(Error::field("/invoice_id", Rule::OtherCurrency));
    }
    if excess <= Minor::ZERO {
        return Err(Error::Conflict(Conflict::NothingToRefund));
    }
    if due <= Minor::ZERO {
        return Err(Error::Conflict(Conflict::AlreadyPaid));
    }
    let most = excess.min(due);
    if amount.trim().is_empty() {
        return Ok(most);
    }
    match payment::amount(amount, currency) {
        Ok(amount) if amount <= most => Ok(amount),
        Ok(_) => Err(Error::field("/amount", Rule::MoreThanDue { due: most.french(currency) })),
        Err(rule) => Err(Error::field("/amount", rule)),
    }
}
