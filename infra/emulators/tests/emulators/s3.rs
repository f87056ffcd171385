//! S3: files, signatures, signed links, failures.

use std::time::Duration;

use aws_sdk_s3::{Client, error::ProvideErrorMetadata, presigning::PresigningConfig, primitives::ByteStream};
use emulators::{S3, s3::Credentials};

use crate::{ACCESS_KEY, SECRET_KEY, sdk, sdk_with};

const BUCKET: &str = "documents";

async fn start(path: Option<&std::path::Path>) -> S3 {
    let credentials = Credentials { access_key: ACCESS_KEY.into(), secret_key: SECRET_KEY.into() };
    S3::start(path, BUCKET, &credentials).await.unwrap()
}

fn client(config: &aws_config::SdkConfig) -> Client {
    Client::from_conf(aws_sdk_s3::config::Builder::from(config).force_path_style(true).build())
}

async fn store(client: &Client, key: &str, bytes: &[u8]) {
    let body = ByteStream::from(bytes.to_vec());
    client.put_object().bucket(BUCKET).key(key).content_type("application/pdf").body(body).send().await.unwrap();
}

#[tokio::test]
async fn a_file_is_read_back_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    store(&client(&sdk(start(Some(folder.path())).await.endpoint())), "ORG/1/a.pdf", b"content").await;
    let s3 = start(Some(folder.path())).await;
    let read = client(&sdk(s3.endpoint())).get_object().bucket(BUCKET).key("ORG/1/a.pdf").send().await.unwrap();
    assert_eq!(read.content_type(), Some("application/pdf"));
    assert_eq!(read.body.collect().await.unwrap().into_bytes(), "content");
}

#[tokio::test]
async fn a_wrong_secret_and_an_absent_signature_are_refused() {
    let s3 = start(None).await;
    let refused = client(&sdk_with(s3.endpoint(), "guess")).get_object().bucket(BUCKET).key("a").send().await;
    assert_eq!(refused.unwrap_err().code(), Some("SignatureDoesNotMatch"));
    let anonymous = reqwest::get(format!("{}/{BUCKET}/a", s3.endpoint())).await.unwrap();
    assert_eq!(anonymous.status(), 403);
}

#[tokio::test]
async fn a_signed_link_serves_its_file_under_the_name_it_carries_and_nothing_else() {
    let s3 = start(None).await;
    let client = client(&sdk(s3.endpoint()));
    store(&client, "ORG/1/a.pdf", b"content").await;
    store(&client, "ORG/2/b.pdf", b"secret").await;
    let link = client
        .get_object()
        .bucket(BUCKET)
        .key("ORG/1/a.pdf")
        .response_content_disposition("attachment; filename=\"FAC-2026-0001.pdf\"")
        .response_content_type("application/pdf")
        .presigned(PresigningConfig::expires_in(Duration::from_secs(60)).unwrap())
        .await
        .unwrap();

    let answer = reqwest::get(link.uri()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"FAC-2026-0001.pdf\"");
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    assert_eq!(answer.bytes().await.unwrap(), "content");

    let of_another = link.uri().replace("ORG/1/a.pdf", "ORG/2/b.pdf");
    assert_eq!(reqwest::get(of_another).await.unwrap().status(), 403);
    let renamed = link.uri().replace("FAC-2026-0001", "FAC-2026-0002");
    assert_eq!(reqwest::get(renamed).await.unwrap().status(), 403);
}

#[tokio::test]
async fn a_signed_link_takes_one_file_of_its_length_and_type() {
    let s3 = start(None).await;
    let client = client(&sdk(s3.endpoint()));
    let link = |seconds| {
        let put = client.put_object().bucket(BUCKET).key("ORG/1/uploads/a").content_type("image/png");
        let put = put.content_length(7).tagging("upload=pending");
        put.presigned(PresigningConfig::expires_in(Duration::from_secs(seconds)).unwrap())
    };
    let signed = link(60).await.unwrap();
    let send = |body: &'static str, media_type: &'static str, tag: &'static str| {
        let put = reqwest::Client::new().put(signed.uri()).header("content-type", media_type);
        put.header("x-amz-tagging", tag).body(body).send()
    };
    for (body, media_type, tag) in [
        ("content!", "image/png", "upload=pending"),
        ("content", "text/html", "upload=pending"),
        ("content", "image/png", "upload=kept"),
    ] {
        assert_eq!(send(body, media_type, tag).await.unwrap().status(), 403, "{body} {media_type} {tag}");
    }
    assert_eq!(send("content", "image/png", "upload=pending").await.unwrap().status(), 200);
    let read = client.get_object().bucket(BUCKET).key("ORG/1/uploads/a").send().await.unwrap();
    assert_eq!(read.body.collect().await.unwrap().into_bytes(), "content");
}

#[tokio::test]
async fn pages_of_the_origins_that_are_allowed_may_use_links_and_no_others() {
    let s3 = start(None).await;
    s3.allow_origins(vec!["http://127.0.0.1:8787".into()]);
    let ask = |origin: &'static str| {
        let url = format!("{}/{BUCKET}/ORG/1/uploads/a", s3.endpoint());
        let preflight = reqwest::Client::new().request(reqwest::Method::OPTIONS, url).header("origin", origin);
        let preflight = preflight.header("access-control-request-method", "PUT");
        preflight.header("access-control-request-headers", "content-type,x-amz-tagging").send()
    };
    let allowed = ask("http://127.0.0.1:8787").await.unwrap();
    assert_eq!(allowed.status(), 200);
    assert_eq!(allowed.headers()["access-control-allow-origin"], "http://127.0.0.1:8787");
    assert_eq!(allowed.headers()["access-control-allow-headers"], "content-type,x-amz-tagging");
    assert!(allowed.headers()["access-control-allow-methods"].to_str().unwrap().contains("PUT"));
    let foreign = ask("https://elsewhere.example").await.unwrap();
    assert_eq!(foreign.status(), 403);
    assert!(!foreign.headers().contains_key("access-control-allow-origin"));
    // What is answered to the page's own request says so too, be it a refusal.
    let put =
        reqwest::Client::new().put(format!("{}/{BUCKET}/a", s3.endpoint())).header("origin", "http://127.0.0.1:8787");
    let refused = put.body("x").send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert_eq!(refused.headers()["access-control-allow-origin"], "http://127.0.0.1:8787");
}

#[tokio::test]
async fn it_fails_on_demand() {
    let s3 = start(None).await;
    let client = client(&sdk(s3.endpoint()));
    store(&client, "a", b"content").await;
    s3.faults().fail_next(1);
    let failed = client.get_object().bucket(BUCKET).key("a").send().await;
    assert_eq!(failed.unwrap_err().code(), Some("InternalError"));
    client.get_object().bucket(BUCKET).key("a").send().await.unwrap();
}
