//! What its buyer says of an invoice: taken in charge, approved, disputed, refused, and that the supplier has its money. Its
//! expense goes along.

use kernel::{
    Error, Result,
    error::Conflict,
    event::{About, Event},
    id::ReceivedInvoiceId,
};
use table::{Scope, Stored};

use super::{Lifecycle, ReasonInput, ReceivedInvoice, Why, store};
use crate::expense::{self, Approval, Expense, enter::actor};

/// `seen` is the version of the invoice that the client saw.
pub async fn state_invoice(
    scope: &Scope,
    id: ReceivedInvoiceId,
    state: Lifecycle,
    reason: Option<&ReasonInput>,
    seen: Option<u64>,
) -> Result<Stored<ReceivedInvoice>> {
    let user = actor(scope)?;
    let why = reason.map(|reason| reason.parse(state)).transpose()?;
    let why = why.as_ref();
    scope
        .write(|| async {
            let store::Received { invoice, expense } = store::read(scope, id).await?;
            let invoice = invoice.expect_version(seen)?;
            let stated = invoice.stated(state, (scope.now(), Some(user)), why)?;
            let mut transaction = match state {
                Lifecycle::Approved => scope.begin("approve_received_invoice", id),
                Lifecycle::Disputed => scope.begin("dispute_received_invoice", id),
                Lifecycle::Refused => scope.begin("refuse_received_invoice", id),
                Lifecycle::PaymentReceived => scope.begin("note_payment_received", id),
                _ => scope.begin("take_received_invoice", id),
            };
            transaction.update(&invoice, &stated);
            if let Some(after) = followed(&expense, state, (scope.now(), user), why)? {
                expense::store::save(&mut transaction, Some(&expense), Some(&after));
                if let Approval::Submitted { by, .. } = &expense.approval {
                    let about = About { assigned_to: Some(*by), ..expense::store::about(&after) };
                    let about = about.by(transaction.actor());
                    let is_approved = after.counts();
                    transaction.emit(Event::ExpenseDecided { expense: after.id, is_approved, about });
                }
            }
            Ok((transaction, Stored { value: stated, version: invoice.version + 1 }))
        })
        .await
}

/// The expense after it, where it is otherwise: what is refused counts no more, and what is approved does.
fn followed(
    expense: &Expense,
    state: Lifecycle,
    (at, by): (jiff::Timestamp, kernel::id::UserId),
    why: Option<&Why>,
) -> Result<Option<Expense>> {
    let approval = match (state, &expense.approval) {
        (Lifecycle::Refused, _) if expense.is_paid() => return Err(Error::Conflict(Conflict::ExpensePaid)),
        (Lifecycle::Refused, _) => Approval::Refused { by, at, reason: why.map(Why::french).unwrap_or_default() },
        (Lifecycle::PaymentReceived, _) if !expense.is_paid() => {
            return Err(Error::Conflict(Conflict::ExpenseNotPaid));
        }
        (Lifecycle::Approved, Approval::Submitted { .. } | Approval::Draft) => Approval::Approved { by: Some(by), at },
        _ => return Ok(None),
    };
    Ok(Some(Expense { approval, ..expense.clone() }))
}
