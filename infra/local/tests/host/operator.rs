//! The operator's pages and their JSON twins.

use std::time::Duration;

use local::Options;
use serde_json::{Value, json};

use crate::{PATIENCE, Stage};

#[tokio::test]
async fn every_page_answers_and_says_so_in_french() {
    let system = Stage::default().start(Options::memory()).await;
    system.sqs().send("pdf-dead", r#"{"a":"<b>"}"#, Duration::ZERO).unwrap();
    system.idle(PATIENCE).await.unwrap();
    for (page, says) in [
        ("/_local/", "+ 31 jours"),
        ("/_local/courrier", "Aucun message"),
        ("/_local/files", "&#60;b&#62;"),
        ("/_local/planification", "Dernier passage"),
        ("/_local/pannes", "Mettre en panne"),
        ("/_local/local.css", "op-card"),
    ] {
        let answer = reqwest::get(format!("{}{page}", system.url())).await.unwrap();
        assert_eq!(answer.status(), 200, "{page}");
        assert!(answer.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
        let html = answer.text().await.unwrap();
        assert!(html.contains(says), "{page}: {html}");
        assert!(!html.contains("<script") && !html.contains(" style="), "{page}");
    }
}

#[tokio::test]
async fn a_mail_is_read_with_its_html_shut_in_and_its_attachment_saved() {
    let system = Stage::default().start(Options::memory()).await;
    let content = json!({ "Simple": {
        "Subject": { "Data": "Facture <1>" },
        "Body": { "Text": { "Data": "Voir https://x.test/a." }, "Html": { "Data": "<p onclick=alert(1)>Voir</p>" } },
        "Attachments": [{ "FileName": "facture été.pdf", "ContentType": "application/pdf", "RawContent": "JVBERg==" }],
    } });
    let mail = json!({
        "FromEmailAddress": "a@example.test",
        "Destination": { "ToAddresses": ["b@client.test"] },
        "Content": content,
    });
    let outbound = format!("{}/v2/email/outbound-emails", system.ses().endpoint());
    let sent: Value = reqwest::Client::new().post(outbound).json(&mail).send().await.unwrap().json().await.unwrap();
    let id = sent["MessageId"].as_str().unwrap();
    let get = |path: &str| reqwest::get(format!("{}/_local/courrier/{id}{path}", system.url()));

    let page = get("").await.unwrap().text().await.unwrap();
    for says in ["Facture &#60;1&#62;", "<a href=\"https://x.test/a\">", "sandbox=", "facture été.pdf"] {
        assert!(page.contains(says), "{says}: {page}");
    }
    let html = get("/html").await.unwrap();
    let policy = html.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("allow-scripts") && page.contains("sandbox=\"allow-popups"), "{policy}");
    assert!(html.text().await.unwrap().contains("Voir"));
    let attachment = get("/pieces/0").await.unwrap();
    assert_eq!(attachment.headers()["content-disposition"], "attachment; filename=\"facture__t_.pdf\"");
    assert_eq!(attachment.bytes().await.unwrap(), "%PDF");
    assert_eq!(get("/pieces/1").await.unwrap().status(), 404);

    let listed: Value = reqwest::get(format!("{}/_local/api/mails", system.url())).await.unwrap().json().await.unwrap();
    assert_eq!(listed["mails"][0]["id"], id);
}

#[tokio::test]
async fn the_clock_is_moved_by_a_form_and_by_json() {
    let system = Stage::default().start(Options::memory()).await;
    let client = reqwest::Client::new();
    let form = |fields: &'static str| {
        client
            .post(format!("{}/_local/horloge", system.url()))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(fields)
            .send()
    };
    assert_eq!(form("hours=24").await.unwrap().status(), 200, "after the redirection");
    assert_eq!(system.clock().offset_ms(), 86_400_000);
    assert_eq!(form("day=2040-02-30").await.unwrap().status(), 422);
    form("day=2040-02-29").await.unwrap();
    assert_eq!(system.clock().now().strftime("%Y").to_string(), "2040");
    form("reset=1").await.unwrap();
    assert_eq!(system.clock().offset_ms(), 0);

    let api = format!("{}/_local/api/clock", system.url());
    let moved: Value =
        client.post(&api).json(&json!({ "advance_days": 31 })).send().await.unwrap().json().await.unwrap();
    assert_eq!(moved["offset_days"], 31);
    let senseless = client.post(&api).json(&json!({ "advance_days": 1, "reset": true })).send().await.unwrap();
    assert_eq!(senseless.status(), 422);
    let idle = reqwest::get(format!("{}/_local/api/idle", system.url())).await.unwrap();
    assert_eq!(idle.json::<Value>().await.unwrap(), json!({ "idle": true }));
}

#[tokio::test]
async fn neither_another_site_nor_another_name_gets_in() {
    let system = Stage::default().start(Options::memory()).await;
    let client = reqwest::Client::new();
    let page = format!("{}/_local/planification", system.url());
    let foreign = client.post(&page).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(foreign.status(), 403);
    let renamed = client.get(&page).header("host", "evil.example:8787").send().await.unwrap();
    assert_eq!(renamed.status(), 403);
}

#[tokio::test]
async fn a_service_fails_while_it_is_told_to() {
    let system = Stage::default().start(Options::memory()).await;
    let api = format!("{}/_local/api/faults", system.url());
    let client = reqwest::Client::new();
    let set = |failing: bool| client.post(&api).json(&json!({ "service": "ses", "failing": failing })).send();
    assert_eq!(set(true).await.unwrap().status(), 204);
    let mails = format!("{}/v2/email/outbound-emails", system.ses().endpoint());
    assert_eq!(client.post(&mails).body("{}").send().await.unwrap().status(), 500);
    set(false).await.unwrap();
    assert_eq!(client.post(&mails).body("{}").send().await.unwrap().status(), 400);
}
