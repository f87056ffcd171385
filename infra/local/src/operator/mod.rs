//! The operator's pages, in French, under `/_local/`: the clock, the mail, the queues, the schedule, failures on
//! demand; and the same as JSON for scripts under `/_local/api/`.
//!
//! They exist on this machine only. Whoever can reach the port can use them, so they refuse what another web site
//! could make a browser send.

mod acts;
mod api;
mod pages;
mod views;

pub(crate) use acts::{france, take_mail};

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, post},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::{demo, host::Host};

const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; frame-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn router(host: Arc<Host>) -> Router<Arc<Host>> {
    Router::new()
        .route("/_local/", get(pages::clock))
        .route("/_local/local.css", get(pages::stylesheet))
        .route("/_local/horloge", post(pages::move_clock))
        .route("/_local/courrier", get(pages::mails))
        .route("/_local/courrier/{id}", get(pages::mail))
        .route("/_local/courrier/{id}/html", get(pages::mail_html))
        .route("/_local/courrier/{id}/source", get(pages::mail_source))
        .route("/_local/courrier/{id}/pieces/{place}", get(pages::attachment))
        .route("/_local/files", get(pages::queues))
        .route("/_local/files/{queue}/relancer", post(pages::redrive))
        .route("/_local/planification", get(pages::schedule).post(pages::tick))
        .route("/_local/pannes", get(pages::faults).post(pages::set_fault))
        .route("/_local/api/clock", get(api::clock).post(api::move_clock))
        .route("/_local/api/mails", get(api::mails))
        .route("/_local/api/mails/{id}", get(api::mail))
        .route("/_local/api/incoming", post(api::take_mail).layer(DefaultBodyLimit::max(acts::MAIL_BYTES_MAX)))
        .route("/_local/api/queues", get(api::queues))
        .route("/_local/api/queues/{queue}/redrive", post(api::redrive))
        .route("/_local/api/faults", post(api::set_fault))
        .route("/_local/api/idle", get(api::idle))
        .route(demo::HREF, post(demo::enter))
        .route("/_local", get(|| async { Redirect::permanent("/_local/") }))
        .route("/_local/{*nothing}", any(|| async { StatusCode::NOT_FOUND }))
        .layer(middleware::from_fn(guard))
        .with_state(host)
}

/// Nothing from another site: neither a form that posts here, nor a name that somebody made resolve to this machine.
async fn guard(request: Request, next: Next) -> Response {
    if !is_this_machine(request.headers()) || is_foreign(request.method(), request.headers()) {
        return (StatusCode::FORBIDDEN, "Cette page ne répond qu’à cette machine.").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A mail's own HTML brings a stricter policy with it.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn is_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

fn is_foreign(method: &Method, headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    !method.is_safe() && site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}
