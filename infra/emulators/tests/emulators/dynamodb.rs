//! DynamoDB: persistence, the stream, failures.

use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, Put, ScalarAttributeType,
        StreamSpecification, StreamViewType, TransactWriteItem,
    },
};
use emulators::{DynamoDb, dynamodb::position};

use crate::sdk;

const TABLE: &str = "abservice-production";

async fn create_table(client: &Client) {
    let attribute = |name: &str| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("pk"))
        .attribute_definitions(attribute("sk"))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .stream_specification(
            StreamSpecification::builder()
                .stream_enabled(true)
                .stream_view_type(StreamViewType::NewAndOldImages)
                .build()
                .unwrap(),
        )
        .send()
        .await
        .unwrap();
}

fn put(sk: &str, value: &str) -> TransactWriteItem {
    let put = Put::builder()
        .table_name(TABLE)
        .item("pk", AttributeValue::S("ORG#1#".into()))
        .item("sk", AttributeValue::S(sk.into()))
        .item("value", AttributeValue::S(value.into()))
        .build()
        .unwrap();
    TransactWriteItem::builder().put(put).build()
}

#[tokio::test]
async fn the_stream_is_read_in_order_from_a_checkpoint() {
    let dynamodb = DynamoDb::start(None).await.unwrap();
    let client = Client::new(&sdk(dynamodb.endpoint()));
    assert!(dynamodb.records(TABLE, &None, 10).unwrap().is_empty(), "no table yet");
    create_table(&client).await;
    client.transact_write_items().transact_items(put("a", "1")).transact_items(put("b", "1")).send().await.unwrap();
    client.transact_write_items().transact_items(put("a", "2")).send().await.unwrap();

    let first = dynamodb.records(TABLE, &None, 2).unwrap();
    assert_eq!(first.len(), 2);
    assert_eq!(first[0]["eventName"], "INSERT");
    assert_eq!(first[0]["eventSource"], "aws:dynamodb");
    assert_eq!(first[0]["dynamodb"]["Keys"]["sk"]["S"], "a");
    assert_eq!(first[0]["dynamodb"]["NewImage"]["value"]["S"], "1");
    assert_eq!(first[0]["dynamodb"]["StreamViewType"], "NEW_AND_OLD_IMAGES");

    let rest = dynamodb.records(TABLE, &position(&first[1]), 10).unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0]["eventName"], "MODIFY");
    assert_eq!(rest[0]["dynamodb"]["OldImage"]["value"]["S"], "1");
    assert_eq!(rest[0]["dynamodb"]["NewImage"]["value"]["S"], "2");
    assert!(dynamodb.records(TABLE, &position(&rest[0]), 10).unwrap().is_empty());
}

#[tokio::test]
async fn items_and_stream_outlive_the_process_and_what_was_read_can_be_trimmed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("table.sqlite");
    {
        let dynamodb = DynamoDb::start(Some(&file)).await.unwrap();
        let client = Client::new(&sdk(dynamodb.endpoint()));
        create_table(&client).await;
        client.transact_write_items().transact_items(put("a", "1")).transact_items(put("b", "1")).send().await.unwrap();
    }
    let dynamodb = DynamoDb::start(Some(&file)).await.unwrap();
    let client = Client::new(&sdk(dynamodb.endpoint()));
    let item = client
        .get_item()
        .table_name(TABLE)
        .key("pk", AttributeValue::S("ORG#1#".into()))
        .key("sk", AttributeValue::S("a".into()))
        .send()
        .await
        .unwrap();
    assert!(item.item.is_some());
    let records = dynamodb.records(TABLE, &None, 10).unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!(dynamodb.trim(TABLE, &position(&records[0])).unwrap(), 1);
    assert_eq!(dynamodb.records(TABLE, &None, 10).unwrap(), records[1..]);
}

#[tokio::test]
async fn a_write_wakes_who_waits_for_the_stream() {
    let dynamodb = DynamoDb::start(None).await.unwrap();
    let client = Client::new(&sdk(dynamodb.endpoint()));
    create_table(&client).await;
    let written = dynamodb.written().notified();
    client.transact_write_items().transact_items(put("a", "1")).send().await.unwrap();
    written.await;
}

#[tokio::test]
async fn it_fails_on_demand_as_the_service_fails() {
    let dynamodb = DynamoDb::start(None).await.unwrap();
    let client = Client::new(&sdk(dynamodb.endpoint()));
    create_table(&client).await;

    dynamodb.faults().throttle.fail_next(1);
    let throttled = client.describe_table().table_name(TABLE).send().await.unwrap_err();
    assert_eq!(throttled.code(), Some("ProvisionedThroughputExceededException"));

    dynamodb.faults().conflict.fail_next(1);
    let write = || client.transact_write_items().transact_items(put("a", "1")).send();
    let cancelled = write().await.unwrap_err().into_service_error();
    assert!(cancelled.is_transaction_canceled_exception(), "{cancelled:?}");
    assert!(dynamodb.records(TABLE, &None, 10).unwrap().is_empty());

    dynamodb.faults().lose_answer.fail_next(1);
    assert_eq!(write().await.unwrap_err().code(), Some("InternalServerError"));
    assert_eq!(dynamodb.records(TABLE, &None, 10).unwrap().len(), 1, "done, though not answered");
}

/// Not a test of anything but the cost: `cargo test -p emulators -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "a measurement"]
async fn measure_transactions() {
    let folder = tempfile::tempdir().unwrap();
    for file in [None, Some(folder.path().join("table.sqlite"))] {
        let dynamodb = DynamoDb::start(file.as_deref()).await.unwrap();
        let client = Client::new(&sdk(dynamodb.endpoint()));
        create_table(&client).await;
        for round in 0..5 {
            let started = std::time::Instant::now();
            for number in 0..200 {
                let items = (0..4).map(|part| put(&format!("{round}-{number}-{part}"), &"x".repeat(500)));
                client.transact_write_items().set_transact_items(Some(items.collect())).send().await.unwrap();
            }
            eprintln!("file {:?}: {:?} per transaction of 4", file.is_some(), started.elapsed() / 200);
        }
        let started = std::time::Instant::now();
        for _ in 0..200 {
            let key = |text: &str| AttributeValue::S(text.into());
            client.get_item().table_name(TABLE).key("pk", key("ORG#1#")).key("sk", key("0-0-0")).send().await.unwrap();
        }
        eprintln!("file {:?}: {:?} per read", file.is_some(), started.elapsed() / 200);
    }
}
