//! What became of a payment by card, by whoever hears of it first: the return of the browser, the webhook, the clock.

use cloud::{CardRefund, CheckoutSession, Deps};
use jiff::civil::Date;
use kernel::{
    Error, Minor, Result,
    error::Conflict,
    id::{InvoiceId, PaymentId},
    reference::OrganizationReference,
};
use table::{First, Scope, Stored, ledger::LedgerHead};

use super::{Begun, Charge, Checkout, CheckoutState, PortalSettings, model::payment_id};
use crate::{
    invoice::{self, Invoice},
    payment::{
        Method, NewPayment, Payment, PaymentKind, Recorded,
        store::{Movement, enter},
    },
};

/// Enters a payment that was made, once; ends what nobody will pay any more.
pub async fn settle(scope: &Scope, id: InvoiceId, session: &CheckoutSession) -> Result<()> {
    let intent = session.payment_intent.as_deref().filter(|_| session.is_paid());
    let payment_id = intent.map(|intent| payment_id(intent, session.created_at()));
    let keys = scope.keys();
    scope
        .write(|| async {
            let mut wanted = vec![keys.invoice(id), keys.checkout(id), keys.ledger_head(), keys.organization()];
            wanted.extend(payment_id.map(|payment| keys.payment(id, payment)));
            let found = scope.get_many(&wanted).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?;
            let checkout = found.get::<Checkout>(&keys.checkout(id))?;
            let open = checkout.filter(|checkout| checkout.is_open() && checkout.session == session.id);
            let currency = read.priced.currency;
            match (intent.zip(payment_id), open) {
                (Some((intent, payment_id)), open) if found.first::<Payment>()?.is_none() => {
                    if !session.is_in(currency) || session.amount() <= Minor::ZERO {
                        tracing::error!(invoice = %id, session = session.id, "a payment by card in another currency");
                        return Ok((scope.begin("record_card_payment", id).nothing(), ()));
                    }
                    let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?;
                    let new = NewPayment {
                        amount_minor: session.amount(),
                        paid_on: scope.clock().today(&organization.zone()),
                        method: Method::Card,
                        reference: Some(intent.into()),
                        allow_overpayment: true,
                    };
                    let payment = Payment::new(payment_id, id, PaymentKind::Received, currency, new, scope.now());
                    let payment = Payment { charge: Some(Charge { intent: intent.into(), refund: None }), ..payment };
                    let mut transaction = scope.begin("record_card_payment", id);
                    // Of another session that is still open, what is due is not what it was.
                    let mut invoice = read.received(payment.amount_minor)?;
                    if let Some(open) = open {
                        transaction.update(&open, &open.ended(CheckoutState::Paid));
                        invoice = invoice.in_checkout(false);
                    }
                    let head = found.get::<LedgerHead>(&keys.ledger_head())?;
                    enter(&mut transaction, head.as_ref(), Movement { payment, read, invoice })?;
                    Ok((transaction, ()))
                }
                (Some(_), Some(open)) => Ok((ended(scope, &open, CheckoutState::Paid, &read), ())),
                (None, Some(open)) if session.is_expired() => {
                    Ok((ended(scope, &open, CheckoutState::Expired, &read), ()))
                }
                _ => Ok((scope.begin("close_checkout", id).nothing(), ())),
            }
        })
        .await
}

fn ended(scope: &Scope, open: &Stored<Checkout>, state: CheckoutState, read: &Stored<Invoice>) -> table::Transaction {
    let mut transaction = scope.begin("close_checkout", read.id);
    transaction.update(open, &open.ended(state));
    invoice::store::save(&mut transaction, Some(read), &read.in_checkout(false));
    transaction
}

/// Of a session that the provider does not know, or not any more.
pub async fn close(scope: &Scope, id: InvoiceId, session: &str) -> Result<()> {
    let keys = scope.keys();
    scope
        .write(|| async {
            let found = scope.get_many(&[keys.invoice(id), keys.checkout(id)]).await?;
            let read = found.get::<Invoice>(&keys.invoice(id))?.ok_or(Error::NotFound)?;
            let open = found.get::<Checkout>(&keys.checkout(id))?;
            match open.filter(|open| open.is_open() && open.session == session) {
                Some(open) => Ok((ended(scope, &open, CheckoutState::Expired, &read), ())),
                None => Ok((scope.begin("close_checkout", id).nothing(), ())),
            }
        })
        .await
}

/// What a look at the payment of an invoice found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// Nobody is paying.
    Nothing,
    Open,
    Paid(Minor),
    Ended,
}

/// Asks the provider what became of a payment that was begun, and enters it.
pub async fn look_at_checkout(deps: &Deps, scope: &Scope, id: InvoiceId) -> Result<Looked> {
    let keys = scope.keys();
    let found = scope.get_many(&[keys.invoice(id), keys.checkout(id), keys.portal_settings()]).await?;
    let Some(invoice) = found.get::<Invoice>(&keys.invoice(id))? else { return Ok(Looked::Nothing) };
    let begun = Begun { invoice, checkout: found.get(&keys.checkout(id))? };
    let settings = found.first::<PortalSettings>()?.map(|stored| stored.value).unwrap_or_default();
    look(deps, scope, &settings, &begun).await
}

/// As [`look_at_checkout`], on what was read. A payment that may not be made any more is ended: another amount is due, or
/// it took too long.
pub async fn look(deps: &Deps, scope: &Scope, settings: &PortalSettings, begun: &Begun) -> Result<Looked> {
    let (invoice, id) = (&begun.invoice, begun.invoice.id);
    let Some(checkout) = &begun.checkout else { return Ok(Looked::Nothing) };
    match checkout.state {
        CheckoutState::Open => {}
        // Somebody was faster.
        CheckoutState::Paid => return Ok(Looked::Paid(checkout.amount_minor)),
        CheckoutState::Expired => return Ok(Looked::Nothing),
    }
    let Some(account) = &settings.cards else {
        close(scope, id, &checkout.session).await?;
        return Ok(Looked::Ended);
    };
    let key = account.key(deps, scope.tenant().organization()).await?;
    let mut session = match deps.cards.checkout(&key, &checkout.session).await {
        Err(Error::NotFound) => {
            close(scope, id, &checkout.session).await?;
            return Ok(Looked::Ended);
        }
        session => session?,
    };
    if session.is_open() {
        let is_due = invoice.must_stand().is_ok() && invoice.balance() == checkout.amount_minor;
        let is_due = is_due && !invoice.is_being_debited();
        if is_due && settings.offers_cards && !checkout.is_too_old(scope.now()) {
            return Ok(Looked::Open);
        }
        session = deps.cards.expire_checkout(&key, &checkout.session).await?;
    }
    settle(scope, id, &session).await?;
    Ok(match (session.is_paid(), session.is_expired()) {
        (true, _) => Looked::Paid(session.amount()),
        (false, true) => Looked::Ended,
        (false, false) => Looked::Open,
    })
}

/// What a refund is entered upon.
pub struct Refundable {
    pub invoice: Stored<Invoice>,
    pub original: Payment,
    /// The refund, where it was entered before.
    pub known: Option<Payment>,
    pub head: Option<Stored<LedgerHead>>,
    pub today: Date,
}

impl Refundable {
    async fn read(scope: &Scope, of: &Payment, refund: PaymentId) -> Result<Self> {
        let keys = scope.keys();
        let wanted = [
            keys.invoice(of.invoice),
            keys.payment(of.invoice, of.id),
            keys.payment(of.invoice, refund),
            keys.ledger_head(),
            keys.organization(),
        ];
        let found = scope.get_many(&wanted).await?;
        let organization = found.first::<OrganizationReference>()?.ok_or(Error::NotFound)?;
        Ok(Self {
            invoice: found.get(&wanted[0])?.ok_or(Error::NotFound)?,
            original: found.get::<Payment>(&wanted[1])?.ok_or(Error::NotFound)?.value,
            known: found.get::<Payment>(&wanted[2])?.map(|known| known.value),
            head: found.get(&wanted[3])?,
            today: scope.clock().today(&organization.zone()),
        })
    }
}

/// Enters what the provider gave back of a payment, once. Beyond what was paid too much, the invoice is due again. `first`
/// is what was read before the provider was asked.
pub async fn record_refund(
    scope: &Scope,
    (of, charge): (&Payment, &Charge),
    refund: &CardRefund,
    first: Option<Refundable>,
) -> Result<Option<Recorded>> {
    let refund_id = payment_id(&refund.id, refund.created_at());
    let first = match first {
        Some(first) => first,
        None => Refundable::read(scope, of, refund_id).await?,
    };
    let first = &First::reading(first);
    scope
        .write(|| async {
            let Refundable { invoice: read, original, known, head, today } =
                first.or(|| Refundable::read(scope, of, refund_id)).await?;
            let mut transaction = scope.begin("record_card_refund", of.invoice);
            if let Some(payment) = known {
                return Ok((transaction.nothing(), Some(Recorded { payment, invoice: read })));
            }
            if original.reversed_by.is_some() || !refund.is_in(original.currency) {
                // Somebody entered it by hand as a payment that was not one.
                tracing::warn!(invoice = %of.invoice, refund = refund.id, "a refund of a payment that is taken back");
                return Ok((transaction.nothing(), None));
            }
            let new = NewPayment {
                amount_minor: refund.amount(),
                paid_on: today,
                method: Method::Card,
                reference: Some(refund.id.clone()),
                allow_overpayment: false,
            };
            let invoice = match read.refunded(new.amount_minor) {
                Err(Error::Conflict(Conflict::NothingToRefund) | Error::Invalid(_)) => {
                    read.unpaid(new.amount_minor, today)?
                }
                refunded => refunded?,
            };
            let currency = original.currency;
            let payment = Payment::new(refund_id, of.invoice, PaymentKind::Refunded, currency, new, scope.now());
            let charge = Charge { intent: charge.intent.clone(), refund: Some(refund.id.clone()) };
            let payment = Payment { charge: Some(charge), ..payment };
            let recorded = enter(&mut transaction, head.as_ref(), Movement { payment, read, invoice })?;
            Ok((transaction, Some(recorded)))
        })
        .await
}
