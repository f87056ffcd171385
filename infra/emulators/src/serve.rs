//! A server on a free loopback port that ends when its handle is dropped.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{SystemTime, UNIX_EPOCH},
};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::Result;

#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) endpoint: String,
    task: JoinHandle<()>,
}

/// A listener that nobody outside this machine can reach.
pub(crate) async fn listener() -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

impl Server {
    pub(crate) async fn start(router: Router) -> Result<Self> {
        let (listener, address) = listener().await?;
        Ok(Self::on(listener, address, router))
    }

    pub(crate) fn on(listener: TcpListener, address: SocketAddr, router: Router) -> Self {
        Self::running(address, async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "an emulator stopped serving");
            }
        })
    }

    pub(crate) fn running(address: SocketAddr, serving: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { endpoint: format!("http://{address}"), task: tokio::spawn(serving) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Milliseconds since the epoch, of the real clock: time-outs of messages pass in real time.
#[allow(clippy::disallowed_methods, reason = "the service's own time, which nobody can move")]
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Unguessable enough for an id or a receipt handle.
pub(crate) fn random_id() -> String {
    let bits: u128 = rand::random();
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
