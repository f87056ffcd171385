//! Expense reports: what an employee hands in, who decides, and what is told of it.

use kernel::{event::Event, id::ExpenseReportId, permission::Role};
use serde_json::{Value, json};
use testkit::{App, Client, send_file};

use crate::{
    app,
    employees::{added, hired},
    papers::{PDF, emitted, worked},
};

const REPORTS: &str = "/api/v1/expense-reports";

/// An employee who is the member with this role, below a manager.
async fn employed(app: &App, number: &str, role: Role, manager: Option<&str>) -> String {
    let mut body = hired(number, number);
    body["employee"]["user_id"] = json!(app.user_with_role(role));
    body["employee"]["manager_id"] = json!(manager.unwrap_or_default());
    added(&app.program(), &body).await
}

fn meal() -> Value {
    json!({ "on": "2026-11-12", "category": "meal", "amount": "22", "vat": "2", "note": "Déjeuner avec un client" })
}

/// A report with one line, which was handed in.
async fn submitted(client: &Client) -> String {
    let id = client.post(REPORTS, &json!({ "title": "Salon" })).await.expect(201).field("/id");
    client.post(&format!("{REPORTS}/{id}/lines"), &meal()).await.expect(200);
    client.post(&format!("{REPORTS}/{id}/submit"), &json!({})).await.expect(200);
    id
}

#[tokio::test]
async fn a_report_is_handed_in_approved_told_and_paid_back() {
    let app = app().await;
    employed(&app, "M-7", Role::Member, None).await;
    let member = app.with_role(Role::Member);
    let id = submitted(&member).await;
    assert_eq!(emitted(&app, "expense_report.submitted.v1").len(), 1);
    let path = format!("{REPORTS}/{id}");
    let owner = app.owner();
    let awaited = owner.get(&format!("{REPORTS}/awaited")).await.expect(200).json();
    assert_eq!(awaited["items"][0]["id"].as_str(), Some(&*id));
    let approved = owner.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    assert!(approved.round_trips() <= Some(3));
    assert_eq!(approved.field("/state"), "approved");
    let told = emitted(&app, "expense_report.approved.v1");
    assert_eq!(told.len(), 1);
    let data = &told[0]["data"];
    assert_eq!((data["report"].as_str(), data["employee_number"].as_str()), (Some(&*id), Some("M-7")));
    assert_eq!(data["about"]["label"], "remise le 22/11/2026", "whose it is knows their own number");
    let asked = &emitted(&app, "expense_report.submitted.v1")[0]["data"]["about"];
    assert_eq!(asked["label"], "M-7", "who decides is told whose it is");
    assert_eq!(
        data["lines"],
        json!([{ "line": 1, "on": "2026-11-12", "category": "meal", "gross_minor": 2200, "vat_minor": 200,
            "currency": "EUR" }])
    );
    assert!(!data.to_string().contains("Déjeuner") && !data.to_string().contains("Inès"), "{data}");
    owner.post(&format!("{path}/approve"), &json!({})).await.expect(409);
    owner.post(&format!("{path}/refuse"), &json!({ "comment": "Non" })).await.expect(409);
    // Pay knows of it, and that it is not paid back yet.
    let pay = async || owner.get("/api/v1/payrolls/2026-11").await.expect(200).json()["lines"][0]["expenses"].clone();
    let spent =
        |reimbursed: i64| json!([{ "currency": "EUR", "approved_minor": 2200, "reimbursed_minor": reimbursed }]);
    assert_eq!(pay().await, spent(0));
    let paid = json!({ "on": "2026-11-22", "method": "payroll" });
    let before = owner.post(&format!("{path}/reimburse"), &json!({ "on": "2027-12-31" })).await.expect(422);
    assert_eq!(before.violations(), ["/on"]);
    let before = owner.post(&format!("{path}/reimburse"), &json!({ "on": "2026-11-21" })).await.expect(422);
    assert_eq!(before.violations(), ["/on"], "it was approved on the 22nd");
    let paid = owner.post(&format!("{path}/reimburse"), &paid).await.expect(200);
    assert_eq!((paid.field("/state"), paid.field("/reimbursement/method")), ("reimbursed".into(), "payroll".into()));
    owner.post(&format!("{path}/reimburse"), &json!({})).await.expect(409);
    // With the wages, which is what pay is to do.
    assert_eq!(pay().await, spent(0));
    let told = emitted(&app, "expense_report.reimbursed.v1");
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["data"]["on"], &told[0]["data"]["method"]), (&json!("2026-11-22"), &json!("payroll")));
    assert_eq!(told[0]["data"]["lines"], data["lines"]);
    let page = member.get(&format!("/rh/frais/{id}")).await.expect(200).text();
    assert!(page.contains("Remboursée le") && page.contains("avec la paie"), "{page}");
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_finds_out() {
    let app = app().await;
    employed(&app, "M-7", Role::Member, None).await;
    let id = submitted(&app.with_role(Role::Member)).await;
    let (approve, refuse) = (format!("{REPORTS}/{id}/approve"), format!("{REPORTS}/{id}/refuse"));
    let (owner, hr) = (app.owner(), app.with_role(Role::Hr));
    let (yes, why) = (json!({}), json!({ "comment": "Sans justificatif" }));
    let (one, other) = tokio::join!(owner.post(&approve, &yes), hr.post(&refuse, &why));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(emitted(&app, "expense_report.approved.v1").len() + emitted(&app, "expense_report.refused.v1").len(), 1);
}

#[tokio::test]
async fn who_is_above_decides_others_see_nothing_and_nobody_decides_on_their_own() {
    let app = app().await;
    let manager = employed(&app, "M-1", Role::Sales, None).await;
    employed(&app, "M-7", Role::Member, Some(&manager)).await;
    let member = app.with_role(Role::Member);
    let id = submitted(&member).await;
    let path = format!("{REPORTS}/{id}");
    // Neither those without the permission, nor another organization.
    for client in [app.with_role(Role::Reader), app.with_role(Role::Accountant), app.stranger()] {
        client.get(&path).await.expect(404);
        client.get(&format!("/rh/frais/{id}")).await.expect(404);
        client.post(&format!("{path}/approve"), &json!({})).await.expect(404);
        client.post(&format!("{path}/lines"), &meal()).await.expect(404);
        let list = client.get(&format!("{REPORTS}/awaited")).await.expect(200).json();
        assert!(list["items"].as_array().is_some_and(Vec::is_empty));
        assert!(!client.get("/rh/frais/a-valider").await.expect(200).text().contains("Salon"));
    }
    member.post(&format!("{path}/approve"), &json!({})).await.expect(409);
    member.post(&format!("{path}/reimburse"), &json!({})).await.expect(404);
    let above = app.with_role(Role::Sales);
    assert!(above.get("/rh/frais/a-valider").await.expect(200).text().contains("Salon"));
    let refused = above.post(&format!("{path}/refuse"), &json!({})).await.expect(422);
    assert_eq!(refused.violations(), ["/comment"]);
    above.post(&format!("{path}/refuse"), &json!({ "comment": "Le montant est faux" })).await.expect(200);
    // It is changed and handed in again.
    let page = member.get(&format!("/rh/frais/{id}")).await.expect(200).text();
    assert!(page.contains("Le montant est faux") && page.contains("Envoyer pour validation"), "{page}");
    let changed = json!({ "on": "2026-11-12", "category": "meal", "amount": "20" });
    member.put(&format!("{path}/lines/1"), &changed).await.expect(200);
    member.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    above.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    // What was not handed in is its employee's alone.
    let draft = member.post(REPORTS, &json!({})).await.expect(201).field("/id");
    for client in [&above, &app.owner()] {
        client.get(&format!("{REPORTS}/{draft}")).await.expect(404);
    }
    app.with_role(Role::Reader).post(REPORTS, &json!({})).await.expect(404);
    let log = app.written_under("AUDIT");
    assert!(log.contains("submit_expense_report") && !log.contains("Déjeuner") && !log.contains("Le montant est faux"));
}

#[tokio::test]
async fn kilometres_follow_the_scale_and_the_year() {
    let app = app().await;
    employed(&app, "M-7", Role::Member, None).await;
    let member = app.with_role(Role::Member);
    let trip = |km: u32| {
        json!({ "on": "2026-11-13", "category": "mileage", "vehicle": "car5", "km": km.to_string(),
            "places": "Lyon – Grenoble et retour" })
    };
    let driven = async |km: u32| {
        let id = member.post(REPORTS, &json!({})).await.expect(201).field("/id");
        let path = format!("{REPORTS}/{id}");
        let shown = member.post(&format!("{path}/lines"), &trip(km)).await.expect(200).json();
        (path, shown["lines"][0]["gross_minor"].clone())
    };
    let (first, worth) = driven(4_900).await;
    assert_eq!(worth, 311_640);
    let (second, worth) = driven(200).await;
    assert_eq!(worth, 12_720, "nothing was handed in yet");
    member.post(&format!("{first}/submit"), &json!({})).await.expect(200);
    let handed_in = member.post(&format!("{second}/submit"), &json!({})).await.expect(200).json();
    assert_eq!(handed_in["lines"][0]["gross_minor"], 9_930, "it is worth what the year makes of it");
    // What is refused was not driven.
    app.owner().post(&format!("{first}/refuse"), &json!({ "comment": "Trajet privé" })).await.expect(200);
    let (_, worth) = driven(100).await;
    assert_eq!(worth, 6_360);
}

#[tokio::test]
async fn a_receipt_is_a_picture_or_a_pdf_and_goes_with_its_line() {
    let app = app().await;
    employed(&app, "M-7", Role::Member, None).await;
    let member = app.with_role(Role::Member);
    let id = member.post(REPORTS, &json!({})).await.expect(201).field("/id");
    let path = format!("{REPORTS}/{id}");
    member.post(&format!("{path}/lines"), &meal()).await.expect(200);
    let sent = async |bytes: &[u8]| {
        let announced = json!({ "media_type": "application/pdf", "bytes": bytes.len() });
        let link = member.post(&format!("{path}/uploads"), &announced).await.expect(201);
        assert_eq!(send_file(&link.json(), bytes.to_vec()).await, 200);
        json!({ "upload_id": link.field("/id") })
    };
    let receipt = format!("{path}/lines/1/receipt");
    let text = sent(b"Deux menus, 22 euros").await;
    assert_eq!(member.put(&receipt, &text).await.expect(422).violations(), ["/upload_id"]);
    // Sent from its page, the count of those that are missing is told anew.
    let own = format!("/rh/frais/{id}");
    assert!(member.get(&own).await.expect(200).text().contains("1 dépense sans justificatif."));
    let upload = sent(PDF).await;
    let file = upload["upload_id"].as_str().expect("an id").to_owned();
    let fragment = member.clone().header("hx-request", "true");
    let fragment = fragment.form(&format!("{own}/lignes/1/justificatif"), &[("upload_id", &file)]).await;
    let fragment = fragment.expect(200).text();
    assert!(fragment.contains("id=\"missing-receipts\" hx-swap-oob=\"true\"></p>"), "{fragment}");
    member.put(&receipt, &upload).await.expect(200);
    member.put(&receipt, &upload).await.expect(200);
    assert!(member.get(&receipt).await.expect(200).field("/file_name").ends_with(".pdf"));
    app.owner().get(&receipt).await.expect(404);
    let report: ExpenseReportId = id.parse().expect("an id");
    let prefix = table::keys::receipts_s3_prefix(app.ours.id, report);
    assert_eq!(app.deps.files.list(&prefix, None).await.expect("a list").len(), 1);
    member.post(&format!("{path}/submit"), &json!({})).await.expect(200);
    member.put(&receipt, &upload).await.expect(200);
    member.delete(&receipt).await.expect(409);
    app.owner().get(&receipt).await.expect(200);
    app.owner().post(&format!("{path}/refuse"), &json!({ "comment": "Illisible" })).await.expect(200);
    member.delete(&path).await.expect(204);
    member.get(&path).await.expect(404);
    worked(&app, Event::ReceiptsDeleted { report, upload: None }).await;
    assert!(app.deps.files.list(&prefix, None).await.expect("a list").is_empty());
}

#[tokio::test]
async fn forms_do_what_the_api_does() {
    let app = app().await;
    employed(&app, "M-7", Role::Member, None).await;
    let member = app.with_role(Role::Member);
    let page = member.get("/rh/frais").await.expect(200).text();
    assert!(page.contains("Aucune note de frais pour l’instant"), "{page}");
    let fields = [("title", "Salon de Milan"), ("_key", "once")];
    let made = member.form("/rh/frais", &fields).await.expect(303);
    let again = member.form("/rh/frais", &fields).await.expect(303);
    assert_eq!(made.header("location"), again.header("location"), "a double click is one report");
    let own = made.header("location").expect("a page").to_owned();
    let line = [("on", "2026-11-12"), ("category", "lodging"), ("amount", "110"), ("vat", "10")];
    let wrong = member.form(&format!("{own}/lignes"), &line).await;
    assert!(wrong.expect(422).text().contains("ne se récupère pas"));
    let line = [("on", "2026-11-12"), ("category", "lodging"), ("amount", "110,00")];
    member.form(&format!("{own}/lignes"), &line).await.expect(303);
    let page = member.get(&own).await.expect(200).text();
    assert!(page.contains("Hébergement") && page.contains("1 dépense sans justificatif"), "{page}");
    let form = member.get(&format!("{own}/lignes/1")).await.expect(200).text();
    assert!(form.contains("value=\"110,00\"") || form.contains("value=\"110,00\""), "{form}");
    member
        .form(&format!("{own}/lignes/1/modifier"), &[("on", "2026-11-12"), ("category", "other"), ("amount", "90")])
        .await
        .expect(303);
    member.form(&format!("{own}/envoyer"), &[]).await.expect(303);
    let owner = app.owner();
    let page = owner.get(&own).await.expect(200).text();
    assert!(page.contains("Votre décision") && page.contains("90,00"), "{page}");
    let silent = owner.form(&format!("{own}/refuser"), &[("comment", "")]).await.expect(422).text();
    assert!(silent.contains("Ce champ est obligatoire"));
    owner.form(&format!("{own}/approuver"), &[]).await.expect(303);
    owner.form(&format!("{own}/rembourser"), &[("on", "2026-11-22"), ("method", "transfer")]).await.expect(303);
    assert!(owner.get("/rh/frais/a-valider?state=reimbursed").await.expect(200).text().contains("Salon de Milan"));
    let reader = app.with_role(Role::Reader).get("/rh/frais").await.expect(200).text();
    assert!(reader.contains("Aucun dossier n’est rattaché"));
}
