//! The emulators as the AWS SDKs see them, and as the host does.

mod dynamodb;
mod s3;
mod ses;
mod sqs;
mod stripe;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};

pub const ACCESS_KEY: &str = "test-access";
pub const SECRET_KEY: &str = "test-secret";

/// The SDK as the product configures it, against an emulator.
pub fn sdk(endpoint: &str) -> SdkConfig {
    sdk_with(endpoint, SECRET_KEY)
}

pub fn sdk_with(endpoint: &str, secret: &str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-west-3"))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(ACCESS_KEY, secret, None, None, "test")))
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build()
}
