//! The worker as Lambda calls it, from the events in `events/pdf`, on a table and a bucket of its own.

mod parts;

use kernel::event::{Event, Owner};
use parts::{Parts, QUOTE, failed, frozen, poison, signed};
use sha2::{Digest, Sha256};

#[tokio::test]
async fn a_repeated_delivery_changes_nothing() {
    let parts = Parts::start().await;
    let (invoice, quote) = parts.freeze().await;
    assert_eq!(failed(&parts.deliver(frozen()).await), [""; 0]);
    let first = parts.file(invoice).await.expect("rendered");
    parts.clock.advance(jiff::SignedDuration::from_hours(1));
    for _ in 0..2 {
        assert_eq!(failed(&parts.deliver(frozen()).await), [""; 0]);
    }

    assert_eq!(parts.file(invoice).await, Some(first.clone()));
    let pdf = parts.deps.files.get(&first.s3_key).await.expect("in the bucket");
    assert!(pdf.starts_with(b"%PDF-"));
    assert_eq!((first.sha256, first.bytes), (hex::encode(Sha256::digest(&pdf)), pdf.len() as u64));
    assert_eq!(first.file_name, "FAC-2026-0001.pdf");
    assert!(first.s3_key.ends_with("/invoices/01KAN8V3T00000000001NV0001/FAC-2026-0001.pdf"), "{}", first.s3_key);
    assert_eq!(
        parts.told(),
        [
            Event::DocumentRendered { owner: invoice },
            Event::MailRequested { owner: invoice, mail: parts::mail() },
            // The quote's has no mail.
            Event::DocumentRendered { owner: quote },
        ]
    );
}

#[tokio::test]
async fn deliveries_at_the_same_time_tell_the_world_once() {
    let parts = Parts::start().await;
    parts.freeze().await;
    let deliveries = (0..4).map(|_| parts.deliver(frozen()));
    for response in futures::future::join_all(deliveries).await {
        assert_eq!(failed(&response), [""; 0]);
    }
    assert_eq!(parts.told().len(), 3);
}

#[tokio::test]
async fn the_logo_that_was_frozen_is_printed_and_a_missing_one_stops_nothing() {
    let has_picture = |pdf: &[u8]| pdf.windows(14).any(|part| part == b"/Subtype/Image");
    let parts = Parts::start().await;
    let invoice = parts.freeze_with_logo(Some(parts::logo())).await;
    parts.deliver(frozen()).await;
    assert!(has_picture(&parts.pdf(invoice).await));
    for lost in [None, Some(b"another picture".to_vec())] {
        let parts = Parts::start().await;
        let invoice = parts.freeze_with_logo(lost).await;
        parts.deliver(frozen()).await;
        assert!(!has_picture(&parts.pdf(invoice).await));
    }
}

#[tokio::test]
async fn a_poisonous_record_fails_alone() {
    let parts = Parts::start().await;
    let (invoice, _) = parts.freeze().await;
    assert_eq!(failed(&parts.deliver(poison()).await), ["00000001-0000-4000-8000-000000000000"]);
    assert!(parts.file(invoice).await.is_some());
}

#[tokio::test]
async fn what_was_never_frozen_fails_alone() {
    let parts = Parts::start().await;
    let (invoice, _) = parts.freeze_only_the_invoice().await;
    assert_eq!(failed(&parts.deliver(frozen()).await), ["00000002-0000-4000-8000-000000000000"]);
    assert!(parts.file(invoice).await.is_some());
    assert_eq!(parts.file(Owner::Quote(QUOTE.parse().unwrap())).await, None);
}

#[tokio::test]
async fn while_s3_fails_the_record_comes_back_and_then_passes_once() {
    let parts = Parts::start().await;
    let (invoice, _) = parts.freeze().await;
    parts.s3.faults().set_failing(true);
    assert_eq!(failed(&parts.deliver(frozen()).await).len(), 2);
    assert_eq!((parts.file(invoice).await, parts.told()), (None, Vec::new()));
    parts.s3.faults().set_failing(false);
    for _ in 0..2 {
        assert_eq!(failed(&parts.deliver(frozen()).await), [""; 0]);
    }
    assert_eq!(parts.told().len(), 3);
}

#[tokio::test]
async fn a_lost_answer_of_the_table_changes_nothing() {
    let parts = Parts::start().await;
    parts.freeze().await;
    parts.dynamodb.faults().lose_answer.fail_next(1);
    parts.deliver(frozen()).await;
    assert_eq!(failed(&parts.deliver(frozen()).await), [""; 0]);
    assert_eq!(parts.told().len(), 3);
}

#[tokio::test]
async fn an_event_for_somebody_else_is_refused() {
    let parts = Parts::start().await;
    let mut event = frozen();
    for record in event["Records"].as_array_mut().unwrap() {
        let body = record["body"].as_str().unwrap().replace("document.frozen.v1", "document.rendered.v1");
        record["body"] = body.into();
    }
    assert_eq!(failed(&parts.deliver(event).await).len(), 2);
}

#[tokio::test]
async fn a_signed_quote_is_a_file_of_its_own_made_once_beside_the_one_that_was_signed() {
    let parts = Parts::start().await;
    let (_, quote) = parts.freeze().await;
    parts.deliver(frozen()).await;
    let before = parts.file(quote).await.expect("rendered");
    // What was drawn is the point of it: without the picture there is no file.
    parts.sign(None).await;
    assert_eq!(failed(&parts.deliver(signed()).await).len(), 1);
    assert_eq!(parts.signed_file().await, None);

    let parts = Parts::start().await;
    parts.freeze().await;
    parts.deliver(frozen()).await;
    parts.sign(Some(parts::logo())).await;
    for _ in 0..2 {
        assert_eq!(failed(&parts.deliver(signed()).await), [""; 0]);
    }
    let file = parts.signed_file().await.expect("rendered");
    assert_eq!(file.file_name, "DEV-2026-0001-signe.pdf");
    let pdf = parts.deps.files.get(&file.s3_key).await.expect("in the bucket");
    assert!(pdf.windows(14).any(|part| part == b"/Subtype/Image"));
    assert_eq!(parts.file(quote).await.map(|file| file.sha256), Some(before.sha256));
    let told = parts.told();
    assert_eq!(
        told[3..],
        [Event::DocumentRendered { owner: quote }, Event::MailRequested { owner: quote, mail: parts::mail() }]
    );
}
