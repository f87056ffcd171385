//! Beginning to pay by card: where the client's browser goes. Pressed twice, it leads to the same page; where another
//! amount is due meanwhile, the former one is ended first.

use cloud::{CheckoutSession, Deps, NewCheckout};
use jiff::tz::TimeZone;
use kernel::{Error, Minor, Result, error::Conflict};
use table::{First, Scope};

use super::{
    Begun, Checkout, CheckoutState, PortalSettings,
    settle::{close, settle},
};
use crate::invoice;

const ATTEMPTS: usize = 4;

/// Where the provider sends the browser back to.
pub struct Returns {
    pub paid: String,
    pub given_up: String,
}

/// The address of the page on which the card is typed.
pub async fn open_checkout(
    deps: &Deps,
    scope: &Scope,
    settings: &PortalSettings,
    begun: Begun,
    returns: &Returns,
) -> Result<String> {
    if !settings.takes_cards() {
        return Err(Error::Conflict(Conflict::CardNotOffered));
    }
    let (id, organization) = (begun.invoice.id, scope.tenant().organization());
    let key = settings.account()?.key(deps, organization).await?;
    let first = First::reading(begun);
    for _ in 0..ATTEMPTS {
        let begun = first.or(|| Begun::read(scope, id)).await?;
        let number = begun.invoice.must_stand()?.number.clone();
        if begun.invoice.is_being_debited() {
            return Err(Error::Conflict(Conflict::CardNotOffered));
        }
        let due = begun.invoice.balance();
        if due <= Minor::ZERO {
            return Err(Error::Conflict(Conflict::AlreadyPaid));
        }
        if let Some(open) = begun.checkout.as_ref().filter(|checkout| checkout.is_open()) {
            let mut session = match deps.cards.checkout(&key, &open.session).await {
                // Of an account that was connected before.
                Err(Error::NotFound) => {
                    close(scope, id, &open.session).await?;
                    continue;
                }
                session => session?,
            };
            if session.is_open() {
                match &session.url {
                    Some(url) if open.amount_minor == due => return Ok(url.clone()),
                    _ => session = deps.cards.expire_checkout(&key, &open.session).await?,
                }
            }
            settle(scope, id, &session).await?;
            if !session.is_paid() && !session.is_expired() {
                // With the bank, for some days.
                return Err(Error::Conflict(Conflict::CardNotOffered));
            }
            continue;
        }
        let version = begun.version();
        let description = format!("{} {number}", begun.invoice.kind.french());
        let new = NewCheckout {
            amount: due,
            currency: begun.invoice.priced.currency,
            description: &description,
            email: begun.invoice.client.reference.email.as_deref(),
            success_url: &returns.paid,
            cancel_url: &returns.given_up,
            metadata: &[("organization", organization.to_string()), ("invoice", id.to_string())],
        };
        let once = format!("checkout-{organization}-{id}-{version}-{}", due.0);
        let session = deps.cards.create_checkout(&key, &new, &once).await?;
        let url = session.url.clone().ok_or_else(|| Error::unavailable("a session without its page"))?;
        if keep(scope, begun, &session).await? {
            return Ok(url);
        }
        // What is owed changed, or somebody else's page is the one: nobody has seen this one.
        deps.cards.expire_checkout(&key, &session.id).await?;
    }
    Err(Error::Conflict(Conflict::Contended))
}

/// Whether the session is the one by which the invoice is paid.
async fn keep(scope: &Scope, begun: Begun, session: &CheckoutSession) -> Result<bool> {
    let (id, due, version) = (begun.invoice.id, begun.invoice.balance(), begun.version());
    let first = &First::reading(begun);
    scope
        .write(|| async {
            let begun = first.or(|| Begun::read(scope, id)).await?;
            let Begun { invoice: read, checkout } = &begun;
            let mut transaction = scope.begin("open_checkout", id);
            let is_known = checkout.as_ref().is_some_and(|kept| kept.session == session.id && kept.is_open());
            let is_other = begun.version() != version || read.balance() != due;
            if is_known || is_other || read.is_being_debited() || read.must_stand().is_err() {
                return Ok((transaction.nothing(), is_known));
            }
            let opened = Checkout {
                invoice: id,
                session: session.id.clone(),
                amount_minor: due,
                currency: read.priced.currency,
                state: CheckoutState::Open,
                created_at: scope.now(),
                look_on: Some(scope.now().to_zoned(TimeZone::UTC).date()),
            };
            transaction.save(checkout.as_ref(), &opened);
            invoice::store::save(&mut transaction, Some(read), &read.in_checkout(true));
            Ok((transaction, true))
        })
        .await
}
