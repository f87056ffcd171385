//! The worker as Lambda calls it, from the events in `events/mailer` and `events/mailer-events`, on a table, a
//! bucket and an SES of its own.

mod log;
mod parts;
mod secrets;

use jiff::SignedDuration;
use kernel::{
    Error,
    mail::{MailFailure, MailState},
};
use parts::{ADDRESS, Parts, S3_KEY, failed, poison, requested, sent_event};

const FIRST: &str = "00000001-0000-4000-8000-000000000000";

#[tokio::test]
async fn a_repeated_delivery_sends_one_mail() {
    let parts = Parts::start().await;
    parts.write(ADDRESS).await;
    for _ in 0..3 {
        assert_eq!(failed(&parts.deliver(requested()).await), [""; 0]);
    }

    let mails = parts.ses.mails(10).unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].destination, [ADDRESS]);
    assert_eq!(mails[0].subject, "Facture FAC-2026-0001");
    let tags: Vec<_> = mails[0].tags.iter().map(|tag| (tag.name.as_str(), tag.value.as_str())).collect();
    assert_eq!(
        tags,
        [
            ("organization", "org_01KAN8V3T0ABSERV1CEDEM0000"),
            ("owner", "inv_01KAN8V3T00000000001NV0001"),
            ("mail", "mel_01KAN8V3T0000000000MA10001"),
        ]
    );
    let content = parts.ses.mail(&mails[0].id).unwrap().unwrap().content().unwrap();
    assert_eq!(content.attachments.len(), 1);
    assert_eq!(parts.state().await, MailState::Sent { at: parts.clock.now(), ses_message_id: mails[0].id.clone() });
}

#[tokio::test]
async fn what_goes_with_a_document_arrives_with_it_under_its_own_name() {
    let parts = Parts::start().await;
    let files = [
        ("Plan d’accès.pdf", "application/pdf", vec![b'a'; 3 * 1024 * 1024]),
        ("relevé.csv", "text/csv", b"R\xe9f;Prix\r\n".to_vec()),
        ("photo.jpg", "image/jpeg", vec![0xff; 3 * 1024 * 1024]),
    ];
    parts.write_beside(&files).await;
    assert_eq!(failed(&parts.deliver(requested()).await), [""; 0]);
    let mails = parts.ses.mails(10).unwrap();
    let content = parts.ses.mail(&mails[0].id).unwrap().unwrap().content().unwrap();
    assert_eq!(content.attachments.len(), 4);
    for (sent, (name, media_type, bytes)) in content.attachments[1..].iter().zip(files) {
        assert_eq!((sent.file_name.as_str(), sent.media_type.as_str()), (name, media_type));
        assert!(sent.bytes == bytes, "{name} changed on its way");
    }
}

#[tokio::test]
async fn deliveries_at_the_same_time_send_one_mail() {
    let parts = Parts::start().await;
    parts.write(ADDRESS).await;
    // Those that come while another is sending are told to come back; all are served in the end.
    futures::future::join_all((0..4).map(|_| parts.deliver(requested()))).await;
    assert_eq!(failed(&parts.deliver(requested()).await), [""; 0]);
    assert_eq!(parts.ses.mails(10).unwrap().len(), 1);
}

#[tokio::test]
async fn a_poisonous_record_fails_alone() {
    let parts = Parts::start().await;
    parts.write(ADDRESS).await;
    assert_eq!(failed(&parts.deliver(poison()).await), [FIRST]);
    assert_eq!(parts.ses.mails(10).unwrap().len(), 1);
}

#[tokio::test]
async fn a_mail_that_is_not_there_fails() {
    let parts = Parts::start().await;
    assert_eq!(failed(&parts.deliver(requested()).await), [FIRST]);
}

#[tokio::test]
async fn while_ses_fails_the_record_comes_back_and_then_passes_once() {
    let parts = Parts::start().await;
    parts.write(ADDRESS).await;
    parts.ses.faults().set_failing(true);
    for _ in 0..2 {
        assert_eq!(failed(&parts.deliver(requested()).await), [FIRST]);
        // Not held until the end of the lease: SES said that it did not take it.
        assert_eq!(parts.state().await, MailState::Waiting);
    }
    parts.ses.faults().set_failing(false);
    for _ in 0..2 {
        assert_eq!(failed(&parts.deliver(requested()).await), [""; 0]);
    }
    assert_eq!(parts.ses.mails(10).unwrap().len(), 1);
}

#[tokio::test]
async fn a_document_that_is_not_there_yet_is_waited_for_without_a_claim() {
    let parts = Parts::start().await;
    parts.write_without_document(ADDRESS).await;
    assert_eq!(failed(&parts.deliver(requested()).await), [FIRST]);
    assert_eq!(parts.state().await, MailState::Waiting);

    parts.s3.faults().set_failing(true);
    assert_eq!(failed(&parts.deliver(requested()).await), [FIRST]);
    parts.s3.faults().set_failing(false);

    parts.deps.files.put(S3_KEY, b"%PDF-".to_vec(), "application/pdf").await.unwrap();
    assert_eq!(failed(&parts.deliver(requested()).await), [""; 0]);
    assert_eq!(parts.ses.mails(10).unwrap().len(), 1);
}

#[tokio::test]
async fn a_mail_whose_sender_died_is_known_as_sent_by_the_event_of_ses() {
    let parts = Parts::start().await;
    parts.write(ADDRESS).await;
    parts.deliver(requested()).await;
    // As if the worker had died between SES's answer and its own note.
    let until = parts.clock.now() + parts.deps.config.mail_lease;
    parts.overwrite(MailState::Sending { until }).await;

    assert_eq!(failed(&parts.deliver(requested()).await), [FIRST]);
    let (_, event) = parts.ses.next_events(1).unwrap().remove(0);
    for _ in 0..3 {
        mailer::sent::handle(parts.deps.clone(), event.clone()).await.unwrap();
    }
    parts.clock.advance(parts.deps.config.mail_lease * 2);
    assert_eq!(failed(&parts.deliver(requested()).await), [""; 0]);

    let mails = parts.ses.mails(10).unwrap();
    assert_eq!(mails.len(), 1);
    assert!(matches!(parts.state().await, MailState::Sent { ses_message_id, .. } if ses_message_id == mails[0].id));
}

#[tokio::test]
async fn without_an_answer_the_claim_is_kept_until_the_lease_ends() {
    let parts = Parts::start().await;
    parts.write(ADDRESS).await;
    // Nobody listens there: for all we know SES may have it.
    let silent = parts.deps_with_ses("http://127.0.0.1:9");
    assert_eq!(failed(&Parts::deliver_to(silent, requested()).await), [FIRST]);
    let until = parts.clock.now() + parts.deps.config.mail_lease;
    assert_eq!(parts.state().await, MailState::Sending { until });

    assert_eq!(failed(&parts.deliver(requested()).await), [FIRST]);
    assert_eq!(parts.ses.mails(10).unwrap().len(), 0);
    parts.clock.advance(parts.deps.config.mail_lease + SignedDuration::from_secs(1));
    for _ in 0..2 {
        assert_eq!(failed(&parts.deliver(requested()).await), [""; 0]);
    }
    assert_eq!(parts.ses.mails(10).unwrap().len(), 1);
}

#[tokio::test]
async fn a_lost_answer_of_the_table_sends_no_second_mail() {
    let parts = Parts::start().await;
    parts.write(ADDRESS).await;
    parts.dynamodb.faults().lose_answer.fail_next(1);
    parts.deliver(requested()).await;
    parts.clock.advance(parts.deps.config.mail_lease * 2);
    assert_eq!(failed(&parts.deliver(requested()).await), [""; 0]);
    assert_eq!(parts.ses.mails(10).unwrap().len(), 1);
}

#[tokio::test]
async fn the_event_of_ses_may_come_first_and_the_first_note_stands() {
    let parts = Parts::start().await;
    parts.write(ADDRESS).await;
    mailer::sent::handle(parts.deps.clone(), sent_event()).await.unwrap();
    let noted = parts.state().await;
    assert_eq!(
        noted,
        MailState::Sent {
            at: "2026-11-22T09:00:01.900Z".parse().unwrap(),
            ses_message_id: "0109019ab3c1e2f4-5e2b8a0c-0000-4000-8000-000000000001-000000".into(),
        }
    );
    let mut other = sent_event();
    other["detail"]["mail"]["messageId"] = "another".into();
    mailer::sent::handle(parts.deps.clone(), other).await.unwrap();
    assert_eq!(parts.state().await, noted);
    assert_eq!(failed(&parts.deliver(requested()).await), [""; 0]);
    assert_eq!(parts.ses.mails(10).unwrap().len(), 0);
}

#[tokio::test]
async fn what_is_no_event_of_ours_is_an_error() {
    let parts = Parts::start().await;
    let mut untagged = sent_event();
    untagged["detail"]["mail"]["tags"] = serde_json::json!({ "ses:operation": ["SendEmail"] });
    let mut click = sent_event();
    click["detail"]["eventType"] = "Click".into();
    for event in [serde_json::Value::Null, serde_json::json!({ "detail": {} }), untagged, click] {
        let error = mailer::sent::handle(parts.deps.clone(), event).await.unwrap_err();
        assert!(matches!(error, Error::Internal { .. }), "{error}");
    }
    // Ours, of a mail that is not there.
    let error = mailer::sent::handle(parts.deps.clone(), sent_event()).await.unwrap_err();
    assert!(matches!(error, Error::NotFound), "{error}");
}

#[tokio::test]
async fn neither_address_nor_text_is_logged() {
    let (log, guard) = log::start();
    let parts = Parts::start().await;
    // What SES refuses it quotes in its answer.
    parts.write("helene.garnier@x").await;
    assert_eq!(failed(&parts.deliver(requested()).await), [FIRST]);
    assert_eq!(parts.state().await, MailState::Waiting);
    let mut wrong = sent_event();
    wrong["detail"]["mail"]["timestamp"] = "compta@dupre.example".into();
    mailer::sent::handle(parts.deps.clone(), wrong).await.unwrap_err();

    drop(guard);
    let log = log.text();
    assert!(log.contains("SES answered 400 BadRequestException"), "{log}");
    assert!(log.contains("not an event of SES that we asked for"), "{log}");
    for secret in ["garnier", "compta@", "Bonjour", "FAC-2026-0001"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test]
async fn what_became_of_a_mail_is_noted_once_whatever_comes_first() {
    let parts = Parts::start().await;
    parts.write("bounce@simulator.amazonses.com").await;
    parts.deliver(requested()).await;
    let events: Vec<_> = parts.ses.next_events(10).unwrap().into_iter().map(|(_, event)| event).collect();
    let kinds: Vec<_> = events.iter().map(|event| event["detail-type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Email Sent", "Email Bounced"]);
    for event in events.iter().rev().chain(&events) {
        mailer::sent::handle(parts.deps.clone(), event.clone()).await.unwrap();
    }
    let fate = parts.fate().await;
    assert_eq!(fate.failed.map(|failed| failed.why), Some(MailFailure::Refused));

    let parts = Parts::start().await;
    parts.write(ADDRESS).await;
    parts.deliver(requested()).await;
    let id = parts.ses.mails(1).unwrap()[0].id.clone();
    parts.clock.advance(SignedDuration::from_hours(2));
    assert!(parts.ses.open(&id).unwrap());
    let opened_at = parts.clock.now();
    parts.clock.advance(SignedDuration::from_hours(2));
    parts.ses.open(&id).unwrap();
    let events: Vec<_> = parts.ses.next_events(10).unwrap().into_iter().map(|(_, event)| event).collect();
    assert_eq!(events.len(), 4);
    for event in events.iter().rev() {
        mailer::sent::handle(parts.deps.clone(), event.clone()).await.unwrap();
    }
    let fate = parts.fate().await;
    let seconds = |at: Option<jiff::Timestamp>| at.map(|at| at.as_second());
    assert!(fate.delivered_at.is_some() && fate.failed.is_none());
    assert_eq!(seconds(fate.opened_at), Some(opened_at.as_second()));
    assert!(matches!(parts.state().await, MailState::Sent { .. }));
}

#[tokio::test]
async fn what_is_told_of_a_mail_that_is_gone_is_no_error() {
    let parts = Parts::start().await;
    let mut opened = sent_event();
    opened["detail"]["eventType"] = "Open".into();
    opened["detail"]["open"] = serde_json::json!({ "timestamp": "2026-12-22T09:00:01.900Z" });
    mailer::sent::handle(parts.deps.clone(), opened).await.unwrap();
}
