//! S3: a folder behind s3s, which checks signatures, those of links included.

use std::{
    path::Path,
    sync::{Arc, RwLock},
};

use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use s3s::{Body, auth::SimpleAuth, service::S3ServiceBuilder};
use tokio::task::JoinSet;

use crate::{Error, Faults, Result, serve, serve::Server};

#[derive(Debug)]
pub struct S3 {
    server: Server,
    faults: Faults,
    origins: Origins,
    /// Removed with us, where the files were never meant to stay.
    _temporary: Option<tempfile::TempDir>,
}

/// What a signature is checked against. Anything else is refused, as is a request without one.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub access_key: String,
    pub secret_key: String,
}

impl S3 {
    /// One bucket in the folder `path`, both made if absent; without a path, in a folder that goes with us.
    ///
    /// A key is a path under the bucket: `a` and `a/b` cannot both exist.
    pub async fn start(path: Option<&Path>, bucket: &str, credentials: &Credentials) -> Result<Self> {
        let temporary = if path.is_none() { Some(tempfile::tempdir()?) } else { None };
        let root = match (path, &temporary) {
            (Some(path), _) => path.to_owned(),
            (None, Some(folder)) => folder.path().to_owned(),
            (None, None) => return Err(Error::S3("no folder".into())),
        };
        std::fs::create_dir_all(root.join(bucket))?;
        let files = s3s_fs::FileSystem::new(&root).map_err(|error| Error::S3(format!("{error:?}")))?;
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(credentials.access_key.clone(), credentials.secret_key.as_str()));
        let service = builder.build();

        let (faults, origins) = (Faults::default(), Origins::default());
        let (asked, allowed) = (faults.clone(), origins.clone());
        let (listener, address) = serve::listener().await?;
        let server = Server::running(address, async move {
            let protocol = Arc::new(auto::Builder::new(TokioExecutor::new()));
            // Connections end with the server: the set aborts them when it is dropped.
            let mut connections = JoinSet::new();
            loop {
                let socket = tokio::select! {
                    accepted = listener.accept() => match accepted {
                        Ok((socket, _)) => socket,
                        Err(error) => {
                            tracing::warn!(%error, "S3 could not accept a connection");
                            continue;
                        }
                    },
                    Some(_) = connections.join_next() => continue,
                };
                _ = socket.set_nodelay(true);
                let (service, faults, protocol) = (service.clone(), asked.clone(), protocol.clone());
                let origins = allowed.clone();
                connections.spawn(async move {
                    let answer = service_fn(move |request: http::Request<hyper::body::Incoming>| {
                        let service = service.clone();
                        let cors = origins.answer(request.headers());
                        let preflight = request.method() == Method::OPTIONS;
                        let failing = !preflight && faults.strike();
                        async move {
                            let mut response = if failing {
                                internal_error()
                            } else if preflight {
                                let mut response = Response::new(Body::empty());
                                *response.status_mut() =
                                    if cors.is_empty() { StatusCode::FORBIDDEN } else { StatusCode::OK };
                                response
                            } else {
                                hyper::service::Service::call(&service, request).await?
                            };
                            response.headers_mut().extend(cors);
                            Ok::<_, s3s::HttpError>(response)
                        }
                    });
                    // A client that goes away in the middle is no news.
                    _ = protocol.serve_connection(TokioIo::new(socket), answer).await;
                });
            }
        });
        Ok(Self { server, faults, origins, _temporary: temporary })
    }

    /// Lets pages of these origins read and write with signed links, as the bucket's CORS rules would.
    pub fn allow_origins(&self, origins: Vec<String>) {
        *self.origins.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = origins;
    }

    pub fn endpoint(&self) -> &str {
        &self.server.endpoint
    }

    pub fn faults(&self) -> &Faults {
        &self.faults
    }
}

/// Whose pages may use the bucket. s3s knows no CORS.
#[derive(Clone, Debug, Default)]
struct Origins(Arc<RwLock<Vec<String>>>);

impl Origins {
    /// What tells the browser that its page may; nothing where it may not.
    fn answer(&self, headers: &HeaderMap) -> HeaderMap {
        let allowed = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(origin) = headers.get(header::ORIGIN) else { return HeaderMap::new() };
        if !allowed.iter().any(|known| known.as_bytes() == origin.as_bytes()) {
            return HeaderMap::new();
        }
        let mut cors = HeaderMap::new();
        cors.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        cors.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, PUT"));
        if let Some(wanted) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
            cors.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        }
        cors.insert(header::VARY, HeaderValue::from_static("Origin"));
        cors
    }
}

fn internal_error() -> Response<Body> {
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message></Error>";
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
