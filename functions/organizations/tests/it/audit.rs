//! The audit log, its page, its export and `/api/v1/audit-entries`.

use jiff::SignedDuration;
use kernel::{Actor, Tenant, permission::Role, reference::ClientReference};
use serde_json::Value;
use table::{Origin, Scope};
use testkit::{App, Reply};

use crate::{app, settings};

const ENTRIES: &str = "/api/v1/audit-entries";
const JOURNAL: &str = "/organisation/journal";

fn acts(reply: &Reply) -> Vec<String> {
    let json = reply.json();
    json["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["act"].as_str().unwrap_or_default().into())
        .collect()
}

/// The entry of one act.
fn entry(reply: &Reply, act: &str) -> Value {
    let json = reply.json();
    let found = json["items"].as_array().and_then(|items| items.iter().find(|item| item["act"] == act).cloned());
    found.unwrap_or_else(|| panic!("no {act} in {json}"))
}

/// Writes `name` as a client, as a user called `who`.
async fn written(app: &App, who: &str, act: &str, name: &str) -> ClientReference {
    let client = app.publish_client(name).await;
    // Ids of one instant are in no order.
    app.advance(SignedDuration::from_millis(1));
    let actor = Actor::User { id: app.user_with_role(Role::Manager), name: who.into(), address: None };
    let scope: &Scope = &app.deps.table.scope(Tenant::proven(app.ours.id, actor)).with_origin(Origin::default());
    scope
        .write(|| async {
            let mut transaction = scope.begin(act, client.id);
            transaction.create(&file(name, client.id));
            Ok((transaction, ()))
        })
        .await
        .expect("an act");
    app.advance(SignedDuration::from_millis(1));
    client
}

/// Any item that is audited.
fn file(name: &str, id: kernel::id::CompanyId) -> table::shared::DocumentFile {
    table::shared::DocumentFile {
        owner: kernel::event::Owner::Invoice(kernel::id::InvoiceId::from_ulid(id.ulid())),
        file: kernel::document::File {
            s3_key: "k".into(),
            file_name: name.into(),
            sha256: "0".into(),
            bytes: 1,
            rendered_at: jiff::Timestamp::UNIX_EPOCH,
        },
    }
}

#[tokio::test]
async fn a_change_of_the_settings_is_told_with_before_and_after() {
    let app = app().await;
    let program = app.program().header("x-forwarded-for", "203.0.113.7").header("user-agent", "curl/8");
    program.put("/api/v1/organization", &settings()).await.expect(200);
    let found = program.get(ENTRIES).await.expect(200);
    assert!(found.round_trips() <= Some(2));
    let entry = entry(&found, "edit_organization");
    assert_eq!(entry["object"], app.ours.id.to_string());
    assert_eq!(entry["actor"]["kind"], "token");
    assert_eq!(entry["actor"]["address"], "203.0.113.7");
    assert_eq!(entry["user_agent"], "curl/8");
    assert!(entry["request_id"].as_str().is_some_and(|id| id.len() == 26));
    let changes = entry["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 1);
    assert_eq!((&changes[0]["type"], &changes[0]["operation"]), (&"organization".into(), &"update".into()));
    assert_eq!(changes[0]["before"]["name"], "Atelier Lumière");
    assert_eq!(changes[0]["after"]["name"], "Atelier du Pont");
    assert_eq!(changes[0]["after"]["payment_days"], 45);
    assert_eq!(changes[0]["after"].get("legal.siret"), None, "it is the same");
}

#[tokio::test]
async fn entries_are_found_by_member_kind_text_and_object() {
    let app = app().await;
    let bakery = written(&app, "Zoé Éclair", "edit_company", "Boulangerie Dupré").await;
    written(&app, "Anne Autre", "create_contact", "Garage Central").await;
    let program = app.program();
    let get = async |query: &str| acts(&program.get(&format!("{ENTRIES}?{query}")).await.expect(200));
    assert_eq!(get("kind=crm").await, ["create_contact", "edit_company"]);
    assert_eq!(get("q=zoe+eclair").await, ["edit_company"]);
    assert_eq!(get("q=BOULANGERIE+modifi%C3%A9e").await, ["edit_company"]);
    assert_eq!(get("q=boulangerie+garage").await, [""; 0]);
    assert_eq!(get(&format!("q={}", bakery.id)).await, ["edit_company", "test"]);
    assert_eq!(get(&format!("object={}", bakery.id)).await, ["edit_company", "test"]);
    assert_eq!(get(&format!("member={}", app.user_with_role(Role::Manager))).await.len(), 2);
    assert!(get("member=system").await.iter().all(|act| act == "test"));
    for wrong in ["month=2026", "month=2026-13", "member=x", "kind=x", "cursor=x", "limit=0", "cursor=inv_1"] {
        program.get(&format!("{ENTRIES}?{wrong}")).await.expect(400);
    }
}

#[tokio::test]
async fn a_month_is_that_of_the_organization_and_pages_follow_each_other() {
    let app = app().await;
    // 2026-11-22T09:00Z: to a half hour before and after midnight in Paris, the last of November.
    app.advance(SignedDuration::from_mins(8 * 24 * 60 + 13 * 60 + 30));
    for name in ["a", "b", "c"] {
        written(&app, "Anne", "edit_company", name).await;
        app.advance(SignedDuration::from_secs(1));
    }
    app.advance(SignedDuration::from_mins(60));
    let late = written(&app, "Anne", "create_company", "décembre").await;
    let program = app.program();
    let december = program.get(&format!("{ENTRIES}?month=2026-12&kind=crm")).await.expect(200);
    assert_eq!(acts(&december), ["create_company"]);
    assert_eq!(december.field("/items/0/object"), late.id.to_string());
    assert_eq!(acts(&program.get(&format!("{ENTRIES}?month=2026-11&kind=crm")).await), ["edit_company"; 3]);
    assert!(acts(&program.get(&format!("{ENTRIES}?month=2026-10")).await).is_empty());

    for query in ["month=2026-11", "month=2026-11&kind=crm", &format!("object={}", late.id)] {
        let whole: Vec<_> = ids(&program.get(&format!("{ENTRIES}?{query}&limit=100")).await.expect(200));
        let (mut found, mut path) = (Vec::new(), format!("{ENTRIES}?{query}&limit=2"));
        loop {
            let page = program.get(&path).await.expect(200);
            assert!(page.round_trips() <= Some(2));
            found.extend(ids(&page));
            match page.json()["next_cursor"].as_str() {
                Some(cursor) => path = format!("{ENTRIES}?{query}&limit=2&cursor={cursor}"),
                None => break,
            }
        }
        assert!(!whole.is_empty());
        assert_eq!(found, whole, "{query}");
    }
}

fn ids(reply: &Reply) -> Vec<String> {
    let json = reply.json();
    json["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["id"].as_str().unwrap_or_default().into())
        .collect()
}

#[tokio::test]
async fn the_page_reads_french_and_leads_to_the_object() {
    let app = app().await;
    let bakery = written(&app, "Zoé Éclair", "edit_company", "<b>Dupré</b>").await;
    app.owner().put("/api/v1/organization", &settings()).await;
    app.program().put("/api/v1/organization", &settings()).await.expect(200);
    let page = app.owner().get(JOURNAL).await.expect(200);
    assert!(page.round_trips() <= Some(2));
    let text = page.text();
    for wanted in [
        "22\u{a0}novembre\u{a0}2026",
        "10:00:00",
        "Entreprise modifiée",
        "Paramètres de l’entreprise modifiés",
        "Délai de paiement (jours)",
        &format!("/crm/entreprises/{}", bakery.id),
        "Zoé Éclair",
        "novembre\u{a0}2026",
        "/organisation/journal/export",
    ] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    assert!(!text.contains("<b>Dupré"));
    let empty = app.owner().get(&format!("{JOURNAL}?month=2026-01")).await.expect(200).text();
    assert!(empty.contains("Aucune action sur cette période"));
    let manager = app.with_role(Role::Manager).get(JOURNAL).await.expect(200).text();
    assert!(!manager.contains("journal/export"), "a manager exports no settings");
    app.with_role(Role::Manager).get(&format!("{JOURNAL}/export")).await.expect(403);
    app.with_role(Role::Member).get(JOURNAL).await.expect(403);
}

#[tokio::test]
async fn the_export_is_a_file_for_a_spreadsheet_without_formulas() {
    let app = app().await;
    written(&app, "=HYPERLINK(\"http://evil\")", "edit_company", "Dupré; \"fils\"").await;
    let file = app.owner().get(&format!("{JOURNAL}/export?kind=crm")).await.expect(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"journal-2026-11.csv\""));
    let text = file.text();
    let rows: Vec<&str> = text.split("\r\n").collect();
    assert!(rows[0].starts_with("\u{feff}Date et heure;Instant (UTC);Auteur;"), "{}", rows[0]);
    assert!(
        rows[1].starts_with("22/11/2026 10:00:00;2026-11-22T09:00:00.001Z;\"'=HYPERLINK(\"\"http://evil\"\")\""),
        "{}",
        rows[1]
    );
    assert!(rows[1].contains("\"\"fils\"\"") && rows[1].contains(";Entreprise modifiée;edit_company;"), "{}", rows[1]);
    assert_eq!(rows.len(), 3, "a header, a row, and the end of the last line");
}

#[tokio::test]
async fn another_tenant_sees_nothing_of_it() {
    let app = app().await;
    let bakery = written(&app, "Zoé", "edit_company", "Dupré").await;
    let stranger = app.stranger();
    let theirs = acts(&stranger.get(&format!("{ENTRIES}?object={}", bakery.id)).await.expect(200));
    assert!(theirs.is_empty());
    assert!(!stranger.get(ENTRIES).await.expect(200).text().contains("Dupré"));
}
