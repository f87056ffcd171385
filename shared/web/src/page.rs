//! Answers: pages, redirections after a form, JSON with its version, and the error on its way out.

use std::sync::Arc;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Error;
use serde::Serialize;

use crate::shell::Flash;

pub type PageResult = Result<Response, Failure>;

/// The application's error on its way out; the outermost layer words it for who asks.
#[derive(Debug)]
pub struct Failure(pub Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// Travels in the response's extensions to the layer that presents it.
#[derive(Clone)]
pub(crate) struct Failed(pub Arc<Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Failed(Arc::new(self.0)));
        response
    }
}

/// Renders a page.
pub fn page(template: &impl Template) -> PageResult {
    page_with_status(StatusCode::OK, template)
}

pub fn page_with_status(status: StatusCode, template: &impl Template) -> PageResult {
    let html = template.render().map_err(Error::internal)?;
    Ok((status, [(header::CACHE_CONTROL, "private, no-store")], Html(html)).into_response())
}

/// After a form: see there.
pub fn redirect(to: &str) -> PageResult {
    let location = HeaderValue::from_str(to).map_err(Error::internal)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// As [`redirect`], with a message that the next page shows once.
pub fn redirect_with(to: &str, flash: &Flash, secure: bool) -> PageResult {
    let mut response = redirect(to)?;
    if let Some(cookie) = flash.cookie(secure) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A JSON answer with the version of what it shows as its ETag.
pub struct Answer<T> {
    pub status: StatusCode,
    pub version: Option<u64>,
    pub location: Option<String>,
    pub body: T,
}

pub fn seen<T: Serialize>(body: T, version: u64) -> Answer<T> {
    Answer { status: StatusCode::OK, version: Some(version), location: None, body }
}

pub fn created<T: Serialize>(body: T, version: u64, location: String) -> Answer<T> {
    Answer { status: StatusCode::CREATED, version: Some(version), location: Some(location), body }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(self.body)).into_response();
        let headers = response.headers_mut();
        if let Some(etag) = self.version.and_then(|v| HeaderValue::from_str(&format!("\"{v}\"")).ok()) {
            headers.insert(header::ETAG, etag);
        }
        if let Some(location) = self.location.and_then(|to| HeaderValue::from_str(&to).ok()) {
            headers.insert(header::LOCATION, location);
        }
        response
    }
}
