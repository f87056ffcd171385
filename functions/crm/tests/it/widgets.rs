//! What the CRM shows on the first page.

use jiff::SignedDuration;
use kernel::{Permission, permission::Role};
use serde_json::json;
use testkit::own_records;

use crate::{ACTIVITIES, COMPANIES, OPPORTUNITIES, added, app, bakery};

const ALL: [&str; 3] = ["/crm/widgets/pipeline", "/crm/widgets/activites", "/crm/widgets/nouvelles"];

#[tokio::test]
async fn widgets_show_what_one_sees_and_nothing_of_the_others() {
    let app = app().await;
    let owner = app.owner();
    let (_, salesperson) = app.with_new_member(own_records([Permission::CrmView, Permission::CrmCreate])).await;
    for (path, wanted) in ALL.iter().zip(["Notez chaque affaire", "Rien de prévu", "premier client"]) {
        let reply = owner.get(path).await.expect(200);
        assert!(reply.round_trips() <= Some(2) && reply.text().contains(wanted), "{path}: {}", reply.text());
        app.with_role(Role::Hr).get(path).await.expect(403);
    }
    let company = added(&owner, COMPANIES, &bakery()).await;
    let deal = json!({ "name": "Enseigne", "company_id": company, "amount": "1200" });
    added(&owner, OPPORTUNITIES, &deal).await;
    let call =
        json!({ "type": "call", "subject": "Rappeler", "company_id": company, "on": "2026-11-23", "time": "10:00" });
    added(&owner, ACTIVITIES, &call).await;
    let text = async |path: &str| owner.get(path).await.expect(200).text().replace(['\u{a0}', '\u{202f}'], " ");
    assert!(text(ALL[0]).await.contains("1 200,00 €"));
    let due = text(ALL[1]).await;
    assert!(due.contains("Rappeler") && !due.contains("En retard"), "{due}");
    assert!(text(ALL[2]).await.contains("Boulangerie Dupré"));
    app.advance(SignedDuration::from_hours(48));
    assert!(text(ALL[1]).await.contains("En retard"));
    for client in [&salesperson, &app.stranger()] {
        for path in ALL {
            let seen = client.get(path).await.expect(200).text();
            assert!(
                !seen.contains("Dupré") && !seen.contains("Rappeler") && !seen.contains("200,00"),
                "{path}: {seen}"
            );
        }
    }
    // One's own activities, even for who sees all.
    let admin = app.with_role(Role::Admin).get(ALL[1]).await.expect(200).text();
    assert!(admin.contains("Rien de prévu"), "{admin}");
}
