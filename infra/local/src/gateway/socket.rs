//! API Gateway's WebSockets: who connects is announced to the function, what they send too, and that they left; what is
//! posted to a connection reaches its page, or is refused as gone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::{Path, Query, Request, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures::{SinkExt, StreamExt};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, handshake::derive_accept_key, protocol::Role},
};

use crate::host::{Host, stopped};

/// Where pages connect.
pub(crate) const PATH: &str = "/_ws";
pub(crate) const CONNECTIONS: &str = "/_ws/@connections/{connection}";

/// API Gateway waits no longer for a function.
const TIMEOUT: Duration = Duration::from_secs(29);
/// How many messages wait for one page.
const WAITING_MAX: usize = 64;

/// The pages that are connected.
#[derive(Default)]
pub(crate) struct Sockets(Mutex<HashMap<String, mpsc::Sender<String>>>);

impl Sockets {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, mpsc::Sender<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `GET /_ws?…`: the function says who may.
pub(crate) async fn connect(
    State(host): State<Arc<Host>>,
    Query(given): Query<HashMap<String, String>>,
    mut request: Request,
) -> Response {
    let Some(accept) = accepted(request.headers()) else { return StatusCode::UPGRADE_REQUIRED.into_response() };
    // As API Gateway's own look.
    let connection = BASE64_STANDARD.encode(rand::random::<[u8; 11]>());
    let answer = tell(&host, "$connect", "CONNECT", &connection, json!({ "queryStringParameters": given })).await;
    let status = answer.ok().and_then(|answer| answer["statusCode"].as_u64());
    match status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok()) {
        Some(status) if status.is_success() => {}
        Some(status) => return status.into_response(),
        None => return StatusCode::BAD_GATEWAY.into_response(),
    }
    let (sender, waiting) = mpsc::channel(WAITING_MAX);
    host.sockets.all().insert(connection.clone(), sender);
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        match upgrade.await {
            Ok(upgraded) => {
                let stream = TokioIo::new(upgraded);
                listen(&host, &connection, WebSocketStream::from_raw_socket(stream, Role::Server, None).await, waiting)
                    .await;
            }
            Err(error) => tracing::debug!(%error, "a socket was not opened"),
        }
        host.sockets.all().remove(&connection);
        // Best effort, as in AWS.
        drop(tell(&host, "$disconnect", "DISCONNECT", &connection, json!({})).await);
    });
    let upgraded = [
        (header::UPGRADE, HeaderValue::from_static("websocket")),
        (header::CONNECTION, HeaderValue::from_static("upgrade")),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, upgraded).into_response()
}

/// What answers the browser's key (RFC 6455, 4.2.2); none where it wants no WebSocket.
fn accepted(headers: &HeaderMap) -> Option<HeaderValue> {
    let wants = headers.get(header::UPGRADE)?.to_str().ok()?.eq_ignore_ascii_case("websocket");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| wants)?;
    derive_accept_key(key.as_bytes()).parse().ok()
}

async fn listen(
    host: &Arc<Host>,
    connection: &str,
    mut socket: WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>,
    mut waiting: mpsc::Receiver<String>,
) {
    loop {
        tokio::select! {
            text = waiting.recv() => {
                let Some(text) = text else { return };
                if socket.send(Message::text(text)).await.is_err() {
                    return;
                }
            }
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    let sent = json!({ "body": text.as_str() });
                    drop(tell(host, "$default", "MESSAGE", connection, sent).await);
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
            () = stopped(host) => {
                drop(socket.close(None).await);
                return;
            }
        }
    }
}

/// The event as API Gateway makes it.
async fn tell(host: &Arc<Host>, route: &str, kind: &str, connection: &str, more: Value) -> Result<Value, String> {
    let mut event = json!({
        "requestContext": {
            "routeKey": route,
            "eventType": kind,
            "connectionId": connection,
            "apiId": "local",
            "stage": "live",
            "requestTimeEpoch": host.clock().now().as_millisecond(),
        },
        "isBase64Encoded": false,
    });
    if let (Some(event), Value::Object(more)) = (event.as_object_mut(), more) {
        event.extend(more);
    }
    host.invoke("notifications-socket", TIMEOUT, (host.functions.socket)(event)).await
}

/// `POST /_ws/@connections/{connection}`: the management API.
pub(crate) async fn post(State(host): State<Arc<Host>>, Path(connection): Path<String>, text: String) -> StatusCode {
    let sender = host.sockets.all().get(&connection).cloned();
    match sender.map(|sender| sender.try_send(text)) {
        Some(Ok(())) => StatusCode::OK,
        Some(Err(mpsc::error::TrySendError::Full(_))) => StatusCode::TOO_MANY_REQUESTS,
        Some(Err(mpsc::error::TrySendError::Closed(_))) | None => StatusCode::GONE,
    }
}
