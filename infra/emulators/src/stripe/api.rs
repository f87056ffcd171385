//! The HTTP side: forms in, JSON out, errors as Stripe words them; and the page on which a card is typed.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    KEY_PREFIX,
    bank::{Bank, Fields, Refusal},
};
use crate::{Faults, Result};

#[derive(Clone)]
pub(super) struct Api {
    pub(super) bank: Arc<Bank>,
    pub(super) faults: Faults,
}

/// The secret key that the request names: it stands for its account.
fn account(headers: &HeaderMap) -> Result<String, Refusal> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if key.len() > KEY_PREFIX.len() && key.starts_with(KEY_PREFIX) {
        return Ok(key.to_owned());
    }
    Err(Refusal::new(401, "", "Invalid API Key provided"))
}

fn answer(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn told(outcome: Result<Result<Value, Refusal>>) -> (u16, String) {
    match outcome {
        Ok(Ok(object)) => (200, object.to_string()),
        Ok(Err(Refusal { status, kind, code, message })) => {
            (status, json!({ "error": { "type": kind, "code": code, "message": message } }).to_string())
        }
        Err(error) => {
            tracing::error!(%error, "Stripe's stand-in failed");
            (500, json!({ "error": { "type": "api_error", "message": "An error occurred." } }).to_string())
        }
    }
}

impl Api {
    fn read(&self, headers: &HeaderMap, act: impl FnOnce(&str) -> Result<Result<Value, Refusal>>) -> Response {
        if self.faults.strike() {
            return answer(500, json!({ "error": { "type": "api_error" } }).to_string());
        }
        let (status, body) = match account(headers) {
            Ok(account) => told(act(&account)),
            Err(refusal) => told(Ok(Err(refusal))),
        };
        answer(status, body)
    }

    /// What changes something: the same key gets the same answer, and for another request none.
    fn write(
        &self,
        headers: &HeaderMap,
        (path, body): (&str, &str),
        act: impl FnOnce(&str, &Fields) -> Result<Result<Value, Refusal>>,
    ) -> Response {
        if self.faults.strike() {
            return answer(500, json!({ "error": { "type": "api_error" } }).to_string());
        }
        let account = match account(headers) {
            Ok(account) => account,
            Err(refusal) => {
                let (status, body) = told(Ok(Err(refusal)));
                return answer(status, body);
            }
        };
        let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
        let request = format!("{path}?{body}");
        let keyed = (!key.is_empty()).then(|| self.bank.keyed.lock());
        if !key.is_empty() {
            match self.bank.answered(&account, key) {
                Ok(Some((asked, status, body))) if asked == request => return answer(status, body),
                Ok(Some(_)) => {
                    let message = "Keys for idempotent requests can only be used with the same parameters.";
                    let refusal =
                        Refusal { status: 400, kind: "idempotency_error", code: "", message: message.to_owned() };
                    let (status, body) = told(Ok(Err(refusal)));
                    return answer(status, body);
                }
                Ok(None) => {}
                Err(error) => {
                    let (status, body) = told(Err(error));
                    return answer(status, body);
                }
            }
        }
        let fields: Vec<(String, String)> = serde_html_form::from_str(body).unwrap_or_default();
        let (status, body) = told(act(&account, &fields.into_iter().collect()));
        if !key.is_empty() && status < 500 && self.bank.keep(&account, key, &request, status, &body).is_err() {
            return answer(500, String::new());
        }
        drop(keyed);
        answer(status, body)
    }
}

pub(super) async fn create_session(State(api): State<Api>, headers: HeaderMap, body: String) -> Response {
    api.write(&headers, ("/v1/checkout/sessions", &body), |account, fields| api.bank.create_session(account, fields))
}

fn list(found: Vec<Value>) -> Value {
    json!({ "object": "list", "has_more": false, "data": found })
}

pub(super) async fn list_sessions(State(api): State<Api>, headers: HeaderMap) -> Response {
    api.read(&headers, |account| Ok(Ok(list(api.bank.of(account, "session")?.into_iter().take(1).collect()))))
}

pub(super) async fn show_session(State(api): State<Api>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    api.read(&headers, |account| {
        let found = api.bank.session(&id)?.filter(|(owner, _)| owner == account);
        Ok(found.map(|(_, session)| session).ok_or_else(|| Refusal::missing("checkout.session")))
    })
}

pub(super) async fn expire_session(
    State(api): State<Api>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: String,
) -> Response {
    let path = format!("/v1/checkout/sessions/{id}/expire");
    api.write(&headers, (&path, &body), |account, _| api.bank.expire(account, &id))
}

pub(super) async fn create_refund(State(api): State<Api>, headers: HeaderMap, body: String) -> Response {
    api.write(&headers, ("/v1/refunds", &body), |account, fields| api.bank.refund(account, fields))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OfPayment {
    payment_intent: String,
}

pub(super) async fn list_refunds(State(api): State<Api>, headers: HeaderMap, Query(of): Query<OfPayment>) -> Response {
    api.read(&headers, |account| {
        let refunds = api.bank.of(account, "refund")?;
        Ok(Ok(list(refunds.into_iter().filter(|refund| refund["payment_intent"] == of.payment_intent).collect())))
    })
}

pub(super) async fn create_endpoint(State(api): State<Api>, headers: HeaderMap, body: String) -> Response {
    api.write(&headers, ("/v1/webhook_endpoints", &body), |account, fields| {
        let Some(url) = fields.get("url") else {
            return Ok(Err(Refusal::new(400, "parameter_missing", "Missing required param: url.")));
        };
        let secret = api.bank.add_endpoint(account, url)?;
        Ok(Ok(json!({ "object": "webhook_endpoint", "url": url, "secret": secret, "status": "enabled" })))
    })
}

// ---- the page -------------------------------------------------------------------------------------------

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn document(title: &str, content: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><title>{title}</title></head>\
         <body><main><p>Prestataire de paiement (imitation locale)</p><h1>{title}</h1>{content}</main></body></html>"
    ))
}

/// An amount in the minor unit of its currency, as people write it.
fn in_units(minor: i64, currency: &str) -> String {
    let decimals = match currency {
        "XAF" | "XOF" => 0,
        "TND" => 3,
        _ => 2,
    };
    let digits = format!("{minor:0>width$}", width = decimals + 1);
    match digits.split_at(digits.len() - decimals) {
        (whole, "") => whole.into(),
        (whole, parts) => format!("{whole},{parts}"),
    }
}

fn is_over() -> Response {
    let content = "<p>Cette page de paiement est expirée, ou le paiement est déjà fait.</p>";
    (StatusCode::GONE, document("Rien à payer ici", content)).into_response()
}

pub(super) async fn show_page(State(api): State<Api>, Path(id): Path<String>) -> Response {
    let session = match api.bank.session(&id) {
        Ok(Some((_, session))) if session["status"] == "open" => session,
        _ => return is_over(),
    };
    let text = |name: &str| escaped(session[name].as_str().unwrap_or_default());
    let currency = text("currency").to_uppercase();
    let amount = in_units(session["amount_total"].as_i64().unwrap_or_default(), &currency);
    let content = format!(
        "<p>{}</p><p><strong>{amount} {currency}</strong></p>\
         <form method=\"post\"><button name=\"do\" value=\"pay\">Payer</button> \
         <button name=\"do\" value=\"decline\">Carte refusée</button></form><p><a href=\"{}\">Abandonner</a></p>",
        text("described"),
        text("cancel_url"),
    );
    document("Payer par carte", &content).into_response()
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    r#do: String,
}

pub(super) async fn pay(
    State(api): State<Api>,
    Path(id): Path<String>,
    axum::Form(pressed): axum::Form<Pressed>,
) -> Response {
    if pressed.r#do == "decline" {
        let content = "<p>La carte est refusée. <a href=\"\">Réessayer</a></p>";
        return (StatusCode::PAYMENT_REQUIRED, document("Paiement refusé", content)).into_response();
    }
    match api.bank.pay(&id) {
        Ok(Some(to)) => Redirect::to(&to).into_response(),
        _ => is_over(),
    }
}
