//! What suppliers mail, through the whole system: the rule of SES, stream, relay and queues.

use local::{Options, System};
use serde_json::json;

use crate::company::{Company, PATIENCE, text};

const UBL: &str = include_str!("../../../../functions/purchases/tests/it/invoice.xml");

/// A mail with one file, as a supplier's program sends it.
fn mail(id: u8, xml: &str) -> Vec<u8> {
    format!(
        "Message-ID: <{id}@papeterie.example>\r\nFrom: facturation@papeterie.example\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/xml\r\n\
         Content-Disposition: attachment; filename=facture.xml\r\n\r\n{xml}\r\n--x--\r\n"
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailed_invoice_becomes_an_expense_once_and_who_keeps_purchases_hears_of_it() {
    let system = System::start(Options::memory()).await.unwrap();
    let company = Company::sign_up(&system).await;
    let siret = text(&company.get("/api/v1/organization").await, "/siret");
    let address = text(&company.post("/api/v1/received-invoices/address", &json!({})).await, "/address");
    let xml = UBL.replace("732829320", &siret[..9]);
    for _ in 0..2 {
        system.take_mail(&[&address], mail(1, &xml)).await.unwrap();
    }
    system.take_mail(&[&address], mail(2, "<Invoice/>")).await.unwrap();
    system.take_mail(&["factures-x@recu.abservice.example"], mail(3, &xml)).await.unwrap();
    system.idle(PATIENCE).await.unwrap();
    let received = company.get("/api/v1/received-invoices").await;
    assert_eq!(received["items"].as_array().map(Vec::len), Some(1), "{received}");
    let mails = company.get("/api/v1/received-invoices/mails").await;
    assert_eq!(mails["items"].as_array().map(Vec::len), Some(2), "{mails}");
    let expense = text(&received, "/items/0/expense_id");
    let expense = company.get(&format!("/api/v1/expenses/{expense}")).await;
    assert_eq!(expense["gross_minor"], received["items"][0]["gross_minor"]);
    let heard = company.get("/api/v1/notifications").await.to_string();
    assert!(heard.contains("Facture électronique reçue") && heard.contains("E-mail de factures à vérifier"), "{heard}");
    system.stop().await;
}
