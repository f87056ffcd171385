//! What differs between installations, from the environment that template.yaml sets.

use std::collections::HashMap;

use jiff::SignedDuration;
use kernel::event::Queue;

#[derive(Clone, Debug)]
pub struct Config {
    pub table_name: String,
    pub bucket_name: String,
    /// Only the functions that send to a queue know its address.
    pub queue_urls: HashMap<Queue, String>,
    /// The platform's sending address.
    pub mail_from: String,
    pub ses_configuration_set: Option<String>,
    /// Where people reach the product, without a final slash.
    pub public_url: String,
    /// How long one worker may take to hand a mail to SES before another may look after it.
    pub mail_lease: SignedDuration,
    /// The domain at which mails with invoices are taken in; where there is none, none are.
    pub inbound_domain: Option<String>,
    /// Where customers write to the platform, as their pages name it.
    pub support_email: Option<String>,
    /// Where the sign-in page offers the demo company; only in the local process.
    pub demo_href: Option<String>,
    /// The key of KMS that wraps the vault's; only the functions that seal or open secrets know it.
    pub vault_key: Option<String>,
    /// E-mail addresses of who administers the platform, in lower case.
    pub platform_admins: Vec<String>,
    /// Whether anybody may sign up; otherwise by invitation only.
    pub open_sign_up: bool,
    /// Where pages listen (`wss://…`); where there is none, they ask.
    pub sockets_url: Option<String>,
    /// Where what they are to hear is posted; only the function that posts knows it.
    pub sockets_endpoint: Option<String>,
    /// Whether an address that a customer names may be one of this machine: in tests of the local process, and nowhere else.
    pub reaches_this_machine: bool,
    /// Cookies are `Secure` except where the product is served over plain HTTP on this machine.
    pub secure_cookies: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("environment variable {0} is not set")]
pub struct MissingVariable(&'static str);

impl Config {
    pub fn from_environment() -> Result<Self, MissingVariable> {
        let variable = |name| std::env::var(name).map_err(|_| MissingVariable(name));
        let queue_urls = [
            (Queue::Pdf, "QUEUE_URL_PDF"),
            (Queue::Mailer, "QUEUE_URL_MAILER"),
            (Queue::Crm, "QUEUE_URL_CRM"),
            (Queue::Invoicing, "QUEUE_URL_INVOICING"),
            (Queue::Organizations, "QUEUE_URL_ORGANIZATIONS"),
            (Queue::Accounting, "QUEUE_URL_ACCOUNTING"),
            (Queue::Notifications, "QUEUE_URL_NOTIFICATIONS"),
            (Queue::Search, "QUEUE_URL_SEARCH"),
            (Queue::Hr, "QUEUE_URL_HR"),
            (Queue::Sales, "QUEUE_URL_SALES"),
            (Queue::Webhooks, "QUEUE_URL_WEBHOOKS"),
            (Queue::Purchases, "QUEUE_URL_PURCHASES"),
        ]
        .into_iter()
        .filter_map(|(queue, name)| std::env::var(name).ok().map(|url| (queue, url)))
        .collect();
        Ok(Self {
            table_name: variable("TABLE_NAME")?,
            bucket_name: std::env::var("BUCKET_NAME").unwrap_or_default(),
            queue_urls,
            mail_from: std::env::var("MAIL_FROM").unwrap_or_default(),
            ses_configuration_set: std::env::var("SES_CONFIGURATION_SET").ok(),
            public_url: std::env::var("PUBLIC_URL").unwrap_or_default(),
            mail_lease: SignedDuration::from_mins(5),
            platform_admins: std::env::var("PLATFORM_ADMINS").map_or_else(|_| Vec::new(), |emails| addresses(&emails)),
            inbound_domain: std::env::var("INBOUND_DOMAIN").ok().filter(|domain| !domain.is_empty()),
            support_email: std::env::var("SUPPORT_EMAIL").ok().filter(|address| !address.is_empty()),
            open_sign_up: std::env::var("SIGN_UP").map_or(true, |sign_up| sign_up != "closed"),
            demo_href: None,
            vault_key: std::env::var("VAULT_KEY").ok(),
            sockets_url: std::env::var("SOCKETS_URL").ok(),
            sockets_endpoint: std::env::var("SOCKETS_ENDPOINT").ok(),
            reaches_this_machine: false,
            secure_cookies: true,
        })
    }

    /// For one machine; the host fills in addresses as it starts its parts.
    pub fn local() -> Self {
        Self {
            table_name: "abservice-local-table".into(),
            bucket_name: "abservice-local".into(),
            queue_urls: HashMap::new(),
            mail_from: "ne-pas-repondre@abservice.example".into(),
            ses_configuration_set: Some("abservice".into()),
            public_url: String::new(),
            mail_lease: SignedDuration::from_secs(10),
            platform_admins: Vec::new(),
            inbound_domain: Some("recu.abservice.example".into()),
            support_email: Some("assistance@abservice.example".into()),
            open_sign_up: true,
            demo_href: None,
            vault_key: None,
            sockets_url: None,
            sockets_endpoint: None,
            reaches_this_machine: false,
            secure_cookies: false,
        }
    }
}

/// Addresses in a variable, separated by commas.
fn addresses(text: &str) -> Vec<String> {
    text.split(',').map(|address| address.trim().to_lowercase()).filter(|address| !address.is_empty()).collect()
}
