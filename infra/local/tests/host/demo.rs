//! The demo company, by the button of the sign-in page.

use local::{Options, System};
use serde_json::Value;

use crate::PATIENCE;

#[tokio::test]
async fn the_button_fills_the_company_once_and_signs_in() {
    let system = System::start(Options::memory()).await.unwrap();
    let page = reqwest::get(format!("{}/connexion", system.url())).await.unwrap().text().await.unwrap();
    assert!(page.contains("action=\"/_local/demo\""), "{page}");
    for _ in 0..2 {
        let visitor = reqwest::Client::builder().cookie_store(true).build().unwrap();
        let home = visitor.post(format!("{}/_local/demo", system.url())).send().await.unwrap();
        assert_eq!((home.status().as_u16(), home.url().path()), (200, "/"));
        let list = async |path: &str| -> Vec<Value> {
            let found = visitor.get(format!("{}{path}?limit=100", system.url())).send().await.unwrap();
            found.json::<Value>().await.unwrap()["items"].as_array().unwrap().clone()
        };
        assert_eq!(list("/api/v1/companies").await.len(), 7);
        let contracts = |employee: &Value| employee["contracts"].as_array().map_or(0, Vec::len);
        assert_eq!(list("/api/v1/employees").await.iter().map(contracts).sum::<usize>(), 6);
        let states = |items: Vec<Value>, name: &str| {
            let mut states: Vec<_> =
                items.iter().map(|item| item[name].as_str().unwrap_or("draft").to_owned()).collect();
            states.sort();
            states.dedup();
            states.join(" ")
        };
        assert_eq!(states(list("/api/v1/quotes").await, "status"), "accepted draft invoiced refused sent");
        assert_eq!(states(list("/api/v1/invoices").await, "payment_status"), "draft paid partly_paid unpaid");
    }
    system.idle(PATIENCE).await.unwrap();
    for queue in ["pdf", "mailer", "invoicing"] {
        assert_eq!(system.sqs().counts(&format!("{queue}-dead")).unwrap().total(), 0, "{queue}");
    }
    system.stop().await;
}
