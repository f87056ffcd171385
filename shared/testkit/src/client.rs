//! Who calls the router in a test, and what comes back.

use axum::{Router, body::Body};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// Somebody with or without a credential.
#[derive(Clone)]
pub struct Client {
    router: Router,
    headers: HeaderMap,
}

impl Client {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, headers: HeaderMap::new() }
    }

    pub fn session(self, secret: &str) -> Self {
        self.header("cookie", &format!("session={secret}"))
    }

    pub fn bearer(self, secret: &str) -> Self {
        self.header("authorization", &format!("Bearer {secret}"))
    }

    /// The same client with one more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
        self.headers.insert(name, HeaderValue::from_str(value).expect("a header's value"));
        self
    }

    pub fn idempotency_key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, Body::empty()).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.json(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.json(Method::PUT, path, body).await
    }

    pub async fn json(&self, method: Method, path: &str, body: &Value) -> Reply {
        self.send(method, path, Some("application/json"), Body::from(body.to_string())).await
    }

    /// A form as a browser on the same site posts it.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = serde_html_form::to_string(fields).expect("form fields");
        let own = self.clone().header("sec-fetch-site", "same-origin");
        own.send(Method::POST, path, Some("application/x-www-form-urlencoded"), Body::from(body)).await
    }

    pub async fn send(&self, method: Method, path: &str, content_type: Option<&str>, body: Body) -> Reply {
        let mut request = Request::builder().method(method).uri(path).body(body).expect("a request");
        *request.headers_mut() = self.headers.clone();
        if let Some(content_type) = content_type {
            let value = HeaderValue::from_str(content_type).expect("a header's value");
            request.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Reply { status: parts.status, headers: parts.headers, body: body.to_vec() }
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    /// Fails with the body in sight where the status is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A text of the JSON body by its pointer.
    #[track_caller]
    pub fn field(&self, pointer: &str) -> String {
        let json = self.json();
        match json.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => panic!("no {pointer} in {json}"),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Sequential round trips to the table, as the answer tells.
    pub fn round_trips(&self) -> Option<u32> {
        self.header("server-timing")?.split('"').nth(1)?.parse().ok()
    }

    /// The pointers of a 422's violations.
    pub fn violations(&self) -> Vec<String> {
        self.json()["violations"]
            .as_array()
            .map(|all| all.iter().filter_map(|one| one["pointer"].as_str().map(str::to_owned)).collect())
            .unwrap_or_default()
    }
}
