//! What happens behind a request: stream, queues, mail, schedule; failures and restarts.

use std::time::Duration;

use jiff::SignedDuration;
use kernel::Clock;
use local::{Options, System};
use serde_json::{Value, json};

use crate::{PATIENCE, Stage};

async fn put(system: &System, sk: &str, kind: &str) {
    let table = &system.deps().config.table_name;
    let item = json!({ "pk": { "S": "ORG#1#" }, "sk": { "S": sk }, "type": { "S": kind } });
    let answer = reqwest::Client::new()
        .post(system.dynamodb().endpoint())
        .header("x-amz-target", "DynamoDB_20120810.PutItem")
        .header("content-type", "application/x-amz-json-1.0")
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-3/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
        )
        .header("x-amz-date", "20260101T000000Z")
        .body(json!({ "TableName": table, "Item": item }).to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
}

async fn send_mail(system: &System) {
    let content = json!({
        "Subject": { "Data": "Bonjour" },
        "Body": { "Text": { "Data": "Voir http://127.0.0.1/x" }, "Html": { "Data": "<p>Voir</p>" } },
    });
    let mail = json!({
        "FromEmailAddress": "a@example.test",
        "Destination": { "ToAddresses": ["b@client.test"] },
        "Content": { "Simple": content },
        "ConfigurationSetName": system.deps().config.ses_configuration_set,
        "EmailTags": [{ "Name": "mail", "Value": "mail_1" }],
    });
    let url = format!("{}/v2/email/outbound-emails", system.ses().endpoint());
    assert_eq!(reqwest::Client::new().post(url).json(&mail).send().await.unwrap().status(), 200);
}

fn keys(batch: &Value) -> Vec<&str> {
    batch["Records"].as_array().unwrap().iter().map(|r| r["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap()).collect()
}

fn bodies(batches: &[Value]) -> Vec<&str> {
    batches.iter().flat_map(|batch| batch["Records"].as_array().unwrap()).map(|r| r["body"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn new_events_of_the_table_and_what_can_be_found_reach_the_relay_each_once() {
    let stage = Stage::default();
    let system = stage.start(Options::memory()).await;
    put(&system, "a", "mail").await;
    put(&system, "b", "event").await;
    put(&system, "b", "event").await;
    put(&system, "c", "invoice").await;
    system.idle(PATIENCE).await.unwrap();
    let seen: Vec<_> = stage.seen("relay").iter().map(|batch| keys(batch).join(" ")).collect();
    assert_eq!(seen.join(" "), "b c", "what nobody searches for and a change of an event are filtered out");
    system.stop().await;
}

#[tokio::test]
async fn after_a_partial_failure_the_relay_is_asked_again_from_the_first_that_failed() {
    let stage = Stage::default();
    stage.answer("relay", |batch, before| {
        // The first time it sees "b", that one fails.
        let failed = batch["Records"].as_array().unwrap().iter().find(|r| r["dynamodb"]["Keys"]["sk"]["S"] == "b");
        match failed {
            Some(record) if before < 3 => {
                let number = &record["dynamodb"]["SequenceNumber"];
                Ok(json!({ "batchItemFailures": [{ "itemIdentifier": number }] }))
            }
            _ => Ok(json!({ "batchItemFailures": [] })),
        }
    });
    let system = stage.start(Options::memory()).await;
    for sk in ["a", "b", "c"] {
        put(&system, sk, "event").await;
    }
    system.idle(PATIENCE).await.unwrap();
    let batches = stage.seen("relay");
    let last = batches.last().unwrap();
    assert!(keys(last).contains(&"c"));
    let times = |sk: &str| batches.iter().filter(|batch| keys(batch).contains(&sk)).count();
    assert_eq!(times("a"), 1, "what was before the failure is not repeated");
    assert!(times("b") >= 2);
}

#[tokio::test]
async fn only_the_failed_message_of_a_batch_comes_back_and_after_five_times_it_is_put_aside() {
    let stage = Stage::default();
    stage.answer("pdf", |batch, _| {
        let failed = batch["Records"].as_array().unwrap().iter().filter(|record| record["body"] == "poison");
        let failures: Vec<_> = failed.map(|record| json!({ "itemIdentifier": record["messageId"] })).collect();
        Ok(json!({ "batchItemFailures": failures }))
    });
    let system = stage.start(Options::memory()).await;
    system.sqs().send("pdf", "good", Duration::ZERO).unwrap();
    system.sqs().send("pdf", "poison", Duration::ZERO).unwrap();
    system.idle(PATIENCE).await.unwrap();
    let batches = stage.seen("pdf");
    let seen = bodies(&batches);
    assert_eq!(seen.iter().filter(|body| **body == "good").count(), 1);
    assert_eq!(seen.iter().filter(|body| **body == "poison").count(), 5);
    let dead = system.sqs().messages("pdf-dead", 10).unwrap();
    assert_eq!(dead[0].body, "poison");

    stage.answer("pdf", |_, _| Ok(json!({ "batchItemFailures": [] })));
    let answer =
        reqwest::Client::new().post(format!("{}/_local/api/queues/pdf/redrive", system.url())).send().await.unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({ "moved": 1 }));
    system.idle(PATIENCE).await.unwrap();
    assert_eq!(bodies(&stage.seen("pdf")).iter().filter(|body| **body == "poison").count(), 6);
    assert_eq!(system.sqs().counts("pdf-dead").unwrap().total(), 0);
}

#[tokio::test]
async fn a_worker_that_fails_whole_gets_its_batch_again() {
    let stage = Stage::default();
    stage.answer("invoicing", |_, before| if before < 2 { Err("not today".into()) } else { Ok(Value::Null) });
    let system = stage.start(Options::memory()).await;
    system.sqs().send("invoicing", "due", Duration::ZERO).unwrap();
    system.idle(PATIENCE).await.unwrap();
    let received: Vec<_> = stage
        .seen("invoicing")
        .iter()
        .map(|batch| batch["Records"][0]["attributes"]["ApproximateReceiveCount"].clone())
        .collect();
    assert_eq!(received, ["1", "2", "3"]);
}

#[tokio::test]
async fn the_event_of_a_mail_reaches_the_mailer_until_it_is_taken() {
    let stage = Stage::default();
    stage.answer("sent", |_, before| if before == 0 { Err("not yet".into()) } else { Ok(Value::Null) });
    let system = stage.start(Options::memory()).await;
    send_mail(&system).await;
    system.idle(PATIENCE).await.unwrap();
    let seen = stage.seen("sent");
    // What becomes of it follows.
    let (sent, others): (Vec<_>, Vec<_>) = seen.iter().partition(|event| event["detail-type"] == "Email Sent");
    assert_eq!((sent.len(), others.len()), (2, 1));
    assert_eq!(sent[0], sent[1]);
    assert_eq!(others[0]["detail-type"], "Email Delivered");
    assert_eq!(seen[0]["detail-type"], "Email Sent");
    assert_eq!(seen[0]["detail"]["mail"]["tags"]["mail"][0], "mail_1");
}

#[tokio::test]
async fn moving_the_clock_makes_the_schedule_tick_at_the_new_time() {
    let stage = Stage::default();
    let clock = Clock::fixed("2026-01-10T08:00:00Z".parse().unwrap());
    let system = stage.start(Options::memory().with_clock(clock)).await;
    system.idle(PATIENCE).await.unwrap();
    system.advance(SignedDuration::from_hours(31 * 24)).unwrap();
    system.idle(PATIENCE).await.unwrap();
    let times: Vec<_> = stage.seen("clock").iter().map(|tick| tick["scheduled_at"].clone()).collect();
    assert_eq!(times, ["2026-01-10T08:00:00Z", "2026-02-10T08:00:00Z"]);
}

#[tokio::test]
async fn after_a_sudden_end_everything_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { port: 0, retry_after: Duration::from_millis(20), ..Options::folder(folder.path()) };
    let first = Stage::default();
    first.answer("relay", |_, _| Err("SQS is away".into()));
    let system = first.start(options()).await;
    put(&system, "a", "event").await;
    send_mail(&system).await;
    system.sqs().send("pdf", "held", Duration::ZERO).unwrap();
    system.advance(SignedDuration::from_hours(48)).unwrap();
    // Taken and never given back, as by a process that is killed.
    system.sqs().send("mailer", "taken", Duration::from_secs(600)).unwrap();
    assert!(system.idle(Duration::from_millis(200)).await.is_err());
    drop(system);

    let second = Stage::default();
    let system = second.start(options()).await;
    assert!(system.clock().offset_ms() >= 48 * 3_600_000);
    assert_eq!(system.ses().mails(10).unwrap().len(), 1);
    system.sqs().purge("mailer").unwrap();
    system.idle(PATIENCE).await.unwrap();
    assert_eq!(second.seen("relay").iter().map(|batch| keys(batch).join(" ")).collect::<Vec<_>>(), ["a"]);
    system.stop().await;

    let third = Stage::default();
    let system = third.start(options()).await;
    system.idle(PATIENCE).await.unwrap();
    assert!(third.seen("relay").is_empty(), "what was relayed is not relayed again");
}
