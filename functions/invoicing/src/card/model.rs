//! What a payment by card is until it is one. Pure.

use jiff::{SignedDuration, Timestamp, civil::Date};
use kernel::{
    Currency, Minor,
    id::{InvoiceId, PaymentId},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long a client may take on the provider's page.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutState {
    Open,
    Paid,
    /// Given up, or ended by us.
    Expired,
}

/// The payment of an invoice that somebody began last. There is one at a time: what takes its place ends it first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    pub invoice: InvoiceId,
    /// As the provider names it.
    pub session: String,
    pub amount_minor: Minor,
    pub currency: Currency,
    pub state: CheckoutState,
    pub created_at: Timestamp,
    /// When the clock is to look at it, while it is open.
    pub look_on: Option<Date>,
}

impl Checkout {
    pub fn is_open(&self) -> bool {
        self.state == CheckoutState::Open
    }

    pub fn is_too_old(&self, now: Timestamp) -> bool {
        now.duration_since(self.created_at) > OPEN_FOR
    }

    pub fn ended(&self, state: CheckoutState) -> Self {
        Self { state, look_on: None, ..self.clone() }
    }
}

/// Where the money of a payment by card, or of its refund, is at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    pub intent: String,
    /// Of a refund.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<String>,
}

/// The same payment for the same thing at the provider, whoever enters it.
pub fn payment_id(id: &str, created_at: Timestamp) -> PaymentId {
    let hash = Sha256::digest(id.as_bytes());
    let random = hash.iter().take(10).fold(0, |bits: u128, byte| (bits << 8) | u128::from(*byte));
    PaymentId::new(created_at, random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_payment_of_the_provider_is_one_of_ours() {
        let at = Timestamp::from_second(1_795_338_000).unwrap();
        assert_eq!(payment_id("pi_1", at), payment_id("pi_1", at));
        assert_ne!(payment_id("pi_1", at), payment_id("pi_2", at));
        assert_eq!(payment_id("pi_1", at).given_at(), at);
    }
}
