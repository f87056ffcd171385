//! The bucket: a tenant's files under its own prefix, read by people through signed links.

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_s3::{
    Client,
    error::ProvideErrorMetadata,
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use kernel::{Error, Result};

/// How long a signed link works.
pub const LINK_VALID: Duration = Duration::from_secs(5 * 60);

#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
    bucket: String,
    origin: String,
}

/// What somebody needs to send one file straight to the bucket: a PUT to `url` with `headers`, of exactly the length
/// and the type that were signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadLink {
    pub url: String,
    pub headers: BTreeMap<String, String>,
}

/// By which the bucket's rules find what nobody took over. As template.yaml has it.
const PENDING: &str = "upload=pending";
/// By which they find what is kept for some days only.
const PASSING: &str = "keep=days";

/// Each part of a file but the last has at least so many bytes; S3 wants 5 MB.
pub const PART_BYTES: usize = 8 * 1024 * 1024;

/// A file that is written part by part: it is there once it is finished, and not before. What is never finished, the
/// bucket forgets.
#[derive(Debug)]
pub struct Parts {
    files: Files,
    key: String,
    id: String,
    sent: Vec<CompletedPart>,
}

impl Parts {
    pub async fn send(&mut self, bytes: Vec<u8>) -> Result<()> {
        let number = i32::try_from(self.sent.len() + 1).map_err(Error::internal)?;
        let part = self
            .files
            .client
            .upload_part()
            .bucket(&self.files.bucket)
            .key(&self.key)
            .upload_id(&self.id)
            .part_number(number)
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(table::failure)?;
        let sent = CompletedPart::builder()
            .part_number(number)
            .set_e_tag(part.e_tag)
            .set_checksum_crc32(part.checksum_crc32)
            .set_checksum_crc64_nvme(part.checksum_crc64_nvme)
            .build();
        self.sent.push(sent);
        Ok(())
    }

    pub async fn finish(self) -> Result<()> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(self.sent)).build();
        self.files
            .client
            .complete_multipart_upload()
            .bucket(&self.files.bucket)
            .key(&self.key)
            .upload_id(&self.id)
            .multipart_upload(parts)
            .send()
            .await
            .map(drop)
            .map_err(table::failure)
    }
}

impl Files {
    pub(crate) fn new(shared: &aws_config::SdkConfig, bucket: &str) -> Self {
        // Path style: the emulator has no host names per bucket.
        let configuration =
            aws_sdk_s3::config::Builder::from(shared).force_path_style(shared.endpoint_url().is_some()).build();
        let origin = match (shared.endpoint_url(), shared.region()) {
            (Some(endpoint), _) => endpoint.trim_end_matches('/').to_owned(),
            (None, Some(region)) if !bucket.is_empty() => format!("https://{bucket}.s3.{region}.amazonaws.com"),
            (None, _) => String::new(),
        };
        Self { client: Client::from_conf(configuration), bucket: bucket.into(), origin }
    }

    /// Where links lead, as a Content-Security-Policy names it; empty where there is no bucket.
    pub fn origin(&self) -> &str {
        &self.origin
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

    /// The whole file of at most `bytes_max`; none where there is none. For what a stranger may have named: S3 tells a
    /// caller who may not list the bucket no more than that it may not.
    pub async fn find(&self, key: &str, bytes_max: u64) -> Result<Option<Vec<u8>>> {
        let object = match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(object) => object,
            Err(error) => {
                let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
                return match code {
                    Some("NoSuchKey" | "AccessDenied") => Ok(None),
                    _ => Err(table::failure(error)),
                };
            }
        };
        let length = object.content_length().and_then(|length| u64::try_from(length).ok());
        if length.is_none_or(|length| length > bytes_max) {
            return Err(Error::TooLarge);
        }
        let bytes = object.body.collect().await.map_err(Error::unavailable)?;
        Ok(Some(bytes.into_bytes().to_vec()))
    }

    /// Begins a file that is kept for some days only, and is too large to be held in memory.
    pub async fn begin_parts(&self, key: &str, media_type: &str) -> Result<Parts> {
        let begun = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .content_type(media_type)
            .tagging(PASSING)
            .send()
            .await
            .map_err(table::failure)?;
        let id = begun.upload_id.ok_or_else(|| Error::internal("S3 began a file without a name"))?;
        Ok(Parts { files: self.clone(), key: key.into(), id, sent: Vec::new() })
    }

    /// The keys that begin with `prefix`, in their order, some hundreds after `start`; none left where it is empty.
    pub async fn list(&self, prefix: &str, start: Option<&str>) -> Result<Vec<String>> {
        let listed = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(prefix)
            .set_start_after(start.map(str::to_owned))
            .send()
            .await
            .map_err(table::failure)?;
        Ok(listed.contents.unwrap_or_default().into_iter().filter_map(|object| object.key).collect())
    }

    pub async fn delete(&self, key: &str) -> Result<()> {
        let deleted = self.client.delete_object().bucket(&self.bucket).key(key).send().await;
        deleted.map(drop).map_err(table::failure)
    }

    /// All that lies below a prefix. Done again, it finds the rest.
    pub async fn delete_all(&self, prefix: &str) -> Result<()> {
        let mut start = None;
        loop {
            let listed = self.list(prefix, start.as_deref()).await?;
            for key in &listed {
                self.delete(key).await?;
            }
            start = listed.into_iter().next_back();
            if start.is_none() {
                return Ok(());
            }
        }
    }

    /// A link by which one file of this type and length can be sent, for five minutes.
    pub async fn upload_link(&self, key: &str, media_type: &str, bytes: u64) -> Result<UploadLink> {
        let request = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(media_type)
            .content_length(i64::try_from(bytes).map_err(Error::internal)?)
            .tagging(PENDING)
            .presigned(validity()?)
            .await
            .map_err(table::failure)?;
        // Whoever sends a body says its length anyhow; a page may not.
        let headers = request.headers().filter(|(name, _)| !matches!(*name, "content-length" | "host"));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(UploadLink { url: request.uri().to_owned(), headers })
    }

    /// A link that shows the file where it stands (a picture in a page), for five minutes.
    pub async fn inline_link(&self, key: &str, media_type: &str) -> Result<String> {
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_type(media_type)
            .response_content_disposition("inline")
            .presigned(validity()?)
            .await
            .map_err(table::failure)?;
        Ok(request.uri().to_owned())
    }

    /// A link that downloads the file under the given name, for five minutes.
    pub async fn signed_link(&self, key: &str, file_name: &str, media_type: &str) -> Result<String> {
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_type(media_type)
            .response_content_disposition(attachment(file_name))
            .presigned(validity()?)
            .await
            .map_err(table::failure)?;
        Ok(request.uri().to_owned())
    }
}

fn validity() -> Result<PresigningConfig> {
    PresigningConfig::expires_in(LINK_VALID).map_err(Error::internal)
}

/// RFC 6266: a name that every program reads, and the whole one (RFC 8187) where that is another.
fn attachment(file_name: &str) -> String {
    let plain = quoted(file_name);
    if plain == file_name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte);
    let whole = file_name.bytes().map(|byte| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", whole.collect::<String>())
}

/// What is not plain is made harmless in a header.
fn quoted(file_name: &str) -> String {
    file_name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::config::{Credentials, Region, SharedCredentialsProvider};

    use super::*;

    fn files(endpoint: Option<&str>) -> Files {
        let mut shared = aws_config::SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(Region::from_static("eu-west-3"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new("a", "b", None, None, "test")));
        if let Some(endpoint) = endpoint {
            shared = shared.endpoint_url(endpoint);
        }
        Files::new(&shared.build(), "abservice-bucket-1x2y3z")
    }

    #[tokio::test]
    async fn links_lead_where_the_origin_says() {
        for endpoint in [None, Some("http://127.0.0.1:4566")] {
            let files = files(endpoint);
            assert!(files.origin().starts_with("http") && !files.origin().ends_with('/'));
            for link in [
                files.signed_link("ORG/x/a.pdf", "a.pdf", "application/pdf").await.unwrap(),
                files.inline_link("ORG/x/logo/a.png", "image/png").await.unwrap(),
                files.upload_link("ORG/x/uploads/a", "image/png", 7).await.unwrap().url,
            ] {
                assert!(link.starts_with(&format!("{}/", files.origin())), "{link}");
                assert!(link.contains("X-Amz-Expires=300"), "{link}");
            }
        }
    }

    #[test]
    fn a_download_has_its_whole_name_and_one_that_every_program_reads() {
        assert_eq!(attachment("FAC-2026-0001.pdf"), "attachment; filename=\"FAC-2026-0001.pdf\"");
        assert_eq!(
            attachment("Plan d’été (v2).pdf"),
            "attachment; filename=\"Plan d__t_ _v2_.pdf\"; filename*=UTF-8''Plan%20d%E2%80%99%C3%A9t%C3%A9%20%28v2%29.pdf"
        );
        let hostile = attachment("a\"; filename=b.exe\r\nx: y.pdf");
        assert!(!hostile.contains('\r') && !hostile.contains('\n') && hostile.matches('"').count() == 2, "{hostile}");
    }

    #[test]
    fn a_name_keeps_its_accents_and_breaks_no_header() {
        assert_eq!(attachment("FAC-2026-0001.pdf"), "attachment; filename=\"FAC-2026-0001.pdf\"");
        assert_eq!(
            attachment("Plan d’été\"\r\n.pdf"),
            "attachment; filename=\"Plan d__t____.pdf\"; filename*=UTF-8''Plan%20d%E2%80%99%C3%A9t%C3%A9%22%0D%0A.pdf"
        );
    }

    #[tokio::test]
    async fn the_length_the_type_and_the_tag_of_an_upload_are_signed() {
        let link = files(None).upload_link("ORG/x/uploads/a", "image/png", 7).await.unwrap();
        for name in ["content-length", "content-type", "x-amz-tagging"] {
            let signed = link.url.split("X-Amz-SignedHeaders=").nth(1).and_then(|rest| rest.split('&').next());
            assert!(signed.is_some_and(|signed| signed.contains(name)), "{name}: {}", link.url);
        }
        let headers = [("content-type", "image/png"), ("x-amz-tagging", "upload=pending")];
        assert_eq!(link.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        assert!(!link.url.contains("checksum"), "{}", link.url);
    }
}
