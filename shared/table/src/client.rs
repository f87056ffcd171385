//! The handle to the table, and how its failures become ours.

use std::sync::Arc;

use aws_sdk_dynamodb::{Client, config::Credentials, error::SdkError};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};
use kernel::{Clock, Error, Result, Tenant};
use rand::RngCore;

use crate::{
    codec,
    idempotency::Idempotency,
    item::{Item, Items, Stored},
    keys::Key,
    meter,
    patch::Patch,
    scope::Scope,
};

#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) client: Client,
    pub(crate) name: Arc<str>,
    clock: Clock,
}

impl Table {
    pub fn new(configuration: &aws_config::SdkConfig, name: &str, clock: Clock) -> Self {
        Self { client: Client::new(configuration), name: name.into(), clock }
    }

    /// The table at an endpoint of this machine.
    pub fn local(endpoint: &str, name: &str, clock: Clock) -> Self {
        let configuration = aws_sdk_dynamodb::Config::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(aws_sdk_dynamodb::config::Region::from_static("eu-west-3"))
            .endpoint_url(endpoint)
            .credentials_provider(Credentials::new("local", "local-secret", None, None, "local"))
            .http_client(http_client())
            .build();
        Self { client: Client::from_conf(configuration), name: name.into(), clock }
    }

    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// A scope for somebody who is proven to act for an organization.
    pub fn scope(&self, tenant: Tenant) -> Scope {
        Scope::new(self.clone(), tenant, Idempotency::None)
    }

    /// Random bits for a new id. Ids are no secrets.
    pub fn random(&self) -> u128 {
        let mut bytes = [0; 16];
        rand::rng().fill_bytes(&mut bytes);
        u128::from_be_bytes(bytes)
    }

    /// One item outside the tenants (signing in, the clock's mark), read consistently.
    pub async fn get<T: Item>(&self, key: &Key) -> Result<Option<Stored<T>>> {
        meter::count();
        let answer = self
            .client
            .get_item()
            .table_name(&*self.name)
            .set_key(Some(codec::key_attributes(key)))
            .consistent_read(true)
            .set_return_consumed_capacity(meter::asked())
            .send()
            .await
            .map_err(failure)?;
        meter::charge(&answer.consumed_capacity);
        answer.item.as_ref().map(codec::decode).transpose()
    }

    /// Writes what no decision rests on, item by item. A failure is noted and nothing more: the request that this is
    /// beside must not fail for it.
    pub async fn touch(&self, patches: Vec<Patch>) {
        for written in meter::all_at_once(patches.into_iter().map(|patch| patch.write(self))).await {
            if let Err(error) = written {
                tracing::warn!(%error, "an item was not touched");
            }
        }
    }

    /// Several items in one round trip, read consistently; at most 100.
    pub async fn get_many(&self, keys: &[Key]) -> Result<Items> {
        let mut wanted: Vec<Key> = Vec::with_capacity(keys.len());
        for key in keys {
            if !wanted.contains(key) {
                wanted.push(key.clone());
            }
        }
        let mut found = Items::default();
        let mut pending = Some(wanted.iter().map(codec::key_attributes).collect::<Vec<_>>());
        // DynamoDB may leave some for a further call when the answer exceeds 16 MB or it is throttled.
        for _ in 0..8 {
            let Some(keys) = pending.take().filter(|keys| !keys.is_empty()) else { return Ok(found) };
            meter::count();
            let request = aws_sdk_dynamodb::types::KeysAndAttributes::builder()
                .set_keys(Some(keys))
                .consistent_read(true)
                .build()
                .map_err(Error::internal)?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(&*self.name, request)
                .set_return_consumed_capacity(meter::asked())
                .send()
                .await
                .map_err(failure)?;
            meter::charge(answer.consumed_capacity.iter().flatten());
            found.0.extend(answer.responses.unwrap_or_default().remove(&*self.name).unwrap_or_default());
            pending = answer.unprocessed_keys.unwrap_or_default().remove(&*self.name).map(|left| left.keys);
        }
        Err(Error::unavailable("batch read left keys unprocessed"))
    }
}

/// The HTTP client of the AWS clients in the cloud: rustls with ring, whose build is small.
pub fn https_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new()
        .tls_provider(aws_smithy_http_client::tls::Provider::Rustls(
            aws_smithy_http_client::tls::rustls_provider::CryptoMode::Ring,
        ))
        .build_https()
}

/// The HTTP client for endpoints of this machine.
pub fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_http()
}

/// What went wrong below, for the log; whether trying again helps, for the caller.
pub fn failure<E, R>(error: SdkError<E, R>) -> Error
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    let passing = match &error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => true,
        SdkError::ServiceError(service) => matches!(
            service.err().code(),
            Some(
                "ProvisionedThroughputExceededException"
                    | "ThrottlingException"
                    | "RequestLimitExceeded"
                    | "InternalServerError"
                    | "ServiceUnavailable"
                    | "TransactionInProgressException"
                    | "KMSInternalException"
                    | "DependencyTimeoutException"
            ) | None
        ),
        _ => false,
    };
    let detail = DisplayErrorContext(&error).to_string();
    if passing { Error::Unavailable { detail } } else { Error::Internal { detail } }
}
