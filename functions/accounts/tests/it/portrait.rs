//! One's portrait: sent to the bucket, taken over, shown to colleagues, taken off; and everything that is not one.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use jiff::SignedDuration;
use kernel::permission::Role;
use serde_json::{Value, json};
use testkit::{App, Client, send_file};
use web::{Membership, credentials::Visit};

use crate::{app, session, team};

const PORTRAIT: &str = "/api/v1/accounts/me/portrait";

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, Rgb([200, 40, 40])).write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// Somebody who signed up, with a session.
async fn somebody(app: &App, email: &str) -> Client {
    let secret = session(app, email).await;
    app.anyone().session(&secret)
}

async fn sent(client: &Client, bytes: Vec<u8>) -> String {
    let announced = json!({ "media_type": "image/png", "bytes": bytes.len() });
    let link = client.post(&format!("{PORTRAIT}/uploads"), &announced).await.expect(201);
    assert_eq!(send_file(&link.json(), bytes).await, 200);
    link.field("/id")
}

/// Where a page says that the portrait is.
fn linked(page: &str) -> Option<String> {
    let at = page.find("/compte/portrait?v=")?;
    page[at..].split('"').next().map(str::to_owned)
}

/// Sends a portrait and makes it one's own; where it is signed to be.
async fn with_portrait(client: &Client) -> String {
    let upload = sent(client, picture(900, 600, ImageFormat::Jpeg)).await;
    client.post(PORTRAIT, &json!({ "upload_id": upload })).await.expect(200);
    client.get(PORTRAIT).await.expect(200).field("/url")
}

#[tokio::test]
async fn a_picture_that_was_sent_becomes_a_square_that_every_page_shows() {
    let app = app().await;
    let client = somebody(&app, "a@atelier.example").await;
    client.get(PORTRAIT).await.expect(404);
    client.get("/compte/portrait").await.expect(404);
    assert_eq!(linked(&client.get("/compte").await.expect(200).text()), None);

    let upload = sent(&client, picture(900, 600, ImageFormat::Jpeg)).await;
    let before = client.get("/api/v1/accounts/me").await.expect(200);
    let changed = client.post(PORTRAIT, &json!({ "upload_id": upload })).await.expect(200);
    assert_eq!(changed.json()["has_portrait"], json!(true));
    assert_ne!(changed.header("etag"), before.header("etag"));
    assert!(changed.round_trips() <= Some(3));
    let answer = reqwest::get(client.get(PORTRAIT).await.expect(200).field("/url")).await.expect("S3 answers");
    assert_eq!(answer.headers()["content-type"], "image/png");
    let decoded = image::load_from_memory(&answer.bytes().await.expect("a body")).expect("a picture");
    assert_eq!((decoded.width(), decoded.height()), (256, 256));

    let page = client.get("/compte").await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let href = linked(&page.text()).expect("the page shows it");
    let led = client.get(&href).await.expect(303);
    assert!(led.header("location").is_some_and(|to| to.contains("/USER/") && to.contains("X-Amz-Signature")));
    assert_eq!(led.header("cache-control"), Some("private, max-age=240"));
    // It was taken over: the upload serves once.
    let again = client.post(PORTRAIT, &json!({ "upload_id": upload })).await.expect(422);
    assert_eq!(again.violations(), ["/upload_id"]);
}

#[tokio::test]
async fn another_portrait_or_none_deletes_the_former_one() {
    let app = app().await;
    let client = somebody(&app, "a@atelier.example").await;
    let first = with_portrait(&client).await;
    let second = with_portrait(&client).await;
    let status = async |url: &str| reqwest::get(url).await.expect("S3 answers").status().as_u16();
    assert_eq!((status(&first).await, status(&second).await), (404, 200));
    client.delete(PORTRAIT).await.expect(204);
    assert_eq!(status(&second).await, 404);
    client.get(PORTRAIT).await.expect(404);
    assert_eq!(client.get("/api/v1/accounts/me").await.json()["has_portrait"], json!(false));
    client.delete(PORTRAIT).await.expect(204);
}

#[tokio::test]
async fn a_repeated_request_does_not_bring_a_former_portrait_back_or_delete_the_present_one() {
    let app = app().await;
    let client = somebody(&app, "a@atelier.example").await;
    let upload = sent(&client, picture(40, 40, ImageFormat::Png)).await;
    let once = client.clone().idempotency_key("once");
    let first = once.post(PORTRAIT, &json!({ "upload_id": upload })).await.expect(200);
    let present = with_portrait(&client).await;
    let repeated = once.post(PORTRAIT, &json!({ "upload_id": upload })).await.expect(200);
    assert_eq!(repeated.json(), first.json());
    assert_eq!(reqwest::get(&present).await.expect("S3 answers").status(), 200);
    assert_eq!(client.get(PORTRAIT).await.expect(200).field("/url").split('?').next(), present.split('?').next());
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_nothing_changes() {
    let app = app().await;
    let client = somebody(&app, "a@atelier.example").await;
    for bytes in [b"<svg onload=\"alert(1)\"/>".to_vec(), b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; 100]] {
        let upload = sent(&client, bytes).await;
        let refused = client.post(PORTRAIT, &json!({ "upload_id": upload })).await.expect(422);
        assert_eq!(refused.violations(), ["/upload_id"]);
        let page = client.clone().header("hx-request", "true");
        let page = page.form("/compte/portrait", &[("upload_id", &upload)]).await.expect(422).text();
        assert!(page.contains("data-problem") && !page.contains("<html"), "{page}");
    }
    for (media_type, bytes) in [("image/svg+xml", 10), ("image/png", 6 * 1024 * 1024), ("image/png", 0)] {
        let announced = json!({ "media_type": media_type, "bytes": bytes });
        client.post(&format!("{PORTRAIT}/uploads"), &announced).await.expect(422);
        let told = client.post("/compte/portrait/televersement", &announced).await.expect(422);
        assert!(told.json()["message"].is_string());
    }
    client.post(PORTRAIT, &json!({ "upload_id": "upl_00000000000000000000000000" })).await.expect(422);
    client.get(PORTRAIT).await.expect(404);
}

#[tokio::test]
async fn an_upload_of_another_organization_is_nobodys_portrait() {
    let app = app().await;
    let (one, other) = (somebody(&app, "a@atelier.example").await, somebody(&app, "b@verger.example").await);
    let upload = sent(&one, picture(40, 40, ImageFormat::Png)).await;
    let refused = other.post(PORTRAIT, &json!({ "upload_id": upload })).await.expect(422);
    assert_eq!(refused.violations(), ["/upload_id"]);
    one.post(PORTRAIT, &json!({ "upload_id": upload })).await.expect(200);
}

#[tokio::test]
async fn colleagues_who_see_the_team_see_it_and_strangers_do_not() {
    let app = app().await;
    let owner = app.owner();
    let invitation = team::invite(&owner, "claire@client.example", "reader").await;
    let accepted = team::acceptance(&team::link(&app, &invitation).await, "claire@client.example");
    let client = team::signed_in(&app, &app.anyone().post(team::ACCEPT, &accepted).await);
    with_portrait(&client).await;
    let user = client.get("/api/v1/accounts/me").await.expect(200).field("/user_id");
    let path = format!("/equipe/membres/{user}/portrait");
    let team = owner.get("/equipe").await.expect(200).text();
    assert!(team.contains(&format!("src=\"{path}?v=")), "{team}");
    let led = owner.get(&path).await.expect(303);
    assert!(led.round_trips() <= Some(2));
    let url = owner.get(&format!("/api/v1/members/{user}/portrait")).await.expect(200).field("/url");
    assert_eq!(reqwest::get(url).await.expect("S3 answers").status(), 200);
    let members = owner.get("/api/v1/members").await.expect(200).json();
    let with = |member: &&Value| member["has_portrait"] == json!(true);
    let worn: Vec<_> = members["items"].as_array().expect("members").iter().filter(with).collect();
    assert!(matches!(&worn[..], [member] if member["id"] == json!(user)), "{members}");
    // Who does not see the team has nobody's portrait but their own.
    client.get(&path).await.expect(403);
    client.get("/compte/portrait").await.expect(303);
    for stranger in [app.stranger(), somebody(&app, "b@verger.example").await] {
        stranger.get(&path).await.expect(404);
        stranger.get(&format!("/api/v1/members/{user}/portrait")).await.expect(404);
    }
    // Nor has anybody that of a former colleague.
    owner.delete(&team::member(&user)).await.expect(204);
    owner.get(&path).await.expect(404);
}

#[tokio::test]
async fn of_two_at_the_same_time_one_portrait_and_one_file_remain() {
    let app = app().await;
    let client = somebody(&app, "a@atelier.example").await;
    let (one, other) = (
        sent(&client, picture(40, 40, ImageFormat::Png)).await,
        sent(&client, picture(60, 60, ImageFormat::Png)).await,
    );
    let (one, other) = (json!({ "upload_id": one }), json!({ "upload_id": other }));
    let (one, other) = futures::join!(client.post(PORTRAIT, &one), client.post(PORTRAIT, &other));
    one.expect(200);
    other.expect(200);
    let files = app.deps.files.list("USER/", None).await.expect("a list");
    let url = client.get(PORTRAIT).await.expect(200).field("/url");
    assert!(matches!(&files[..], [file] if url.contains(file.as_str())), "{files:?} {url}");
}

#[tokio::test]
async fn of_two_who_saw_the_same_profile_one_is_refused_and_leaves_no_file() {
    let app = app().await;
    let client = somebody(&app, "a@atelier.example").await;
    let (one, other) = (
        sent(&client, picture(40, 40, ImageFormat::Png)).await,
        sent(&client, picture(60, 60, ImageFormat::Png)).await,
    );
    let etag = client.get("/api/v1/accounts/me").await.expect(200).header("etag").expect("a version").to_owned();
    let seen = client.clone().header("if-match", &etag);
    let (one, other) = (json!({ "upload_id": one }), json!({ "upload_id": other }));
    let (one, other) = futures::join!(seen.post(PORTRAIT, &one), seen.post(PORTRAIT, &other));
    assert_eq!([&one, &other].iter().filter(|reply| reply.status == 200).count(), 1);
    let files = app.deps.files.list("USER/", None).await.expect("a list");
    let url = client.get(PORTRAIT).await.expect(200).field("/url");
    assert!(matches!(&files[..], [file] if url.contains(file.as_str())), "{files:?} {url}");
}

#[tokio::test]
async fn who_visits_changes_theirs_there_too() {
    let app = app().await;
    let client = somebody(&app, "a@atelier.example").await;
    with_portrait(&client).await;
    let me = client.get("/api/v1/accounts/me").await.expect(200);
    let scope = &app.scope();
    let visitor = Membership {
        user: me.field("/user_id").parse().expect("an id"),
        role: Role::Admin.into(),
        name: "Camille".into(),
        email: "a@atelier.example".into(),
        joined_at: app.clock.now(),
        portrait: None,
        seen_at: None,
        visit: Some(Visit { until: app.clock.now() + SignedDuration::from_hours(1) }),
    };
    scope
        .write(|| async {
            let mut transaction = scope.begin("test", visitor.user);
            transaction.create(&visitor);
            Ok((transaction, ()))
        })
        .await
        .expect("a visitor is written");
    let there = format!("/o/{}", app.ours.id.ulid());
    let announced = json!({ "media_type": "image/png", "bytes": picture(40, 40, ImageFormat::Png).len() });
    let link = client.post(&format!("{there}/compte/portrait/televersement"), &announced).await.expect(200);
    assert_eq!(send_file(&link.json(), picture(40, 40, ImageFormat::Png)).await, 200);
    client.form(&format!("{there}/compte/portrait"), &[("upload_id", &link.field("/id"))]).await.expect(303);
    let (here, there) = (client.get("/compte").await, client.get(&format!("{there}/compte")).await);
    assert!(linked(&here.text()).is_some());
    assert_eq!(linked(&here.text()), linked(&there.text()));
}

#[tokio::test]
async fn it_comes_along_into_another_organization() {
    let app = app().await;
    let client = somebody(&app, "a@atelier.example").await;
    with_portrait(&client).await;
    let founded = client.form("/entreprises/nouvelle", &[("name", "Verger")]).await.expect(303);
    let there = founded.header("location").and_then(|to| to.strip_suffix("/organisation")).expect("a place").to_owned();
    let page = client.get(&format!("{there}/compte")).await.expect(200).text();
    assert!(page.contains("/compte/portrait?v="), "{page}");
    let invitation = team::invite(&app.owner(), "a@atelier.example", "reader").await;
    let link = team::link(&app, &invitation).await;
    client.form("/compte/invitation", &[("link", &link)]).await.expect(303);
    let page = client.get(&format!("/o/{}/compte", app.ours.id.ulid())).await.expect(200).text();
    assert!(page.contains("/compte/portrait?v="), "{page}");
    // Changed in one, it is changed in all.
    client.delete(PORTRAIT).await.expect(204);
    let page = client.get(&format!("{there}/compte")).await.expect(200).text();
    assert!(!page.contains("/compte/portrait?v="));
}

#[tokio::test]
async fn the_box_of_the_profile_answers_with_what_changes_along() {
    let app = app().await;
    let client = somebody(&app, "a@atelier.example").await;
    let upload = sent(&client, picture(40, 40, ImageFormat::Png)).await;
    let htmx = client.clone().header("hx-request", "true");
    let fields = [("upload_id", upload.as_str()), ("_version", "1")];
    let answer = htmx.form("/compte/portrait", &fields).await.expect(200).text();
    for expected in ["id=\"portrait\"", "La photo est enregistrée.", "id=\"version\" value=\"2\"", "id=\"user-mark\""]
    {
        assert!(answer.contains(expected), "{expected}: {answer}");
    }
    let stale = htmx.form("/compte/portrait/supprimer", &[("_version", "1")]).await.expect(422).text();
    assert!(stale.contains("a modifié cet élément"), "{stale}");
    client.form("/compte/portrait/supprimer", &[("_version", "2")]).await.expect(303);
    assert_eq!(client.get("/api/v1/accounts/me").await.json()["has_portrait"], Value::Bool(false));
}
