//! The bucket: a tenant's files under its own prefix, read by people through signed links.

use std::time::Duration;

use aws_sdk_s3::{Client, presigning::PresigningConfig, primitives::ByteStream};
use kernel::{Error, Result};

/// How long a signed link works.
pub const LINK_VALID: Duration = Duration::from_secs(5 * 60);

#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
    bucket: String,
}

impl Files {
    pub(crate) fn new(shared: &aws_config::SdkConfig, bucket: &str) -> Self {
        // Path style: the emulator has no host names per bucket.
        let configuration =
            aws_sdk_s3::config::Builder::from(shared).force_path_style(shared.endpoint_url().is_some()).build();
        Self { client: Client::from_conf(configuration), bucket: bucket.into() }
    }

    pub async fn put(&self, key: &str, bytes: Vec<u8>, media_type: &str) -> Result<()> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(media_type)
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map(drop)
            .map_err(table::failure)
    }

    /// The whole file; [`Error::NotFound`] where there is none.
    pub async fn get(&self, key: &str) -> Result<Vec<u8>> {
        let object = self.client.get_object().bucket(&self.bucket).key(key).send().await.map_err(|error| {
            if error.as_service_error().is_some_and(|e| e.is_no_such_key()) {
                Error::NotFound
            } else {
                table::failure(error)
            }
        })?;
        let bytes = object.body.collect().await.map_err(Error::unavailable)?;
        Ok(bytes.into_bytes().to_vec())
    }

    /// A link that downloads the file under the given name, for five minutes.
    pub async fn signed_link(&self, key: &str, file_name: &str, media_type: &str) -> Result<String> {
        let validity = PresigningConfig::expires_in(LINK_VALID).map_err(Error::internal)?;
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_type(media_type)
            .response_content_disposition(format!("attachment; filename=\"{}\"", quoted(file_name)))
            .presigned(validity)
            .await
            .map_err(table::failure)?;
        Ok(request.uri().to_owned())
    }
}

/// File names of ours are numbers of documents; anything else is made harmless in a header.
fn quoted(file_name: &str) -> String {
    file_name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect()
}
