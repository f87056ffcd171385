//! Stripe's API as far as payments by card need it: Checkout Sessions with their page, refunds, webhooks that are signed
//! and sent again until they are taken, idempotency keys that are honoured.

mod api;
mod bank;
mod webhooks;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    routing::{get, post},
};
use serde_json::Value;
use tokio::{sync::Notify, task::JoinHandle};

use self::bank::Bank;
pub use self::webhooks::sign;
use crate::{Faults, Result, serve, serve::Server, ses::Now, store::Store};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS objects (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS answers (
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, key)
) STRICT;
CREATE TABLE IF NOT EXISTS endpoints (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    url TEXT NOT NULL,
    secret TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
";

/// Every key that begins so is one of an account of its own.
pub const KEY_PREFIX: &str = "sk_test_";

pub struct Stripe {
    server: Server,
    bank: Arc<Bank>,
    faults: Faults,
    sender: JoinHandle<()>,
}

impl Stripe {
    /// Over the SQLite file at `path`, made if absent; without a path, in memory.
    pub async fn start(path: Option<&Path>, now: Now) -> Result<Self> {
        let (listener, address) = serve::listener().await?;
        let bank = Arc::new(Bank {
            store: Store::open(path, SCHEMA)?,
            now,
            page: format!("http://{address}/pay"),
            changed: Notify::new(),
            is_held: AtomicBool::new(false),
            keyed: std::sync::Mutex::default(),
        });
        let faults = Faults::default();
        let router = Router::new()
            .route("/v1/checkout/sessions", post(api::create_session).get(api::list_sessions))
            .route("/v1/checkout/sessions/{id}", get(api::show_session))
            .route("/v1/checkout/sessions/{id}/expire", post(api::expire_session))
            .route("/v1/refunds", post(api::create_refund).get(api::list_refunds))
            .route("/v1/webhook_endpoints", post(api::create_endpoint))
            .route("/pay/{id}", get(api::show_page).post(api::pay))
            .with_state(api::Api { bank: bank.clone(), faults: faults.clone() });
        let sender = tokio::spawn(webhooks::send(bank.clone()));
        Ok(Self { server: Server::on(listener, address, router), bank, faults, sender })
    }

    pub fn endpoint(&self) -> &str {
        &self.server.endpoint
    }

    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Has the events of the key's account sent there; gives the secret by which they are signed.
    pub fn send_events_to(&self, key: &str, url: &str) -> Result<String> {
        self.bank.add_endpoint(key, url)
    }

    /// Whoever takes the events listens elsewhere now.
    pub fn move_endpoints(&self, origin: &str) -> Result<()> {
        self.bank.move_endpoints(origin)
    }

    /// What somebody does who presses « Payer » on the page of a session.
    pub fn pay(&self, session: &str) -> Result<()> {
        self.bank.pay(session).map(drop)
    }

    /// The events so far, the oldest first.
    pub fn events(&self) -> Result<Vec<Value>> {
        self.bank.all("event")
    }

    /// The sessions of every account, the oldest first.
    pub fn sessions(&self) -> Result<Vec<Value>> {
        self.bank.all("session")
    }

    pub fn refunds(&self) -> Result<Vec<Value>> {
        self.bank.all("refund")
    }

    /// Whether events wait with us instead of being sent.
    pub fn hold_events(&self, hold: bool) {
        self.bank.is_held.store(hold, Ordering::SeqCst);
        self.bank.changed.notify_waiters();
    }

    /// Events that are still to be sent.
    pub fn pending_events(&self) -> Result<u64> {
        if self.bank.is_held.load(Ordering::SeqCst) {
            return Ok(0);
        }
        self.bank.pending()
    }
}

impl Drop for Stripe {
    fn drop(&mut self) {
        self.sender.abort();
    }
}
