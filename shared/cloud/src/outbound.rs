//! Posting to an address that a customer names. It reaches the public network and nothing else: a name is resolved here,
//! each of its addresses is judged, and the connection goes to one that was, so that no second answer of the name's leads
//! elsewhere. Redirections are not followed, little of the answer is read, and nobody is waited for long.

use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use http::{Method, Request, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{HttpConnector, dns::Name},
    },
    rt::TokioExecutor,
};
use kernel::{Error, Result, network::is_public};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::sync::OnceCell;

/// For all of it: name, connection, answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// How much of the answer is read.
const ANSWER_MAX: usize = 1_024;

type Http = Client<HttpsConnector<HttpConnector<Judge>>, Full<bytes::Bytes>>;

/// Whatever the status is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    /// The first kilobyte of it.
    pub text: String,
}

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// It is not an address of the public network.
    NotPublic,
    /// No such name, nobody there, no valid certificate.
    Unreachable,
    TooSlow,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    judge: Judge,
    within: Duration,
    http: OnceCell<Http>,
}

impl Outbound {
    /// `reaches_this_machine`: for tests of the local process, plain HTTP included.
    pub fn new(reaches_this_machine: bool) -> Self {
        Self::waiting(reaches_this_machine, ANSWER_WITHIN)
    }

    fn waiting(reaches_this_machine: bool, within: Duration) -> Self {
        Self(Arc::new(Inner { judge: Judge { reaches_this_machine }, within, http: OnceCell::new() }))
    }

    /// With how long it took. An [`Error`] is ours; what is theirs is [`Unanswered`].
    pub async fn post(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: &str,
    ) -> Result<(std::result::Result<Answered, Unanswered>, Duration)> {
        let began = Instant::now();
        let Some(uri) = self.0.judge.accepts(url) else { return Ok((Err(Unanswered::NotPublic), Duration::ZERO)) };
        let mut request =
            Request::builder().method(Method::POST).uri(uri).header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request =
            request.body(Full::new(bytes::Bytes::copy_from_slice(body.as_bytes()))).map_err(Error::internal)?;
        let http = self.0.http.get_or_try_init(|| async { client(self.0.judge) }).await?;
        let asked = tokio::time::timeout(self.0.within, async {
            let answer = http.request(request).await.map_err(|error| reason(&error))?;
            let status = answer.status().as_u16();
            Ok((status, beginning(answer.into_body()).await))
        });
        let answered = match asked.await {
            Err(_) => Err(Unanswered::TooSlow),
            Ok(answered) => answered.map(|(status, text)| Answered { status, text }),
        };
        Ok((answered, began.elapsed()))
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Outbound").field(&self.0.judge).finish()
    }
}

/// As text, whatever it is; a body that breaks off was one up to there.
async fn beginning(mut body: impl BodyExt<Data = bytes::Bytes> + Unpin) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER_MAX {
        match body.frame().await {
            Some(Ok(frame)) => bytes.extend(frame.data_ref().into_iter().flatten()),
            Some(Err(_)) | None => break,
        }
    }
    bytes.truncate(ANSWER_MAX);
    String::from_utf8_lossy(&bytes).chars().filter(|letter| !letter.is_control() || *letter == '\n').collect()
}

fn reason(error: &hyper_util::client::legacy::Error) -> Unanswered {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::PermissionDenied) {
            return Unanswered::NotPublic;
        }
        cause = error.source();
    }
    Unanswered::Unreachable
}

/// Nothing is kept open, so that each request resolves its name anew.
fn client(judge: Judge) -> Result<Http> {
    let mut connector = HttpConnector::new_with_resolver(judge);
    connector.enforce_http(false);
    connector.set_connect_timeout(Some(ANSWER_WITHIN / 2));
    let provider = Arc::new(ring::default_provider());
    let connector = if judge.reaches_this_machine {
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(Error::internal)?.with_root_certificates(RootCertStore::empty());
        HttpsConnectorBuilder::new()
            .with_tls_config(config.with_no_client_auth())
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector)
    } else {
        let builder = HttpsConnectorBuilder::new().with_provider_and_native_roots(ring::default_provider());
        builder.map_err(Error::internal)?.https_only().enable_http1().wrap_connector(connector)
    };
    Ok(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
}

/// Resolves names, and says which addresses may be reached.
#[derive(Debug, Clone, Copy)]
struct Judge {
    reaches_this_machine: bool,
}

impl Judge {
    fn allows(self, address: IpAddr) -> bool {
        is_public(address) || self.reaches_this_machine && address.is_loopback()
    }

    /// An address as one may ask it; one that names no machine by a name is judged at once, for nothing resolves it.
    fn accepts(self, url: &str) -> Option<Uri> {
        let uri: Uri = url.parse().ok()?;
        let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
        let is_allowed = host.parse::<IpAddr>().map_or(true, |address| self.allows(address));
        let is_secure = uri.scheme_str() == Some("https") || self.reaches_this_machine;
        (is_allowed && is_secure).then_some(uri)
    }
}

impl tower::Service<Name> for Judge {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// A name that has one address among others that is not public is not asked at all.
    fn call(&mut self, name: Name) -> Self::Future {
        let judge = *self;
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.iter().all(|address| judge.allows(address.ip())) {
                Ok(found.into_iter())
            } else {
                Err(io::Error::new(io::ErrorKind::PermissionDenied, "not an address of the public network"))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        response::Redirect,
        routing::{get, post},
    };

    use super::*;

    async fn listener() -> (String, Arc<std::sync::atomic::AtomicU32>) {
        let followed: Arc<std::sync::atomic::AtomicU32> = Arc::default();
        let counted = followed.clone();
        let router = Router::new()
            .route(
                "/",
                post(|headers: http::HeaderMap, body: String| async move { format!("{:?} {body}", headers["x-a"]) }),
            )
            .route("/long", post(|| async { "é".repeat(5_000) }))
            .route("/slow", post(std::future::pending::<&'static str>))
            .route("/elsewhere", post(|| async { Redirect::to("/secret") }))
            .route(
                "/secret",
                get(move || async move { counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst).to_string() }),
            );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        (format!("http://localhost:{port}"), followed)
    }

    #[tokio::test]
    async fn an_answer_is_read_in_part_and_no_redirection_is_followed() {
        let (url, followed) = listener().await;
        let outbound = Outbound::new(true);
        let told = outbound.post(&url, &[("x-a", "1".into())], "{}").await.unwrap().0.unwrap();
        assert_eq!((told.status, told.text.as_str()), (200, "\"1\" {}"));
        let long = outbound.post(&format!("{url}/long"), &[], "{}").await.unwrap().0.unwrap();
        assert!(long.text.len() <= ANSWER_MAX + 2, "{}", long.text.len());
        let elsewhere = outbound.post(&format!("{url}/elsewhere"), &[], "{}").await.unwrap().0.unwrap();
        assert_eq!((elsewhere.status, followed.load(std::sync::atomic::Ordering::SeqCst)), (303, 0));
        let gone = outbound.post("http://127.0.0.1:9/", &[], "{}").await.unwrap().0;
        assert_eq!(gone, Err(Unanswered::Unreachable));
    }

    #[tokio::test]
    async fn what_only_we_reach_is_not_asked() {
        let (url, _) = listener().await;
        let outbound = Outbound::new(false);
        let port = url.rsplit(':').next().unwrap();
        // By its address, by a name that leads there.
        for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"] {
            for scheme in ["http", "https"] {
                let asked = outbound.post(&format!("{scheme}://{host}:{port}/"), &[], "{}").await.unwrap().0;
                assert!(matches!(asked, Err(Unanswered::NotPublic)), "{scheme}://{host}: {asked:?}");
            }
        }
        // Written otherwise it is no name of a certificate, and where it is resolved it is judged.
        for host in ["2130706433", "0x7f.1"] {
            assert!(outbound.post(&format!("https://{host}:{port}/"), &[], "{}").await.unwrap().0.is_err(), "{host}");
        }
        assert_eq!(outbound.post("http://1.1.1.1/", &[], "{}").await.unwrap().0, Err(Unanswered::NotPublic));
    }

    #[tokio::test]
    async fn nobody_is_waited_for_long() {
        let (url, _) = listener().await;
        let outbound = Outbound::waiting(true, Duration::from_millis(50));
        let slow = outbound.post(&format!("{url}/slow"), &[], "{}").await.unwrap().0;
        assert_eq!(slow, Err(Unanswered::TooSlow));
    }
}
