//! What invoicing shows on the first page, and what it says of payments.

use jiff::SignedDuration;
use kernel::permission::Role;
use serde_json::json;

use crate::{app, issued, quote};

const UNPAID: &str = "/facturation/widgets/a-encaisser";
const ALL: [&str; 5] = [
    UNPAID,
    "/facturation/widgets/mois",
    "/facturation/widgets/devis",
    "/facturation/widgets/paiements",
    "/facturation/widgets/factures",
];

async fn text(client: &testkit::Client, path: &str) -> String {
    let reply = client.get(path).await.expect(200);
    assert!(reply.round_trips() <= Some(2), "{path}");
    reply.text().replace(['\u{a0}', '\u{202f}'], " ")
}

#[tokio::test]
async fn widgets_say_what_to_do_where_there_is_nothing_and_what_there_is() {
    let app = app().await;
    let (owner, program) = (app.owner(), app.program());
    for (path, wanted) in ALL.iter().zip(["Rien à encaisser", "0,00 €", "Aucun devis", "apparaîtront ici", "Créez une"])
    {
        assert!(text(&owner, path).await.contains(wanted), "{path}");
    }
    // Who may not make one is offered none.
    let reader = app.with_role(Role::Reader);
    assert!(!text(&reader, UNPAID).await.contains("/facturation/factures/nouvelle"));
    for path in ALL {
        app.with_role(Role::Hr).get(path).await.expect(403);
    }

    let first = issued(&app, &program).await;
    issued(&app, &program).await;
    let client = app.publish_client("Mairie").await.id.to_string();
    let sent = program.post("/api/v1/quotes", &quote(&client)).await.expect(201).field("/id");
    program.post(&format!("/api/v1/quotes/{sent}/send"), &json!({})).await.expect(200);
    let payment = json!({ "amount": "200", "paid_on": "2026-11-22" });
    program.post(&format!("/api/v1/invoices/{first}/payments"), &payment).await.expect(201);
    let unpaid = text(&owner, UNPAID).await;
    assert!(
        unpaid.contains("2 200,00 €") && unpaid.contains("2 factures") && unpaid.contains("Aucun retard"),
        "{unpaid}"
    );
    let month = text(&owner, ALL[1]).await;
    assert!(month.contains("2 400,00 €") && month.contains("200,00 €") && month.contains("octobre 2026"), "{month}");
    let quotes = text(&owner, ALL[2]).await;
    assert!(quotes.contains("1 198,69 €") && quotes.contains("Mairie"), "{quotes}");
    let payments = text(&owner, ALL[3]).await;
    assert!(payments.contains("FAC-2026-0001") && payments.contains("200,00 €"), "{payments}");

    app.advance(SignedDuration::from_hours(24 * 60));
    let late = text(&owner, UNPAID).await;
    assert!(
        late.contains("Dont en retard") && late.contains("FAC-2026-0001") && !late.contains("Aucun retard"),
        "{late}"
    );
    assert!(text(&owner, ALL[2]).await.contains("Expiré"));
    // Another tenant's are none of theirs.
    assert!(text(&app.stranger(), UNPAID).await.contains("Rien à encaisser"));
}

#[tokio::test]
async fn a_payment_says_that_money_came_and_the_last_one_that_all_did() {
    let app = app().await;
    let program = app.program();
    let id = issued(&app, &program).await;
    let pay = async |amount: &str| {
        let payment = json!({ "amount": amount, "paid_on": "2026-11-22" });
        program.post(&format!("/api/v1/invoices/{id}/payments"), &payment).await.expect(201).field("/payment/id")
    };
    let said = |name: &str| app.written_under("#OUTBOX#").matches(name).count();
    pay("200").await;
    assert_eq!((said("payment.recorded.v1"), said("invoice.paid.v1")), (1, 0));
    let last = pay("1000").await;
    assert_eq!((said("payment.recorded.v1"), said("invoice.paid.v1")), (1, 1));
    let reversal = format!("/api/v1/invoices/{id}/payments/{last}/reversal");
    program.post(&reversal, &json!({ "reason": "Chèque impayé" })).await.expect(201);
    assert_eq!((said("payment.recorded.v1"), said("invoice.paid.v1")), (2, 1));
}
