//! For scripts and tests in a browser: the operator's pages as JSON.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::acts::{self, Move, Service};
use crate::{Error, host::Host};

/// Mails in one answer.
const MAILS_MAX: usize = 200;
/// Messages of a queue in one answer.
pub(super) const MESSAGES_MAX: usize = 50;
const IDLE_SECONDS_MAX: u64 = 120;

type Answer = Result<Json<Value>, Wrong>;

pub(super) struct Wrong(StatusCode, String);

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl From<emulators::Error> for Wrong {
    fn from(error: emulators::Error) -> Self {
        Error::from(error).into()
    }
}

fn not_found() -> Wrong {
    Wrong(StatusCode::NOT_FOUND, "not found".into())
}

fn state_of_clock(host: &Host) -> Value {
    let days = host.clock().offset_ms() / 86_400_000;
    json!({ "now": host.clock().now(), "offset_ms": host.clock().offset_ms(), "offset_days": days })
}

pub(super) async fn clock(State(host): State<Arc<Host>>) -> Json<Value> {
    Json(state_of_clock(&host))
}

pub(super) async fn move_clock(State(host): State<Arc<Host>>, Json(wish): Json<Move>) -> Answer {
    if acts::move_clock(&host, &wish)? {
        Ok(Json(state_of_clock(&host)))
    } else {
        let wanted = "one of advance_days, advance_hours, set_on, reset; at most 100 years from now";
        Err(Wrong(StatusCode::UNPROCESSABLE_ENTITY, wanted.into()))
    }
}

/// Newest first.
pub(super) async fn mails(State(host): State<Arc<Host>>) -> Answer {
    Ok(Json(json!({ "mails": host.ses.mails(MAILS_MAX)? })))
}

pub(super) async fn mail(State(host): State<Arc<Host>>, Path(id): Path<String>) -> Answer {
    let mail = host.ses.mail(&id)?.ok_or_else(not_found)?;
    Ok(Json(json!({ "envelope": mail.envelope, "content": mail.content() })))
}

#[derive(Deserialize)]
pub(super) struct Envelope {
    /// Addresses, separated by commas.
    to: String,
}

/// Hands over a mail (`message/rfc822`) as whoever sends one to SES does.
pub(super) async fn take_mail(
    State(host): State<Arc<Host>>,
    Query(envelope): Query<Envelope>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Wrong> {
    let to: Vec<&str> = envelope.to.split(',').map(str::trim).filter(|address| !address.is_empty()).collect();
    let id = acts::take_mail(&host, &to, body.to_vec()).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "message_id": id }))))
}

pub(super) async fn queues(State(host): State<Arc<Host>>) -> Answer {
    let mut queues = Vec::new();
    for queue in host.work_queues()? {
        queues.push(json!({
            "name": queue.name,
            "counts": queue.counts,
            "messages": host.sqs.messages(&queue.name, MESSAGES_MAX)?,
            "dead_letters": host.sqs.messages(&queue.dead_letters, MESSAGES_MAX)?,
        }));
    }
    Ok(Json(json!({ "queues": queues })))
}

pub(super) async fn redrive(State(host): State<Arc<Host>>, Path(queue): Path<String>) -> Answer {
    let moved = acts::redrive(&host, &queue)?.ok_or_else(not_found)?;
    Ok(Json(json!({ "moved": moved })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    service: Service,
    /// Until it is set to false.
    #[serde(default)]
    failing: Option<bool>,
    /// So many requests from now.
    #[serde(default)]
    fail_next: Option<u32>,
}

pub(super) async fn set_fault(State(host): State<Arc<Host>>, Json(fault): Json<Fault>) -> StatusCode {
    let faults = fault.service.faults(&host);
    if let Some(failing) = fault.failing {
        faults.set_failing(failing);
    }
    if let Some(count) = fault.fail_next {
        faults.fail_next(count);
    }
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
pub(super) struct Patience {
    #[serde(default)]
    timeout_seconds: Option<u64>,
}

/// 200 once everything is done, 503 with what is left when that takes too long.
pub(super) async fn idle(State(host): State<Arc<Host>>, Query(patience): Query<Patience>) -> Answer {
    let seconds = patience.timeout_seconds.unwrap_or(30).min(IDLE_SECONDS_MAX);
    match host.idle(Duration::from_secs(seconds)).await {
        Ok(()) => Ok(Json(json!({ "idle": true }))),
        Err(Error::NotIdle(left)) => Err(Wrong(StatusCode::SERVICE_UNAVAILABLE, left)),
        Err(error) => Err(error.into()),
    }
}
