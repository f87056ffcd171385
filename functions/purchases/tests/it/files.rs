//! Receipts, and expenses as a file.

use kernel::event::Event;
use serde_json::{Value, json};
use table::keys;

use crate::{EXPENSES, PDF, app, entered, events, month, paper, sent, work};

#[tokio::test]
async fn a_receipt_is_proven_by_its_content_kept_as_it_came_and_gone_once_it_is_replaced() {
    let app = app().await;
    let program = app.program();
    let id = entered(&program, &paper()).await;
    let path = format!("{EXPENSES}/{id}/receipt");
    let begin = format!("{path}/uploads");
    let fake = sent(&program, &begin, "application/pdf", b"<script>alert(1)</script>").await;
    let refused = program.post(&path, &json!({ "upload_id": fake, "name": "a.pdf" })).await.expect(422);
    assert_eq!(refused.violations(), ["/upload_id"]);
    program.post(&begin, &json!({ "media_type": "application/pdf", "bytes": 11 * 1024 * 1024 })).await.expect(422);
    let upload = sent(&program, &begin, "application/pdf", PDF).await;
    let attached = program.post(&path, &json!({ "upload_id": upload, "name": "Ticket n° 7.pdf" })).await.expect(200);
    assert!(attached.round_trips() <= Some(3));
    assert_eq!(attached.json()["has_receipt"], json!(true));
    // The same again changes nothing.
    program.post(&path, &json!({ "upload_id": upload, "name": "a" })).await.expect(200);
    let link = program.get(&path).await.expect(200);
    assert_eq!(link.field("/file_name"), "Ticket n° 7.pdf");
    let answer = reqwest::get(link.field("/url")).await.expect("S3 answers");
    assert_eq!(answer.bytes().await.expect("a file"), PDF);
    let other = sent(&program, &begin, "application/pdf", &[PDF, b"\n%%EOF"].concat()).await;
    program.post(&path, &json!({ "upload_id": other, "name": "b.pdf" })).await.expect(200);
    let told: Value =
        serde_json::from_str(include_str!("../../../../events/purchases-worker/file_removed.json")).unwrap();
    assert!(told["Records"][0]["body"].as_str().is_some_and(|body| body.contains("expense.file_removed.v1")));
    let key =
        |upload: &str| keys::expense_s3_key(app.ours.id, id.parse().expect("an id"), upload.parse().expect("an id"));
    for event in events(&app) {
        if matches!(event, Event::ExpenseFileRemoved { .. }) {
            for _ in 0..2 {
                assert!(work(&app, event.clone()).await);
            }
        }
    }
    assert!(app.deps.files.find(&key(&upload), 1_000).await.unwrap().is_none());
    assert!(app.deps.files.find(&key(&other), 1_000).await.unwrap().is_some());
    program.delete(&path).await.expect(200);
    program.get(&path).await.expect(404);
}

#[tokio::test]
async fn what_is_exported_is_read_back_as_it_was() {
    let app = app().await;
    let (program, imports) = (app.program(), format!("{EXPENSES}/imports"));
    let lines = json!([
        { "net": "100", "vat_percent": "20", "recovered_percent": "80" },
        { "net": "50", "vat_percent": "5.5" },
    ]);
    let fuel = json!({ "description": "Carburant et livres", "spent_on": "2026-11-20", "lines": lines });
    entered(&program, &fuel).await;
    let credit =
        json!({ "description": "Retour", "spent_on": "2026-11-20", "lines": [{ "net": "-540", "vat_percent": "20" }] });
    entered(&program, &credit).await;
    let export = program.get(&format!("{EXPENSES}/export")).await.expect(200).text();
    assert!(export.contains(";-540,00;20;-108,00;-648,00;100;EUR;"), "{export}");
    let upload = sent(&program, &format!("{imports}/uploads"), "text/csv", export.as_bytes()).await;
    let done = program.post(&imports, &json!({ "upload_id": upload })).await.expect(200).json();
    assert_eq!(done["created"], 2);
    let list = program.get(EXPENSES).await.expect(200).json();
    for name in ["Carburant et livres", "Retour"] {
        let told = |expense: &&Value| expense["description"] == name;
        let sums = |expense: &Value| {
            ["net_minor", "tax_minor", "recovered_minor", "gross_minor"].map(|part| expense[part].as_i64())
        };
        let alike: Vec<_> = list["items"].as_array().unwrap().iter().filter(told).map(sums).collect();
        assert!(alike.len() == 2 && alike[0] == alike[1], "{name}: {alike:?}");
    }
    // From one day to an earlier one there is nothing.
    let list = program.get(&format!("{EXPENSES}?from=2027-05-01&to=2027-01-01")).await.expect(200).json();
    assert_eq!(list["items"], json!([]));
    for path in ["", "/export"] {
        let path = format!("/ventes/depenses{path}?from=2027-05-01&to=2027-01-01");
        app.owner().get(&path).await.expect(200);
        app.owner().get(&format!("{path}&category=rent&sort=due")).await.expect(200);
    }
}

#[tokio::test]
async fn a_file_is_checked_imported_once_and_exported_as_it_is_read() {
    let app = app().await;
    let program = app.program();
    let imports = format!("{EXPENSES}/imports");
    let begin = format!("{imports}/uploads");
    let rows: String =
        (1..=45).map(|n| format!("{:02}/11/2026;Achat {n};Fournisseur {};12,00;20\n", n % 20 + 1, n % 7)).collect();
    let file = format!("Date;Description;Fournisseur;Montant TTC;Taux de TVA\n{rows}");
    for (created, known) in [(45, 0), (0, 45)] {
        let upload = sent(&program, &begin, "text/csv", file.as_bytes()).await;
        let checked =
            program.post(&format!("{imports}/check"), &json!({ "upload_id": upload })).await.expect(200).json();
        assert_eq!((&checked["rows"], &checked["errors"]), (&json!(45), &json!([])));
        let done = program.post(&imports, &json!({ "upload_id": upload })).await.expect(200).json();
        assert_eq!(done, json!({ "created": created, "known": known }));
    }
    let (sums, counted) = month(&app).await;
    assert_eq!((sums.map(|sums| (sums.count, sums.recovered_minor.0)), counted.0), (Some((45, 45 * 200)), 45));
    assert_eq!(
        app.program().get("/api/v1/suppliers").await.expect(200).json()["items"].as_array().map(Vec::len),
        Some(7)
    );
    let wrong = sent(&program, &begin, "text/csv", b"Date;Description;TTC\nhier;x;y\n").await;
    program.post(&imports, &json!({ "upload_id": wrong })).await.expect(422);
    let export = program.get(&format!("{EXPENSES}/export?to=2026-11-02")).await.expect(200).text();
    assert!(
        export.starts_with('\u{feff}')
            && export.contains("2026-11-02;Achat 1;Autre;Fournisseur 1;;10,00;20;2,00;12,00;100;EUR"),
        "{export}"
    );
    let owner = app.owner();
    owner.get("/ventes/depenses/import").await.expect(200);
    let upload = sent(&program, &begin, "text/csv", file.as_bytes()).await;
    let checked = owner.form("/ventes/depenses/import/verifier", &[("upload_id", &upload)]).await.expect(200).text();
    assert!(checked.contains("45"));
    owner.form("/ventes/depenses/import", &[("upload_id", &upload)]).await.expect(303);
}
