//! Letters: what a reminder leaves with, and the statement of a client's account.

use jiff::SignedDuration;
use kernel::{event::Owner, id::LetterId, letter::LetterKind};
use serde_json::{Value, json};
use table::shared::{FrozenLetter, OwnedMail};
use testkit::App;

use crate::{app, invoice, issued};

const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn frozen(app: &App, id: &str) -> FrozenLetter {
    let id: LetterId = id.parse().unwrap();
    app.scope().get::<FrozenLetter>(&app.scope().keys().letter(id)).await.unwrap().unwrap().value
}

#[tokio::test]
async fn a_reminder_leaves_with_its_letter_and_the_notice_tells_the_account() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let path = format!("/api/v1/invoices/{id}/reminders");
    app.advance(DAY * 40);
    let sent = program.post(&path, &json!({ "level": "3" })).await.expect(200);
    let letter = frozen(&app, &sent.field("/history/0/letter_id")).await;
    assert_eq!(letter.letter.kind, LetterKind::Reminder);
    assert_eq!((letter.letter.entries.len(), letter.letter.due_minor().0), (1, 120_000));
    assert_eq!((letter.letter.buyer.contact.as_deref(), letter.letter.buyer.name.as_str()), (None, "Client SA"));
    let sent = program.post(&path, &json!({ "level": "5" })).await.expect(200);
    let notice = frozen(&app, &sent.field("/history/1/letter_id")).await;
    assert_eq!(notice.letter.kind, LetterKind::FormalNotice);
    assert_eq!(notice.letter.reference, "FAC-2026-0001-mise-en-demeure-5");
    assert_eq!(notice.letter.payment_reference, "FAC-2026-0001");
    // The invoice, two stretches of interest and 40 €.
    assert_eq!((notice.letter.entries.len(), notice.letter.due_minor().0), (4, 124_400));
    // Its mail waits for the letter, and has it attached.
    let (owner, mail) = notice.mail.unwrap();
    let mail = app.scope().get::<OwnedMail>(&app.scope().keys().mail(owner, mail)).await.unwrap().unwrap();
    let names: Vec<_> = mail.mail.attachments.iter().map(|file| file.file_name.as_str()).collect();
    assert_eq!(names, ["FAC-2026-0001.pdf", "FAC-2026-0001-mise-en-demeure-5.pdf"]);
    let shown = program.get(&format!("/api/v1/letters/{}", notice.id)).await.expect(200).json();
    assert_eq!((&shown["kind"], &shown["is_document_ready"]), (&json!("formal_notice"), &json!(false)));
    app.stranger().get(&format!("/api/v1/letters/{}", notice.id)).await.expect(404);
    program.get(&format!("/api/v1/letters/{}/document", notice.id)).await.expect(409);
    let page = app.owner().get(&format!("/facturation/factures/{id}/relances")).await.expect(200).text();
    assert!(page.contains(&format!("/facturation/courriers/{}", notice.id)));
}

#[tokio::test]
async fn what_comes_before_the_due_date_is_no_letter() {
    let app = app().await;
    let id = issued(&app, &app.program()).await;
    let path = format!("/api/v1/invoices/{id}/reminders");
    app.advance(DAY * 20);
    let sent = app.program().post(&path, &json!({ "level": "1" })).await.expect(200).json();
    assert_eq!(sent["history"][0]["letter_id"], Value::Null);
}

#[tokio::test]
async fn a_statement_tells_the_account_on_its_day() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let id = program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id");
        program.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await.expect(200);
        ids.push(id);
    }
    program.post("/api/v1/invoices", &invoice(&client)).await.expect(201);
    app.advance(DAY * 10);
    let pay = |amount: &str, on: &str| json!({ "amount": amount, "paid_on": on });
    let recorded =
        program.post(&format!("/api/v1/invoices/{}/payments", ids[0]), &pay("200", "2026-11-30")).await.expect(201);
    program.post(&format!("/api/v1/invoices/{}/payments", ids[1]), &pay("1200", "2026-12-01")).await.expect(201);
    let path = format!("/api/v1/clients/{client}/statement");
    let account = |on: &str| {
        let (program, path) = (program.clone(), format!("{path}?on={on}"));
        async move {
            let told = program.get(&path).await.expect(200).json();
            (told["entries"].as_array().unwrap().len(), told["due_minor"].as_i64().unwrap())
        }
    };
    assert_eq!(account("2026-11-21").await, (0, 0));
    assert_eq!(account("2026-11-25").await, (2, 240_000));
    assert_eq!(account("2026-11-30").await, (3, 220_000));
    assert_eq!(account("").await, (2, 100_000));
    program.get(&format!("{path}?on=2027-01-01")).await.expect(422);
    app.stranger().get(&path).await.expect(404);
    app.stranger().post(&path, &json!({})).await.expect(404);
    // What was taken back was never paid.
    let payment = recorded.field("/payment/id");
    let reversal = format!("/api/v1/invoices/{}/payments/{payment}/reversal", ids[0]);
    program.post(&reversal, &json!({ "reason": "Chèque impayé" })).await.expect(201);
    assert_eq!(account("2026-11-30").await, (2, 240_000));

    let written = program.post(&path, &json!({ "sends": "true" })).await.expect(201);
    let letter = frozen(&app, &written.field("/id")).await;
    assert_eq!((letter.letter.kind, letter.letter.due_minor().0), (LetterKind::Statement, 120_000));
    assert_eq!(letter.letter.payment_reference, "FAC-2026-0001");
    let (owner, mail) = letter.mail.unwrap();
    assert_eq!(owner, Owner::Letter(letter.id));
    let mail = app.scope().get::<OwnedMail>(&app.scope().keys().mail(owner, mail)).await.unwrap().unwrap().value.mail;
    assert_eq!((mail.to.address.as_str(), mail.to.name, mail.gives_link), ("compta@client.example", None, false));
    assert_eq!(mail.attachments[0].file_name, "releve-2026-12-02.pdf");
    let kept = program.post(&path, &json!({ "on": "2026-11-25" })).await.expect(201);
    assert_eq!(frozen(&app, &kept.field("/id")).await.mail, None);
}
