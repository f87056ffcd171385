//! The parts of the cloud that are not the table: files (S3), queues (SQS), mail (SES), the vault (KMS), payments by card,
//! open pages (WebSockets of API Gateway), addresses that customers name, configuration; and [`Deps`], what every function is given. With `table`, the only crate that names an AWS SDK.

pub mod archive;
mod brand;
pub mod cards;
mod config;
mod files;
mod links;
mod mail;
mod outbound;
mod queues;
mod sockets;
mod vault;
pub mod worker;

use aws_sdk_s3::config::Credentials;
use kernel::Clock;
use table::Table;

use vault::Kms;

pub use archive::Archive;
pub use brand::{LOGO_BYTES_MAX, fetch_logo};
pub use cards::{CardRefund, Cards, CheckoutSession, NewCheckout};
pub use config::{Config, MissingVariable};
pub use files::{Files, LINK_VALID, PART_BYTES, Parts, UploadLink};
pub use links::{FeedClaim, InboundClaim, LinkClaim, NewLink};
pub use mail::{MailSender, NotSent, Outgoing, OutgoingAttachment};
pub use outbound::{Answered, Outbound, Unanswered};
pub use queues::{BATCH_MAX, Queues};
pub use secrecy::{ExposeSecret, SecretSlice, SecretString};
pub use sockets::{Posted, Sockets};
pub use vault::{PublicKey, Signer, Vault};

/// Everything a function depends on. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Deps {
    pub table: Table,
    pub files: Files,
    pub queues: Queues,
    pub mail: MailSender,
    pub vault: Vault,
    pub cards: Cards,
    pub sockets: Sockets,
    pub outbound: Outbound,
    pub clock: Clock,
    pub config: std::sync::Arc<Config>,
}

/// Where the parts listen on this machine.
#[derive(Clone, Debug)]
pub struct Endpoints {
    pub dynamodb: String,
    pub s3: String,
    pub sqs: String,
    pub ses: String,
    /// Who takes payments by card.
    pub cards: String,
}

/// The keys that the emulators know; the one of S3 checks signatures with it.
pub const LOCAL_ACCESS_KEY: &str = "abservice-local";
pub const LOCAL_SECRET_KEY: &str = "abservice-local-secret";
const REGION: &str = "eu-west-3";

impl Deps {
    /// In Lambda: credentials, region and names from the environment.
    pub async fn from_environment() -> Result<Self, MissingVariable> {
        let config = Config::from_environment()?;
        let shared =
            aws_config::defaults(aws_config::BehaviorVersion::latest()).http_client(table::https_client()).load().await;
        Ok(Self::new(&shared, Table::new(&shared, &config.table_name, Clock::system()), config))
    }

    /// On this machine, against the given endpoints. What the vault seals can be opened as long as these live,
    /// unless [`Self::with_vault`] gives one whose key is kept.
    pub fn local(endpoints: &Endpoints, clock: Clock, config: Config) -> Self {
        let table = Table::local(&endpoints.dynamodb, &config.table_name, clock.clone());
        let shared = |endpoint: &str| {
            aws_config::SdkConfig::builder()
                .behavior_version(aws_config::BehaviorVersion::latest())
                .region(aws_sdk_s3::config::Region::from_static(REGION))
                .endpoint_url(endpoint)
                .credentials_provider(aws_sdk_s3::config::SharedCredentialsProvider::new(Credentials::new(
                    LOCAL_ACCESS_KEY,
                    LOCAL_SECRET_KEY,
                    None,
                    None,
                    "local",
                )))
                .http_client(table::http_client())
                .build()
        };
        Self {
            table,
            files: Files::new(&shared(&endpoints.s3), &config.bucket_name),
            queues: Queues::new(&shared(&endpoints.sqs), config.queue_urls.clone()),
            mail: MailSender::new(
                &shared(&endpoints.ses),
                config.mail_from.clone(),
                config.ses_configuration_set.clone(),
            ),
            vault: Vault::in_memory(),
            cards: Cards::new(&endpoints.cards, &endpoints.cards),
            sockets: match &config.sockets_endpoint {
                Some(endpoint) => Sockets::at(endpoint, clock.clone()),
                None => Sockets::new(&shared(&endpoints.sqs), None, clock.clone()),
            },
            outbound: Outbound::new(config.reaches_this_machine),
            clock,
            config: config.into(),
        }
    }

    #[must_use]
    pub fn with_vault(self, vault: Vault) -> Self {
        Self { vault, ..self }
    }

    fn new(shared: &aws_config::SdkConfig, table: Table, config: Config) -> Self {
        let kms = config.vault_key.clone().map(|key| Kms::new(shared, key, table.clone()));
        Self {
            clock: table.clock().clone(),
            sockets: Sockets::new(shared, config.sockets_endpoint.clone(), table.clock().clone()),
            table,
            files: Files::new(shared, &config.bucket_name),
            queues: Queues::new(shared, config.queue_urls.clone()),
            mail: MailSender::new(shared, config.mail_from.clone(), config.ses_configuration_set.clone()),
            vault: Vault::in_cloud(kms),
            cards: Cards::new(cards::STRIPE, cards::STRIPE_PAGES),
            outbound: Outbound::new(false),
            config: config.into(),
        }
    }
}

/// JSON lines on standard output, as CloudWatch wants them.
pub fn logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        // What a stranger's browser sends is no error of ours.
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,webauthn_rs_core=off"));
    // A second call in one process (a warm start) finds the first one's.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).try_init();
}
