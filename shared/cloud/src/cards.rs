//! The provider of payments by card, through Stripe's protocol: Checkout Sessions, refunds, signed webhooks. Each
//! organization has its own account there, whose key comes with each call. With the endpoint of a stand-in it is the same.
//!
//! Amounts are in the minor unit of their currency, as ours. What the provider says of a refusal is logged by its code
//! only: its words may repeat a part of the key.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use hmac::{Hmac, KeyInit, Mac};
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use jiff::Timestamp;
use kernel::{Currency, Error, Minor, Result, error::Conflict};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::Sha256;
use tokio::sync::OnceCell;

/// Where Stripe's API is, and where its pages are on which a card is typed.
pub const STRIPE: &str = "https://api.stripe.com";
pub const STRIPE_PAGES: &str = "https://checkout.stripe.com";
/// The version of the API that this is written for.
const VERSION: &str = "2024-06-20";

/// The gateway gives a request 29 seconds; each act asks a few times.
const ANSWER_WITHIN: Duration = Duration::from_secs(6);
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// A second request with a key whose first one still runs is refused: it is sent again.
const TRIES: u32 = 3;
const WAIT: Duration = Duration::from_millis(400);
/// What a refund was made for, in its metadata.
const REQUEST: &str = "request";
/// How old a webhook may be: who records one cannot send it later.
const SIGNATURE_VALID_SECONDS: i64 = 300;

pub(crate) type Http = Client<HttpsConnector<HttpConnector>, Full<bytes::Bytes>>;

/// Cheap to clone; the connections are shared. The certificates of the system are read at the first call in a process.
#[derive(Clone)]
pub struct Cards(Arc<Inner>);

struct Inner {
    endpoint: String,
    pages: String,
    http: OnceCell<Http>,
}

/// A payment that somebody may make.
#[derive(Debug, Clone)]
pub struct NewCheckout<'a> {
    pub amount: Minor,
    pub currency: Currency,
    /// What is paid for, as the page names it.
    pub description: &'a str,
    pub email: Option<&'a str>,
    pub success_url: &'a str,
    pub cancel_url: &'a str,
    /// Comes back with the session, with its payment and its refunds.
    pub metadata: &'a [(&'a str, String)],
}

/// As the provider has it. Fields that say nothing here are left out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CheckoutSession {
    pub id: String,
    /// Where the card is typed, while it is open.
    pub url: Option<String>,
    status: Option<String>,
    payment_status: String,
    amount_total: Option<i64>,
    currency: Option<String>,
    pub payment_intent: Option<String>,
    created: i64,
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
}

impl CheckoutSession {
    pub fn is_open(&self) -> bool {
        self.status.as_deref() == Some("open")
    }

    pub fn is_expired(&self) -> bool {
        self.status.as_deref() == Some("expired")
    }

    /// The money is there: with a card at once, with what takes days later.
    pub fn is_paid(&self) -> bool {
        self.payment_status == "paid"
    }

    pub fn amount(&self) -> Minor {
        Minor(self.amount_total.unwrap_or_default())
    }

    pub fn is_in(&self, currency: Currency) -> bool {
        is_code(self.currency.as_deref(), currency)
    }

    pub fn created_at(&self) -> Timestamp {
        Timestamp::from_second(self.created).unwrap_or_default()
    }
}

/// Money that went back to a card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CardRefund {
    pub id: String,
    amount: i64,
    currency: String,
    status: Option<String>,
    created: i64,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

impl CardRefund {
    /// Whether it was made for what [`Cards::refund`] calls `request`.
    pub fn is_for(&self, request: &str) -> bool {
        self.metadata.get(REQUEST).is_some_and(|made_for| made_for == request)
    }

    pub fn amount(&self) -> Minor {
        Minor(self.amount)
    }

    pub fn is_in(&self, currency: Currency) -> bool {
        is_code(Some(&self.currency), currency)
    }

    /// Neither failed nor called off.
    pub fn stands(&self) -> bool {
        matches!(self.status.as_deref(), Some("succeeded" | "pending" | "requires_action"))
    }

    pub fn created_at(&self) -> Timestamp {
        Timestamp::from_second(self.created).unwrap_or_default()
    }
}

fn is_code(code: Option<&str>, currency: Currency) -> bool {
    code.is_some_and(|code| code.eq_ignore_ascii_case(currency.code()))
}

#[derive(Deserialize)]
struct List<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
struct Refused {
    error: Reason,
}

#[derive(Default, Deserialize)]
struct Reason {
    #[serde(rename = "type")]
    kind: Option<String>,
    code: Option<String>,
}

impl Cards {
    /// `pages` is the origin to which a browser is sent.
    pub fn new(endpoint: &str, pages: &str) -> Self {
        Self(Arc::new(Inner { endpoint: endpoint.into(), pages: pages.into(), http: OnceCell::new() }))
    }

    /// The origin to which a browser is sent, for the policy of the page that sends it.
    pub fn pages(&self) -> &str {
        &self.0.pages
    }

    /// Whether the provider takes the key.
    pub async fn check(&self, key: &SecretString) -> Result<()> {
        let path = "/v1/checkout/sessions?limit=1";
        self.ask::<List<CheckoutSession>>(key, Method::GET, path, None).await.map(drop)
    }

    /// `once`: the same text for the same payment makes no second session.
    pub async fn create_checkout(
        &self,
        key: &SecretString,
        checkout: &NewCheckout<'_>,
        once: &str,
    ) -> Result<CheckoutSession> {
        let price = "line_items[0][price_data]";
        let mut fields = vec![
            ("mode".to_owned(), "payment".to_owned()),
            ("payment_method_types[0]".into(), "card".into()),
            ("locale".into(), "fr".into()),
            ("line_items[0][quantity]".into(), "1".into()),
            (format!("{price}[currency]"), checkout.currency.code().to_lowercase()),
            (format!("{price}[unit_amount]"), checkout.amount.0.to_string()),
            (format!("{price}[product_data][name]"), checkout.description.into()),
            ("success_url".into(), checkout.success_url.into()),
            ("cancel_url".into(), checkout.cancel_url.into()),
            ("payment_intent_data[description]".into(), checkout.description.into()),
        ];
        fields.extend(checkout.email.map(|email| ("customer_email".into(), email.into())));
        for (name, value) in checkout.metadata {
            fields.push((format!("metadata[{name}]"), value.clone()));
            fields.push((format!("payment_intent_data[metadata][{name}]"), value.clone()));
        }
        self.ask(key, Method::POST, "/v1/checkout/sessions", Some((&fields, once))).await
    }

    pub async fn checkout(&self, key: &SecretString, session: &str) -> Result<CheckoutSession> {
        self.ask(key, Method::GET, &format!("/v1/checkout/sessions/{}", segment(session)?), None).await
    }

    /// Nobody pays by it any more; gives what it is then. One that was paid meanwhile is paid.
    pub async fn expire_checkout(&self, key: &SecretString, session: &str) -> Result<CheckoutSession> {
        let path = format!("/v1/checkout/sessions/{}/expire", segment(session)?);
        match self.ask(key, Method::POST, &path, Some((&[], ""))).await {
            Err(Error::Conflict(Conflict::CardRefused)) => self.checkout(key, session).await,
            other => other,
        }
    }

    /// Gives back of a payment. The refund remembers `request`, by which it is found again; `once` as in
    /// [`Self::create_checkout`], and `Contended` where it was used for another request.
    pub async fn refund(
        &self,
        key: &SecretString,
        intent: &str,
        amount: Minor,
        request: &str,
        once: &str,
    ) -> Result<CardRefund> {
        let fields = [
            ("payment_intent".to_owned(), intent.to_owned()),
            ("amount".into(), amount.0.to_string()),
            ("reason".into(), "requested_by_customer".into()),
            (format!("metadata[{REQUEST}]"), request.to_owned()),
        ];
        self.ask(key, Method::POST, "/v1/refunds", Some((&fields, once))).await
    }

    /// All that was given back of a payment.
    pub async fn refunds(&self, key: &SecretString, intent: &str) -> Result<Vec<CardRefund>> {
        let path = format!("/v1/refunds?limit=100&payment_intent={}", segment(intent)?);
        Ok(self.ask::<List<CardRefund>>(key, Method::GET, &path, None).await?.data)
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        key: &SecretString,
        method: Method,
        path: &str,
        sent: Option<(&[(String, String)], &str)>,
    ) -> Result<T> {
        let body = match sent {
            Some((fields, _)) => serde_html_form::to_string(fields).map_err(Error::internal)?,
            None => String::new(),
        };
        for attempt in 1..=TRIES {
            let mut request = Request::builder()
                .method(method.clone())
                .uri(format!("{}{path}", self.0.endpoint))
                .header(header::AUTHORIZATION, format!("Bearer {}", key.expose_secret()))
                .header("stripe-version", VERSION);
            if let Some((_, once)) = sent {
                request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                if !once.is_empty() {
                    request = request.header("idempotency-key", once);
                }
            }
            let request =
                request.body(Full::new(body.clone().into())).map_err(|_| Error::Conflict(Conflict::CardKeyRefused))?;
            let (status, answer) = tokio::time::timeout(ANSWER_WITHIN, self.send(request))
                .await
                .map_err(|_| Error::unavailable("the provider of payments by card does not answer"))??;
            match status {
                StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS if attempt < TRIES => {
                    tokio::time::sleep(WAIT).await;
                }
                status => return judged(status, &answer),
            }
        }
        Err(Error::unavailable("the provider of payments by card is busy"))
    }

    async fn send(&self, request: Request<Full<bytes::Bytes>>) -> Result<(StatusCode, bytes::Bytes)> {
        let http = self.0.http.get_or_try_init(|| async { client(&self.0.endpoint) }).await?;
        let answer = http.request(request).await.map_err(Error::unavailable)?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await.map_err(Error::unavailable)?;
        Ok((status, body.to_bytes()))
    }
}

impl fmt::Debug for Cards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cards").field(&self.0.endpoint).finish()
    }
}

/// An id of the provider's, in a path.
fn segment(id: &str) -> Result<&str> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if !id.is_empty() && id.len() <= 255 && id.chars().all(is_plain) { Ok(id) } else { Err(Error::NotFound) }
}

/// Over TLS, but for a stand-in.
pub(crate) fn client(endpoint: &str) -> Result<Http> {
    let provider = Arc::new(ring::default_provider());
    // A stand-in on this machine has no certificate, and wants none of the system's.
    let connector = if endpoint.starts_with("http://") {
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(Error::internal)?.with_root_certificates(RootCertStore::empty());
        HttpsConnectorBuilder::new()
            .with_tls_config(config.with_no_client_auth())
            .https_or_http()
            .enable_http1()
            .build()
    } else {
        let builder = HttpsConnectorBuilder::new().with_provider_and_native_roots(ring::default_provider());
        builder.map_err(Error::internal)?.https_only().enable_http1().build()
    };
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

fn judged<T: DeserializeOwned>(status: StatusCode, answer: &[u8]) -> Result<T> {
    if status.is_success() {
        return serde_json::from_slice(answer).map_err(Error::unavailable);
    }
    let reason = serde_json::from_slice::<Refused>(answer).map(|refused| refused.error).unwrap_or_default();
    tracing::warn!(%status, kind = reason.kind, code = reason.code, "the provider of payments by card refused");
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Error::Conflict(Conflict::CardKeyRefused)),
        StatusCode::NOT_FOUND => Err(Error::NotFound),
        StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS => {
            Err(Error::unavailable("the provider of payments by card is busy"))
        }
        // A key that somebody else used at the same moment.
        _ if reason.kind.as_deref() == Some("idempotency_error") => Err(Error::Conflict(Conflict::Contended)),
        status if status.is_server_error() => Err(Error::unavailable("the provider of payments by card fails")),
        _ => Err(Error::Conflict(Conflict::CardRefused)),
    }
}

/// Whether a webhook is the provider's (`Stripe-Signature`: `t=…,v1=…`): one of its signatures is that of the secret over
/// instant and body, and the instant is not long ago.
pub fn is_signed(secret: &SecretString, signature: &str, body: &[u8], now: Timestamp) -> bool {
    let parts = || signature.split(',').filter_map(|part| part.trim().split_once('='));
    let Some((_, at)) = parts().find(|(name, _)| *name == "t") else { return false };
    let Ok(seconds) = at.parse::<i64>() else { return false };
    if seconds.abs_diff(now.as_second()) > SIGNATURE_VALID_SECONDS.unsigned_abs() {
        return false;
    }
    parts().filter(|(name, _)| *name == "v1").take(5).any(|(_, given)| {
        let Ok(given) = hex::decode(given) else { return false };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return false };
        mac.update(at.as_bytes());
        mac.update(b".");
        mac.update(body);
        // In constant time.
        mac.verify_slice(&given).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_795_338_000;

    fn signed(signature: &str, body: &str, seconds: i64) -> bool {
        is_signed(&"whsec_test".into(), signature, body.as_bytes(), Timestamp::from_second(seconds).unwrap())
    }

    fn v1(body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"whsec_test").unwrap();
        mac.update(format!("{AT}.{body}").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// Made with OpenSSL: `printf '1795338000.{}' | openssl dgst -sha256 -hmac whsec_test`.
    #[test]
    fn a_signature_is_that_of_the_protocol() {
        assert_eq!(v1("{}"), "6dfec226bc8cbe0a65738a7b7b68837d8c58fec4670b18127d7cebb30bc54a5e");
    }

    #[test]
    fn a_webhook_is_taken_with_its_secret_its_body_and_its_time_only() {
        let good = v1("{}");
        assert!(signed(&format!("t={AT},v1={good}"), "{}", AT));
        // Another scheme beside it, and a second secret while one is replaced.
        assert!(signed(&format!("t={AT},v0={good},v1={},v1={good}", "0".repeat(64)), "{}", AT + 299));
        assert!(signed(&format!("t={AT}, v1={good}"), "{}", AT - 299));
        for (signature, body, at) in [
            (format!("t={AT},v1={good}"), "{ }", AT),
            (format!("t={AT},v1={good}"), "{}", AT + 301),
            (format!("t={AT},v1={good}"), "{}", AT - 301),
            (format!("t={},v1={good}", AT + 1), "{}", AT),
            (format!("t={AT},v0={good}"), "{}", AT),
            (format!("t={AT},v1={}", &good[..62]), "{}", AT),
            (format!("t={AT},v1="), "{}", AT),
            (format!("v1={good}"), "{}", AT),
            ("t=,v1=".into(), "{}", AT),
            ("t=99999999999999999999,v1=00".into(), "{}", AT),
            (String::new(), "{}", AT),
        ] {
            assert!(!signed(&signature, body, at), "{signature} {body} {at}");
        }
        assert!(!is_signed(
            &"whsec_other".into(),
            &format!("t={AT},v1={good}"),
            b"{}",
            Timestamp::from_second(AT).unwrap()
        ));
    }

    #[test]
    fn nothing_but_an_id_stands_in_a_path() {
        assert_eq!(segment("cs_test_a1B2").unwrap(), "cs_test_a1B2");
        for id in ["", "cs/../x", "cs?x", "cs x", "é"] {
            assert!(segment(id).is_err(), "{id}");
        }
    }
}
