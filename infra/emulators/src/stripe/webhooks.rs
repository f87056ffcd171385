//! Events on their way: signed, and sent again until they are taken.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, header};
use http_body_util::Full;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use sha2::Sha256;

use super::bank::Bank;
use crate::{Result, serve};

const TRIES_MAX: u32 = 8;
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// How often it is looked whether something is due again.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// `Stripe-Signature` of a body that is sent at this instant.
pub fn sign(secret: &str, body: &[u8], at: jiff::Timestamp) -> String {
    let seconds = at.as_second();
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map(|mut mac| {
        mac.update(format!("{seconds}.").as_bytes());
        mac.update(body);
        hex::encode(mac.finalize().into_bytes())
    });
    format!("t={seconds},v1={}", mac.unwrap_or_default())
}

struct Delivery {
    number: i64,
    tries: u32,
    url: String,
    secret: String,
    body: String,
}

pub(super) async fn send(bank: Arc<Bank>) {
    let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    loop {
        let changed = bank.changed.notified();
        if !bank.is_held.load(Ordering::SeqCst) {
            match due(&bank) {
                Ok(due) => {
                    for delivery in due {
                        if let Err(error) = deliver(&bank, &client, &delivery).await {
                            tracing::error!(%error, "a webhook could not be noted");
                        }
                    }
                }
                Err(error) => tracing::error!(%error, "webhooks could not be read"),
            }
        }
        _ = tokio::time::timeout(LOOK_EVERY, changed).await;
    }
}

fn due(bank: &Bank) -> Result<Vec<Delivery>> {
    let connection = bank.store.lock();
    let mut statement = connection.prepare_cached(
        "SELECT d.number, d.tries, e.url, e.secret, o.body FROM deliveries d
         JOIN endpoints e ON e.id = d.endpoint JOIN objects o ON o.id = d.event
         WHERE d.next_at_ms <= ?1 ORDER BY d.number LIMIT 20",
    )?;
    let rows = statement.query_map([serve::now_ms()], |row| {
        Ok(Delivery {
            number: row.get(0)?,
            tries: row.get(1)?,
            url: row.get(2)?,
            secret: row.get(3)?,
            body: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

async fn deliver(bank: &Bank, client: &Client<HttpConnector, Full<Bytes>>, delivery: &Delivery) -> Result<()> {
    let request = Request::post(&delivery.url)
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(header::USER_AGENT, "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
        .header("stripe-signature", sign(&delivery.secret, delivery.body.as_bytes(), (bank.now)()))
        .body(Full::new(Bytes::from(delivery.body.clone())));
    let taken = match request {
        Ok(request) => match tokio::time::timeout(ANSWER_WITHIN, client.request(request)).await {
            Ok(Ok(answer)) => answer.status().is_success(),
            _ => false,
        },
        Err(_) => false,
    };
    let tries = delivery.tries + 1;
    let connection = bank.store.lock();
    if taken || tries >= TRIES_MAX {
        connection.execute("DELETE FROM deliveries WHERE number = ?1", [delivery.number])?;
    } else {
        let next = serve::now_ms() + (500 << tries.min(TRIES_MAX));
        connection.execute(
            "UPDATE deliveries SET tries = ?1, next_at_ms = ?2 WHERE number = ?3",
            rusqlite::params![tries, next, delivery.number],
        )?;
    }
    Ok(())
}
