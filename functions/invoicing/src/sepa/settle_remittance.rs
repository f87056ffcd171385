//! What became of a remittance: the bank took it, or took one debit back, or it was never sent.

use kernel::{
    Error, Result, Rule,
    error::Conflict,
    id::{InvoiceId, MandateId, PaymentId, RemittanceId},
    reference::OrganizationReference,
};
use serde::{Deserialize, Serialize};
use table::{Items, Scope, Stored, ledger::LedgerHead};

use super::{
    Mandate, Remittance,
    remittance::{REASONS, REMITTED_MAX, Rejection},
};
use crate::{
    invoice::{self, Invoice},
    payment::{
        Method, Payment, PaymentKind,
        store::{Movement, enter, enter_all},
    },
    receipt::payment_id,
};

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConfirmationInput {
    /// The invoices of its debits that were not rejected, in their order, as it was seen: all of them are read at once.
    pub invoice_ids: Vec<String>,
    /// Of a cancellation: the mandates of the same debits, each once.
    pub mandate_ids: Vec<String>,
}

/// The same for the form and the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectionInput {
    /// `inv_…`
    pub invoice_id: String,
    /// Its place in the remittance, from one.
    pub line: usize,
    /// As the bank says: `AM04`.
    pub reason: String,
}

fn others(pointer: &str) -> Error {
    Error::field(pointer, Rule::NotFound)
}

fn invoices(input: &ConfirmationInput) -> Result<Vec<InvoiceId>> {
    let ids = input.invoice_ids.iter().map(|id| id.parse()).collect::<std::result::Result<Vec<InvoiceId>, _>>();
    ids.ok().filter(|ids| ids.len() <= REMITTED_MAX).ok_or_else(|| others("/invoice_ids"))
}

fn read_invoice(scope: &Scope, found: &Items, id: InvoiceId) -> Result<Stored<Invoice>> {
    found.get(&scope.keys().invoice(id))?.ok_or_else(|| others("/invoice_ids"))
}

/// The bank credited it: each debit that stands is a payment of its invoice.
pub async fn confirm_remittance(
    scope: &Scope,
    organization: &OrganizationReference,
    id: RemittanceId,
    input: &ConfirmationInput,
) -> Result<Remittance> {
    let today = scope.clock().today(&organization.zone());
    let ids = invoices(input)?;
    scope
        .write(|| async {
            let keys = scope.keys();
            let wanted = [keys.remittance(id), keys.ledger_head()].into_iter();
            let wanted: Vec<_> = wanted.chain(ids.iter().map(|invoice| keys.invoice(*invoice))).collect();
            let found = scope.get_many(&wanted).await?;
            let read = found.get::<Remittance>(&keys.remittance(id))?.ok_or(Error::NotFound)?;
            if !read.standing().map(|(_, line)| line.invoice).eq(ids.iter().copied()) {
                return Err(others("/invoice_ids"));
            }
            let remittance = read.confirmed(today)?;
            let mut transaction = scope.begin("confirm_remittance", id);
            transaction.update(&read, &remittance);
            let mut movements = Vec::new();
            for (place, line) in remittance.standing() {
                let read = read_invoice(scope, &found, line.invoice)?;
                let payment = Payment {
                    id: payment_id(id.ulid(), place),
                    invoice: line.invoice,
                    kind: PaymentKind::Received,
                    amount_minor: line.amount_minor,
                    currency: read.priced.currency,
                    paid_on: remittance.debit_on,
                    method: Method::DirectDebit,
                    reference: Some(format!("Mandat {}", line.reference)),
                    recorded_at: scope.now(),
                    reverses: None,
                    reversed_by: None,
                    of: None,
                    receipt: None,
                    charge: None,
                };
                let invoice = read.debited(None)?.received(line.amount_minor)?;
                movements.push(Movement { payment, read, invoice });
            }
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            enter_all(&mut transaction, head.as_ref(), movements)?;
            Ok((transaction, remittance))
        })
        .await
}

/// The bank sent one debit back (an R-transaction): its payment is taken back by a counter-entry, or never comes.
pub async fn reject_debit(
    scope: &Scope,
    organization: &OrganizationReference,
    id: RemittanceId,
    input: &RejectionInput,
) -> Result<Remittance> {
    let today = scope.clock().today(&organization.zone());
    let known = REASONS.iter().find(|(code, _)| *code == input.reason.trim());
    let (code, french) = known.ok_or_else(|| Error::field("/reason", Rule::NotAChoice))?;
    let named: InvoiceId = input.invoice_id.parse().map_err(|_| others("/invoice_id"))?;
    let place = input.line.checked_sub(1).filter(|place| *place < REMITTED_MAX).ok_or_else(|| others("/line"))?;
    let counter_id = scope.new_id(PaymentId::new);
    scope
        .write(|| async {
            let keys = scope.keys();
            let paid = keys.payment(named, payment_id(id.ulid(), place));
            let wanted = [keys.remittance(id), keys.ledger_head(), keys.invoice(named), paid.clone()];
            let found = scope.get_many(&wanted).await?;
            let read = found.get::<Remittance>(&keys.remittance(id))?.ok_or(Error::NotFound)?;
            if read.lines.get(place).map(|line| line.invoice) != Some(named) {
                return Err(others("/invoice_id"));
            }
            let rejection = Rejection { on: today, reason: (*code).into() };
            let remittance = read.with_rejected(place, rejection)?;
            let mut transaction = scope.begin("reject_debit", id);
            transaction.update(&read, &remittance);
            let invoice = read_invoice(scope, &found, named)?;
            if remittance.confirmed_on.is_none() {
                invoice::store::save(&mut transaction, Some(&invoice), &invoice.debited(None)?);
                return Ok((transaction, remittance));
            }
            let lost = || Error::internal("a confirmed debit without its payment");
            let payment: Stored<Payment> = found.get(&paid)?.ok_or_else(lost)?;
            let reason = format!("Rejet {code} : {french}");
            let (reversed, counter) = payment.reversed(counter_id, &reason, today, scope.now())?;
            transaction.update(&payment, &reversed);
            let after = invoice.without(&payment, today)?;
            let head = found.get::<LedgerHead>(&keys.ledger_head())?;
            let movement = Movement { payment: counter, read: invoice, invoice: after };
            enter(&mut transaction, head.as_ref(), movement)?;
            Ok((transaction, remittance))
        })
        .await
}

/// It is not sent: its invoices may be debited by another, and its mandates are as they were.
pub async fn cancel_remittance(
    scope: &Scope,
    organization: &OrganizationReference,
    id: RemittanceId,
    input: &ConfirmationInput,
) -> Result<Remittance> {
    let today = scope.clock().today(&organization.zone());
    let ids = invoices(input)?;
    let mandates = input.mandate_ids.iter().map(|id| id.parse()).collect::<std::result::Result<Vec<MandateId>, _>>();
    let mandates = mandates.ok().filter(|ids| ids.len() <= REMITTED_MAX).ok_or_else(|| others("/mandate_ids"))?;
    scope
        .write(|| async {
            let keys = scope.keys();
            let wanted = [keys.remittance(id)].into_iter();
            let wanted = wanted.chain(ids.iter().map(|invoice| keys.invoice(*invoice)));
            let wanted: Vec<_> = wanted.chain(mandates.iter().map(|mandate| keys.mandate(*mandate))).collect();
            let found = scope.get_many(&wanted).await?;
            let read = found.get::<Remittance>(&keys.remittance(id))?.ok_or(Error::NotFound)?;
            if !read.standing().map(|(_, line)| line.invoice).eq(ids.iter().copied()) {
                return Err(others("/invoice_ids"));
            }
            if !read.mandates().eq(mandates.iter().copied()) {
                return Err(others("/mandate_ids"));
            }
            let remittance = read.cancelled(today)?;
            let mut transaction = scope.begin("cancel_remittance", id);
            transaction.update(&read, &remittance);
            for invoice in &ids {
                let read = read_invoice(scope, &found, *invoice)?;
                if read.issued.as_ref().is_some_and(|issued| issued.debit.is_some()) {
                    invoice::store::save(&mut transaction, Some(&read), &read.debited(None)?);
                }
            }
            for mandate in &mandates {
                let mandate = found.get::<Mandate>(&keys.mandate(*mandate))?.ok_or_else(|| others("/mandate_ids"))?;
                let before =
                    read.lines.iter().find(|line| line.mandate == mandate.id).and_then(|line| line.before.clone());
                // What was used since by another stays used.
                if mandate.used.as_ref().is_some_and(|used| used.remittance == id) {
                    transaction.update(&mandate, &Mandate { used: before, ..mandate.value.clone() });
                }
            }
            Ok((transaction, remittance))
        })
        .await
}

impl Remittance {
    /// Those that it uses, each once.
    pub fn mandates(&self) -> impl Iterator<Item = MandateId> {
        let lines = self.lines.iter().enumerate();
        lines
            .filter(|(at, line)| self.lines[..*at].iter().all(|other| other.mandate != line.mandate))
            .map(|(_, l)| l.mandate)
    }

    pub fn must_be_sendable(&self) -> Result<()> {
        if self.cancelled_on.is_none() { Ok(()) } else { Err(Error::Conflict(Conflict::RemittanceClosed)) }
    }
}
