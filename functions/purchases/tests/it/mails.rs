//! Mails that SES takes in: what is attached goes the way of a file that is dropped.

use jiff::SignedDuration;
use kernel::{event::Event, permission::Role};
use serde_json::{Value, json};
use testkit::{App, Reply};

use crate::{EXPENSES, PDF, app, events, received::ubl};

const RECEIVED: &str = "/api/v1/received-invoices";
const SAMPLE: &str = include_str!("../../../../events/purchases-mail/mail.json");

/// A mail with these files, each with its name and type.
fn mail(id: &str, files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut mail = format!(
        "Message-ID: <{id}@papeterie.example>\r\nFrom: Papeterie <facturation@papeterie.example>\r\n\
         Subject: Votre facture\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n\
         --x\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n"
    )
    .into_bytes();
    for (name, kind, bytes) in files {
        let head = format!(
            "--x\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
             Content-Transfer-Encoding: binary\r\n\r\n"
        );
        mail.extend_from_slice(head.as_bytes());
        mail.extend_from_slice(bytes);
        mail.extend_from_slice(b"\r\n");
    }
    mail.extend_from_slice(b"--x--\r\n");
    mail
}

/// SES's own event, of this mail; whether the function is content.
async fn delivered(app: &App, ses_id: &str, to: &[&str], virus: bool) -> bool {
    let mut event: Value = serde_json::from_str(SAMPLE).expect("an event");
    let ses = &mut event["Records"][0]["ses"];
    ses["mail"]["messageId"] = json!(ses_id);
    ses["receipt"]["recipients"] = json!(to);
    ses["receipt"]["virusVerdict"]["status"] = json!(if virus { "FAIL" } else { "PASS" });
    purchases::inbound::handle(app.deps.clone(), event).await.is_ok()
}

async fn sent(app: &App, ses_id: &str, to: &[&str], mail: Vec<u8>) -> bool {
    app.deps.files.put(&format!("incoming/{ses_id}"), mail, "message/rfc822").await.expect("it is in the bucket");
    delivered(app, ses_id, to, false).await
}

async fn is_left(app: &App, ses_id: &str) -> bool {
    app.deps.files.find(&format!("incoming/{ses_id}"), 1 << 30).await.expect("S3 answers").is_some()
}

async fn address(app: &App) -> String {
    app.program().post(&format!("{RECEIVED}/address"), &json!({})).await.expect(200).field("/address")
}

async fn mails(app: &App) -> Vec<Value> {
    let list: Reply = app.program().get(&format!("{RECEIVED}/mails")).await.expect(200);
    list.json()["items"].as_array().cloned().unwrap_or_default()
}

async fn invoices(app: &App) -> usize {
    app.program().get(RECEIVED).await.expect(200).json()["items"].as_array().map_or(0, Vec::len)
}

fn told(app: &App) -> usize {
    events(app).iter().filter(|event| matches!(event, Event::ReceivedMailUnread { .. })).count()
}

#[tokio::test]
async fn what_is_attached_is_taken_in_once_however_often_the_mail_comes() {
    let app = app().await;
    let to = address(&app).await;
    let xml = ubl(&app);
    let files = [("facture.xml", "application/xml", xml.as_bytes()), ("logo.png", "image/png", b"PNG".as_slice())];
    assert!(sent(&app, "a1", &[&to.to_uppercase(), "autre@recu.abservice.example"], mail("m1", &files)).await);
    assert_eq!((invoices(&app).await, told(&app)), (1, 0));
    assert!(!is_left(&app, "a1").await);
    let noted = mails(&app).await;
    assert_eq!(
        (&noted[0]["from"], &noted[0]["files"][0]["outcome"], &noted[0]["others"]),
        (&json!("facturation@papeterie.example"), &json!("taken"), &json!(1))
    );
    let invoice = noted[0]["files"][0]["invoice"].as_str().expect("an id").to_owned();
    let read = app.program().get(&format!("{RECEIVED}/{invoice}")).await.expect(200).json();
    let expense = app.program().get(&format!("{EXPENSES}/{}", read["expense_id"].as_str().unwrap())).await.expect(200);
    assert_eq!((expense.json().get("created_by"), expense.field("/state")), (None, "approved".into()));
    let link = app.program().get(&format!("{EXPENSES}/{}/receipt", read["expense_id"].as_str().unwrap())).await;
    let kept = reqwest::get(link.expect(200).field("/url")).await.expect("S3 answers").bytes().await.expect("a file");
    assert_eq!(kept, xml.as_bytes());
    // Lambda calls again, SES delivers the same mail again, and the supplier sends the invoice again.
    assert!(delivered(&app, "a1", &[&to], false).await);
    assert!(sent(&app, "a2", &[&to], mail("m1", &files)).await);
    assert_eq!((invoices(&app).await, mails(&app).await.len()), (1, 1));
    app.advance(SignedDuration::from_secs(1));
    assert!(sent(&app, "a3", &[&to], mail("m2", &files)).await);
    assert_eq!((invoices(&app).await, mails(&app).await[0]["files"][0]["outcome"].clone()), (1, json!("known")));
    assert_eq!(told(&app), 0);
    let page = app.owner().get("/ventes/factures-recues").await.expect(200);
    assert!(page.round_trips() <= Some(2) && page.text().contains(&to) && page.text().contains("Déjà reçue"));
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_hurts_no_other() {
    let app = app().await;
    let to = address(&app).await;
    let xml = ubl(&app);
    let wrong = xml.replace(">142.55<", ">999.99<");
    let others = xml.replace(&app.ours.legal.siret.clone().unwrap()[..9], "552100554").replace("2026/117", "2026/9");
    let files = [
        ("plan.pdf", "application/pdf", PDF),
        ("fausse.xml", "text/xml", wrong.as_bytes()),
        ("autre.xml", "text/xml", others.as_bytes()),
        ("facture.xml", "application/xml", xml.as_bytes()),
    ];
    assert!(sent(&app, "b1", &[&to], mail("m1", &files)).await);
    let noted = mails(&app).await;
    let outcomes: Vec<_> = noted[0]["files"].as_array().unwrap().iter().map(|file| file["outcome"].clone()).collect();
    assert_eq!(outcomes, ["refused", "refused", "refused", "taken"]);
    assert!(noted[0]["files"][1]["why"].as_str().is_some_and(|why| why.contains("BR-CO-15")), "{noted:?}");
    assert_eq!((invoices(&app).await, told(&app)), (1, 1));
    // No invoice in it, a virus, no mail at all.
    assert!(sent(&app, "b2", &[&to], mail("m2", &[])).await);
    app.deps.files.put("incoming/b3", mail("m3", &files), "message/rfc822").await.unwrap();
    assert!(delivered(&app, "b3", &[&to], true).await && sent(&app, "b4", &[&to], Vec::new()).await);
    assert!(sent(&app, "b5", &[&to], "Content-Type: message/rfc822\r\n\r\n".repeat(5_000).into_bytes()).await);
    let noted = mails(&app).await;
    assert_eq!((noted.len(), invoices(&app).await, told(&app)), (5, 1, 5));
    let page = app.owner().get("/ventes/factures-recues").await.expect(200).text();
    for text in ["Aucun PDF ni XML", "Un virus a été détecté", "trop de parties", "pas à votre entreprise"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!delivered(&app, "../b1", &[&to], false).await, "SES names no mail so");
    for id in ["b1", "b2", "b3", "b4", "b5"] {
        assert!(!is_left(&app, id).await, "{id}");
    }
}

#[tokio::test]
async fn an_address_is_its_organizations_until_it_has_another() {
    let app = app().await;
    let program = app.program();
    assert!(program.get(&format!("{RECEIVED}/address")).await.expect(200).json().get("address").is_none());
    let first = address(&app).await;
    let second = address(&app).await;
    assert_ne!(first, second);
    assert_eq!(program.get(&format!("{RECEIVED}/address")).await.expect(200).field("/address"), second);
    let xml = ubl(&app);
    let files = [("facture.xml", "application/xml", xml.as_bytes())];
    let guessed = format!("{}0@recu.abservice.example", &second[..second.find('@').unwrap() - 1]);
    let elsewhere = second.replace("recu.abservice.example", "example.com");
    assert!(
        sent(&app, "c1", &[&first, &guessed, &elsewhere, "factures-@recu.abservice.example"], mail("m1", &files)).await
    );
    assert_eq!((invoices(&app).await, mails(&app).await.len()), (0, 0));
    assert!(!is_left(&app, "c1").await);
    // Whose invoice it is, the address says, and nobody else sees it.
    assert!(sent(&app, "c2", &[&second], mail("m1", &files)).await);
    assert_eq!(invoices(&app).await, 1);
    assert_eq!(app.stranger().get(RECEIVED).await.expect(200).json()["items"], json!([]));
    app.with_role(Role::Sales).form("/ventes/factures-recues/adresse", &[]).await.expect(403);
    let page = app.owner().form("/ventes/factures-recues/adresse", &[]).await.expect(303);
    assert_eq!(page.header("location"), Some("/ventes/factures-recues"));
    let items = app.items_of(app.ours.id);
    let log: Vec<_> = items.values().filter(|item| item["type"]["S"] == "audit").collect();
    let log = serde_json::to_string(&log).expect("a text");
    assert!(log.contains("renew_invoice_address") && !log.contains(&second[36..62]), "the log tells no secret");
}

#[tokio::test]
async fn what_is_to_be_approved_waits_as_a_draft() {
    let app = app().await;
    let program = app.program();
    program.put("/api/v1/purchase-settings", &json!({ "approval_from": "100" })).await.expect(200);
    let (to, xml) = (address(&app).await, ubl(&app));
    assert!(sent(&app, "d1", &[&to], mail("m1", &[("f.xml", "application/xml", xml.as_bytes())])).await);
    let invoice = program.get(RECEIVED).await.expect(200).json()["items"][0].clone();
    let expense = format!("{EXPENSES}/{}", invoice["expense_id"].as_str().unwrap());
    assert_eq!(program.get(&expense).await.expect(200).field("/state"), "draft");
    program.post(&format!("{RECEIVED}/{}/approve", invoice["id"].as_str().unwrap()), &json!({})).await.expect(200);
    assert_eq!(program.get(&expense).await.expect(200).field("/state"), "approved");
}
