//! What the accounts have: sessions, payments, refunds, events. Each object is kept as the JSON that the API shows.

use std::{collections::BTreeMap, sync::atomic::AtomicBool};

use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{Error, Result, serve, ses::Now, store::Store};

/// A session that nobody paid ends after a day.
const SESSION_SECONDS: i64 = 24 * 60 * 60;

pub(super) struct Bank {
    pub(super) store: Store,
    pub(super) now: Now,
    /// Where the page of a session is, without its id.
    pub(super) page: String,
    /// Wakes whoever sends events.
    pub(super) changed: Notify,
    pub(super) is_held: AtomicBool,
    /// Of two requests with one key, the second waits for the first one's answer.
    pub(super) keyed: std::sync::Mutex<()>,
}

/// Why the API refuses.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind: "invalid_request_error", code, message: message.into() }
    }

    pub(super) fn missing(what: &str) -> Self {
        Self::new(404, "resource_missing", format!("No such {what}"))
    }
}

/// The fields of a form, `metadata[invoice]` among them.
pub(super) type Fields = BTreeMap<String, String>;

pub(super) fn id(prefix: &str) -> String {
    format!("{prefix}_{}", serve::random_id().replace('-', ""))
}

impl Bank {
    fn seconds(&self) -> i64 {
        (self.now)().as_second()
    }

    fn put(&self, account: &str, kind: &str, body: &Value) -> Result<()> {
        let id = body["id"].as_str().unwrap_or_default();
        self.store.lock().execute(
            "INSERT INTO objects (id, account, kind, body) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET body = ?4",
            params![id, account, kind, body.to_string()],
        )?;
        Ok(())
    }

    /// The object with its account.
    fn find(&self, kind: &str, id: &str) -> Result<Option<(String, Value)>> {
        let found = self
            .store
            .lock()
            .prepare_cached("SELECT account, body FROM objects WHERE kind = ?1 AND id = ?2")?
            .query_row([kind, id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
            .optional()?;
        found.map(|(account, body)| Ok((account, read(&body)?))).transpose()
    }

    pub(super) fn all(&self, kind: &str) -> Result<Vec<Value>> {
        let connection = self.store.lock();
        let mut statement = connection.prepare_cached("SELECT body FROM objects WHERE kind = ?1 ORDER BY number")?;
        let rows = statement.query_map([kind], |row| row.get::<_, String>(0))?;
        rows.map(|body| read(&body?)).collect()
    }

    pub(super) fn of(&self, account: &str, kind: &str) -> Result<Vec<Value>> {
        let connection = self.store.lock();
        let mut statement = connection
            .prepare_cached("SELECT body FROM objects WHERE kind = ?1 AND account = ?2 ORDER BY number DESC")?;
        let rows = statement.query_map([kind, account], |row| row.get::<_, String>(0))?;
        rows.map(|body| read(&body?)).collect()
    }

    // ---- sessions ---------------------------------------------------------------------------------------

    pub(super) fn create_session(&self, account: &str, fields: &Fields) -> Result<Result<Value, Refusal>> {
        let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let price = "line_items[0][price_data]";
        let amount: i64 = text(&format!("{price}[unit_amount]")).parse().unwrap_or_default();
        let currency = text(&format!("{price}[currency]"));
        let (success, cancel) = (text("success_url"), text("cancel_url"));
        for (value, name) in [(&success, "success_url"), (&currency, "currency")] {
            if value.is_empty() {
                return Ok(Err(Refusal::new(400, "parameter_missing", format!("Missing required param: {name}."))));
            }
        }
        if text("mode") != "payment" || text("line_items[0][quantity]") != "1" {
            return Ok(Err(Refusal::new(400, "parameter_invalid", "Only one thing is paid for here, once.")));
        }
        if currency != currency.to_lowercase() || amount < 50 {
            return Ok(Err(Refusal::new(400, "amount_too_small", "The amount must be of at least 50.")));
        }
        let (created, id) = (self.seconds(), id("cs_test"));
        let session = json!({
            "id": id, "object": "checkout.session", "amount_total": amount, "currency": currency, "mode": "payment",
            "status": "open", "payment_status": "unpaid", "payment_intent": null, "created": created,
            "expires_at": created + SESSION_SECONDS, "livemode": false, "url": format!("{}/{id}", self.page),
            "success_url": success, "cancel_url": cancel, "metadata": prefixed(fields, "metadata"),
            "customer_email": fields.get("customer_email"),
            "described": text(&format!("{price}[product_data][name]")),
            "of_payment": prefixed(fields, "payment_intent_data[metadata]"),
        });
        self.put(account, "session", &session)?;
        Ok(Ok(session))
    }

    /// As it is now: one that is too old has expired.
    pub(super) fn session(&self, id: &str) -> Result<Option<(String, Value)>> {
        let Some((account, mut session)) = self.find("session", id)? else { return Ok(None) };
        if session["status"] == "open" {
            // Since it was made we may have been started on another port.
            session["url"] = format!("{}/{id}", self.page).into();
            if session["expires_at"].as_i64() <= Some(self.seconds()) {
                self.end(&account, &mut session)?;
            }
        }
        Ok(Some((account, session)))
    }

    fn end(&self, account: &str, session: &mut Value) -> Result<()> {
        session["status"] = "expired".into();
        session["url"] = Value::Null;
        self.put(account, "session", session)?;
        self.tell(account, "checkout.session.expired", session)
    }

    pub(super) fn expire(&self, account: &str, id: &str) -> Result<Result<Value, Refusal>> {
        let found = self.session(id)?.filter(|(owner, _)| owner == account);
        let Some((_, mut session)) = found else { return Ok(Err(Refusal::missing("checkout.session"))) };
        if session["status"] != "open" {
            let told = "Only Checkout Sessions with a status in [\"open\"] can be expired.";
            return Ok(Err(Refusal::new(400, "session_not_open", told)));
        }
        self.end(account, &mut session)?;
        Ok(Ok(session))
    }

    /// Where the browser goes on; `None` where there is nothing to pay any more.
    pub(super) fn pay(&self, id: &str) -> Result<Option<String>> {
        let Some((account, mut session)) = self.session(id)? else { return Ok(None) };
        if session["status"] != "open" {
            return Ok(None);
        }
        let intent = self::id("pi");
        let charge = json!({
            "id": self::id("ch"), "object": "charge", "payment_intent": intent, "amount": session["amount_total"],
            "currency": session["currency"], "amount_refunded": 0, "refunded": false, "created": self.seconds(),
            "metadata": session["of_payment"],
        });
        self.put(&account, "charge", &charge)?;
        session["status"] = "complete".into();
        session["payment_status"] = "paid".into();
        session["payment_intent"] = intent.into();
        session["url"] = Value::Null;
        self.put(&account, "session", &session)?;
        self.tell(&account, "checkout.session.completed", &session)?;
        Ok(session["success_url"].as_str().map(str::to_owned))
    }

    // ---- refunds ----------------------------------------------------------------------------------------

    pub(super) fn refund(&self, account: &str, fields: &Fields) -> Result<Result<Value, Refusal>> {
        let intent = fields.get("payment_intent").map(String::as_str).unwrap_or_default();
        let charges = self.of(account, "charge")?;
        let Some(mut charge) = charges.into_iter().find(|charge| charge["payment_intent"] == intent) else {
            return Ok(Err(Refusal::missing("payment_intent")));
        };
        let number = |name: &str| charge[name].as_i64().unwrap_or_default();
        let (paid, before) = (number("amount"), number("amount_refunded"));
        let amount = fields.get("amount").and_then(|amount| amount.parse().ok()).unwrap_or(paid - before);
        if before >= paid {
            return Ok(Err(Refusal::new(400, "charge_already_refunded", "The charge has already been refunded.")));
        }
        if amount < 1 || amount > paid - before {
            return Ok(Err(Refusal::new(400, "amount_too_large", "The refund is greater than what is left.")));
        }
        let refund = json!({
            "id": id("re"), "object": "refund", "amount": amount, "currency": charge["currency"],
            "payment_intent": intent, "charge": charge["id"], "status": "succeeded", "created": self.seconds(),
            "metadata": prefixed(fields, "metadata"),
        });
        self.put(account, "refund", &refund)?;
        charge["amount_refunded"] = (before + amount).into();
        charge["refunded"] = (before + amount == paid).into();
        self.put(account, "charge", &charge)?;
        self.tell(account, "charge.refunded", &charge)?;
        Ok(Ok(refund))
    }

    // ---- events -----------------------------------------------------------------------------------------

    fn tell(&self, account: &str, kind: &str, object: &Value) -> Result<()> {
        let event = json!({
            "id": id("evt"), "object": "event", "type": kind, "created": self.seconds(), "livemode": false,
            "api_version": "2024-06-20", "data": { "object": object },
        });
        self.put(account, "event", &event)?;
        self.store.lock().execute(
            "INSERT INTO deliveries (event, endpoint) SELECT ?1, id FROM endpoints WHERE account = ?2",
            params![event["id"].as_str(), account],
        )?;
        self.changed.notify_waiters();
        Ok(())
    }

    pub(super) fn add_endpoint(&self, account: &str, url: &str) -> Result<String> {
        let secret = id("whsec");
        self.store.lock().execute(
            "INSERT INTO endpoints (id, account, url, secret) VALUES (?1, ?2, ?3, ?4)",
            params![id("we"), account, url, secret],
        )?;
        Ok(secret)
    }

    pub(super) fn move_endpoints(&self, origin: &str) -> Result<()> {
        let connection = self.store.lock();
        let mut statement = connection.prepare_cached("SELECT id, url FROM endpoints")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        for row in rows {
            let (id, url) = row?;
            let path = url.splitn(4, '/').nth(3).unwrap_or_default();
            connection.execute("UPDATE endpoints SET url = ?1 WHERE id = ?2", [format!("{origin}/{path}"), id])?;
        }
        Ok(())
    }

    pub(super) fn pending(&self) -> Result<u64> {
        Ok(self.store.lock().query_row("SELECT COUNT(*) FROM deliveries", [], |row| row.get(0))?)
    }

    // ---- idempotency ------------------------------------------------------------------------------------

    /// The answer that was given to the key, with the request that it was given to.
    pub(super) fn answered(&self, account: &str, key: &str) -> Result<Option<(String, u16, String)>> {
        Ok(self
            .store
            .lock()
            .prepare_cached("SELECT request, status, body FROM answers WHERE account = ?1 AND key = ?2")?
            .query_row([account, key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?)
    }

    pub(super) fn keep(&self, account: &str, key: &str, request: &str, status: u16, body: &str) -> Result<()> {
        self.store.lock().execute(
            "INSERT OR IGNORE INTO answers (account, key, request, status, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![account, key, request, status, body],
        )?;
        Ok(())
    }
}

/// What stands in brackets after a name: `metadata[invoice]`.
fn prefixed(fields: &Fields, prefix: &str) -> serde_json::Map<String, Value> {
    let named = fields.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix(prefix)?.strip_prefix('[')?.strip_suffix(']')?;
        Some((name.to_owned(), value.as_str().into()))
    });
    named.collect()
}

fn read(body: &str) -> Result<Value> {
    serde_json::from_str(body).map_err(|error| Error::Stored("an object".into(), error))
}
