//! The provider of payments by card, spoken to as its protocol wants.

use std::sync::{Arc, Mutex};

use axum::{Router, http::HeaderMap, routing::post};
use emulators::{Stripe, stripe::sign};
use http::StatusCode;
use serde_json::{Value, json};

const KEY: &str = "sk_test_one";

fn at() -> jiff::Timestamp {
    "2026-11-22T09:00:00Z".parse().unwrap()
}

async fn stripe() -> Stripe {
    Stripe::start(None, Arc::new(at)).await.unwrap()
}

fn fields(amount: &str) -> Vec<(&'static str, String)> {
    let price = [
        ("line_items[0][price_data][unit_amount]", amount.to_owned()),
        ("line_items[0][price_data][currency]", "eur".into()),
        ("line_items[0][price_data][product_data][name]", "Facture <1>".into()),
        ("line_items[0][quantity]", "1".into()),
    ];
    let rest = [
        ("mode", "payment".to_owned()),
        ("success_url", "http://127.0.0.1:9/merci".into()),
        ("cancel_url", "http://127.0.0.1:9/retour".into()),
        ("metadata[invoice]", "inv_1".into()),
        ("payment_intent_data[metadata][invoice]", "inv_1".into()),
    ];
    price.into_iter().chain(rest).collect()
}

async fn ask(stripe: &Stripe, path: &str, once: &str, fields: &[(&str, String)]) -> (StatusCode, Value) {
    let request = reqwest::Client::new().post(format!("{}{path}", stripe.endpoint())).bearer_auth(KEY).form(fields);
    let request = if once.is_empty() { request } else { request.header("idempotency-key", once) };
    let answer = request.send().await.unwrap();
    (StatusCode::from_u16(answer.status().as_u16()).unwrap(), answer.json().await.unwrap())
}

const SESSIONS: &str = "/v1/checkout/sessions";

#[tokio::test]
async fn the_same_key_gets_the_same_answer_and_no_other_request() {
    let stripe = stripe().await;
    let (status, first) = ask(&stripe, SESSIONS, "a", &fields("120000")).await;
    assert_eq!(
        (status, &first["status"], &first["metadata"]),
        (StatusCode::OK, &json!("open"), &json!({ "invoice": "inv_1" }))
    );
    assert_eq!(ask(&stripe, SESSIONS, "a", &fields("120000")).await, (status, first.clone()));
    let (status, other) = ask(&stripe, SESSIONS, "a", &fields("120001")).await;
    assert_eq!((status, &other["error"]["type"]), (StatusCode::BAD_REQUEST, &json!("idempotency_error")));
    let (_, second) = ask(&stripe, SESSIONS, "b", &fields("120000")).await;
    assert_ne!(first["id"], second["id"]);
    for (wrong, code) in [("49", "amount_too_small"), ("x", "amount_too_small")] {
        let (status, told) = ask(&stripe, SESSIONS, "", &fields(wrong)).await;
        assert_eq!((status, &told["error"]["code"]), (StatusCode::BAD_REQUEST, &json!(code)));
    }
    // Of another account there is no such session.
    let shown =
        reqwest::Client::new().get(format!("{}{SESSIONS}/{}", stripe.endpoint(), first["id"].as_str().unwrap()));
    assert_eq!(shown.bearer_auth("sk_test_two").send().await.unwrap().status().as_u16(), 404);
    let nobody = reqwest::Client::new().get(format!("{}{SESSIONS}", stripe.endpoint())).bearer_auth("sk_live_x");
    assert_eq!(nobody.send().await.unwrap().status().as_u16(), 401);
}

#[tokio::test]
async fn what_is_expired_is_not_paid_and_what_is_paid_does_not_expire() {
    let stripe = stripe().await;
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let (_, session) = ask(&stripe, SESSIONS, "", &fields("1000")).await;
    let (page, expire) =
        (session["url"].as_str().unwrap(), format!("{SESSIONS}/{}/expire", session["id"].as_str().unwrap()));
    let shown = browser.get(page).send().await.unwrap().text().await.unwrap();
    assert!(shown.contains("Facture &lt;1&gt;") && shown.contains("Payer"), "{shown}");
    assert_eq!(browser.post(page).form(&[("do", "decline")]).send().await.unwrap().status().as_u16(), 402);
    assert_eq!(ask(&stripe, &expire, "", &[]).await.1["status"], "expired");
    assert_eq!(browser.post(page).form(&[("do", "pay")]).send().await.unwrap().status().as_u16(), 410);

    let (_, session) = ask(&stripe, SESSIONS, "", &fields("1000")).await;
    let (page, expire) =
        (session["url"].as_str().unwrap(), format!("{SESSIONS}/{}/expire", session["id"].as_str().unwrap()));
    let paid = browser.post(page).form(&[("do", "pay")]).send().await.unwrap();
    assert_eq!(paid.headers()["location"], "http://127.0.0.1:9/merci");
    assert_eq!(ask(&stripe, &expire, "", &[]).await.0, StatusCode::BAD_REQUEST);
    let intent = stripe.sessions().unwrap()[1]["payment_intent"].as_str().unwrap().to_owned();
    let refund = |amount: &str| vec![("payment_intent", intent.clone()), ("amount", amount.to_owned())];
    assert_eq!(ask(&stripe, "/v1/refunds", "", &refund("1001")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(ask(&stripe, "/v1/refunds", "", &refund("400")).await.1["status"], "succeeded");
    assert_eq!(ask(&stripe, "/v1/refunds", "", &refund("601")).await.0, StatusCode::BAD_REQUEST);
    let last = stripe.events().unwrap().pop().unwrap();
    assert_eq!((&last["type"], &last["data"]["object"]["amount_refunded"]), (&json!("charge.refunded"), &json!(400)));
    assert_eq!(last["data"]["object"]["metadata"]["invoice"], "inv_1");
}

/// Each request that a webhook was: its signature and its body.
type Heard = Arc<Mutex<Vec<(String, String)>>>;

#[tokio::test]
async fn an_event_is_signed_and_sent_until_it_is_taken() {
    let stripe = stripe().await;
    let heard = Heard::default();
    let hearing = heard.clone();
    let router = Router::new().route(
        "/told",
        post(move |headers: HeaderMap, body: String| {
            let signature = headers["stripe-signature"].to_str().unwrap_or_default().to_owned();
            let mut heard = hearing.lock().unwrap();
            heard.push((signature, body));
            let answer = if heard.len() == 1 { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
            async move { answer }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let secret = stripe.send_events_to(KEY, "http://127.0.0.1:9/told").unwrap();
    stripe.move_endpoints(&format!("http://{here}")).unwrap();
    let (_, session) = ask(&stripe, SESSIONS, "", &fields("1000")).await;
    stripe.pay(session["id"].as_str().unwrap()).unwrap();
    while stripe.pending_events().unwrap() > 0 {
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 2);
    for (signature, body) in heard.iter() {
        assert_eq!(*signature, sign(&secret, body.as_bytes(), at()));
        assert!(body.contains("checkout.session.completed"));
    }
    server.abort();
}
