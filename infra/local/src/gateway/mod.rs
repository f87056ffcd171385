//! API Gateway: an HTTP request to the function of its route, and the answer back.

mod answer;
mod event;
mod routes;
pub(crate) mod socket;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body,
    extract::{ConnectInfo, Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use lambda_http::{Context as LambdaContext, LambdaEvent, Service, request::LambdaRequest};
use serde_json::Value;

pub use routes::{Context, ROUTES, find};

use crate::host::Host;

/// What Lambda takes and gives as JSON: 6 MB and a little.
pub const EVENT_BYTES_MAX: usize = 6_291_556;

/// API Gateway waits no longer for a function.
const TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) async fn answer(
    State(host): State<Arc<Host>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let id = format!("{:032x}", rand::random::<u128>());
    let mut response = respond(&host, peer, request, &id).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("apigw-requestid", id);
    }
    response
}

async fn respond(host: &Arc<Host>, peer: SocketAddr, request: Request, id: &str) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = body::to_bytes(body, EVENT_BYTES_MAX).await else {
        return message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
    };
    let (route, context) = find(&parts.method, parts.uri.path());
    let event = event::of(&parts, peer, route, &body, id, host.clock().now()).to_string();
    if event.len() > EVENT_BYTES_MAX {
        return message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
    }
    let Some(router) = host.functions.contexts.get(&context).cloned() else {
        return message(StatusCode::NOT_FOUND, "Not Found");
    };
    let answered = host
        .invoke(context.name(), TIMEOUT, async move {
            let event: LambdaRequest = serde_json::from_str(&event).map_err(|error| error.to_string())?;
            // The adapter cannot travel between threads, its answer can; a router is always ready to be called.
            let answering = lambda_http::Adapter::from(router).call(LambdaEvent::new(event, LambdaContext::default()));
            let answer = answering.await.map_err(|error| error.to_string())?;
            serde_json::to_value(answer).map_err(|error| error.to_string())
        })
        .await;
    answered
        .ok()
        .as_ref()
        .and_then(answer::of)
        .unwrap_or_else(|| message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"))
}

/// An answer that API Gateway gives by itself.
fn message(status: StatusCode, text: &str) -> Response {
    let body = Value::from_iter([("message", text)]).to_string();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
