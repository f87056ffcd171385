//! Telling pages that are open: the management API of API Gateway's WebSockets, a plain signed POST. With the address of
//! a stand-in it is the same.

use std::{fmt, sync::Arc, time::Duration};

use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use aws_smithy_runtime_api::client::identity::Identity;
use http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use kernel::{Clock, Error, Result};
use tokio::sync::OnceCell;

use crate::cards::{Http, client};

/// Nobody waits for it longer: the page asks by itself a minute later.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// What API Gateway calls a connection is shorter.
const CONNECTION_MAX: usize = 128;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    Taken,
    /// Nobody listens there any more.
    Gone,
}

/// Cheap to clone; the connections are shared.
#[derive(Clone)]
pub struct Sockets(Arc<Inner>);

struct Inner {
    /// None where pages are told nothing: they ask.
    endpoint: Option<String>,
    shared: Option<aws_config::SdkConfig>,
    clock: Clock,
    http: OnceCell<Http>,
}

impl Sockets {
    pub(crate) fn new(shared: &aws_config::SdkConfig, endpoint: Option<String>, clock: Clock) -> Self {
        Self(Arc::new(Inner { endpoint, shared: Some(shared.clone()), clock, http: OnceCell::new() }))
    }

    /// A stand-in, which asks for no signature.
    pub fn at(endpoint: &str, clock: Clock) -> Self {
        let endpoint = Some(endpoint.trim_end_matches('/').to_owned());
        Self(Arc::new(Inner { endpoint, shared: None, clock, http: OnceCell::new() }))
    }

    pub fn is_there(&self) -> bool {
        self.0.endpoint.is_some()
    }

    /// Sends a text to one page. [`Error::Unavailable`] where nobody knows whether it arrived.
    pub async fn post(&self, connection: &str, text: &str) -> Result<Posted> {
        let Some(endpoint) = &self.0.endpoint else { return Ok(Posted::Gone) };
        let uri = format!("{endpoint}/@connections/{}", segment(connection)?);
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&uri)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(bytes::Bytes::copy_from_slice(text.as_bytes())))
            .map_err(Error::internal)?;
        if let Some(shared) = &self.0.shared {
            for (name, value) in self.signature(shared, &uri, text).await? {
                let name = header::HeaderName::from_bytes(name.as_bytes()).map_err(Error::internal)?;
                request.headers_mut().insert(name, value.parse().map_err(Error::internal)?);
            }
        }
        let http = self.0.http.get_or_try_init(|| async { client(endpoint) }).await?;
        let answer = tokio::time::timeout(ANSWER_WITHIN, http.request(request))
            .await
            .map_err(|_| Error::unavailable("the sockets do not answer"))?
            .map_err(Error::unavailable)?;
        match answer.status() {
            status if status.is_success() => Ok(Posted::Taken),
            StatusCode::GONE => Ok(Posted::Gone),
            status => Err(Error::unavailable(format!("the sockets answer {status}"))),
        }
    }

    async fn signature(&self, shared: &aws_config::SdkConfig, uri: &str, text: &str) -> Result<Vec<(String, String)>> {
        let (provider, region) = (shared.credentials_provider(), shared.region());
        let (Some(provider), Some(region)) = (provider, region) else {
            return Err(Error::internal("no credentials for the sockets"));
        };
        let identity: Identity = provider.provide_credentials().await.map_err(Error::unavailable)?.into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(region.as_ref())
            .name("execute-api")
            .time(self.0.clock.now().into())
            .settings(SigningSettings::default())
            .build()
            .map_err(Error::internal)?
            .into();
        let headers = [("content-type", "application/json")];
        let signable = SignableRequest::new("POST", uri, headers.into_iter(), SignableBody::Bytes(text.as_bytes()))
            .map_err(Error::internal)?;
        let (signed, _) = sign(signable, &parameters).map_err(Error::internal)?.into_parts();
        Ok(signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

impl fmt::Debug for Sockets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sockets").field(&self.0.endpoint).finish()
    }
}

/// What API Gateway calls a connection (base64), in a path.
fn segment(connection: &str) -> Result<String> {
    let is_known = |letter: char| letter.is_ascii_alphanumeric() || "-_=+/".contains(letter);
    if connection.is_empty() || connection.len() > CONNECTION_MAX || !connection.chars().all(is_known) {
        return Err(Error::internal("not a connection of ours"));
    }
    Ok(connection.replace('=', "%3D").replace('+', "%2B").replace('/', "%2F"))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use axum::{Router, extract::Path, routing::post};

    use super::*;

    #[test]
    fn nothing_but_a_connection_stands_in_a_path() {
        assert_eq!(segment("eBjN+dN/joECGXw=").unwrap(), "eBjN%2BdN%2FjoECGXw%3D");
        for connection in ["", "a/../b?", "a b", "é", &"a".repeat(129)] {
            assert!(segment(connection).is_err(), "{connection}");
        }
    }

    #[tokio::test]
    async fn a_text_reaches_who_listens_and_who_does_not_is_gone() {
        let heard: Arc<Mutex<Vec<(String, String, bool)>>> = Arc::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}/live", listener.local_addr().unwrap());
        let ear = heard.clone();
        let router = Router::new().route(
            "/live/@connections/{id}",
            post(move |Path(id): Path<String>, headers: http::HeaderMap, text: String| async move {
                let is_signed = headers.get("authorization").is_some_and(|value| {
                    value.to_str().unwrap_or_default().contains("/eu-west-3/execute-api/aws4_request")
                });
                ear.lock().unwrap().push((id.clone(), text, is_signed));
                if id == "gone=" { StatusCode::GONE } else { StatusCode::OK }
            }),
        );
        tokio::spawn(async move { axum::serve(listener, router).await });
        let clock = Clock::fixed("2026-11-22T09:00:00Z".parse().unwrap());
        let plain = Sockets::at(&endpoint, clock.clone());
        assert_eq!(plain.post("here=", "{}").await.unwrap(), Posted::Taken);
        assert_eq!(plain.post("gone=", "{}").await.unwrap(), Posted::Gone);
        let shared = aws_config::SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(aws_config::Region::from_static("eu-west-3"))
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(
                aws_credential_types::Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"),
            ))
            .build();
        let signed = Sockets::new(&shared, Some(endpoint), clock.clone());
        assert_eq!(signed.post("here=", "{\"unread\":3}").await.unwrap(), Posted::Taken);
        let nowhere = Sockets::new(&shared, None, clock);
        assert!(!nowhere.is_there() && nowhere.post("here=", "{}").await.unwrap() == Posted::Gone);
        let heard = heard.lock().unwrap();
        let expected = [("here=", "{}", false), ("gone=", "{}", false), ("here=", "{\"unread\":3}", true)];
        let heard: Vec<_> =
            heard.iter().map(|(id, text, is_signed)| (id.as_str(), text.as_str(), *is_signed)).collect();
        assert_eq!(heard, expected);
    }
}
