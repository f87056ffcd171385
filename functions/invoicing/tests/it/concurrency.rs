//! Many at once: no number is lost or given twice.

use futures::future::join_all;
use serde_json::json;

use crate::{app, invoice};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_writers_leave_no_gap_and_no_duplicate() {
    let app = app().await;
    let program = app.program();
    let client = app.publish_client("Client SA").await.id.to_string();
    let drafts = join_all((0..48).map(|_| {
        let (program, client) = (program.clone(), client.clone());
        async move { program.post("/api/v1/invoices", &invoice(&client)).await.expect(201).field("/id") }
    }))
    .await;
    let writers = drafts.chunks(3).map(|own| {
        let program = program.clone();
        async move {
            let mut numbers = Vec::new();
            for id in own {
                let path = format!("/api/v1/invoices/{id}/issue");
                numbers.push(program.post(&path, &json!({})).await.expect(200).field("/number"));
            }
            numbers
        }
    });
    let mut numbers: Vec<String> = join_all(writers).await.into_iter().flatten().collect();
    numbers.sort();
    let wanted: Vec<String> = (1..=48).map(|n| format!("FAC-2026-{n:04}")).collect();
    assert_eq!(numbers, wanted);
    let ledger = program.get("/api/v1/ledger/verification").await.expect(200);
    assert_eq!((ledger.field("/entries"), ledger.field("/is_intact")), ("48".into(), "true".into()));
}
