//! SES: what is kept, what is published, what is refused.

use std::sync::Arc;

use aws_sdk_sesv2::{
    Client,
    error::ProvideErrorMetadata,
    primitives::Blob,
    types::{Body, Content, Destination, EmailContent, Message, MessageTag, RawMessage},
};
use emulators::Ses;

use crate::sdk;

async fn start(path: Option<&std::path::Path>) -> (Ses, Client) {
    let at: jiff::Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
    let ses = Ses::start(path, Arc::new(move || at)).await.unwrap();
    let client = Client::new(&sdk(ses.endpoint()));
    (ses, client)
}

fn raw(mime: Vec<u8>) -> EmailContent {
    EmailContent::builder().raw(RawMessage::builder().data(Blob::new(mime)).build().unwrap()).build()
}

fn invoice_mail() -> Vec<u8> {
    mail_builder::MessageBuilder::new()
        .from(("Dupont & Fils", "facturation@example.test"))
        .to(("Élise", "elise@client.test"))
        .reply_to("contact@dupont.test")
        .subject("Facture FAC-2026-0001 – à régler")
        .text_body("Bonjour,\nvotre facture.")
        .html_body("<p>Bonjour,</p>")
        .attachment("application/pdf", "FAC-2026-0001.pdf", &b"%PDF-1.7"[..])
        .write_to_vec()
        .unwrap()
}

#[tokio::test]
async fn a_raw_mail_is_kept_whole_and_its_event_published() {
    let (ses, client) = start(None).await;
    let tag = MessageTag::builder().name("mail_id").value("mail_01J").build().unwrap();
    let sent = client.send_email().content(raw(invoice_mail())).email_tags(tag).send().await.unwrap();
    let id = sent.message_id().unwrap();

    let listed = ses.mails(10).unwrap();
    assert_eq!(listed[0].id, id);
    assert_eq!(listed[0].destination, ["elise@client.test"]);
    let content = ses.mail(id).unwrap().unwrap().content().unwrap();
    assert_eq!(content.subject, "Facture FAC-2026-0001 – à régler");
    assert_eq!(content.to, ["Élise <elise@client.test>"]);
    assert_eq!(content.reply_to, ["contact@dupont.test"]);
    assert!(content.text.unwrap().starts_with("Bonjour,"));
    assert!(content.html.unwrap().contains("<p>Bonjour,</p>"));
    assert_eq!(content.attachments[0].file_name, "FAC-2026-0001.pdf");
    assert_eq!(content.attachments[0].media_type, "application/pdf");
    assert_eq!(content.attachments[0].bytes, b"%PDF-1.7");

    let (number, event) = ses.next_events(10).unwrap().remove(0);
    assert_eq!(event["detail-type"], "Email Sent");
    assert_eq!(event["detail"]["eventType"], "Send");
    assert_eq!(event["detail"]["mail"]["messageId"], id);
    assert_eq!(event["detail"]["mail"]["tags"]["mail_id"][0], "mail_01J");
    assert_eq!(event["detail"]["mail"]["destination"][0], "elise@client.test");
    assert_eq!(event["detail"]["mail"]["timestamp"], "2026-03-01T10:00:00.000Z");
    ses.ack(number).unwrap();
    let (number, event) = ses.next_events(10).unwrap().remove(0);
    assert_eq!((&event["detail-type"], &event["detail"]["eventType"]), (&"Email Delivered".into(), &"Delivery".into()));
    ses.ack(number).unwrap();
    assert!(ses.next_events(10).unwrap().is_empty());
}

#[tokio::test]
async fn simple_content_becomes_a_mail_too() {
    let (ses, client) = start(None).await;
    let text = |data: &str| Content::builder().data(data).charset("UTF-8").build().unwrap();
    let message = Message::builder().subject(text("Reçu")).body(Body::builder().text(text("Merci")).build()).build();
    let sent = client
        .send_email()
        .from_email_address("Produit <no-reply@example.test>")
        .destination(Destination::builder().to_addresses("a@client.test").cc_addresses("b@client.test").build())
        .content(EmailContent::builder().simple(message).build())
        .send()
        .await
        .unwrap();
    let mail = ses.mail(sent.message_id().unwrap()).unwrap().unwrap();
    assert_eq!(mail.envelope.destination, ["a@client.test", "b@client.test"]);
    let content = mail.content().unwrap();
    assert_eq!(content.subject, "Reçu");
    assert_eq!(content.from, ["Produit <no-reply@example.test>"]);
    assert_eq!(content.text.as_deref().map(str::trim), Some("Merci"));
    assert_eq!(content.html, None);
}

#[tokio::test]
async fn mails_and_unacknowledged_events_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mails.sqlite");
    let (ses, client) = start(Some(&file)).await;
    client.send_email().content(raw(invoice_mail())).send().await.unwrap();
    drop(ses);
    let (ses, _) = start(Some(&file)).await;
    assert_eq!(ses.mails(10).unwrap().len(), 1);
    assert_eq!(ses.pending_events().unwrap(), 2);
}

#[tokio::test]
async fn a_tag_that_ses_would_refuse_and_a_mail_for_nobody_are_refused() {
    let (ses, client) = start(None).await;
    let tag = MessageTag::builder().name("mail").value("mail/01J").build().unwrap();
    let refused = client.send_email().content(raw(invoice_mail())).email_tags(tag).send().await.unwrap_err();
    assert_eq!(refused.code(), Some("BadRequestException"));
    let nobody = raw(b"From: a@example.test\r\nSubject: x\r\n\r\nbody".to_vec());
    assert!(client.send_email().content(nobody).send().await.is_err());
    assert!(ses.mails(10).unwrap().is_empty());
    assert_eq!(ses.pending_events().unwrap(), 0);
}

#[tokio::test]
async fn it_fails_on_demand() {
    let (ses, client) = start(None).await;
    ses.faults().fail_next(1);
    let failed = client.send_email().content(raw(invoice_mail())).send().await;
    assert!(failed.is_err());
    client.send_email().content(raw(invoice_mail())).send().await.unwrap();
    assert_eq!(ses.mails(10).unwrap().len(), 1);
}
