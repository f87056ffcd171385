//! The logo: sent to the bucket, taken over, shown, taken off; and everything that is not a logo.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use kernel::{id::UploadId, permission::Role};
use serde_json::{Value, json};
use testkit::{App, Client, Reply, send_file};

use crate::app;

const LOGO: &str = "/api/v1/organization/logo";
const UPLOADS: &str = "/api/v1/organization/logo/uploads";

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, Rgb([200, 40, 40])).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn announced(media_type: &str, bytes: usize) -> Value {
    json!({ "media_type": media_type, "bytes": bytes })
}

/// Sends a file as a program does; the id to name it by.
async fn sent(client: &Client, bytes: Vec<u8>) -> String {
    let link = client.post(UPLOADS, &announced("image/png", bytes.len())).await.expect(201);
    assert_eq!(send_file(&link.json(), bytes).await, 200);
    link.field("/id")
}

async fn taken_over(client: &Client, upload: &str) -> Reply {
    client.post(LOGO, &json!({ "upload_id": upload })).await
}

/// The one violation of a refused upload, in French.
async fn refusal(app: &App, upload: &str) -> String {
    let refused = taken_over(&app.program(), upload).await.expect(422);
    assert_eq!(refused.violations(), ["/upload_id"]);
    assert_eq!(app.program().get("/api/v1/organization").await.json()["logo"], Value::Null);
    let page = app.owner().header("hx-request", "true").form("/organisation/logo", &[("upload_id", upload)]).await;
    let page = page.expect(422).text();
    let told = page.split("data-problem").nth(1).and_then(|rest| rest.split("<span>").nth(1)).expect("it is told");
    told.split("</span>").next().unwrap_or_default().to_owned()
}

/// What lies in the bucket of our organization, by the ends of the keys.
async fn kept(app: &App, key: &str) -> Option<Vec<u8>> {
    app.deps.files.find(key, 10_000_000).await.unwrap()
}

#[tokio::test]
async fn a_picture_that_was_sent_becomes_the_logo_and_the_upload_goes() {
    let app = app().await;
    let program = app.program();
    program.get(LOGO).await.expect(404);
    let before = program.get("/api/v1/organization").await.expect(200);
    let upload = sent(&program, picture(1600, 400, ImageFormat::Jpeg)).await;
    let changed = taken_over(&program, &upload).await.expect(200);
    assert_ne!(changed.header("etag"), before.header("etag"));
    let logo = &changed.json()["logo"];
    assert_eq!((&logo["width"], &logo["height"]), (&json!(512), &json!(128)));

    let shown = program.get(LOGO).await.expect(200);
    assert_eq!(shown.field("/sha256"), logo["sha256"].as_str().unwrap());
    let answer = reqwest::get(shown.field("/url")).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.headers()["content-disposition"], "inline");
    let png = answer.bytes().await.unwrap();
    let decoded = image::load_from_memory_with_format(&png, ImageFormat::Png).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (512, 128));
    let organization = app.ours.id.ulid();
    let sha256 = shown.field("/sha256");
    assert_eq!(kept(&app, &format!("ORG/{organization}/logo/{sha256}.png")).await.as_deref(), Some(&*png));
    let upload: UploadId = upload.parse().unwrap();
    assert_eq!(kept(&app, &format!("ORG/{organization}/uploads/{}", upload.ulid())).await, None);
    // The settings do not name it and do not lose it.
    program.put("/api/v1/organization", &crate::settings()).await.expect(200);
    assert_eq!(program.get("/api/v1/organization").await.json()["logo"], *logo);
}

#[tokio::test]
async fn the_pages_wear_the_logo_until_it_is_taken_off() {
    let app = app().await;
    let owner = app.owner();
    let link = owner.clone().header("sec-fetch-site", "same-origin");
    let png = picture(90, 90, ImageFormat::Png);
    let link = link.post("/organisation/logo/televersement", &announced("image/png", png.len())).await.expect(200);
    assert_eq!(send_file(&link.json(), png).await, 200);
    let upload = link.field("/id");
    let fields = [("upload_id", upload.as_str()), ("_version", "1")];
    let fragment = owner.clone().header("hx-request", "true").form("/organisation/logo", &fields).await.expect(200);
    let fragment = fragment.text();
    assert!(fragment.contains("Le logo est enregistré.") && fragment.contains("id=\"version\" value=\"2\""));

    let page = app.with_role(Role::Admin).get("/organisation").await.expect(200).text();
    let href = page.split('"').find(|part| part.starts_with("/organisation/logo?v=")).expect("the page wears it");
    assert!(fragment.contains(href), "{fragment}");
    let shown = app.with_role(Role::Member).get(href).await.expect(303);
    assert!(shown.header("cache-control").is_some_and(|kept| kept.contains("private")));
    let policy = shown.header("content-security-policy").unwrap();
    let origin = app.deps.files.origin();
    assert!(shown.header("location").is_some_and(|to| to.starts_with(&format!("{origin}/"))));
    for part in
        [format!("img-src 'self' data: {origin};"), format!("connect-src 'self' {origin} wss://app.abservice.example;")]
    {
        assert!(policy.contains(&part), "{policy}");
    }
    assert_eq!(reqwest::get(shown.header("location").unwrap()).await.unwrap().status(), 200);
    app.stranger().get(href).await.expect(404);

    owner.form("/organisation/logo/supprimer", &[("_version", "2")]).await.expect(303);
    assert!(!owner.get("/organisation").await.text().contains("/organisation/logo?v="));
    owner.get(href).await.expect(404);
    app.program().delete(LOGO).await.expect(204);
}

#[tokio::test]
async fn a_file_of_another_kind_or_too_large_is_refused_before_it_is_sent() {
    let app = app().await;
    let program = app.program();
    let svg = program.post(UPLOADS, &announced("image/svg+xml", 100)).await.expect(422);
    assert_eq!(svg.violations(), ["/media_type"]);
    assert!(svg.text().contains("wrong_file_type"));
    let empty = program.post(UPLOADS, &announced("image/png", 0)).await.expect(422);
    assert!(empty.text().contains("empty_file"));
    let large = program.post(UPLOADS, &announced("image/png", 5 * 1024 * 1024 + 1)).await.expect(422);
    assert_eq!(large.violations(), ["/bytes"]);
    let page = app.owner().header("sec-fetch-site", "same-origin");
    let told = page.post("/organisation/logo/televersement", &announced("text/html", 6_000_000)).await.expect(422);
    assert_eq!(
        told.field("/message"),
        "Ce type de fichier n’est pas accepté : choisissez PNG, JPEG, GIF ou WebP. \
         Ce fichier est trop volumineux : 5 Mo au plus."
    );
}

#[tokio::test]
async fn the_link_takes_what_was_announced_and_nothing_else() {
    let app = app().await;
    let png = picture(20, 20, ImageFormat::Png);
    let link = app.program().post(UPLOADS, &announced("image/png", png.len())).await.expect(201).json();
    assert_eq!(send_file(&link, [png.as_slice(), b"more"].concat()).await, 403);
    let mut other = link.clone();
    other["headers"]["content-type"] = "text/html".into();
    assert_eq!(send_file(&other, png.clone()).await, 403);
    let mut elsewhere = link.clone();
    let url = link["url"].as_str().unwrap().replace("/uploads/", "/logo/");
    elsewhere["url"] = url.into();
    assert_eq!(send_file(&elsewhere, png.clone()).await, 403);
    assert_eq!(send_file(&link, png).await, 200);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_with_a_reason() {
    let app = app().await;
    let html = b"<html><script>alert(1)</script></html>".to_vec();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
    let half = picture(200, 200, ImageFormat::Png);
    for bytes in [html, svg, half[..half.len() / 2].to_vec()] {
        for told in [sent(&app.program(), bytes.clone()).await, sent(&app.program(), bytes).await] {
            let refused = taken_over(&app.program(), &told).await.expect(422);
            assert!(refused.text().contains("not_an_image"), "{}", refused.text());
        }
    }
    let upload = sent(&app.program(), b"\x89PNG\r\n\x1a\n is what I say I am".to_vec()).await;
    let page = app.owner().header("hx-request", "true").form("/organisation/logo", &[("upload_id", &upload)]).await;
    assert!(page.expect(422).text().contains("Ce fichier n’est pas une image lisible (PNG, JPEG, GIF ou WebP)."));
}

#[tokio::test]
async fn a_picture_that_would_fill_the_memory_is_refused_unseen() {
    let app = app().await;
    // A small GIF that says of itself to be of 30 000 × 30 000 pixels: a decoder that believed it would take 3.6 GB.
    let mut bomb = picture(40, 20, ImageFormat::Gif);
    bomb[6..10].copy_from_slice(&[0x30, 0x75, 0x30, 0x75]);
    assert!(bomb.len() < 2_000);
    let upload = sent(&app.program(), bomb.clone()).await;
    let refused = taken_over(&app.program(), &upload).await.expect(422);
    assert!(refused.text().contains("image_too_large"));
    let upload = sent(&app.program(), bomb).await;
    let page = app.owner().header("hx-request", "true").form("/organisation/logo", &[("upload_id", &upload)]).await;
    assert!(page.expect(422).text().contains("Cette image est trop grande : 25 millions de pixels au plus."));
}

#[tokio::test]
async fn of_a_picture_that_is_something_else_too_only_the_picture_stays() {
    let app = app().await;
    let mut polyglot = picture(60, 60, ImageFormat::Png);
    polyglot.extend_from_slice(b"PK\x03\x04 <script>alert(1)</script> %PDF-1.7");
    let upload = sent(&app.program(), polyglot).await;
    let logo = taken_over(&app.program(), &upload).await.expect(200).json()["logo"].clone();
    let key = format!("ORG/{}/logo/{}.png", app.ours.id.ulid(), logo["sha256"].as_str().unwrap());
    let png = kept(&app, &key).await.expect("it is kept");
    for hidden in [b"PK".as_slice(), b"<script", b"%PDF"] {
        assert!(!png.windows(hidden.len()).any(|part| part == hidden));
    }
}

#[tokio::test]
async fn what_was_never_sent_or_by_somebody_else_is_not_found() {
    let app = app().await;
    let told = "Ce fichier n’a pas été reçu, ou il a déjà été utilisé : choisissez-le à nouveau.";
    let theirs = sent(&app.stranger(), picture(20, 20, ImageFormat::Png)).await;
    let announced = app.program().post(UPLOADS, &announced("image/png", 10)).await.expect(201).field("/id");
    for upload in [theirs.as_str(), &announced, "", "upl_1", "../logo/x", "com_00000000000000000000000000"] {
        assert_eq!(refusal(&app, upload).await, told, "{upload}");
    }
    // And it is still theirs.
    taken_over(&app.stranger(), &theirs).await.expect(200);
    app.program().get(LOGO).await.expect(404);
}

#[tokio::test]
async fn the_same_act_twice_is_one_and_a_used_upload_is_used_up() {
    let app = app().await;
    let upload = sent(&app.program(), picture(20, 20, ImageFormat::Png)).await;
    let program = app.program().idempotency_key("logo-1");
    let first = taken_over(&program, &upload).await.expect(200);
    assert_eq!(taken_over(&program, &upload).await.expect(200).json(), first.json());
    let again = taken_over(&app.program().idempotency_key("logo-2"), &upload).await.expect(422);
    assert!(again.text().contains("no_upload"));
    assert_eq!(app.program().get("/api/v1/organization").await.json(), first.json());
}

#[tokio::test]
async fn two_at_the_same_time_leave_one_logo_and_a_version_for_each() {
    let app = app().await;
    let uploads = [
        sent(&app.program(), picture(20, 20, ImageFormat::Png)).await,
        sent(&app.program(), picture(30, 30, ImageFormat::Png)).await,
    ];
    let program = app.program();
    let (one, other) = tokio::join!(taken_over(&program, &uploads[0]), taken_over(&program, &uploads[1]));
    let mut versions = [one, other].map(|reply| reply.expect(200).header("etag").unwrap().to_owned());
    versions.sort();
    assert_eq!(versions, ["\"2\"", "\"3\""]);
}

#[tokio::test]
async fn who_saw_an_older_organization_changes_nothing() {
    let app = app().await;
    let upload = sent(&app.program(), picture(20, 20, ImageFormat::Png)).await;
    let stale = app.program().header("if-match", "\"7\"");
    taken_over(&stale, &upload).await.expect(412);
    let fields = [("upload_id", upload.as_str()), ("_version", "7")];
    let page = app.owner().header("hx-request", "true").form("/organisation/logo", &fields).await.expect(422).text();
    assert!(page.contains("Quelqu’un a modifié") && page.contains("data-problem"), "{page}");
    // The file waits for a second try.
    taken_over(&app.program(), &upload).await.expect(200);
    app.program().header("if-match", "\"1\"").delete(LOGO).await.expect(412);
}

#[tokio::test]
async fn who_may_not_change_the_settings_changes_no_logo() {
    let app = app().await;
    let upload = sent(&app.program(), picture(20, 20, ImageFormat::Png)).await;
    for role in [Role::Manager, Role::Member] {
        let somebody = app.with_role(role);
        somebody.form("/organisation/logo", &[("upload_id", &upload)]).await.expect(403);
        somebody.form("/organisation/logo/supprimer", &[]).await.expect(403);
    }
    let foreign = app.owner().header("sec-fetch-site", "cross-site");
    foreign.post("/organisation/logo/televersement", &announced("image/png", 10)).await.expect(403);
    let manager = app.with_role(Role::Manager).get("/organisation").await.expect(200).text();
    assert!(!manager.contains("/organisation/logo/televersement"));
}

#[tokio::test]
async fn without_script_the_page_says_what_is_missing() {
    let page = app().await.owner().get("/organisation").await.expect(200).text();
    let noscript = page.split("<noscript>").nth(1).and_then(|rest| rest.split("</noscript>").next()).unwrap();
    assert!(noscript.contains("L’envoi d’un fichier demande JavaScript"));
}
