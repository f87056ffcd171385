//! The first path, from sign-up to the reminder, through the whole system; and what becomes of it when a service is
//! away or a queue is given something that nobody can read.

use std::time::Duration;

use jiff::SignedDuration;
use kernel::event::Queue;
use local::{Options, System, Where};
use serde_json::json;

use crate::company::{Company, PATIENCE, download, files, mails, text};

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sign_up_to_the_reminder() {
    let system = System::start(Options::memory()).await.unwrap();
    let company = Company::sign_up(&system).await;
    let id = company.draft_by_quote().await;
    assert!(company.invoice(&id).await["number"].is_null());
    let issued = company.post(&format!("/api/v1/invoices/{id}/issue"), &json!({})).await;
    let number = text(&issued, "/number");
    assert!(number.starts_with("FAC-") && number.ends_with("-0001"), "{number}");
    assert_eq!(issued["gross_minor"], 119_869);
    system.idle(PATIENCE).await.unwrap();

    // The document, by a link that is good for nothing else.
    assert_eq!(company.invoice(&id).await["is_document_ready"], true);
    let (link, file_name) = company.link(&id).await;
    assert_eq!(file_name, format!("{number}.pdf"));
    let (status, named, bytes) = download(&link).await;
    assert_eq!((status.as_u16(), bytes.starts_with(b"%PDF")), (200, true));
    assert!(named.contains(&file_name), "{named}");
    let tampered = link.replace("-0001.pdf", "-0002.pdf");
    assert_ne!(tampered, link);
    assert_eq!(download(&tampered).await.0.as_u16(), 403);

    for (kind, attached) in [("Devis", text(&issued, "/number").replace("FAC", "DEV")), ("Facture", number.clone())] {
        let sent = mails(&system, kind);
        assert_eq!(sent.len(), 1, "{kind}");
        let (envelope, content) = &sent[0];
        assert_eq!(envelope.destination, ["compta@client.example"]);
        for words in [&content.text, &content.html] {
            assert!(words.as_ref().is_some_and(|words| words.contains(&attached)), "{words:?}");
        }
        assert_eq!(content.attachments.len(), 1);
        assert_eq!(content.attachments[0].file_name, format!("{attached}.pdf"));
        assert!(content.attachments[0].bytes.starts_with(b"%PDF"));
    }

    let paid_on = system.clock().today(&jiff::tz::TimeZone::UTC);
    let payment = json!({ "amount": "500.00", "paid_on": paid_on });
    let paid = company.post(&format!("/api/v1/invoices/{id}/payments"), &payment).await;
    assert_eq!((&paid["invoice"]["paid_minor"], &paid["invoice"]["balance_minor"]), (&json!(50_000), &json!(69_869)));

    // Three days after the due date, and the next: late once, reminded once.
    for days in [33, 1] {
        system.advance(DAY * days).unwrap();
        system.idle(PATIENCE).await.unwrap();
        assert_eq!(company.invoice(&id).await["is_overdue"], true);
        assert_eq!(mails(&system, "Rappel").len(), 1);
    }
    assert!(mails(&system, "Rappel")[0].0.subject.contains(&number));
    assert_eq!(mails(&system, "").len(), 3);
    assert_eq!(company.ledger().await, (2, true));
    system.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_and_mail_that_are_away_for_a_while_cost_nothing_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let options = Options {
        data: Where::Folder { path: data.clone(), fresh: false },
        retry_after: Duration::from_millis(400),
        ..Options::memory()
    };
    let system = System::start(options).await.unwrap();
    let company = Company::sign_up(&system).await;
    system.s3().faults().set_failing(true);
    system.ses().faults().set_failing(true);
    let id = company.issued().await;
    tried_again(&system, "pdf").await;
    assert_eq!(company.invoice(&id).await["is_document_ready"], false);
    system.s3().faults().set_failing(false);
    tried_again(&system, "mailer").await;
    assert_eq!(mails(&system, "").len(), 0);
    system.ses().faults().set_failing(false);
    system.idle(PATIENCE).await.unwrap();
    assert_eq!(files(&data).len(), 1);
    assert_eq!(mails(&system, "Facture").len(), 1);
    assert_eq!(mails(&system, "").len(), 1);
    system.stop().await;
}

/// Waits until the queue's message was taken a second time.
async fn tried_again(system: &System, queue: &str) {
    let tried = async {
        while system.sqs().messages(queue, 1).unwrap().first().is_none_or(|message| message.received < 2) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, tried).await.expect("a second try");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poisonous_message_is_put_aside_and_the_others_pass() {
    let system = System::start(Options::memory()).await.unwrap();
    let company = Company::sign_up(&system).await;
    for queue in Queue::ALL {
        system.sqs().send(queue.name(), "{\"poison\":", Duration::ZERO).unwrap();
    }
    let id = company.issued().await;
    system.idle(PATIENCE).await.unwrap();
    system.advance(DAY * 33).unwrap();
    system.idle(PATIENCE).await.unwrap();
    for queue in Queue::ALL {
        let dead = system.sqs().messages(&format!("{}-dead", queue.name()), 10).unwrap();
        assert_eq!(dead.iter().map(|message| message.body.as_str()).collect::<Vec<_>>(), ["{\"poison\":"]);
    }
    assert_eq!(company.invoice(&id).await["is_document_ready"], true);
    assert_eq!((mails(&system, "Facture").len(), mails(&system, "Rappel").len()), (1, 1));
    system.stop().await;
}
