//! Clients of others, for who sees only their own records.

use kernel::{
    Permission::{InvoicingCreate, InvoicingView},
    reference::ClientReference,
};
use testkit::own_records;

use crate::{app, invoice, quote};

#[tokio::test]
async fn who_sees_only_their_own_clients_writes_to_no_others() {
    let app = app().await;
    let (user, salesperson) = app.with_new_member(own_records([InvoicingView, InvoicingCreate])).await;
    let other = app.publish_client("Client d’un autre").await;
    let own = app.publish_client("Client à soi").await;
    app.republish_client(&ClientReference { assigned_to: Some(user), ..own.clone() }).await;
    let (other, own) = (other.id.to_string(), own.id.to_string());

    for (path, list) in [("devis/nouveau", "quotes"), ("factures/nouvelle", "invoices")] {
        let form = salesperson.get(&format!("/facturation/{path}?client={other}")).await.expect(200);
        assert!(form.round_trips() <= Some(2));
        assert!(form.text().contains("Client à soi") && !form.text().contains("Client d’un autre"));
        let body = |client: &str| if list == "quotes" { quote(client) } else { invoice(client) };
        let path = format!("/api/v1/{list}");
        assert_eq!(salesperson.post(&path, &body(&other)).await.expect(422).violations(), ["/client_id"]);
        let id = salesperson.post(&path, &body(&own)).await.expect(201).field("/id");
        let path = format!("{path}/{id}");
        assert_eq!(salesperson.put(&path, &body(&other)).await.expect(422).violations(), ["/client_id"]);
        salesperson.put(&path, &body(&own)).await.expect(200);
    }
    let panel = salesperson.get(&format!("/facturation/panneaux/clients/{own}")).await.expect(200);
    assert!(panel.round_trips() <= Some(2));
    salesperson.get(&format!("/facturation/panneaux/clients/{other}")).await.expect(404);
}
