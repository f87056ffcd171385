//! A request as API Gateway hands it to a function: payload format 2.0 of HTTP APIs.

use std::net::SocketAddr;

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, header, request::Parts};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

pub(super) fn of(parts: &Parts, peer: SocketAddr, route: &str, body: &[u8], id: &str, now: Timestamp) -> Value {
    let headers = &parts.headers;
    let host = text(headers, header::HOST.as_str()).unwrap_or_else(|| "localhost".into());
    let path = parts.uri.path();
    let mut event = json!({
        "version": "2.0",
        "routeKey": if route.starts_with('/') { format!("ANY {route}") } else { route.to_owned() },
        "rawPath": path,
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "headers": forwarded(headers, &host, peer, now),
        "requestContext": {
            "accountId": emulators::ACCOUNT,
            "apiId": "local",
            "domainName": host,
            "domainPrefix": "local",
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": peer.ip().to_string(),
                "userAgent": text(headers, header::USER_AGENT.as_str()).unwrap_or_default(),
            },
            "requestId": id,
            "routeKey": route,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "isBase64Encoded": false,
    });
    let cookies: Vec<String> = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookie| cookie.to_str().ok())
        .flat_map(|cookies| cookies.split("; "))
        .map(str::to_owned)
        .collect();
    if !cookies.is_empty() {
        event["cookies"] = cookies.into();
    }
    if !body.is_empty() {
        match std::str::from_utf8(body) {
            Ok(body) if is_text(headers) => event["body"] = body.into(),
            _ => {
                event["body"] = BASE64_STANDARD.encode(body).into();
                event["isBase64Encoded"] = true.into();
            }
        }
    }
    event
}

/// Headers as they arrive at a function: lower case, several values joined by commas, cookies apart, and what the
/// gateway adds.
fn forwarded(headers: &HeaderMap, host: &str, peer: SocketAddr, now: Timestamp) -> Map<String, Value> {
    let mut forwarded: Map<String, Value> = headers
        .keys()
        .filter(|name| *name != header::COOKIE && !is_hop(name.as_str()))
        .filter_map(|name| Some((name.as_str().to_owned(), text(headers, name.as_str())?.into())))
        .collect();
    let chain = match text(headers, "x-forwarded-for") {
        Some(before) => format!("{before}, {}", peer.ip()),
        None => peer.ip().to_string(),
    };
    let port = host.rsplit_once(':').map_or("80", |(_, port)| port);
    let trace = format!("Root=1-{:08x}-{:024x}", now.as_second(), rand::random::<u128>() >> 32);
    for (name, value) in [
        ("x-forwarded-for", chain.as_str()),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-port", port),
        ("x-amzn-trace-id", trace.as_str()),
    ] {
        forwarded.insert(name.to_owned(), value.into());
    }
    forwarded
}

/// What concerns the connection to the gateway only.
fn is_hop(name: &str) -> bool {
    matches!(
        name,
        "connection" | "keep-alive" | "transfer-encoding" | "upgrade" | "te" | "trailer" | "proxy-connection"
    )
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// What the gateway passes on as it is; everything else, forms included, it encodes.
fn is_text(headers: &HeaderMap) -> bool {
    text(headers, header::CONTENT_TYPE.as_str()).is_some_and(|kind| {
        let kind = kind.to_ascii_lowercase();
        kind.starts_with("text/")
            || ["application/json", "application/javascript", "application/xml"]
                .iter()
                .any(|prefix| kind.starts_with(prefix))
    })
}
